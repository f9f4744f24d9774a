select count(*) as bad_rows
from {atomic}.bad_rows
