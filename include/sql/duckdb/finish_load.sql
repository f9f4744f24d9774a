update {atomic}.load_manifest
set state = 'loaded', loaded_tstamp = $now
where base = $base and state = $state
