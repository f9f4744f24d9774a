with

sessions as (

    select * from {{ ref('sessions') }}

    where domain_userid is not null

),

order_sessions as (

    select
        *,
        row_number() over (
            partition by domain_userid
            order by start_tstamp asc, session_key asc
        ) as session_number,
        row_number() over (
            partition by domain_userid
            order by case when user_id is null then 1 else 0 end, end_tstamp desc, session_key desc
        ) as user_number

    from sessions

),

final as (

    select
        ---------- ids
        domain_userid,
        max(case when user_number = 1 then user_id end) as user_id,

        ---------- text
        max(case when session_number = 1 then landing_page_url end) as landing_page_url,
        max(case when session_number = 1 then refr_urlhost end) as refr_urlhost,
        max(case when session_number = 1 then mkt_source end) as mkt_source,
        max(case when session_number = 1 then mkt_medium end) as mkt_medium,
        max(case when session_number = 1 then mkt_campaign end) as mkt_campaign,
        max(case when session_number = 1 then channel_group end) as channel_group,
        max(case when session_number = 1 then device_type end) as device_type,

        ---------- numbers
        count(*) as sessions,
        count(case when is_engaged then 1 end) as engaged_sessions,
        cast(sum(page_views) as bigint) as page_views,
        cast(sum(conversions) as bigint) as conversions,
        cast(sum(engaged_seconds) as bigint) as engaged_seconds,

        ---------- booleans
        bool_or(is_bot) as is_bot,

        ---------- timestamps
        min(start_tstamp) as start_tstamp,
        max(end_tstamp) as end_tstamp

    from order_sessions

    group by domain_userid

)

select * from final
