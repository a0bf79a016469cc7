"""The files of a description: reading them, and gathering them into one tree."""
