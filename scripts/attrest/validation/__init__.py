"""What can be wrong with a description, beyond what reading it shows."""
