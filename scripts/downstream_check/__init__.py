"""Tries generators of other people on the published bundle: what they make of it compiles, and calls the mock."""
