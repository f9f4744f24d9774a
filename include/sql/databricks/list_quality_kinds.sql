-- What causes can be chosen by.
select distinct
    kind,
    coalesce(app_id, '') as app_id
from {quality}.bad_row_causes
order by
    kind,
    app_id
