-- Bad rows loaded since a moment, those that failed for the same cause as one row: at most 2,000, the most frequent.
-- Their payload, a half-made event, an event or a request, tells tracker and page. Places in an array count as one.
create table {quality}.bad_row_causes as
with bad_rows as (
    select
        kind,
        app_id,
        load_tstamp,
        coalesce(failure_tstamp, load_tstamp) as seen_tstamp,
        regexp_replace(first_message, '\[\d+\]', '[]', 'g') as message,
        case when json_valid(payload) then payload end as parts,
        payload
    from {atomic}.bad_rows
    where load_tstamp >= $since
),

described as (
    select
        *,
        coalesce(
            parts ->> '$.enriched.v_tracker',
            parts ->> '$.v_tracker',
            list_extract(
                list_filter(
                    try(from_json(parts -> '$.querystring', '[{"name": "varchar", "value": "varchar"}]')),
                    lambda pair: pair.name = 'tv'
                ),
                1
            ).value,
            try((parts ->> '$.body') ->> '$.data[0].tv')
        ) as tracker_version,
        coalesce(parts ->> '$.enriched.name_tracker', parts ->> '$.name_tracker') as tracker_name,
        regexp_replace(
            coalesce(parts ->> '$.enriched.page_url', parts ->> '$.page_url', parts ->> '$.refererUri'),
            '(?s)[?#].*',
            ''
        ) as page
    from bad_rows
)

select
    kind,
    nullif(regexp_extract(message, '^iglu:[^ :]+'), '') as violated_schema,
    nullif(regexp_replace(message, '^iglu:[^ :]+:? ?', ''), '') as message,
    app_id,
    tracker_version,
    tracker_name,
    mode(page) as page,
    count(distinct page) as pages,
    count(*) as total,
    min(seen_tstamp) as first_seen_tstamp,
    max(seen_tstamp) as last_seen_tstamp,
    left(arg_max(payload, seen_tstamp), 65536) as sample
from described
group by all
order by total desc, last_seen_tstamp desc
limit 2000
