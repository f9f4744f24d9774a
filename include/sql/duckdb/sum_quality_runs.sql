-- The books of all runs, a row for each state.
select
    state,
    count(*) as runs,
    cast(sum(records) as bigint) as records,
    cast(sum(count_good) as bigint) as count_good,
    cast(sum(count_bad) as bigint) as count_bad,
    cast(sum(in_events) as bigint) as in_events,
    cast(sum(in_bad_rows) as bigint) as in_bad_rows,
    cast(sum(dropped) as bigint) as dropped,
    count(*) filter (where count_good + count_bad <> in_events + in_bad_rows + dropped) as unbalanced,
    max(max_collector_tstamp) as newest_event_tstamp,
    max(loaded_tstamp) as newest_load_tstamp
from {quality}.runs
group by state
order by state
