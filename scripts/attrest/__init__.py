"""Turns an OpenAPI description into a Python client of plain attrs classes."""

__version__ = "0.1.0"
