-- Those of the event ids, a text with commas between them, that became bad rows: of these the payload tells the id.
select
    asked.event_id,
    bad_rows.bad_row_id
from (select unnest(string_split($ids, ',')) as event_id) as asked
inner join {atomic}.bad_rows on contains(bad_rows.payload, '"event_id":"' || asked.event_id || '"')
order by bad_rows.bad_row_id
