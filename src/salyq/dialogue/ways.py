"""How each question can be answered, as data: which rows, which fields; or what to add to the case."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.dialogue.expected import Expected
from salyq.dialogue.quotes import RATES
from salyq.facts.case import Case
from salyq.facts.coverage import meters, nothing_used
from salyq.reconcile.model import ANSWER, FETCH, FILL, RENAME, TEACH, Field, Question, Way
from salyq.reconcile.new_names import MAYBE_RENAMED

_COST = (Field("cost"), Field("currency", "KZT"), Field("document"))
_ON = Field("on")
_OWN, _NOTHING, _LEAVE, _TOGETHER, _APART = (Field(n, True) for n in ("own", "nothing", "leave", "together", "apart"))
_OF_ONE_ROW: Mapping[str, Sequence[tuple[str, tuple[Field, ...]]]] = {
    "unmatched_transfer_in": (
        ("way_cost", (*_COST, _ON)),
        ("way_kind_in", (Field("kind", choices=("gift_in", "inherited", "mined", "staked", "airdrop", "interest")),)),
        ("way_own_in", (_OWN,)),
    ),
    "unmatched_transfer_out": (
        ("way_own_out", (_OWN,)),
        ("way_kind_out", (Field("kind", choices=("gift_out", "spend", "lost")),)),
        ("way_sold", (Field("kind", "sell"), Field("cost"), Field("currency", "KZT"))),
    ),
    "p2p_sold_without_order": (("way_sold", (Field("kind", "sell"), Field("cost"), Field("currency", "KZT"))),),
    "p2p_bought_without_order": (("way_cost", (*_COST, _ON)),),
    "half_swap": (("way_kind", (Field("kind"),)), ("way_nothing", (_NOTHING,))),
    "conflicting_rows": (("way_wrong_row", (_NOTHING,)),),
    "unknown_reversal_target": (("way_nothing", (_NOTHING,)),),
    "ambiguous_reversal": (("way_nothing", (_NOTHING,)),),
    "reversal_differs": (("way_nothing", (_NOTHING,)),),
}  # answers about one of the question's rows
_ADVICE = {
    "p2p_sold_without_order": "way_add_orders",
    "p2p_bought_without_order": "way_add_orders",
    "row_rejected": "way_correct_row",
    "negative_balance": "way_add_file",
    "balance_differs": "way_add_file",
    "answer_does_not_fit": "way_mend_answer",
    "missing_acquisition": "way_add_purchase",
    "silent_account": "way_add_file",
    "meter_gap": "way_add_readings",
    "licence_without_readings": "way_add_readings",
    "fee_without_readings": "way_add_readings",
    "power_without_coins": "way_add_payouts",
    "licence_without_coins": "way_add_payouts",
    "meter_overlap": "way_correct_readings",
}
_MOST_ROWS = 10  # that one command names
_LEFT = (
    "maybe_renamed",
    "unmatched_transfer_out",
    "negative_balance",
    "balance_differs",
    "missing_acquisition",
    "half_swap",
)


class Ways:
    """The ways to answer questions of one case."""

    def __init__(self, case: Case) -> None:
        self.meters = meters(case.ledger.energy)
        self.kinds: dict[str, str] = {r.source.place: r.kind for r in case.reading.records}
        self.expected = Expected(case.ledger.unmatched_out, case.ledger.unmatched_in)

    def of(self, question: Question) -> tuple[Way, ...]:
        """The ways to answer a question, the most usual first."""
        code = question.code
        rows = [s.place for s in question.sources if s.place in self.kinds]
        found: list[Way] = []
        if rows:
            found += self._of_rows(question, rows)
        if code in _ADVICE:
            found.append(Way(Message(_ADVICE[code], {})))
        if question.message.code.endswith("_silent"):  # an own wallet of which no file tells
            found.insert(0, Way(Message("way_add_wallet", {"other": question.message.params["other"]})))
        if code == "missing_quotes":
            found += _of_quotes(question)
        if code == MAYBE_RENAMED:
            facts = question.message.params
            fields = [Field(k, str(facts[v])) for k, v in (("to", "new"), ("on", "day"), ("ratio", "ratio"))]
            found.insert(0, Way(Message("way_renamed", {}), RENAME, (str(facts["old"]),), tuple(fields)))
        if code == "unread_file":
            found += _of_unread(question)
        if code == "meter_gap":
            header, gaps = nothing_used(self.meters, question.asset or "", question.year or 0)
            shown = "; ".join(gaps[:3]) + (" …" if len(gaps) > 3 else "")
            found.append(Way(Message("way_no_power", {"header": header, "rows": shown})))
        if 0 < len(rows) <= _MOST_ROWS and code in _LEFT:
            found.append(_way("way_leave", rows, _LEAVE))
        return tuple(found)

    def _of_rows(self, question: Question, rows: list[str]) -> list[Way]:
        code = question.code
        found = [_way(label, rows[:1], *fields) for label, fields in _OF_ONE_ROW.get(code, ())]
        if code == "conflicting_rows":
            found = [_way("way_wrong_row", [row], _NOTHING) for row in dict.fromkeys(rows)]
        if code == "ambiguous_transfer":
            outs, ins = ([r for r in rows if self.kinds[r] == kind] for kind in ("transfer_out", "transfer_in"))
            found = [_way("way_pair", [*outs[:1], *ins[:1]], _TOGETHER)]
        if code in ("unmatched_transfer_in", "unmatched_transfer_out"):
            other = self.expected.other_side(rows[0])
            found.insert(len(found) if other is None else 0, _way("way_pair", [rows[0], other], _TOGETHER))
        if code == "silent_account":
            found = [_way("way_quiet", rows, _LEAVE)]
        if code == "maybe_same_event":
            whole = len(rows) == len(question.sources)
            found = [_way("way_same", rows, _TOGETHER if whole else _NOTHING), _way("way_apart", rows, _APART)]
        if code == "missing_acquisition" and question.quantity is not None:
            found = [_way("way_cost", rows[:1], Field("quantity", format_scaled(question.quantity)), *_COST, _ON)]
        return found


def _way(label: str, rows: Sequence[str | None], *fields: Field) -> Way:
    return Way(Message(label, {}), ANSWER, tuple(rows), fields)


def _of_unread(question: Question) -> list[Way]:
    """A table that no reader knows can be taught, one inside a ZIP once it lies in the folder."""
    file = question.sources[0].file
    archive, inside, _ = file.casefold().partition(".zip/")
    found = [Way(Message("way_ignore", {"file": json.dumps(file, ensure_ascii=False)}))]  # a text of TOML too
    reason = question.message.params["reason"]
    code = reason.code if isinstance(reason, Message) else ""
    if code == "mapping_unusable":
        return [Way(Message("way_ready", {"mapping": file}))]
    if isinstance(reason, Message) and code == "mapping_not_ready":
        found.insert(0, Way(Message("way_ready", {"mapping": str(reason.params["mapping"])})))
    if code == "header_not_known":
        whole = file[: len(archive) + len(".zip")]
        unpack = Way(Message("way_unpack", {"archive": whole}))
        found.insert(0, unpack if inside else Way(Message("way_teach", {"file": file}), TEACH))
    return found


def _of_quotes(question: Question) -> list[Way]:
    """The National Bank's rates can be fetched; for what nobody fetches there is a table to fill."""
    facts = question.message.params
    first, last, name = str(facts["first"]), str(facts["last"]), str(facts["asset"])
    found = [Way(Message("way_fill", {"file": f"missing-{_plain(name)}.csv"}), FILL, (), (Field("asset", name),))]
    if facts["table"] == RATES and is_currency(name):
        days = (Field("from", first), Field("until", last))
        found.insert(0, Way(Message("way_fetch", {}), FETCH, (), (*days, Field("currency", name))))
    return found


def _plain(name: str) -> str:
    """A part of a file name: letters and digits alone."""
    return "".join(c for c in name if c.isalnum()) or "quotes"
