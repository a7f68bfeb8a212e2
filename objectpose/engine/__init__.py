"""Units of work and the runner that computes what is missing."""
