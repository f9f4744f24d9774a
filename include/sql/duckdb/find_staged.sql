-- Those of the event ids, a text with commas between them, that the models have.
select distinct event_id
from {derived}.stg_events
where event_id in (select unnest(string_split($ids, ',')))
