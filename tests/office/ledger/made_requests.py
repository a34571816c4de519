"""Made-up requests for the ledger: mostly sensible, often at the edge, sometimes hostile."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

LIMITS = ("none", "debits_must_not_exceed_credits", "credits_must_not_exceed_debits")
ACCOUNTS = [f"a{n}" for n in range(9)]
BEGUN: list[dict[str, Any]] = [
    {
        "request": "made",
        "accounts": [
            {"id": "a0", "asset": "KZT"},
            {"id": "a1", "asset": "KZT", "limit": LIMITS[1]},
            {"id": "a2", "asset": "KZT", "limit": LIMITS[1]},
            {"id": "a3", "asset": "KZT", "limit": LIMITS[2]},
            {"id": "a4", "asset": "BTC"},
            {"id": "a5", "asset": "BTC", "limit": LIMITS[1]},
            {"id": "a6", "asset": "KZT", "rounding": True},
        ],
    },
    {
        "request": "given",
        "transfers": [{"debit": "a0", "credit": "a1", "amount": "20"}, {"debit": "a3", "credit": "a2", "amount": "12"}],
    },
    {"request": "h0", "transfers": [{"debit": "a1", "credit": "a2", "amount": "7", "hold": "PT30M"}]},
]
kzt = st.sampled_from(["a0", "a1", "a2", "a3", "a0", "a1", "a2", "a6"])
account_ids = st.one_of(kzt, kzt, kzt, kzt, kzt, st.sampled_from([*ACCOUNTS, "nobody"]))
names = st.integers(0, 400).map(lambda n: f"r{n if n > 40 else n % 8}")  # often new, sometimes not
held = st.one_of(st.sampled_from(["h0", "h1", "h2", "h3"]), st.sampled_from(["h0", "h1", "r1", "given", "made"]))
fair = st.integers(0, 12).map(str)
amounts = st.one_of(fair, fair, fair, st.sampled_from(["0", "1", "007", str(10**40), "9" * 60]))
wrong = st.sampled_from([5, -1, "-1", "+1", "1.5", "", " 1", "1e3", "1_0", "x", None, True, 1.0, [], "9" * 1001, "٣"])
durations = st.sampled_from(["PT1S", "PT30M", "PT1H", "P1D", "P1W", "P1DT1S"])
wrong_durations = st.sampled_from(
    ["PT0S", "P", "PT", "P1M", "P1Y", "30M", "pt30m", "PT1.5S", "-PT1M", "", 30, None, True, "P999999999D"]
)


@st.composite
def moves(draw: st.DrawFn, alone: bool) -> dict[str, Any]:
    move: dict[str, Any] = {"debit": draw(account_ids), "credit": draw(account_ids), "amount": draw(amounts)}
    if draw(st.booleans()):
        move["code"] = "pay"
    if alone and draw(st.integers(0, 2)) == 0:
        move["hold"] = draw(durations)
    if alone and draw(st.integers(0, 5)) == 0:
        move["balancing"] = draw(st.sampled_from(["debit", "credit"]))
    return move


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    what = draw(st.integers(0, 5))
    if what < 3:
        step = draw(moves(False))
        return {**step, "hold": draw(durations)} if what else step
    ended: dict[str, Any] = {"post" if what < 5 else "void": draw(held)}
    if draw(st.booleans()):
        ended["n"] = draw(st.sampled_from([0, 1, 1, 2, -1, True, "0"]))
    return {**ended, "amount": draw(fair)} if what == 3 else ended


@st.composite
def accounts(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": draw(st.sampled_from(ACCOUNTS)),
        "asset": draw(st.sampled_from(["KZT", "KZT", "BTC"])),
    }
    if draw(st.booleans()):
        made["limit"] = draw(st.sampled_from(LIMITS))
    if draw(st.integers(0, 6)) == 0:
        made["rounding"] = True
    return made


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(
            ["chain", "one", "one", "one", "linked", "linked", "post", "post", "void", "accounts", "switch"]
        )
    )
    name = draw(names)
    made: dict[str, Any] = {"request": name}
    if kind == "chain":
        made["transfers"] = draw(st.lists(moves(False), min_size=2, max_size=4))
    elif kind == "one":
        made["transfers"] = [draw(moves(True))]
        if "hold" in made["transfers"][0] and draw(st.booleans()):
            made["request"] = draw(st.sampled_from(["h1", "h2", "h3"]))
    elif kind == "linked":
        made["linked"] = draw(st.lists(steps(), min_size=1, max_size=4))
        if draw(st.booleans()):
            made["request"] = draw(st.sampled_from(["h1", "h2", "h3"]))
    elif kind == "post":
        made["post"] = draw(held)
        if draw(st.booleans()):
            made["amount"] = draw(amounts)
        if draw(st.booleans()):
            made["n"] = draw(st.sampled_from([0, 1, 2]))
    elif kind == "void":
        made["void"] = draw(held)
    elif kind == "accounts":
        made["accounts"] = draw(st.lists(accounts(), min_size=1, max_size=3))
    else:
        made[draw(st.sampled_from(["close", "reopen"]))] = draw(st.lists(account_ids, min_size=1, max_size=2))
    return draw(spoilt(made)) if draw(st.integers(0, 7)) == 0 else made


@st.composite
def spoilt(draw: st.DrawFn, made: dict[str, Any]) -> dict[str, Any]:
    how = draw(st.integers(0, 6))
    made = dict(made)
    if how == 0:
        made["note"] = "?"
    elif how == 1:
        made["request"] = draw(st.sampled_from([7, None, "", "a\nb", "x" * 513, ["r1"]]))
    elif how == 2 and "transfers" in made:
        made["transfers"] = [{**made["transfers"][0], "amount": draw(wrong)}]
    elif how == 3 and "transfers" in made:
        made["transfers"] = [{**made["transfers"][0], "hold": draw(wrong_durations)}]
    elif how == 4:
        made["transfers"] = draw(st.sampled_from([[], {}, None, "x", [5], [{}]]))
    elif how == 5:
        made["effective"] = draw(st.sampled_from(["2026-06-01T00:00:00+05:00", "2026-06-01", "x", 5, None]))
    elif "transfers" in made:
        made["transfers"] = [{**made["transfers"][0], "hold": "PT1H"}, made["transfers"][0]]
    else:
        made["amount"] = draw(wrong)
    return made
