delete from {atomic}.events
where load_tstamp = $load_tstamp
