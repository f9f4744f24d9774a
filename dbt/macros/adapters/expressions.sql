{# What the two engines spell differently. Nothing outside this folder uses a function that only one of them has. #}

{# The field of the first entity in an entity column; null when there is none. #}
{% macro first_of(column, field) -%}
    {{ adapter.dispatch('first_of', 'snowmelt')(column, field) }}
{%- endmacro %}

{% macro duckdb__first_of(column, field) -%}
    {{ column }}[1].{{ field }}
{%- endmacro %}

{% macro databricks__first_of(column, field) -%}
    try_element_at({{ column }}, 1).{{ field }}
{%- endmacro %}


{# Whether a text holds a match of a regular expression. Keep to what POSIX and Java share, and write no backslash. #}
{% macro matches(text, pattern) -%}
    {{ adapter.dispatch('matches', 'snowmelt')(text, pattern) }}
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro databricks__matches(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern }}')
{%- endmacro %}


{# Milliseconds since 1970 of a timestamp in UTC. #}
{% macro epoch_milliseconds(tstamp) -%}
    {{ adapter.dispatch('epoch_milliseconds', 'snowmelt')(tstamp) }}
{%- endmacro %}

{% macro duckdb__epoch_milliseconds(tstamp) -%}
    epoch_ms({{ tstamp }})
{%- endmacro %}

{% macro databricks__epoch_milliseconds(tstamp) -%}
    unix_millis({{ tstamp }})
{%- endmacro %}


{# The distinct values of a column over a window, sorted, without nulls. #}
{% macro distinct_list(column, window) -%}
    {{ adapter.dispatch('distinct_list', 'snowmelt')(column, window) }}
{%- endmacro %}

{# Not list(distinct …), which as a window takes gigabytes for a million rows. #}
{% macro duckdb__distinct_list(column, window) -%}
    list_sort(list_distinct(list({{ column }}) over ({{ window }})))
{%- endmacro %}

{% macro databricks__distinct_list(column, window) -%}
    sort_array(collect_set({{ column }}) over ({{ window }}))
{%- endmacro %}


{# To stand after a FROM: one row for each element of a list column; rows with an empty list are left out. #}
{% macro each_of(list, alias, column) -%}
    {{ adapter.dispatch('each_of', 'snowmelt')(list, alias, column) }}
{%- endmacro %}

{% macro duckdb__each_of(list, alias, column) -%}
    cross join unnest({{ list }}) as {{ alias }} ({{ column }})
{%- endmacro %}

{% macro databricks__each_of(list, alias, column) -%}
    lateral view explode({{ list }}) {{ alias }} as {{ column }}
{%- endmacro %}


{# A list of texts, written out. #}
{% macro list_of(texts) -%}
    {{ adapter.dispatch('list_of', 'snowmelt')(texts) }}
{%- endmacro %}

{% macro duckdb__list_of(texts) -%}
    ['{{ texts | join("', '") }}']
{%- endmacro %}

{% macro databricks__list_of(texts) -%}
    array('{{ texts | join("', '") }}')
{%- endmacro %}
