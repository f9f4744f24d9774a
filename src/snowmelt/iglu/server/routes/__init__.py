"""The routes of the API, a file each for what they are about."""
