select *
from read_files({source}, format => 'parquet')
