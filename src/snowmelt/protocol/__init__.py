"""The published formats: what trackers send, what stages hand to one another, what they say when something is wrong."""
