update {atomic}.load_manifest
set state = 'dropped'
where base = $base and state = $state
