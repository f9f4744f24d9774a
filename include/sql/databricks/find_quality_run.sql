select
    run,
    state,
    reason,
    records,
    count_good,
    count_bad,
    in_events,
    in_bad_rows,
    dropped,
    load_tstamp,
    loaded_tstamp,
    released_tstamp,
    held_tstamp
from {quality}.runs
where run = :run
