with

events as (

    select * from {{ ref('stg_events') }}

    where
        event_vendor = 'com.patrickcloud'
        and event_name = 'sample_input'

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
        device_type,
        sample_input_value,

        ---------- booleans
        is_bot,

        ---------- timestamps
        derived_tstamp,
        collector_tstamp

    from events

)

select * from final
