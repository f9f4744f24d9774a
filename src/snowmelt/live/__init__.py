"""The whole platform on one machine: its stages started, watched and stopped together, and what they say."""
