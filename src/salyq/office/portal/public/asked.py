"""What the query of a page or a call says: days, moments, pages. A wrong value is one clear message (422)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from salyq.civil.days import kz_day, kz_midnight
from salyq.office.registry.book import register, words
from salyq.office.registry.model import STATUSES
from salyq.office.registry.read import LARGEST, PAGE, AsOf, Wanted
from salyq.office.store.errors import StoreError


def as_of(query: Mapping[str, str], now: datetime) -> AsOf:
    """`on=2026-06-15`, `known=2026-06-20T10:00:00+05:00` (or a day: its end in Kazakhstan)."""
    return AsOf(day_of("on", query.get("on", "")) or kz_day(now), _moment("known", query.get("known", "")))


def wanted(query: Mapping[str, str], code: str) -> Wanted:
    """The filters of a list."""
    spec = register(code)
    status, region, kind = (query.get(name) or None for name in ("status", "region", "kind"))
    if status is not None and status not in STATUSES:
        raise StoreError("portal_bad_value", name="status", value=status[:40], right=", ".join(STATUSES))
    if region is not None and not words("region", region).kk != region:
        raise StoreError("portal_bad_value", name="region", value=region[:40], right="350000000")
    kinds = [c for f in spec.fields for c in f.choices]
    if kind is not None and kind not in kinds:
        raise StoreError("portal_bad_value", name="kind", value=kind[:40], right=", ".join(kinds) or "—")
    cursor = query.get("cursor", "")
    if len(cursor) > 100 or "\x00" in cursor + query.get("q", ""):
        raise StoreError("portal_bad_value", name="cursor", value=cursor[:40].replace("\x00", ""), right="next")
    limit = whole("limit", query.get("limit", ""), PAGE, 1, LARGEST)
    return Wanted(query.get("q", "")[:200], status, region, kind, limit, cursor)


def whole(name: str, text: str, default: int, low: int, high: int) -> int:
    """A whole number within bounds."""
    if not text:
        return default
    if not re.fullmatch(r"-?[0-9]{1,18}", text) or not low <= int(text) <= high:
        raise StoreError("portal_bad_value", name=name, value=text[:40], right=f"{low}…{high}")
    return int(text)


def day_of(name: str, text: str) -> date | None:
    """The day, or None for an empty text."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        found = None
    if found is None or not 1990 <= found.year <= 2199:
        raise StoreError("portal_bad_value", name=name, value=text[:40], right="2026-06-15")
    return found


def _moment(name: str, text: str) -> datetime | None:
    if not text:
        return None
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        day = day_of(name, text)
        assert day is not None
        return kz_midnight(day + timedelta(days=1)) - timedelta(microseconds=1)
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1990 <= found.year <= 2199:
        raise StoreError("portal_bad_value", name=name, value=text[:40], right="2026-06-15T10:00:00+05:00")
    return found.astimezone(UTC)
