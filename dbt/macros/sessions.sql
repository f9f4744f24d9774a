{# Whether an event is what the site is there for. #}
{% macro is_conversion(event_name) -%}
    {{ event_name }} in ('{{ var("conversion_events") | join("', '") }}')
{%- endmacro %}


{# Whether somebody was there: two pages, two heartbeats, or a conversion. #}
{% macro is_engaged(page_views, engaged_seconds, conversions) -%}
    {{ page_views }} >= 2
    or {{ engaged_seconds }} >= {{ 2 * var('heartbeat_seconds') }}
    or {{ conversions }} > 0
{%- endmacro %}


{# When an event says that its session had begun: a ping that opens one was sent after the minimum visit. #}
{% macro started_at(derived_tstamp, is_opening_ping) -%}
    case
        when {{ is_opening_ping }} then {{ derived_tstamp }} - interval '{{ var("minimum_visit_seconds") }}' second
        else {{ derived_tstamp }}
    end
{%- endmacro %}
