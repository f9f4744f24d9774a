-- A run folder that is not in the manifest yet, with a load_tstamp that no other run has, even if the clock was set back.
insert into {atomic}.load_manifest (
    base,
    run,
    state,
    load_tstamp,
    types,
    shredding_started,
    shredding_completed,
    min_collector_tstamp,
    max_collector_tstamp,
    ingestion_tstamp,
    processor_artifact,
    processor_version,
    records,
    bad_records,
    count_good,
    count_bad,
    first_positions,
    last_positions
)
select
    :base,
    :run,
    'loading',
    greatest(
        cast(:now as timestamp),
        (
            select coalesce(max(load_tstamp) + interval 1 microsecond, cast(:now as timestamp))
            from {atomic}.load_manifest
        )
    ),
    :types,
    :shredding_started,
    :shredding_completed,
    :min_collector_tstamp,
    :max_collector_tstamp,
    cast(:now as timestamp),
    :processor_artifact,
    :processor_version,
    :records,
    :bad_records,
    :count_good,
    :count_bad,
    :first_positions,
    :last_positions
where not exists (
    select 1
    from {atomic}.load_manifest
    where base = :base
)
