select
    base,
    run,
    state,
    load_tstamp,
    count_good,
    count_bad,
    reason,
    loaded_tstamp,
    released_tstamp
from {atomic}.load_manifest
order by load_tstamp
