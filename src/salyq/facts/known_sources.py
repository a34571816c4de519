"""What the command line asks about readers: those that are known, and a draft for a table that none of them takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from salyq.sources.known import KnownReader, known_readers
from salyq.sources.mapping import SUFFIX
from salyq.sources.mapping.guess import OUTCOME, draft_mapping
from salyq.sources.said import reader_name

__all__ = ["OUTCOME", "SUFFIX", "KnownReader", "draft_mapping", "known_readers", "reader_name", "reader_title"]


@cache
def _venues() -> Mapping[str, str]:
    return {r.reader: r.venue for r in known_readers()}


def reader_title(reader: str, lang: str) -> str:
    """What a reader is called: its venue, and which of its lists it reads."""
    return reader_name(reader, lang, _venues().get(reader, ""))
