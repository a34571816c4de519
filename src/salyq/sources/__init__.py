"""Readers: one file a source; a reader turns rows into neutral records, and nothing else."""
