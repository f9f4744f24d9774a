{#
    Which days a microbatch model builds.

    dbt cuts a run into batches of one day, up to today. That alone misses two things: an event that comes late and
    belongs to a session of last week, and an event so early that its whole session moves to another day. So the batch
    of the day on which the build starts also takes every *stale* day: one for which the table and the session index
    disagree. The tables themselves are the only state, hence a build that failed half way, a run released late and a
    table somebody truncated are all put right by the next build, whatever `first_day` and the clock say.

    The model, which reads the days, and the statement that replaces them (macros/adapters/microbatch.sql) ask the same
    macro.
#}

{#
    The days of the batch at hand, as texts; none for "every day there is".

    `model.batch` is absent when a model is compiled or unit tested: then nothing is filtered.
#}
{% macro days_to_build() %}
    {% set index = ref('int_session_index') %}
    {% if not execute or not model.get('batch') %}
        {{ return(none) }}
    {% endif %}

    {% set day = _day_of(model.batch.event_time_start) %}
    {% set today = run_started_at.strftime('%Y-%m-%d') %}
    {% set table = load_relation(this) %}
    {% set is_new = table is none or (flags.FULL_REFRESH and day == _day_of(model.config.begin)) %}

    {% if day != today %}
        {{ return([day]) }}
    {% elif is_new %}
        {{ return(none) }}
    {% else %}
        {{ return(([day] + stale_days(index)) | unique | sort) }}
    {% endif %}
{% endmacro %}


{# The stale days of this table. #}
{% macro stale_days(index) %}
    {{ return(run_query(stale_days_query(index, model.config.meta.sessions, this)).columns[0].values() | list) }}
{% endmacro %}


{#
    Days on which a table and the session index differ: sessions changed, gained or lost, on the old day and the new.

    `sessions` is a condition on the index: which of its sessions the table has rows for.
#}
{% macro stale_days_query(index, sessions, built) -%}
    {%- set keys = 'session_key, session_date, atomic_rows' -%}
    with

    due as (

        select {{ keys }} from {{ index }} where {{ sessions }}

    ),

    built as (

        select distinct {{ keys }} from {{ built }}

    ),

    differences as (

        (select * from due except select * from built)
        union all
        (select * from built except select * from due)

    )

    select distinct cast(session_date as string) as session_date from differences
{%- endmacro %}


{# A condition on session_date. #}
{% macro is_day_to_build(days) -%}
    {%- if days is none -%}
        true
    {%- else -%}
        session_date in ({% for day in days %}date '{{ day }}'{{ ', ' if not loop.last }}{% endfor %})
    {%- endif -%}
{%- endmacro %}


{# The same on the rows of int_session_events, with bounds on collector_tstamp so that little is read. #}
{% macro in_days_to_build() -%}
    {%- set days = days_to_build() -%}
    {{ is_day_to_build(days) }}
    {%- if days %}
        and collector_tstamp >= timestamp '{{ days | first }} 00:00:00'
        and collector_tstamp < timestamp '{{ days | last }} 00:00:00' + interval '{{ var("max_session_days") + 1 }}' day
    {%- endif -%}
{%- endmacro %}


{# What `begin` is: the first day that gets a batch of its own. Older days are built with today's. #}
{% macro first_day() -%}
    {{ return(var('first_day', run_started_at.strftime('%Y-%m-%d'))) }}
{%- endmacro %}


{% macro _day_of(moment) %}
    {{ return((moment | string)[:10]) }}
{% endmacro %}
