-- The rows of a table with a value in a column, each as one JSON text.
select to_json(found) as line
from {table} as found
where found.{column} = $value
limit 100
