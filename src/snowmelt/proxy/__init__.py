"""Nginx before the collector and the registry: TLS, the redirect to it, and their consoles."""
