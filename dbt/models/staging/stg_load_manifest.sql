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
        and released_tstamp <= cast('{{ var("released_up_to") }}' as timestamp)

)

select * from renamed
