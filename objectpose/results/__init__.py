"""What is stored: predictions, provenance."""
