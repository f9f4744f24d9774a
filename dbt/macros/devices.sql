{#
    Whether an event comes from a program that nobody sits at. Never null: an event without a user agent is a person's
    until shown otherwise.

    Only names of crawlers and of automated browsers count, not those of HTTP libraries, which trackers on servers and
    in apps use.
    The word "bot" counts at the end of a word, and Cubot is a maker of phones.
#}
{% macro is_bot(useragent, device_family, is_webdriver) -%}
    {%- set names = [
        '(^|[^u])bot([^a-z]|$)', 'crawler', 'spider', 'slurp', 'headless', 'phantomjs', 'lighthouse', 'pingdom',
        'facebookexternalhit',
    ] -%}
    (
        coalesce({{ is_webdriver }}, false)
        or coalesce({{ device_family }} = 'Spider', false)
        or coalesce({{ matches('lower(' ~ useragent ~ ')', names | join('|')) }}, false)
    )
{%- endmacro %}


{# mobile, tablet, desktop or other, from what ua-parser found and what the browser hinted. #}
{% macro device_type(device_family, os_family, is_mobile) -%}
    case
        when {{ device_family }} in ('iPad', 'Kindle', 'Kindle Fire') then 'tablet'
        when {{ is_mobile }} or {{ os_family }} in ('iOS', 'Android', 'Windows Phone', 'KaiOS') then 'mobile'
        when {{ os_family }} in ('Windows', 'Mac OS X', 'Linux', 'Ubuntu', 'Fedora', 'Debian', 'Chrome OS')
            then 'desktop'
        else 'other'
    end
{%- endmacro %}
