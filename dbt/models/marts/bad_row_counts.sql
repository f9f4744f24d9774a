with

bad_rows as (

    select * from {{ ref('stg_bad_rows') }}

),

count_bad_rows as (

    select
        cast(failure_tstamp as date) as failure_date,
        kind,
        vendor,
        app_id,
        count(*) as bad_rows,
        min(first_message) as first_message,
        min(failure_tstamp) as first_failure_tstamp,
        max(failure_tstamp) as last_failure_tstamp

    from bad_rows

    group by
        cast(failure_tstamp as date),
        kind,
        vendor,
        app_id

),

final as (

    select
        ---------- ids
        {{ key_of(['failure_date', 'kind', 'vendor', 'app_id']) }} as bad_row_count_key,
        app_id,

        ---------- text
        kind,
        vendor,
        first_message,

        ---------- numbers
        bad_rows,

        ---------- timestamps
        failure_date,
        first_failure_tstamp,
        last_failure_tstamp

    from count_bad_rows

)

select * from final
