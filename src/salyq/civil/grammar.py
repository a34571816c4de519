"""What words become beside a number: plural forms in Kazakh, Russian and English, and Kazakh case endings.

In a message: `{rows:plural:строка|строки|строк}` (Russian: one|few|many; Kazakh and English: one|other) and
`{day:kk:dative}` (the value with its ending: «2026-05-15-ке», «3-тен»).
"""

from __future__ import annotations

import re
from string import Formatter
from typing import Any, NamedTuple

CASES = ("genitive", "dative", "accusative", "locative", "ablative", "instrumental")
_BACK, _FRONT = "аоұыяёэ", "әөүіеи"
_VOICELESS = "пфктқсшщчцхһбвгд"  # б, в, г, д stand at the end of borrowed words alone and are not heard there
_NASAL = "мнң"
_SONORANT = "рлйуию"  # and the nasals
_NUMBER = re.compile(r"\d(?:[\d\s\u00a0\u202f]*\d)?")

# How a number is said at its end: by what its last word is.
_UNITS = ("нөл", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз")
_TENS = ("", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан")
_ROUND = ((12, "триллион"), (9, "миллиард"), (6, "миллион"), (3, "мың"), (2, "жүз"))


def plural_form(lang: str, count: int) -> str:
    """one | few | many | other, as CLDR has it for whole numbers (Babel's rules; a test holds them equal)."""
    n = abs(count)
    if lang != "ru":
        return "one" if n == 1 else "other"
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"


def plural(lang: str, count: int, forms: list[str]) -> str:
    """The form of a noun beside a number; `forms` in the order one, few, many (Russian) or one, other."""
    order = ("one", "few", "many") if lang == "ru" else ("one", "other")
    place = order.index(plural_form(lang, count))
    return forms[min(place, len(forms) - 1)]


class _Sound(NamedTuple):
    """How a word ends: with a back or front vowel ruling it, and in which kind of sound."""

    back: bool
    last: str  # vowel | nasal | sonorant | voiced | voiceless


def spoken(number: str) -> str:
    """The last word of a whole number as it is said: 20 жиырма, 300 жүз, 15 бес, 4 000 мың."""
    digits = re.sub(r"\D", "", number).lstrip("0")
    if not digits:
        return _UNITS[0]
    for zeros, word in _ROUND:
        if len(digits) > zeros and digits.endswith("0" * zeros):
            return word
    if digits[-1] != "0":
        return _UNITS[int(digits[-1])]
    return _TENS[int(digits[-2])]


def _sound(word: str) -> _Sound:
    letters = [c for c in word.lower() if c.isalpha()]
    vowels = [c for c in letters if c in _BACK or c in _FRONT]
    back = bool(vowels) and vowels[-1] in _BACK and not word.lower().endswith("банк")  # «банкке», as laws write it
    last = letters[-1] if letters else "а"
    if last == "у" or (last not in _BACK + _FRONT and last in _SONORANT):
        return _Sound(back, "sonorant")
    if last in _BACK or last in _FRONT:
        return _Sound(back, "vowel")
    kind = "nasal" if last in _NASAL else "voiceless" if last in _VOICELESS else "voiced"
    return _Sound(back, kind)


def ending(text: str, case: str) -> str:
    """The Kazakh ending of a case after a number, a date or a word, without its hyphen. ValueError for no case."""
    if case not in CASES:
        raise ValueError(f"{case!r} is none of {', '.join(CASES)}")
    numbers = _NUMBER.findall(text)
    at_end = bool(numbers) and text.rstrip().endswith(numbers[-1])
    back, last = _sound(spoken(numbers[-1]) if at_end else text)
    first = {
        "genitive": {"vowel": "н", "nasal": "н", "voiceless": "т"}.get(last, "д"),
        "dative": ("қ" if back else "к") if last == "voiceless" else ("ғ" if back else "г"),
        "accusative": {"vowel": "н", "voiceless": "т"}.get(last, "д"),
        "locative": "т" if last == "voiceless" else "д",
        "ablative": {"nasal": "н", "voiceless": "т"}.get(last, "д"),
        "instrumental": {"voiced": "б", "voiceless": "п"}.get(last, "м"),
    }[case]
    rest = {
        "genitive": ("ың", "ің"),
        "dative": ("а", "е"),
        "accusative": ("ы", "і"),
        "locative": ("а", "е"),
        "ablative": ("ан", "ен"),
        "instrumental": ("ен", "ен"),
    }[case][0 if back else 1]
    return first + rest


def with_ending(text: str, case: str) -> str:
    """A number or date with its hyphen and ending («15-ке»), a word with its ending alone («Алматыға»)."""
    hyphen = "-" if text.rstrip()[-1:].isdigit() else ""
    return f"{text}{hyphen}{ending(text, case)}"


class Speaker(Formatter):
    """Formats a template in one language: knows `plural:` and `kk:` beside a value."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        how, _, rest = format_spec.partition(":")
        if how == "plural":
            return plural(self.lang, _whole(value), rest.split("|"))
        if how == "kk":
            return with_ending(str(value), rest)
        return str(super().format_field(value, format_spec))


def _whole(value: Any) -> int:
    """The number that decides a plural form; grouping signs are no part of it."""
    digits = re.sub(r"[^\d-]", "", str(value))
    return int(digits) if digits.lstrip("-") else 0
