"""Which HTTP status an error of ours has."""

from __future__ import annotations

from salyq.office.procedures.take import NotAllowed
from salyq.office.store.errors import Conflict, StoreError

_MISSING = {
    *("registry_no_record", "registry_unknown_register", "intake_no_filing"),
    *("procedures_no_application", "procedures_unknown", "proposals_none", "cases_none"),
}
_DOWN = {"store_unreachable", "store_disk_full", "store_read_only", "store_too_slow", "intake_scanner_silent"}


def status_of(error: Exception | None) -> int:
    """The status of an answer that says this error; 200 for none."""
    if error is None:
        return 200
    if isinstance(error, Conflict):
        return 409
    if isinstance(error, NotAllowed) or getattr(error, "code", "").startswith("portal_key_"):
        return 403
    if isinstance(error, StoreError):
        missing = error.code in _MISSING
        return 404 if missing else 503 if error.code in _DOWN else 422
    return 422
