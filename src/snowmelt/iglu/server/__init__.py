"""The registry: keeps schemas, lets them grow by the rules of SchemaVer, and serves them as Iglu Server does."""
