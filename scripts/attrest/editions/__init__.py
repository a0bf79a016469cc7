"""Editions of a description for tools that stop at an older version of OpenAPI."""
