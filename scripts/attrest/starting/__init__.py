"""What ``attrest init`` starts: a project around a description that exists already."""
