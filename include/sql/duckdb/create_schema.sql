create schema if not exists {atomic}
