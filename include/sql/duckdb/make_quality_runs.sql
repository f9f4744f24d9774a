-- The books of each run folder: what its marker says, and what the tables hold of it.
create table {quality}.runs as
with event_counts as (
    select
        load_tstamp,
        count(*) as total
    from {atomic}.events
    group by all
),

bad_row_counts as (
    select
        load_tstamp,
        count(*) as total
    from {atomic}.bad_rows
    group by all
)

select
    load_manifest.run,
    load_manifest.state,
    load_manifest.reason,
    load_manifest.records,
    load_manifest.count_good,
    load_manifest.count_bad,
    coalesce(event_counts.total, 0) as in_events,
    coalesce(bad_row_counts.total, 0) as in_bad_rows,
    case when load_manifest.state = 'dropped' then load_manifest.count_good else 0 end as dropped,
    load_manifest.max_collector_tstamp,
    load_manifest.load_tstamp,
    load_manifest.loaded_tstamp,
    load_manifest.released_tstamp,
    load_manifest.held_tstamp
from {atomic}.load_manifest
left join event_counts on load_manifest.load_tstamp = event_counts.load_tstamp
left join bad_row_counts on load_manifest.load_tstamp = bad_row_counts.load_tstamp
