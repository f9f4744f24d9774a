-- The marts as a whole, measured in one row. Runs unchanged on DuckDB and on Databricks.
with

released as (
    select count(*) as released_rows
    from atomic.events
    inner join derived.stg_load_manifest as runs on events.load_tstamp = runs.load_tstamp
),

staged as (
    select
        count(*) as staged_events,
        count(case when event_name = 'sample_input' and event_vendor = 'com.patrickcloud' then 1 end) as staged_inputs
    from derived.stg_events
),

quality as (
    select
        coalesce(sum(events), 0) as counted_events,
        coalesce(sum(duplicate_rows), 0) as duplicate_rows,
        coalesce(sum(id_collisions), 0) as id_collisions,
        coalesce(sum(skewed_clocks), 0) as skewed_clocks
    from derived.event_quality
),

sessions as (
    select
        count(*) as sessions,
        count(case when end_tstamp < start_tstamp then 1 end) as sessions_ended_before_they_began,
        count(case when end_tstamp > start_tstamp + interval '4' day then 1 end) as sessions_without_end,
        count(case when page_views > events then 1 end) as sessions_with_more_views_than_events,
        coalesce(sum(page_views), 0) as views_of_sessions
    from derived.sessions
),

page_views as (
    select
        count(*) as page_views,
        count(case when domain_sessionid is not null then 1 end) as page_views_in_sessions,
        count(case when engaged_seconds < 0 then 1 end) as views_with_negative_time,
        count(case when scroll_depth_percent not between 0 and 100 then 1 end) as views_scrolled_beyond_their_page
    from derived.page_views
),

sample_inputs as (
    select count(*) as sample_inputs from derived.sample_inputs
)

select
    released.*,
    staged.*,
    quality.*,
    sessions.*,
    page_views.*,
    sample_inputs.*,
    quality.counted_events + quality.duplicate_rows as accounted_rows,
    cast(quality.id_collisions as double) / greatest(staged_events, 1) as collision_share,
    cast(quality.skewed_clocks as double) / greatest(staged_events, 1) as skewed_share
from released
cross join staged
cross join quality
cross join sessions
cross join page_views
cross join sample_inputs
