"""The demonstration country: everything in it is made up, from a seed, and every page says so."""
