with

source as (

    select * from {{ source('atomic', 'bad_rows') }}

),

runs as (

    select * from {{ ref('stg_load_manifest') }}

),

renamed as (

    select
        ---------- ids
        source.bad_row_id,
        source.app_id,

        ---------- text
        source.kind,
        source.vendor,
        source.first_message,
        source.payload,

        ---------- timestamps
        source.failure_tstamp,
        source.load_tstamp

    from source

    inner join runs
        on source.load_tstamp = runs.load_tstamp

)

select * from renamed
