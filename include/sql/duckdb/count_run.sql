select
    (
        select count(*)
        from {atomic}.events
        where load_tstamp = $load_tstamp
    ) as good,
    (
        select count(*)
        from {atomic}.bad_rows
        where load_tstamp = $load_tstamp
    ) as bad
