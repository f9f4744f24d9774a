select count(*) as total
from {table}
