-- The runs of a state, or of any where it is empty: those whose books do not add up first, then the newest.
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
where :state = '' or state = :state
order by
    count_good + count_bad <> in_events + in_bad_rows + dropped desc,
    load_tstamp desc
limit :limit
offset :offset
