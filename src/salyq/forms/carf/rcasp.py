"""The reporting provider, from a small TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.forms.carf.codes import LONGEST, NEXUS, UNWRITABLE
from salyq.forms.countries import countries


class Rcasp(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Reporting crypto-asset service provider. `nexus`: CARF901 (tax residence) to CARF907."""

    name: str
    tin: str
    country: str
    city: str
    residence: str = ""
    tin_country: str = ""
    address: str = ""
    nexus: str = "CARF901"
    sending_in: str = ""


def read_rcasp(path: Path) -> Rcasp:
    """InputError naming file, key and what would be right."""
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Rcasp)
    except OSError as error:
        raise InputError(Message("form_file", {"why": error.strerror or "?"}), file=str(path)) from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise InputError(Message("form_file", {"why": str(error)[:160]}), file=str(path)) from None
    for key, text in msgspec.structs.asdict(found).items():
        bad = UNWRITABLE.search(text)
        if bad is not None or len(text) > LONGEST:
            params = {"count": len(text), "most": LONGEST, "character": f"U+{ord(bad[0]):04X}" if bad else ""}
            wrong = Message("carf_character" if bad else "carf_long", params)
            raise InputError(wrong, file=str(path), column=key, value=text[:80])
    for key in ("country", "residence", "tin_country"):
        code = getattr(found, key)
        if code and code not in countries():
            raise InputError(Message("carf_country"), file=str(path), column=key, value=code)
    for key in ("name", "tin", "city"):
        if not getattr(found, key).strip():
            raise InputError(Message("carf_blank"), file=str(path), column=key)
    if found.nexus not in NEXUS:
        choices = ", ".join(sorted(NEXUS))
        raise InputError(
            Message("carf_choice", {"choices": choices}), file=str(path), column="nexus", value=found.nexus
        )
    return found
