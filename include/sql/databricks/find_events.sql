-- Those of the event ids, a text with commas between them, that were loaded, each with the state of its run.
select
    events.event_id,
    load_manifest.state
from {atomic}.events
inner join {atomic}.load_manifest on events.load_tstamp = load_manifest.load_tstamp
where events.event_id in (select explode(split(:ids, ',')))
