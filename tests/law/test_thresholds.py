"""What changes at a threshold of an act changes at it, not a tiyn before: asked below, at and above, the value taken
from the law itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from salyq.app.asking import ask_act
from salyq.app.lawbook import whole

ON = date(2026, 6, 15)
TIYN = Decimal("0.01")
TOLD = {"sender_data": "yes", "recipient_data": "yes"}
FILED = {"filed": "2026-05-04", "legal_form": "llp", "documents_complete": "yes"}


def limit(name: str, row: str = "") -> Decimal:
    found = whole().value_at(name, ON, whole().known)
    assert found is not None
    tiyn = found.data[row] if row else found.data
    return Decimal(int(tiyn)) / 100


@pytest.mark.parametrize(
    ("value", "kind", "provider"),
    [
        ("threshold_unsecured", "unsecured", "exchange_operator"),
        ("threshold_dfa", "dfa_1", "dfa_platform"),
        ("threshold_dfa", "dfa_2", "dfa_platform"),
        ("threshold_dfa", "dfa_3_share", "dfa_platform"),
        ("threshold_dfa_3_other", "dfa_3_other", "dfa_platform"),
    ],
)
def test_a_threshold_report(value: str, kind: str, provider: str) -> None:
    edge = limit(f"financial_monitoring.{value}")
    for amount, owed in ((edge - TIYN, False), (edge, True), (edge + TIYN, True)):
        facts = {"asset_kind": kind, "provider": provider, "amount_kzt": str(amount), **TOLD}
        duties = {d.name for d in ask_act("transfer", facts, on=ON).duties}
        assert ("financial_monitoring.threshold_report" in duties) is owed, amount


@pytest.mark.parametrize(
    ("permit", "value", "row"),
    [
        ("exchange_operator", "exchange_capital", ""),
        ("dfa_platform", "platform_capital", "dfa_platform"),
        ("trading_platform", "platform_capital", "trading_platform"),
    ],
)
def test_a_capital(permit: str, value: str, row: str) -> None:
    edge = limit(f"licensing.{value}", row)
    for amount, verdict in ((edge - TIYN, "unlawful"), (edge, "lawful"), (edge + TIYN, "lawful")):
        facts = {"permit": permit, "capital_kzt": str(amount), **FILED}
        assert ask_act("apply", facts, on=ON).verdict == verdict, amount
