"""The lake: enriched events and bad rows as whole run folders of Parquet and JSON."""
