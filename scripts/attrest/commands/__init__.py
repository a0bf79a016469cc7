"""The commands that have a module of their own: arguments, printing and exit codes."""
