-- Every row of the events, by the state of its run; a row whose run nobody knows is counted under an empty state.
select
    coalesce(load_manifest.state, '') as state,
    count(*) as events
from {atomic}.events
left join {atomic}.load_manifest on events.load_tstamp = load_manifest.load_tstamp
group by all
