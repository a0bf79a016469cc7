"""What changed between two versions of a description, and whom it breaks."""
