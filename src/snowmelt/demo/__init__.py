"""Every stage on one machine, started as a user would start it."""
