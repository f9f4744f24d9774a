{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='event_key',
        on_schema_change='fail',
    )
}}

{% set snowplow = 'com_snowplowanalytics_snowplow' %}
{% set web_page = 'source.contexts_' ~ snowplow ~ '_web_page_1' %}
{% set ua_parser = 'source.contexts_' ~ snowplow ~ '_ua_parser_context_1' %}
{% set browser = 'source.contexts_' ~ snowplow ~ '_browser_context_2' %}
{% set client_hints = 'source.contexts_org_ietf_http_client_hints_1' %}
{% set link_click = 'source.unstruct_event_' ~ snowplow ~ '_link_click_1' %}
{% set sample_input = 'source.unstruct_event_com_patrickcloud_sample_input_1' %}

with

source as (

    select * from {{ source('atomic', 'events') }}

),

runs as (

    select * from {{ ref('stg_load_manifest') }}

),

{% if is_incremental() %}
-- When one more copy of an event is released all are read again, so that the order of the runs does not matter.
news as (

    select distinct source.event_id

    from source

    inner join runs
        on source.load_tstamp = runs.load_tstamp

    where
        runs.released_tstamp > (
            select coalesce(max(staged.released_tstamp), timestamp '1970-01-01 00:00:00')
            from {{ this }} as staged
        )

),
{% endif %}

renamed as (

    select
        ---------- ids
        source.event_id || ':' || coalesce(source.event_fingerprint, '') as event_key,
        source.event_id,
        source.event_fingerprint,
        source.domain_sessionid,
        source.domain_userid,
        source.network_userid,
        source.user_id,
        {{ first_of(web_page, 'id') }} as web_page_id,

        ---------- text
        source.app_id,
        source.platform,
        source.event_name,
        source.event_vendor,
        source.name_tracker,
        source.v_tracker,
        source.page_url,
        source.page_urlhost,
        source.page_urlpath,
        source.page_title,
        source.page_referrer,
        source.refr_urlhost,
        source.refr_medium,
        source.refr_source,
        source.refr_term,
        source.mkt_medium,
        source.mkt_source,
        source.mkt_term,
        source.mkt_content,
        source.mkt_campaign,
        source.mkt_clickid,
        source.mkt_network,
        source.useragent,
        source.br_lang,
        source.geo_country,
        {{ first_of(ua_parser, 'useragent_family') }} as useragent_family,
        {{ first_of(ua_parser, 'os_family') }} as os_family,
        {{ first_of(ua_parser, 'device_family') }} as device_family,
        {{ link_click }}.target_url as link_target_url,
        {{ link_click }}.element_id as link_element_id,
        {{ link_click }}.element_content as link_element_content,
        {{ sample_input }}.value as sample_input_value,

        ---------- numbers
        source.domain_sessionidx,
        source.pp_yoffset_max,
        source.doc_height,
        source.br_viewheight,

        ---------- booleans
        {{ first_of(browser, 'webdriver') }} as is_webdriver,
        {{ first_of(client_hints, 'is_mobile') }} as is_mobile,

        ---------- timestamps
        source.dvce_created_tstamp,
        source.dvce_sent_tstamp,
        source.collector_tstamp,
        coalesce(source.derived_tstamp, source.collector_tstamp) as derived_tstamp,
        source.etl_tstamp,
        source.load_tstamp,
        runs.released_tstamp

    from source

    inner join runs
        on source.load_tstamp = runs.load_tstamp

    {% if is_incremental() %}
    where source.event_id in (select news.event_id from news)
    {% endif %}

),

compute_keys as (

    select
        *,
        coalesce(web_page_id, case when event_name = 'page_view' then event_id end) as page_view_id,
        coalesce(
            domain_sessionid,
            web_page_id,
            case when event_name = 'page_view' then event_id end
        ) as session_key

    from renamed

),

compare_copies as (

    select
        *,
        row_number() over (
            partition by event_key
            order by
                collector_tstamp asc,
                etl_tstamp asc nulls last,
                load_tstamp asc,
                dvce_sent_tstamp asc nulls last,
                dvce_created_tstamp asc nulls last,
                session_key asc nulls last,
                network_userid asc nulls last
        ) as copy_number,
        count(*) over (partition by event_key) as copies,
        max(released_tstamp) over (partition by event_key) as last_released_tstamp,
        {{ distinct_list('session_key', 'partition by event_key') }} as session_keys

    from compute_keys

),

compare_events as (

    select
        *,
        row_number() over (
            partition by event_id
            order by
                collector_tstamp asc,
                etl_tstamp asc nulls last,
                load_tstamp asc,
                event_key asc
        ) as event_number

    from compare_copies

    where copy_number = 1

),

final as (

    select
        ---------- ids
        event_key,
        event_id,
        event_fingerprint,
        session_key,
        session_keys,
        domain_sessionid,
        domain_userid,
        network_userid,
        user_id,
        page_view_id,
        web_page_id,

        ---------- text
        app_id,
        platform,
        event_name,
        event_vendor,
        name_tracker,
        v_tracker,
        page_url,
        page_urlhost,
        page_urlpath,
        page_title,
        page_referrer,
        refr_urlhost,
        refr_medium,
        refr_source,
        refr_term,
        mkt_medium,
        mkt_source,
        mkt_term,
        mkt_content,
        mkt_campaign,
        mkt_clickid,
        mkt_network,
        useragent,
        br_lang,
        geo_country,
        useragent_family,
        os_family,
        device_family,
        {{ device_type('device_family', 'os_family', 'is_mobile') }} as device_type,
        link_target_url,
        link_element_id,
        link_element_content,
        sample_input_value,

        ---------- numbers
        domain_sessionidx,
        pp_yoffset_max,
        doc_height,
        br_viewheight,
        copies,

        ---------- booleans
        {{ is_bot('useragent', 'device_family', 'is_webdriver') }} as is_bot,
        {{ is_late('dvce_created_tstamp', 'dvce_sent_tstamp') }} as is_late,
        event_number > 1 as is_id_collision,

        ---------- timestamps
        dvce_created_tstamp,
        dvce_sent_tstamp,
        collector_tstamp,
        derived_tstamp,
        etl_tstamp,
        load_tstamp,
        last_released_tstamp as released_tstamp

    from compare_events

)

select * from final
