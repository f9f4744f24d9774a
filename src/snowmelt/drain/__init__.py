"""The enrich application: reads collector payloads, enriches them and writes run folders, or works on lines of text."""
