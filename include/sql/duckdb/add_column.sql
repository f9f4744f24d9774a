alter table {atomic}.events add column {column} {type}
