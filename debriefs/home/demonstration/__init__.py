"""A demonstration programme made by code: the same on every machine for the same seed and day."""
