-- Published estimates of totals since the war began. Flows (so many in a month or a year), rates and parts of the list
-- are left out. What an
-- estimate rests on is told by its method_code; its method is for readers and may be put into other words.

with

published_estimates as (

    select * from {{ ref('estimates') }}

),

estimate_methods as (

    select * from {{ ref('estimate_methods') }}

),

measures as (

    select * from {{ ref('estimate_measures') }}

),

-- Reprints round: of one estimate given twice, the figure with more significant digits is kept.
final as (

    select
        published_estimates.as_of_date as as_of,
        published_estimates.deaths_through,
        estimate_methods.method_code,
        -- Some speakers gave killed and casualties on one day: two measures, so two methods.
        published_estimates.method
        || if(published_estimates.measure like 'killed_and_wounded%', ', killed and wounded', '') as method,
        published_estimates.measure,
        published_estimates.low,
        published_estimates.central,
        published_estimates.high,
        published_estimates.scope,
        published_estimates.claimant,
        false as is_derived,
        published_estimates.url as source_url,
        published_estimates.note,
    from published_estimates
    inner join measures
        on
            published_estimates.measure = measures.measure
            and measures.counts = 'total'
    left join estimate_methods on published_estimates.method = estimate_methods.method
    where coalesce(published_estimates.note, '') not like 'flow:%'
    qualify row_number() over (
        partition by
            published_estimates.as_of_date,
            published_estimates.method,
            published_estimates.claimant,
            published_estimates.measure,
            published_estimates.scope
        order by
            length(rtrim(coalesce(
                published_estimates.central, published_estimates.low, published_estimates.high
            )::varchar, '0')) desc,
            published_estimates.url
    ) = 1

)

select * from final
