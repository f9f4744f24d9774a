-- All bad rows of one run folder, or none if they are there already.
insert into {atomic}.bad_rows (
    bad_row_id,
    schema,
    kind,
    failure_tstamp,
    vendor,
    app_id,
    first_message,
    processor,
    payload,
    run,
    load_tstamp
)
select
    bad_row_id,
    schema,
    kind,
    failure_tstamp,
    vendor,
    app_id,
    first_message,
    processor,
    payload,
    $run,
    $load_tstamp
from read_parquet({source}, hive_partitioning = false, union_by_name = true)
where not exists (
    select 1
    from {atomic}.bad_rows
    where load_tstamp = $load_tstamp
)
