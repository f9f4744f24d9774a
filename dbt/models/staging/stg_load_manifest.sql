with

source as (

    select * from {{ source('atomic', 'load_manifest') }}

),

renamed as (

    select
        ----------  ids
        run,

        ---------- timestamps
        load_tstamp,
        released_tstamp

    from source

    where
        state = 'released'
        and released_tstamp <= cast('{{ env_var("SNOWMELT_RELEASED_UP_TO", "9999-12-31 00:00:00") }}' as timestamp)

)

select * from renamed
