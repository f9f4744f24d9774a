-- The causes of a kind and an application, or of any where these are empty, the most frequent first.
select
    kind,
    violated_schema,
    message,
    app_id,
    tracker_version,
    tracker_name,
    page,
    pages,
    total,
    first_seen_tstamp,
    last_seen_tstamp,
    sample
from {quality}.bad_row_causes
where
    (:kind = '' or kind = :kind)
    and (:app_id = '' or app_id = :app_id)
order by
    total desc,
    last_seen_tstamp desc,
    kind,
    message
limit :limit
offset :offset
