"""How each question can be answered: a command to type, or what to add to the case."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from salyq.civil.currencies import is_currency
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.dialogue.quotes import RATES
from salyq.facts.case import Case
from salyq.facts.coverage import meters, nothing_used
from salyq.reconcile.model import Question, Way

_COST = "--cost AMOUNT --currency KZT --document TEXT"
_OF_ONE_ROW: Mapping[str, Sequence[tuple[str, str]]] = {
    "unmatched_transfer_in": (
        ("way_cost", f"{_COST} --on YYYY-MM-DD"),
        ("way_kind_in", "--kind gift_in|inherited|mined|staked|airdrop|interest"),
        ("way_own_in", "--own"),
    ),
    "unmatched_transfer_out": (
        ("way_own_out", "--own"),
        ("way_kind_out", "--kind gift_out|spend|lost"),
        ("way_sold", "--kind sell --cost AMOUNT --currency KZT"),
    ),
    "half_swap": (("way_kind", "--kind KIND"), ("way_nothing", "--nothing")),
    "conflicting_rows": (("way_wrong_row", "--nothing"),),
    "unknown_reversal_target": (("way_nothing", "--nothing"),),
    "ambiguous_reversal": (("way_nothing", "--nothing"),),
    "reversal_differs": (("way_nothing", "--nothing"),),
}  # answers about one of the question's rows
_ADVICE = {
    "row_rejected": "way_correct_row",
    "negative_balance": "way_add_file",
    "balance_differs": "way_add_file",
    "answer_does_not_fit": "way_mend_answer",
    "missing_acquisition": "way_add_purchase",
    "silent_account": "way_add_file",
    "meter_gap": "way_add_readings",
    "meter_overlap": "way_correct_readings",
}
_LEFT = ("unmatched_transfer_out", "negative_balance", "balance_differs", "missing_acquisition", "half_swap")


class Ways:
    """Writes the ways to answer questions of one case."""

    def __init__(self, case: Case) -> None:
        self.name = shlex.quote(case.name)
        self.typed = shlex.join(case.given)
        self.folder = Path(case.name) if len(case.given) == 1 and Path(case.name).is_dir() else None
        self.meters = meters(case.ledger.energy)
        self.kinds: dict[str, str] = {r.source.place: r.kind for r in case.reading.records}

    def of(self, question: Question) -> tuple[Way, ...]:
        """The ways to answer a question, the most usual first."""
        code = question.code
        rows = [s.place for s in question.sources if s.place in self.kinds]
        found: list[Way] = []
        if rows:
            found += self._of_rows(question, rows)
        if code in _ADVICE:
            found.append(Way(Message(_ADVICE[code], {}), ""))
        if code == "missing_quotes":
            found += self._of_quotes(question)
        if code == "unread_file":
            found.append(Way(Message("way_ignore", {"file": question.sources[0].file}), ""))
        if code == "meter_gap":
            header, gaps = nothing_used(self.meters, question.asset or "", question.year or 0)
            shown = "; ".join(gaps[:3]) + (" …" if len(gaps) > 3 else "")
            found.append(Way(Message("way_no_power", {"header": header, "rows": shown}), ""))
        if rows and code in _LEFT:
            found.append(self._way("way_leave", code, rows, "--leave"))
        return tuple(found)

    def _of_quotes(self, question: Question) -> list[Way]:
        """The National Bank's rates can be fetched, into the case's own files of quotes where it is a folder; for what
        nobody fetches there is a table to fill."""
        facts = question.message.params
        first, last, name = str(facts["first"]), str(facts["last"]), str(facts["asset"])
        template = f"missing-{_plain(name)}.csv"
        fill = f"salyq prices missing {self.typed} --to {shlex.quote(template)}"
        found = [Way(Message("way_fill", {"file": template}), fill)]
        if facts["table"] == RATES and is_currency(name):
            until = "" if first == last else f" --until {last}"
            to = ""
            if self.folder is not None:
                file = self.folder / "prices" / f"{name}-{first}-{last}.csv"
                to = f" --to {shlex.quote(file.as_posix())}"
            command = f"salyq prices fetch --from {first}{until} --currency {name}{to}"
            found.insert(0, Way(Message("way_fetch", {}), command))
        return found

    def _of_rows(self, question: Question, rows: list[str]) -> list[Way]:
        code = question.code
        found = [self._way(label, code, rows[:1], options) for label, options in _OF_ONE_ROW.get(code, ())]
        if code == "conflicting_rows":
            found = [self._way("way_wrong_row", code, [row], "--nothing") for row in dict.fromkeys(rows)]
        if code == "ambiguous_transfer":
            outs, ins = ([r for r in rows if self.kinds[r] == kind] for kind in ("transfer_out", "transfer_in"))
            found = [self._way("way_pair", code, [*outs[:1], *ins[:1]], "--together")]
        if code in ("unmatched_transfer_in", "unmatched_transfer_out"):
            found.append(self._way("way_pair", code, [rows[0], "OTHER_ROW"], "--together"))
        if code == "silent_account":
            found = [self._way("way_quiet", code, rows, "--leave")]
        if code == "maybe_same_event":
            whole = len(rows) == len(question.sources)
            found = [
                self._way("way_same", code, rows, "--together" if whole else "--nothing"),
                self._way("way_apart", code, rows, "--apart"),
            ]
        if code == "missing_acquisition" and question.quantity is not None:
            options = f"--quantity {format_scaled(question.quantity)} {_COST} --on YYYY-MM-DD"
            found = [self._way("way_cost", code, rows[:1], options)]
        return found

    def _way(self, label: str, code: str, rows: Sequence[str], options: str) -> Way:
        shown = " ".join(shlex.quote(row) for row in rows)
        return Way(Message(label, {}), f"salyq answer {self.name} {code} {shown} {options}")


def _plain(name: str) -> str:
    """A part of a file name: letters and digits alone."""
    return "".join(c for c in name if c.isalnum()) or "quotes"
