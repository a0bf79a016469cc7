"""Tries attrest on real descriptions: what each gives, what it costs, and what was lost on the way.

``scripts/corpus`` runs it. Nothing of it is part of what is installed.
"""
