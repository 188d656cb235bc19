-- All measures in one shape: a figure, the two ends of a range, or a day, with the dates of what it rests on. Where an
-- input ends before it should, there is no figure and the input is named.

with

measured as (

    {% for measure in claim_measures() %}
        select * from {{ ref('int_claim__' ~ measure) }}
        {% if not loop.last %}
            union all by name
        {% endif %}
    {% endfor %}

),

ended as (

    select
        *,
        list_filter(inputs, lambda one: one.reaches < one.needs)[1] as ending,
    from measured

),

final as (

    select
        claim_id,
        side,
        if(ending is null, cast(low as double), null) as low,
        if(ending is null, nullif(cast(high as double), cast(low as double)), null) as high,
        if(ending is null, day, null) as day,
        -- The newest date the figure carries; unknown where that of an input is.
        if(
            len(list_filter(inputs, lambda one: one.as_of is null)) > 0,
            null,
            list_max(list_transform(inputs, lambda one: one.as_of))
        ) as as_of,
        array_to_string(
            list_sort(list_distinct(
                list_transform(
                    inputs,
                    lambda one: concat_ws(' ', one.input, coalesce(cast(one.as_of as varchar), 'undated'))
                )
            )),
            '; '
        ) as rests_on,
        ending.input as ending_input,
        ending.reaches as input_ends_on,
        ending.needs as input_needed_through,
    from ended

)

select * from final
