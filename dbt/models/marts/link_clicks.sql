with

events as (

    select * from {{ ref('stg_events') }}

    where
        event_vendor = 'com.snowplowanalytics.snowplow'
        and event_name = 'link_click'

),

final as (

    select
        ---------- ids
        event_key,
        event_id,
        session_key,
        domain_sessionid,
        domain_userid,
        user_id,
        page_view_id,

        ---------- text
        app_id,
        platform,
        page_url,
        page_urlpath,
        link_target_url,
        link_element_id,
        link_element_content,

        ---------- booleans
        is_bot,

        ---------- timestamps
        derived_tstamp,
        collector_tstamp

    from events

)

select * from final
