"""Readers: one file a source; a reader turns rows into neutral records, and nothing else."""

from salyq.sources.read import read_files, read_folder
from salyq.sources.settle import settle_currencies

__all__ = ["read_files", "read_folder", "settle_currencies"]
