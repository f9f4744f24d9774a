create table if not exists {atomic}.bad_rows (
    bad_row_id varchar not null,
    schema varchar not null,
    kind varchar not null,
    failure_tstamp timestamp,
    vendor varchar,
    app_id varchar,
    first_message varchar,
    processor varchar not null,
    payload varchar not null,
    run varchar not null,
    load_tstamp timestamp not null
)
