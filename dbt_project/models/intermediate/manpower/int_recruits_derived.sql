-- Every way to recruits of a quarter, half or year that statements give, and what becomes of it. Of one speaker the
-- best stands: stated for the period, then the one whose days are closest to it, a year to date before a difference;
-- equally good ones stay side by side. A sum of parts stands beside them, or in their place if there are
-- none: whoever sums has not spoken of the period.

with

derived as (

    select * from {{ ref('int_recruits_stated') }}
    union all
    select * from {{ ref('int_recruits_differences') }}
    union all
    select * from {{ ref('int_recruits_sums') }}

),

ranked as (

    select
        *,
        rank() over (
            partition by grain, period, basis, claimant
            order by
                withheld_because is not null,
                derived_by <> 'stated',
                days_off,
                list_position(['year to date', 'difference', 'sum'], derived_by)
        ) as rank_of_speaker,
        bool_or(withheld_because is null and derived_by <> 'sum') over (
            partition by grain, period, basis
        ) as is_spoken_of,
    from derived

),

final as (

    select
        * exclude (rank_of_speaker, is_spoken_of),
        case
            when withheld_because is not null then 'nowhere'
            when derived_by = 'sum' then if(is_spoken_of, 'beside', 'range')
            when rank_of_speaker = 1 then 'range'
            else 'nowhere'
        end as used_in,
        coalesce(
            withheld_because,
            if(
                derived_by <> 'sum' and rank_of_speaker > 1,
                'the speaker gives a closer figure for the period',
                null
            )
        ) as unused_because,
    from ranked

)

select * from final
