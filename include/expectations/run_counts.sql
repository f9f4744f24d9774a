-- One run's counts: what its marker says beside what is in the warehouse.
select
    manifest.records,
    manifest.bad_records,
    manifest.count_good,
    manifest.count_bad,
    (select count(*) from atomic.events where events.load_tstamp = manifest.load_tstamp) as rows_good,
    (select count(*) from atomic.bad_rows where bad_rows.load_tstamp = manifest.load_tstamp) as rows_bad,
    case
        when manifest.records > 0 then cast(manifest.bad_records as double) / manifest.records
    end as bad_share
from atomic.load_manifest as manifest
where manifest.load_tstamp = $load_tstamp
