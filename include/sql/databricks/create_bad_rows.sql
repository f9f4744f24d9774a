create table if not exists {atomic}.bad_rows (
    bad_row_id string not null,
    schema string not null,
    kind string not null,
    failure_tstamp timestamp,
    vendor string,
    app_id string,
    first_message string,
    processor string not null,
    payload string not null,
    run string not null,
    load_tstamp timestamp not null
)
