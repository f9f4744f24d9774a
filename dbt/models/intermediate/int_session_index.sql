{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='session_key',
        on_schema_change='fail',
    )
}}

with

events as (

    select * from {{ ref('stg_events') }}

),

-- One row for an event and each session that a copy of it names. Only the copy that is kept belongs to a session.
appearances as (

    select
        named.session_key,
        events.session_key = named.session_key and not events.is_late as is_member,
        events.event_key,
        events.event_id,
        events.event_name,
        events.domain_sessionid,
        events.domain_userid,
        events.page_view_id,
        events.collector_tstamp,
        events.released_tstamp,
        events.copies

    from events

    {{ each_of('events.session_keys', 'named', 'session_key') }}

),

{% if is_incremental() %}
changed as (

    select distinct session_key

    from appearances

    where
        released_tstamp > (
            select coalesce(max(indexed.released_tstamp), timestamp '1970-01-01 00:00:00')
            from {{ this }} as indexed
        )

),
{% endif %}

order_members as (

    select
        *,
        min(case when is_member then collector_tstamp end) over (partition by session_key) as first_collector_tstamp,
        row_number() over (
            partition by session_key
            order by case when is_member then 0 else 1 end, collector_tstamp, event_key
        ) as arrival_number,
        row_number() over (
            partition by session_key
            order by
                case when is_member and domain_userid is not null then 0 else 1 end,
                collector_tstamp,
                event_key
        ) as user_number

    from appearances

    {% if is_incremental() %}
    where session_key in (select changed.session_key from changed)
    {% endif %}

),

final as (

    select
        ---------- ids
        session_key,
        max(case when is_member then domain_sessionid end) as domain_sessionid,
        max(case when is_member and user_number = 1 then domain_userid end) as domain_userid,
        max(case when is_member and arrival_number = 1 then event_id end) as first_event_id,

        ---------- numbers
        cast(sum(copies) as bigint) as atomic_rows,

        ---------- booleans
        bool_or(
            is_member
            and event_name = 'page_view'
            and {{ is_in_session('collector_tstamp', 'first_collector_tstamp') }}
        ) as has_page_view,

        ---------- timestamps
        cast(min(first_collector_tstamp) as date) as session_date,
        min(first_collector_tstamp) as first_collector_tstamp,
        max(released_tstamp) as released_tstamp

    from order_members

    group by session_key

)

select * from final
