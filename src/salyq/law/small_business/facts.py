"""What the simplified declaration asks about."""

from __future__ import annotations

from salyq.law.facts import Acquisition, Disposal
from salyq.rulebook.nodes import Day, Flag, Rows, Text
from salyq.rulebook.rows import Row, fact


class Half(Row):
    """A half-year of a sole proprietor."""

    words = ("Жартыжылдық", "Полугодие", "Half-year")
    parent = "year"
    half_end: Day = fact("Жартыжылдықтың соңғы күні", "Последний день полугодия", "Last day of the half-year")
    regime: Text = fact("Көрсетілген режим", "Указанный режим", "Regime stated")
    subtype_i: Flag = fact("I кіші түр лицензиясы", "Лицензия подвида I", "Licence of subtype I")
    mines_in_half: Flag = fact(
        "Жартыжылдықта майнинг болған", "В полугодии был майнинг", "There was mining in the half-year"
    )
    half_payouts: Rows[Acquisition] = fact(
        "Жартыжылдықтағы бөлулер", "Распределения полугодия", "Distributions of the half-year"
    )
    half_disposals: Rows[Disposal] = fact("Жартыжылдықтағы сатулар", "Продажи полугодия", "Sales of the half-year")
