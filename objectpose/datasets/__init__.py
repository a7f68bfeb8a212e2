"""Plans, shards and the data sets that they make."""
