update {atomic}.load_manifest
set state = 'held', held_tstamp = :now, reason = :reason
where base = :base and state = :state
