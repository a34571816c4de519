"""How a record says that its venue, or its row, calls it a new name of a coin: nothing was sold (semantics 42)."""

from __future__ import annotations

RENAMED = "renamed"  # the note of both rows of such a swap; words of the venue may follow


def renaming(words: str) -> str:
    """The note of rows that a venue calls a renaming, in its own words."""
    return f"{RENAMED}: {words}"


def is_renaming(note: str | None) -> bool:
    """Whether a note says that the row is a renaming."""
    return note is not None and note.partition(":")[0].strip().casefold() == RENAMED
