"""What a participant, the National Bank and auditors see of a contract: register, limits, months, events, notices."""

from __future__ import annotations

from typing import Any

from salyq.civil.days import kz_day
from salyq.office.ledger.recount import last
from salyq.office.pilots import events
from salyq.office.pilots.sandbox import contracts, reports
from salyq.office.pilots.sandbox.contracts import Contract
from salyq.office.store.store import Transaction

_SHOWN = 24


def participant(tx: Transaction, contract: Contract) -> dict[str, Any]:
    """One contract as it stands now."""
    state = contracts.state(tx, contract, tx.now)
    day = kz_day(tx.now)
    months = events.of_contract_kind(tx, contract.id, ["report"], _SHOWN)
    said = events.of_contract_kind(tx, contract.id, ["signed", "stopped", "resumed", "ended"], _SHOWN)
    register = {} if state.register is None else state.register.told()
    return {
        "contract": contract.id,
        "pilot": contract.pilot,
        "participant": contract.participant,
        "name": contract.name,
        "first_day": contract.first_day.isoformat(),
        "last_day": contract.last_day.isoformat(),
        "state": state.name,
        "ground": state.ground,
        "register": register,
        "terms": {k: v for k, v in contract.terms.items() if k not in ("merchants",)},
        "this_month": reports.monthly(tx, contract.id, day),
        "limits": [
            {"limit": x.name, "amount": x.amount, "cite": x.cite, "from": x.from_day.isoformat()}
            for x in contracts.limits(tx, contract.id, day).values()
        ],
        "reports": [dict(e.body) for e in months],
        "events": [{"kind": e.kind, "at": e.at.isoformat(), "ground": str(e.body.get("ground", ""))} for e in said],
        "recounts": [
            {"at": r.at.isoformat(), "scope": r.scope, "differences": len(r.differences)} for r in last(tx, 5)
        ],
        "notice": reports.notice(),
    }
