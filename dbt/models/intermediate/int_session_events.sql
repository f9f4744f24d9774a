{{ config(event_time='session_date') }}

with

events as (

    select * from {{ ref('stg_events') }}

),

sessions as (

    select * from {{ ref('int_session_index') }}

),

final as (

    select
        ---------- ids
        sessions.session_key,
        sessions.domain_sessionid,
        sessions.domain_userid,
        events.event_key,
        events.event_id,
        events.user_id,
        events.network_userid,
        events.page_view_id,

        ---------- text
        events.app_id,
        events.platform,
        events.event_name,
        events.v_tracker,
        events.page_url,
        events.page_urlhost,
        events.page_urlpath,
        events.page_title,
        events.page_referrer,
        events.refr_urlhost,
        events.refr_medium,
        events.refr_source,
        events.refr_term,
        events.mkt_medium,
        events.mkt_source,
        events.mkt_term,
        events.mkt_content,
        events.mkt_campaign,
        events.mkt_clickid,
        events.mkt_network,
        events.br_lang,
        events.geo_country,
        events.useragent_family,
        events.os_family,
        events.device_family,
        events.device_type,

        ---------- numbers
        events.domain_sessionidx,
        events.pp_yoffset_max,
        events.doc_height,
        events.br_viewheight,
        sessions.atomic_rows,

        ---------- booleans
        events.event_name = 'page_view' as is_page_view,
        events.event_name = 'page_ping' as is_page_ping,
        events.is_bot,

        ---------- timestamps
        sessions.session_date,
        events.derived_tstamp,
        coalesce(events.dvce_created_tstamp, events.derived_tstamp) as created_tstamp,
        events.collector_tstamp

    from events

    inner join sessions
        on events.session_key = sessions.session_key

    where
        not events.is_late
        and {{ is_in_session('events.collector_tstamp', 'sessions.first_collector_tstamp') }}

)

select * from final
