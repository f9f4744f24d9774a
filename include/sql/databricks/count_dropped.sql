select cast(coalesce(sum(count_good), 0) as bigint) as events
from {atomic}.load_manifest
where state = 'dropped'
