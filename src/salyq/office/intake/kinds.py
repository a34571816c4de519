"""What may be handed in: each kind with its reader, its own checks and its comparison with the registers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from salyq.civil.errors import InputError
from salyq.civil.messages import Words
from salyq.office.intake import auctions, exchange_sales, order_tables, pool_table, reports_xml, returns
from salyq.office.intake.model import Fault, Kind, Received


def read_whole(kind: Kind, path: Path) -> Received:
    """The reader's result; a file that cannot be used at all is one fault."""
    try:
        return kind.read(path, kind.code)
    except InputError as error:
        where = ":".join(str(p) for p in (error.line, error.column) if p is not None)
        return Received(faults=[Fault(where, error.value or "", error.message)])


_OWN = (
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
    Kind(
        "auction_energy",
        Words(
            "Орталықтандырылған сауда-саттықта майнерлер сатып алған электр энергиясы",
            "Электроэнергия, купленная майнерами на централизованных торгах",
            "Power that miners bought at the centralised trades",
        ),
        ("energy", "tax", "ministry"),
        auctions.read,
        keep=auctions.keep,
    ),
    Kind(
        "fm1",
        Words(
            "ҚМ-1: қаржылық мониторинг хабары",
            "ФМ-1: сообщение финансового мониторинга",
            "FM-1: a report of an operation",
        ),
        ("afm",),
        reports_xml.read_fm1,
        reports_xml.compare,
    ),
    Kind(
        "carf",
        Words("CARF: криптоактивтер туралы есеп", "CARF: отчёт о криптоактивах", "CARF: a report on crypto-assets"),
        ("tax",),
        reports_xml.read_carf,
        reports_xml.compare,
    ),
)


def kinds() -> Mapping[str, Kind]:
    """Every kind by its code."""
    return {k.code: k for k in (*_OWN, *order_tables.kinds(), *returns.kinds())}
