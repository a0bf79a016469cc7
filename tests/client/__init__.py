"""The published client as the tests drive it: with and without ``await``, by a clock that never waits."""

from client.driver import TOKEN, Driver, Waits

__all__ = ["TOKEN", "Driver", "Waits"]
