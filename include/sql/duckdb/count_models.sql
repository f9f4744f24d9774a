-- What the models made of the released events: kept, removed as duplicates, counted by event_quality, not built yet.
select
    (
        select count(*)
        from {derived}.stg_events
    ) as staged,
    (
        select cast(coalesce(sum(duplicate_rows), 0) as bigint)
        from {derived}.event_quality
    ) as duplicates,
    (
        select cast(coalesce(sum(events), 0) as bigint)
        from {derived}.event_quality
    ) as in_event_quality,
    (
        select count(*)
        from {atomic}.events
        inner join {atomic}.load_manifest on events.load_tstamp = load_manifest.load_tstamp
        where
            load_manifest.state = 'released'
            and load_manifest.released_tstamp > (
                select coalesce(max(released_tstamp), timestamp '1970-01-01 00:00:00')
                from {derived}.stg_events
            )
    ) as not_built
