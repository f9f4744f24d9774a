"""The log between the stages: append records, read them from a position, remember how far a consumer got."""
