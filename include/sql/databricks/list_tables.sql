select table_name
from information_schema.tables
where
    table_catalog = :catalog
    and table_schema = :schema
order by table_name
