{# The books of the models: what event_quality counts is what was staged. #}

with

staged as (

    select
        count(*) as events,
        coalesce(sum(copies), 0) as atomic_rows

    from {{ ref('stg_events') }}

),

counted as (

    select
        coalesce(sum(events), 0) as events,
        coalesce(sum(events + duplicate_rows), 0) as atomic_rows

    from {{ ref('event_quality') }}

)

select
    staged.events as staged_events,
    counted.events as counted_events

from staged

cross join counted

where
    staged.events <> counted.events
    or staged.atomic_rows <> counted.atomic_rows
