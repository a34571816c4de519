"""IIN of a person and BIN of an organisation: twelve digits, the last one a check digit (regulation of both: one rule).

Check digit = Σ dᵢ·i mod 11 over the first eleven digits; if that is 10, with weights 3, 4, …, 11, 1, 2; if it is 10
again, the number is not issued.
"""

from __future__ import annotations

from salyq.civil.messages import Message

_FIRST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit for eleven digits; None where the number cannot exist."""
    digits = [int(c) for c in first_eleven]
    for weights in (_FIRST, _SECOND):
        rest = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def check_id(text: str) -> Message | None:
    """None for a good IIN or BIN, else what is wrong with it."""
    if not (len(text) == 12 and text.isascii() and text.isdigit()):
        return Message("id_not_12_digits")
    right = check_digit(text[:11])
    if right is None:
        return Message("id_never_issued")
    if right != int(text[11]):
        return Message("id_checksum", {"right": right, "got": text[11]})
    return None


def check_person(text: str) -> Message | None:
    """None for a good IIN, else what is wrong with it; an organisation's number is none."""
    return check_id(text) or (None if is_person(text) else Message("id_no_person"))


def is_person(number: str) -> bool:
    """Whether a number is an IIN by its form: it begins with a day of birth; a BIN has 4 to 6 (the demonstration's
    firms 9) in the fifth place.
    """
    return len(number) == 12 and number[4] in "0123"
