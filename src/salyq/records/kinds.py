"""The table of kinds (interfaces §3): what an event is, which way the asset moves, what a row must say.

A reader may emit no other kind; whether an event is taxed is law and stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

IN, OUT, BY_VALUE, NONE = "in", "out", "by_value", "none"


class Kind(NamedTuple):
    """`direction`: in | out | by_value (sign of `value`) | none. `required`: fields besides time, asset, quantity."""

    name: str
    direction: str
    required: tuple[str, ...]
    label: Mapping[str, str]


def _kind(name: str, direction: str, required: str, kk: str, ru: str, en: str) -> Kind:
    return Kind(name, direction, tuple(required.split()), {"kk": kk, "ru": ru, "en": en})


_ALL = (
    _kind("buy", IN, "value currency", "сатып алу", "покупка", "purchase"),
    _kind("sell", OUT, "value currency", "сату", "продажа", "sale"),
    _kind("swap_in", IN, "group", "айырбастап алу", "получено в обмен", "received in a swap"),
    _kind("swap_out", OUT, "group", "айырбасқа беру", "отдано в обмен", "given in a swap"),
    _kind("mined", IN, "", "пул бөлген актив", "распределено пулом", "distributed by a pool"),
    _kind("staked", IN, "", "стейкинг сыйақысы", "вознаграждение за стейкинг", "staking reward"),
    _kind("airdrop", IN, "", "тегін таратылым", "бесплатная раздача", "airdrop"),
    _kind("fork", IN, "", "форктан алынған", "получено при форке", "received in a fork"),
    _kind("interest", IN, "", "пайыз", "проценты", "interest"),
    _kind("gift_in", IN, "", "сыйға алынған", "получено в дар", "gift received"),
    _kind("inherited", IN, "", "мұраға алынған", "получено по наследству", "inherited"),
    _kind("earned", IN, "", "қызмет үшін алынған", "получено за услуги", "received for services"),
    _kind("contributed_in", IN, "", "салым ретінде алынған", "получено как вклад", "contribution received"),
    _kind("spend", OUT, "", "тауар не қызметке төлем", "оплата товаров и услуг", "paid for goods or services"),
    _kind("gift_out", OUT, "", "сыйға берілген", "подарено", "gift given"),
    _kind("contributed_out", OUT, "", "салым ретінде берілген", "внесено как вклад", "contribution made"),
    _kind("lost", OUT, "", "жоғалған", "утрачено", "lost"),
    _kind("transfer_in", IN, "", "кіріс аударым", "входящий перевод", "transfer in"),
    _kind("transfer_out", OUT, "", "шығыс аударым", "исходящий перевод", "transfer out"),
    _kind("fee", OUT, "", "комиссия", "комиссия", "fee"),
    _kind(
        "derivative_result",
        BY_VALUE,
        "value currency",
        "туынды құралдың нәтижесі",
        "результат по деривативу",
        "result of a derivative",
    ),
    _kind("reversal", NONE, "group", "жазбаны жою", "отмена записи", "reversal of a record"),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}


def is_acquisition(kind: str) -> bool:
    """Whether the asset of such a record comes in."""
    return KINDS[kind].direction == IN


def is_disposal(kind: str) -> bool:
    """Whether the asset of such a record goes out."""
    return KINDS[kind].direction == OUT
