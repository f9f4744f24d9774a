select *
from read_parquet({source}, hive_partitioning = false, union_by_name = true)
