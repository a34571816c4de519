"""Readers: one file a source; a reader turns rows into neutral records, and nothing else."""

from salyq.sources.proofs import settle_proofs
from salyq.sources.read import read_files, read_folder, read_found
from salyq.sources.renamed import others as about_rows
from salyq.sources.renamed import settle_renamed
from salyq.sources.settle import settle_currencies
from salyq.sources.tables.files import find, shown_name

__all__ = [
    "about_rows",
    "find",
    "read_files",
    "read_folder",
    "read_found",
    "settle_currencies",
    "settle_proofs",
    "settle_renamed",
    "shown_name",
]
