"""Schemas: where they are kept, how one is found, and whether data follows it."""
