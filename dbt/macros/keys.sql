{# One text from several columns, different for different rows: null and the empty text are told apart. #}
{% macro key_of(columns) -%}
    {%- for column in columns -%}
        coalesce('=' || replace(cast({{ column }} as string), '|', '||'), '-')
        {%- if not loop.last %} || '|' || {% endif -%}
    {%- endfor -%}
{%- endmacro %}
