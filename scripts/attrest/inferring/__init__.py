"""What ``infer`` needs: the schemas in a form that can be relied on, and the types that they come to."""
