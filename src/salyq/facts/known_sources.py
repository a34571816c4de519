"""What the command line asks about readers: those that are known, and a draft for a table that none of them takes."""

from __future__ import annotations

from salyq.sources.known import KnownReader, known_readers
from salyq.sources.mapping import SUFFIX
from salyq.sources.mapping.guess import OUTCOME, draft_mapping
from salyq.sources.said import reader_name

__all__ = ["OUTCOME", "SUFFIX", "KnownReader", "draft_mapping", "known_readers", "reader_name"]
