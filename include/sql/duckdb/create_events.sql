-- Enriched events as they arrived, at least once: the models remove what came twice.
-- Entity columns are added as their schemas appear.
create table if not exists {atomic}.events (
    {columns},
    load_tstamp timestamp not null
)
