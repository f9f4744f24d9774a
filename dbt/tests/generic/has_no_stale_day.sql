{# Every session of the session index is in the model as it is now, and no other: macros/days_to_build.sql. #}
{% test has_no_stale_day(model, sessions) %}
    {{ stale_days_query(ref('int_session_index'), sessions, model) }}
{% endtest %}
