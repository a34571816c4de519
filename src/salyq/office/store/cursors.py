"""Cursors of lists: the key of the last row of a page, by which the list is ordered. Rows that come, go or move between
two pages leave no other out and show none twice. What has no value is ordered last, and is empty in a cursor.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NoReturn
from uuid import UUID

from salyq.office.store.errors import StoreError

Part = date | datetime | UUID | str | None
LAST = "infinity"  # of days and moments, for the database
FIRST = "-infinity"
_END = "!"
_LONGEST = 400


def written(*key: Part) -> str:
    """The cursor of the page after the row with this key."""
    return _END.join("" if p is None else p.isoformat() if isinstance(p, date) else _plain(str(p)) for p in key)


def _plain(text: str) -> str:
    return text.replace("%", "%25").replace(_END, "%21")


def parsed(text: str, *kinds: type) -> tuple[Part, ...] | None:
    """The key, None for an empty text; StoreError where it is no key of these kinds (date, datetime, UUID, str)."""
    if not text:
        return None
    parts = text.split(_END)
    try:
        if len(text) > _LONGEST or "\x00" in text or len(parts) != len(kinds):
            raise ValueError
        return tuple(_read(p, kind) for p, kind in zip(parts, kinds, strict=True))
    except ValueError:
        refuse(text)


def refuse(text: str) -> NoReturn:
    """StoreError for a cursor that no page gave."""
    raise StoreError("portal_bad_value", name="cursor", value=text[:40].replace("\x00", ""), right="next") from None


def _read(text: str, kind: type) -> Part:
    if kind is str:
        return text.replace("%21", _END).replace("%25", "%")
    if kind is UUID:
        return UUID(text)
    if kind is date:
        return date.fromisoformat(text) if text else None
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError
    return found
