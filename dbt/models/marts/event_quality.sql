with

events as (

    select * from {{ ref('stg_events') }}

),

compute_flags as (

    select
        *,
        cast(derived_tstamp as date) as event_date,
        platform = 'web' and page_url is null as is_without_page_url,
        platform = 'web' and event_name in ('page_view', 'page_ping') and web_page_id is null as is_without_web_page,
        platform = 'web' and domain_sessionid is null as is_without_session,
        {{ has_skewed_clock('dvce_sent_tstamp', 'collector_tstamp') }} as has_skewed_clock

    from events

),

count_events as (

    select
        event_date,
        app_id,
        platform,
        event_name,
        name_tracker,
        v_tracker,
        count(*) as events,
        cast(sum(copies) - count(*) as bigint) as duplicate_rows,
        count(case when is_id_collision then 1 end) as id_collisions,
        count(case when is_late then 1 end) as late_events,
        count(case when has_skewed_clock then 1 end) as skewed_clocks,
        count(case when is_without_page_url then 1 end) as missing_page_urls,
        count(case when is_without_web_page then 1 end) as missing_web_pages,
        count(case when is_without_session then 1 end) as missing_sessions,
        count(case when useragent is null then 1 end) as missing_useragents,
        count(case when is_bot then 1 end) as bot_events,
        min(collector_tstamp) as first_collector_tstamp,
        max(collector_tstamp) as last_collector_tstamp,
        max(load_tstamp) as last_load_tstamp

    from compute_flags

    group by
        event_date,
        app_id,
        platform,
        event_name,
        name_tracker,
        v_tracker

),

final as (

    select
        ---------- ids
        {{
            key_of(['event_date', 'app_id', 'platform', 'event_name', 'name_tracker', 'v_tracker'])
        }} as event_quality_key,
        app_id,

        ---------- text
        platform,
        event_name,
        name_tracker,
        v_tracker,

        ---------- numbers
        events,
        duplicate_rows,
        id_collisions,
        late_events,
        skewed_clocks,
        missing_page_urls,
        missing_web_pages,
        missing_sessions,
        missing_useragents,
        bot_events,

        ---------- timestamps
        event_date,
        first_collector_tstamp,
        last_collector_tstamp,
        last_load_tstamp

    from count_events

)

select * from final
