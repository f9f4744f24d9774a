{# Whether an event lay on the device for longer than sessions wait. Never null. #}
{% macro is_late(dvce_created_tstamp, dvce_sent_tstamp) -%}
    coalesce(
        {{ dvce_sent_tstamp }} > {{ dvce_created_tstamp }} + interval '{{ var("late_after_days") }}' day,
        false
    )
{%- endmacro %}


{# Event order: when it happened, as far as it is known. Never the order of arrival. #}
{% macro event_order() -%}
    derived_tstamp asc, created_tstamp asc, event_key asc
{%- endmacro %}

{% macro reverse_event_order() -%}
    derived_tstamp desc, created_tstamp desc, event_key desc
{%- endmacro %}


{#
    Seconds a view was engaged with: an aggregate over the times of its page pings, nulls left out.

    A ping says that something was done in the heartbeat before it. Pings that fall into the same heartbeat count once,
    and the first of them stands for the minimum visit. Without pings nothing is known, which counts as no time.
#}
{% macro engaged_seconds(pinged_tstamp) -%}
    {%- set heartbeat_milliseconds = 1000 * var('heartbeat_seconds') -%}
    cast(
        case
            when count({{ pinged_tstamp }}) = 0 then 0
            else
                {{ var('heartbeat_seconds') }}
                * (count(distinct floor({{ epoch_milliseconds(pinged_tstamp) }} / {{ heartbeat_milliseconds }})) - 1)
                + {{ var('minimum_visit_seconds') }}
        end
        as bigint
    )
{%- endmacro %}


{# How far down a page was seen, in percent of its height: what was scrolled past, and the screen below it. #}
{% macro scroll_depth_percent(yoffset_max, doc_height, view_height) -%}
    case
        when {{ doc_height }} > 0
            then
                cast(
                    round(
                        100.0
                        * least(
                            greatest(least(coalesce({{ yoffset_max }}, 0), {{ doc_height }}), 0)
                            + coalesce({{ view_height }}, 0),
                            {{ doc_height }}
                        )
                        / {{ doc_height }}
                    )
                    as int
                )
    end
{%- endmacro %}


{# Whether an event still belongs to the session that began then. One that never ends is a robot's or a kiosk's. #}
{% macro is_in_session(collector_tstamp, first_collector_tstamp) -%}
    {{ collector_tstamp }} < {{ first_collector_tstamp }} + interval '{{ var("max_session_days") }}' day
{%- endmacro %}


{# Whether the device's clock was far from the collector's when it sent. Never null. #}
{% macro has_skewed_clock(dvce_sent_tstamp, collector_tstamp) -%}
    coalesce(
        abs({{ epoch_milliseconds(dvce_sent_tstamp) }} - {{ epoch_milliseconds(collector_tstamp) }})
        > {{ 1000 * var('clock_skew_seconds') }},
        false
    )
{%- endmacro %}
