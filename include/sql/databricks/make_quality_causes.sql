-- Bad rows loaded since a moment, those that failed for the same cause as one row: at most 2,000, the most frequent.
-- Their payload, a half-made event, an event or a request, tells tracker and page. Places in an array count as one.
create or replace table {quality}.bad_row_causes as
with bad_rows as (
    select
        kind,
        app_id,
        load_tstamp,
        coalesce(failure_tstamp, load_tstamp) as seen_tstamp,
        regexp_replace(first_message, r'\[\d+\]', '[]') as message,
        payload
    from {atomic}.bad_rows
    where load_tstamp >= :since
),

described as (
    select
        *,
        coalesce(
            get_json_object(payload, '$.enriched.v_tracker'),
            get_json_object(payload, '$.v_tracker'),
            try_element_at(
                filter(
                    from_json(
                        get_json_object(payload, '$.querystring'), 'array<struct<name: string, value: string>>'
                    ),
                    pair -> pair.name = 'tv'
                ),
                1
            ).value,
            get_json_object(get_json_object(payload, '$.body'), '$.data[0].tv')
        ) as tracker_version,
        coalesce(
            get_json_object(payload, '$.enriched.name_tracker'), get_json_object(payload, '$.name_tracker')
        ) as tracker_name,
        regexp_replace(
            coalesce(
                get_json_object(payload, '$.enriched.page_url'),
                get_json_object(payload, '$.page_url'),
                get_json_object(payload, '$.refererUri')
            ),
            '(?s)[?#].*',
            ''
        ) as page
    from bad_rows
)

select
    kind,
    nullif(regexp_extract(message, '^iglu:[^ :]+', 0), '') as violated_schema,
    nullif(regexp_replace(message, '^iglu:[^ :]+:? ?', ''), '') as message,
    app_id,
    tracker_version,
    tracker_name,
    mode(page) as page,
    count(distinct page) as pages,
    count(*) as total,
    min(seen_tstamp) as first_seen_tstamp,
    max(seen_tstamp) as last_seen_tstamp,
    left(max_by(payload, seen_tstamp), 65536) as sample
from described
group by all
order by total desc, last_seen_tstamp desc
limit 2000
