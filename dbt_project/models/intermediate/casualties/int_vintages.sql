-- The named total is published apart from the daily file and seldom on the very same day: it belongs to the vintage
-- that was current on its date. Only a total noted with the vintage's own dated part says how many are undated: while a
-- daily copy stands for weeks, the list goes on.

with

vintages as (

    select * from {{ ref('stg_confirmed_deaths__vintages') }}

),

named_totals as (

    select
        *,
        source = 'confirmed_deaths' as is_noted_with_copy,
    from {{ ref('int_named_totals') }}
    where is_exact and as_of_precision = 'day'

),

named_by_vintage as (

    select
        vintages.as_of,
        named_totals.named_total,
        named_totals.as_of as named_total_as_of,
        if(named_totals.is_noted_with_copy, named_totals.dated_total, null) as stated_dated_total,
        if(named_totals.is_noted_with_copy, named_totals.named_total, null) as matched_named_total,
    from vintages
    inner join named_totals
        on
            vintages.as_of <= named_totals.as_of
            and named_totals.as_of < coalesce(vintages.next_as_of, vintages.last_seen + 1)
    -- Of those noted with the copy the newest, of others the one nearest to its first day.
    qualify row_number() over (
        partition by vintages.as_of
        order by
            named_totals.is_noted_with_copy desc,
            (named_totals.as_of - vintages.as_of) * if(named_totals.is_noted_with_copy, -1, 1)
    ) = 1

),

final as (

    select
        vintages.as_of,
        vintages.previous_as_of,
        vintages.next_as_of,
        vintages.last_seen,
        vintages.data_through,
        vintages.is_current,
        vintages.dated_total,
        named_by_vintage.named_total,
        named_by_vintage.named_total_as_of,
        named_by_vintage.stated_dated_total,
        named_by_vintage.matched_named_total - vintages.dated_total as undated_total,
        vintages.dated_total / named_by_vintage.matched_named_total as dated_share,
    from vintages
    left join named_by_vintage on vintages.as_of = named_by_vintage.as_of

)

select * from final
