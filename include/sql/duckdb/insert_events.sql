-- All events of one run folder, or none if they are there already.
insert into {atomic}.events (
    {columns},
    load_tstamp
)
select
    {columns},
    $load_tstamp
from read_parquet({source}, hive_partitioning = false, union_by_name = true)
where not exists (
    select 1
    from {atomic}.events
    where load_tstamp = $load_tstamp
)
