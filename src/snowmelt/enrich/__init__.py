"""From a stored request to enriched events and bad rows: bytes in, `Good | Bad` out, no input or output."""
