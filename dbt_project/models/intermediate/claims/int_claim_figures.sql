-- All measures in one shape: a figure, the two ends of a range, or a day.

with

measured as (

    {% for measure in claim_measures() %}
        select * from {{ ref('int_claim__' ~ measure) }}
        {% if not loop.last %}
            union all by name
        {% endif %}
    {% endfor %}

),

final as (

    select
        claim_id,
        side,
        cast(low as double) as low,
        nullif(cast(high as double), cast(low as double)) as high,
        day,
    from measured

)

select * from final
