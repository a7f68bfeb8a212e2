"""The zoo: names, weights, preprocessing and adapters."""
