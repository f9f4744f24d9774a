{#
    How a batch replaces its days. The adapters' own statements replace the day dbt gave the batch; ours replace all days
    the batch built, which may be more (macros/days_to_build.sql).
#}

{% macro duckdb__get_incremental_microbatch_sql(arguments) %}
    {% set columns = get_quoted_csv(arguments.dest_columns | map(attribute='name')) %}
    {% set replacement %}
        delete from {{ arguments.target_relation }} where {{ is_day_to_build(days_to_build()) }};
        insert into {{ arguments.target_relation }} ({{ columns }})
        select {{ columns }} from {{ arguments.temp_relation }};
    {% endset %}
    {{ return(replacement) }}
{% endmacro %}


{% macro databricks__get_incremental_microbatch_sql(arguments) %}
    {% do arguments.update({'incremental_predicates': [is_day_to_build(days_to_build())]}) %}
    {{ return(get_replace_where_sql(arguments)) }}
{% endmacro %}
