-- Months of the history that others computed from DeepState's map against ours of the same map.

select
    period,
    net_km2,
    computed_here_km2,
    difference_km2,
from {{ ref('deepstate_history') }}
where
    grain = 'month'
    and not is_flagged
    and abs(difference_km2) > {{ threshold('reconcile_history_km2') }}
order by period
