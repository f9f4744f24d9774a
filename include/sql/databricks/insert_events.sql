-- All events of one run folder. COPY INTO remembers the files it has read, so a second time adds nothing; it takes a
-- place to read from only as part of the statement, and fills a column that a file lacks with nulls.
copy into {atomic}.events
from (
    select
        {columns},
        cast(:load_tstamp as timestamp) as load_tstamp
    from {source}
)
fileformat = parquet
format_options ('mergeSchema' = 'true')
copy_options ('mergeSchema' = 'true')
