-- How many causes there are of a kind and an application, or of any where these are empty, and how many bad rows.
select
    count(*) as causes,
    cast(coalesce(sum(total), 0) as bigint) as bad_rows
from {quality}.bad_row_causes
where
    ($kind = '' or kind = $kind)
    and ($app_id = '' or app_id = $app_id)
