"""A server that behaves as a description says, without the server: requests come in as data, answers go out as data."""
