{#
    The channel a visit came by, by the rules of the default channel groups of Google Analytics 4, first match wins.

    `source`, `medium` and `campaign` are lower-case texts or null, `category` is that of the source in the seed
    source_categories, `refr_medium` what the referer parser says. A tagged link decides; the referer speaks only where
    there is no tag at all.
#}
{% macro channel_group(source, medium, campaign, category, refr_medium) -%}
    {%- set is_paid = matches(medium, '^(.*cp.*|ppc|retargeting|paid.*)$') -%}
    {%- set is_shopping = category ~ " = 'shopping' or " ~ matches(campaign, '(^|[^a-z])shop(ping)?([^a-z]|$)') -%}
    {%- set social_mediums = "('social', 'social-network', 'social-media', 'social network', 'social media', 'sm')" -%}
    {%- set email_words = "('email', 'e-mail', 'e_mail', 'e mail')" -%}
    case
        when {{ source }} is null and {{ medium }} is null and {{ campaign }} is null
            then
                case {{ refr_medium }}
                    when 'search' then 'Organic Search'
                    when 'social' then 'Organic Social'
                    when 'email' then 'Email'
                    when 'paid' then 'Paid Other'
                    when 'unknown' then 'Referral'
                    when 'chatbot' then 'Referral'
                    else 'Direct'
                end
        when {{ source }} = '(direct)' and coalesce({{ medium }}, '(none)') in ('(none)', '(not set)') then 'Direct'
        when {{ matches(campaign, 'cross-network') }} then 'Cross-network'
        when ({{ is_shopping }}) and {{ is_paid }} then 'Paid Shopping'
        when {{ category }} = 'search' and {{ is_paid }} then 'Paid Search'
        when {{ category }} = 'social' and {{ is_paid }} then 'Paid Social'
        when {{ category }} = 'video' and {{ is_paid }} then 'Paid Video'
        when {{ medium }} in ('display', 'banner', 'expandable', 'interstitial', 'cpm') then 'Display'
        when {{ is_paid }} then 'Paid Other'
        when {{ is_shopping }} then 'Organic Shopping'
        when {{ category }} = 'social' or {{ medium }} in {{ social_mediums }} then 'Organic Social'
        when {{ category }} = 'video' or {{ matches(medium, 'video') }} then 'Organic Video'
        when {{ category }} = 'search' or {{ medium }} = 'organic' then 'Organic Search'
        when {{ medium }} in ('referral', 'app', 'link') then 'Referral'
        when {{ source }} in {{ email_words }} or {{ medium }} in {{ email_words }} then 'Email'
        when {{ medium }} = 'affiliate' then 'Affiliates'
        when {{ medium }} = 'audio' then 'Audio'
        when {{ source }} = 'sms' or {{ medium }} = 'sms' then 'SMS'
        when {{ matches(medium, '(push$|mobile|notification)') }} or {{ source }} = 'firebase'
            then 'Mobile Push Notifications'
        else 'Unassigned'
    end
{%- endmacro %}
