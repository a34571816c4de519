"""Which acquisition a disposal consumed: quantities only."""
