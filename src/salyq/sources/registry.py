"""All readers, by explicit list. A new format is one file with a FORMAT, and one line here."""

from __future__ import annotations

from salyq.sources import (
    binance_history,
    binance_p2p,
    own_asset_values,
    own_energy,
    own_exchange_rates,
    own_expenses,
    own_payments,
    own_payouts,
    own_records,
)
from salyq.sources.format import Format

FORMATS: tuple[Format, ...] = (
    own_records.FORMAT,
    own_energy.FORMAT,
    own_payouts.FORMAT,
    own_expenses.FORMAT,
    own_payments.FORMAT,
    own_asset_values.FORMAT,
    own_exchange_rates.FORMAT,
    binance_history.FORMAT,
    binance_p2p.FORMAT,
)
