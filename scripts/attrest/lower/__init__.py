"""From a description and its schemas to the intermediate representation. Nothing after this stage knows OpenAPI."""

from attrest.lower.api import lower

__all__ = ["lower"]
