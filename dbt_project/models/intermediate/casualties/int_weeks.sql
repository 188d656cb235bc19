-- ISO weeks from the one in which the war began to the newest observation of any series.

with

series_end as (

    select max(last_observation) as last_observation from {{ ref('stg_provenance__sources') }}

),

weeks as (

    select cast(unnest(generate_series(
        date_trunc('week', date '{{ threshold("war_start") }}'),
        (select series_end.last_observation from series_end),
        interval 7 day
    )) as date) as week_start

),

final as (

    select
        {{ iso_week('week_start') }} as iso_week,
        week_start,
        week_start + 6 as week_end,
    from weeks

)

select * from final
