{{
    config(
        materialized='incremental',
        incremental_strategy='microbatch',
        event_time='session_date',
        batch_size='day',
        begin=first_day(),
        lookback=0,
        on_schema_change='fail',
    )
}}

with

events as (

    select *

    from {{ ref('int_session_events').render() }}

    where
        domain_sessionid is not null
        and {{ in_days_to_build() }}

),

source_categories as (

    select * from {{ ref('source_categories') }}

),

order_events as (

    select
        *,
        row_number() over (
            partition by session_key
            order by {{ event_order() }}
        ) as event_number,
        row_number() over (
            partition by session_key
            order by case when is_page_view then 0 else 1 end, {{ event_order() }}
        ) as landing_number,
        row_number() over (
            partition by session_key, is_page_view
            order by {{ reverse_event_order() }}
        ) as exit_number,
        row_number() over (
            partition by session_key
            order by case when user_id is null then 1 else 0 end, {{ reverse_event_order() }}
        ) as user_number

    from events

),

-- The first page view, or the first event where there is none.
landings as (

    select
        *,
        lower(coalesce(mkt_source, mkt_network)) as visit_source,
        lower(coalesce(mkt_medium, case when mkt_clickid is not null then 'cpc' end)) as visit_medium,
        lower(mkt_campaign) as visit_campaign

    from order_events

    where landing_number = 1

),

last_page_views as (

    select * from order_events

    where
        is_page_view
        and exit_number = 1

),

measure_views as (

    select
        session_key,
        page_view_id,
        count(case when is_page_view then 1 end) as page_view_events,
        {{ engaged_seconds('case when is_page_ping then created_tstamp end') }} as engaged_seconds

    from events

    group by
        session_key,
        page_view_id

),

sum_views as (

    select
        session_key,
        count(case when page_view_events > 0 then 1 end) as page_views,
        cast(sum(engaged_seconds) as bigint) as engaged_seconds

    from measure_views

    group by session_key

),

measure_sessions as (

    select
        session_key,
        max(case when user_number = 1 then user_id end) as user_id,
        count(*) as events,
        count(case when is_page_ping then 1 end) as page_pings,
        count(case when event_name = 'link_click' then 1 end) as link_clicks,
        count(case when {{ is_conversion('event_name') }} then 1 end) as conversions,
        bool_or(is_bot) as is_bot,
        min({{ started_at('derived_tstamp', 'event_number = 1 and is_page_ping') }}) as start_tstamp,
        max(derived_tstamp) as end_tstamp

    from order_events

    group by session_key

),

final as (

    select
        ---------- ids
        landings.session_key,
        landings.domain_sessionid,
        landings.domain_userid,
        measure_sessions.user_id,

        ---------- text
        landings.app_id,
        landings.platform,
        landings.page_url as landing_page_url,
        landings.page_urlhost as landing_page_urlhost,
        landings.page_urlpath as landing_page_urlpath,
        landings.page_title as landing_page_title,
        case
            when sum_views.page_views > 0 then last_page_views.page_url
            else landings.page_url
        end as exit_page_url,
        case
            when sum_views.page_views > 0 then last_page_views.page_urlpath
            else landings.page_urlpath
        end as exit_page_urlpath,
        landings.page_referrer,
        landings.refr_urlhost,
        landings.refr_medium,
        landings.refr_source,
        landings.refr_term,
        landings.mkt_medium,
        landings.mkt_source,
        landings.mkt_term,
        landings.mkt_content,
        landings.mkt_campaign,
        landings.mkt_clickid,
        landings.mkt_network,
        {{
            channel_group(
                'landings.visit_source',
                'landings.visit_medium',
                'landings.visit_campaign',
                'source_categories.category',
                'landings.refr_medium',
            )
        }} as channel_group,
        landings.br_lang,
        landings.geo_country,
        landings.useragent_family,
        landings.os_family,
        landings.device_family,
        landings.device_type,

        ---------- numbers
        landings.domain_sessionidx,
        measure_sessions.events,
        sum_views.page_views,
        measure_sessions.page_pings,
        measure_sessions.link_clicks,
        measure_sessions.conversions,
        sum_views.engaged_seconds,
        landings.atomic_rows,

        ---------- booleans
        {{
            is_engaged(
                'sum_views.page_views',
                'sum_views.engaged_seconds',
                'measure_sessions.conversions',
            )
        }} as is_engaged,
        measure_sessions.is_bot,

        ---------- timestamps
        landings.session_date,
        measure_sessions.start_tstamp,
        measure_sessions.end_tstamp

    from landings

    inner join measure_sessions
        on landings.session_key = measure_sessions.session_key

    inner join sum_views
        on landings.session_key = sum_views.session_key

    left join last_page_views
        on landings.session_key = last_page_views.session_key

    left join source_categories
        on landings.visit_source = source_categories.source

)

select * from final
