"""Units of quantities in words: the one place where a unit that people do not read as it is called has words."""

from __future__ import annotations

WORDS = {
    "kWh": {"kk": "кВт·сағ", "ru": "кВт·ч", "en": "kWh"},
    "KZT/kWh": {"kk": "теңге/кВт·сағ", "ru": "тенге за кВт·ч", "en": "tenge per kWh"},
    "MCI": {"kk": "АЕК", "ru": "МРП", "en": "MCI"},
    "MW": {"kk": "МВт", "ru": "МВт", "en": "MW"},
    "TH/s": {"kk": "ТХ/с", "ru": "ТХ/с", "en": "TH/s"},
    "persons": {"kk": "адам", "ru": "чел.", "en": "persons"},
}


def unit_in(unit: str, lang: str) -> str:
    """A unit in words of a language; its own name where it has none."""
    return WORDS[unit][lang] if unit in WORDS else unit
