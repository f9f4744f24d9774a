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
        page_view_id is not null
        and {{ in_days_to_build() }}

),

order_events as (

    select
        *,
        row_number() over (
            partition by session_key, page_view_id
            order by {{ event_order() }}
        ) as view_event_number

    from events

    where is_page_view

),

views as (

    select
        *,
        cast(row_number() over (partition by session_key order by {{ event_order() }}) as bigint) as page_view_index,
        count(*) over (partition by session_key) as page_views_in_session

    from order_events

    where view_event_number = 1

),

measure_activity as (

    select
        session_key,
        page_view_id,
        max(derived_tstamp) as end_tstamp,
        max(pp_yoffset_max) as yoffset_max,
        max(doc_height) as doc_height,
        max(br_viewheight) as view_height,
        count(case when is_page_ping then 1 end) as page_pings,
        {{ engaged_seconds('case when is_page_ping then created_tstamp end') }} as engaged_seconds

    from events

    group by
        session_key,
        page_view_id

),

final as (

    select
        ---------- ids
        views.session_key || ':' || views.page_view_id as page_view_key,
        views.page_view_id,
        views.event_id,
        views.session_key,
        views.domain_sessionid,
        views.domain_userid,
        views.user_id,

        ---------- text
        views.app_id,
        views.platform,
        views.page_url,
        views.page_urlhost,
        views.page_urlpath,
        views.page_title,
        views.page_referrer,
        views.refr_urlhost,
        views.refr_medium,
        views.refr_source,
        views.br_lang,
        views.geo_country,
        views.useragent_family,
        views.os_family,
        views.device_family,
        views.device_type,

        ---------- numbers
        views.page_view_index,
        views.page_views_in_session,
        measure_activity.page_pings,
        measure_activity.engaged_seconds,
        {{
            scroll_depth_percent(
                'measure_activity.yoffset_max',
                'measure_activity.doc_height',
                'measure_activity.view_height',
            )
        }} as scroll_depth_percent,
        views.atomic_rows,

        ---------- booleans
        views.page_view_index = 1 as is_entrance,
        views.page_view_index = views.page_views_in_session as is_exit,
        views.is_bot,

        ---------- timestamps
        views.session_date,
        views.derived_tstamp as start_tstamp,
        measure_activity.end_tstamp

    from views

    inner join measure_activity
        on
            views.session_key = measure_activity.session_key
            and views.page_view_id = measure_activity.page_view_id

)

select * from final
