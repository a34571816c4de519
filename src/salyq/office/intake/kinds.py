"""What may be handed in: each kind with its reader, its own checks and its comparison with the registers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from salyq.civil.errors import InputError
from salyq.civil.messages import Words
from salyq.office.intake import exchange_sales, pool_table, returns
from salyq.office.intake.model import Fault, Kind, Received


def read_whole(kind: Kind, path: Path) -> Received:
    """The reader's result; a file that cannot be used at all is one fault."""
    try:
        return kind.read(path, kind.code)
    except InputError as error:
        where = ":".join(str(p) for p in (error.line, error.column) if p is not None)
        return Received(faults=[Fault(where, error.value or "", error.message)])


def kinds() -> Mapping[str, Kind]:
    """Every kind by its code."""
    found = [
        Kind(
            "pool_table",
            Words(
                "Пул бөлген активтер кестесі",
                "Таблица распределённых пулом активов",
                "Table of what a pool distributed",
            ),
            ("ministry", "tax"),
            pool_table.read,
            pool_table.compare,
        ),
        Kind(
            "exchange_sales",
            Words(
                "Майнердің сатылымдары туралы биржа файлы",
                "Файл биржи о продажах майнеров",
                "An exchange's file of miners' sales",
            ),
            ("ministry", "tax"),
            exchange_sales.read,
            exchange_sales.compare,
        ),
        *returns.kinds(),
    ]
    return {k.code: k for k in found}
