"""The HTTP collector: answers trackers only after their events are durable."""
