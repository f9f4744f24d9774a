-- All bad rows of one run folder. COPY INTO remembers the files it has read, so a second time adds nothing.
copy into {atomic}.bad_rows
from (
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
        :run as run,
        cast(:load_tstamp as timestamp) as load_tstamp
    from {source}
)
fileformat = parquet
