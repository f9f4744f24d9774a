"""Collect, validate, enrich, lake and load Snowplow events."""

__version__ = "0.1.0"
