"""Realistic visitors, bots, opt-outs and broken trackers, as HTTP requests or as records of the log."""
