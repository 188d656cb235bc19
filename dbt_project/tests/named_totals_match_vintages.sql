-- A named total belongs to a vintage: the dated total printed with it is that vintage's.

select
    as_of,
    dated_total,
    stated_dated_total,
from {{ ref('int_vintages') }}
where stated_dated_total is not null and stated_dated_total <> dated_total
