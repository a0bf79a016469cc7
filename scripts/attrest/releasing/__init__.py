"""Versions of a description: what the next one must be, and what is kept of each."""
