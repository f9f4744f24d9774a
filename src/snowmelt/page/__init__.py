"""The tracker page's server: the built page, and what became of each event it sent."""
