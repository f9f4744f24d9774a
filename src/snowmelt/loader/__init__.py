"""The loader: whole run folders of the lake become rows of the warehouse, each exactly once."""
