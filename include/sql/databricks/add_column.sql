alter table {atomic}.events add columns ({column} {type})
