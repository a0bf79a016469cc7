"""What of a description is put right before anything is generated."""
