"""Applications in plain Python, written apart from the product: who may do what from where, and which day is due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from salyq.civil.days import is_working_day

# status -> step -> (who, status after)
MOVES = {
    "filed": {"accept": ("officer", "review"), "return": ("officer", "returned"), "withdraw": ("owner", "withdrawn")},
    "review": {
        "return": ("officer", "returned"),
        "withdraw": ("owner", "withdrawn"),
        "propose_grant": ("officer", "proposed_grant"),
        "propose_refusal": ("officer", "proposed_refusal"),
    },
    "returned": {
        "resubmit": ("owner", "review"),
        "withdraw": ("owner", "withdrawn"),
        "propose_refusal": ("officer", "proposed_refusal"),
    },
    "proposed_grant": {"confirm_grant": ("second", "granted"), "send_back": ("second", "review")},
    "proposed_refusal": {"confirm_refusal": ("second", "refused"), "send_back": ("second", "review")},
    "refused": {"appeal": ("owner", "appealed")},
}
OVER = ("granted", "refused", "withdrawn", "appealed")


@dataclass
class Person:
    name: str
    role: str
    office: str = ""
    organisation: str = ""


@dataclass
class Model:
    """One application of an operator: 20 working days to decide. Of a platform 10 where filed again, 10 to mend, and
    the clock stands meanwhile; of an exchange operator law says neither."""

    owner: str
    filed: date
    stops: bool
    status: str = "filed"
    proposer: str = ""
    returned: date | None = None
    stood: int = 0
    again: bool = False
    lacking: bool = False  # papers were sent back and not mended since
    deadline: date | None = None
    passed: list[date] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.deadline = _after(self.filed, 20)

    def may(self, who: Person, step: str) -> bool:
        if step not in MOVES.get(self.status, {}):
            return False
        if step == "propose_grant" and self.lacking:
            return False
        by = MOVES[self.status][step][0]
        if by == "owner":
            return who.organisation == self.owner
        if who.office != "nbk" or who.organisation == self.owner:
            return False
        if by == "officer":
            return who.role in ("officer", "head")
        return who.role in ("second_officer", "head") and who.name != self.proposer

    def take(self, who: Person, step: str, day: date) -> None:
        self.status = MOVES[self.status][step][1]
        if step.startswith("propose"):
            self.proposer = who.name
        if step in ("return", "resubmit"):
            self.lacking = step == "return"
        if step == "return":
            self.returned = day if self.stops else None
            self.deadline = _after(day, 10) if self.stops else self._decision()
        elif step in ("resubmit", "propose_refusal") and self.returned is not None:
            stood = [self.returned + timedelta(days=n + 1) for n in range((day - self.returned).days)]
            self.stood += sum(map(is_working_day, stood))
            self.returned, self.again = None, self.again or (self.stops and step == "resubmit")
            self.deadline = self._decision()
        elif self.status in OVER:
            self.deadline = None
        else:
            self.deadline = self._decision()

    def _decision(self) -> date:
        return _after(_after(self.filed, 10 if self.again else 20), self.stood)

    def day_passes(self, day: date) -> None:
        """At the end of `day`: what was due and did not come is noted, once."""
        if self.deadline is not None and self.deadline <= day and self.deadline not in self.passed:
            self.passed.append(self.deadline)


def _after(day: date, working_days: int) -> date:
    while working_days:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return day
