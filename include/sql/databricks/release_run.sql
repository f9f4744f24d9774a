update {atomic}.load_manifest
set state = 'released', released_tstamp = :now
where base = :base and state = :state
