"""One cause is told once: over cases of one person with random defects, and in the kinds where it was told twice."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import salyq
from salyq.app import api
from salyq.cli.main import main
from salyq.dialogue.close import checklist
from salyq.present.short_text import short_page
from salyq.reconcile.balances import OF_BALANCES, by_rejected_row
from salyq.reconcile.model import Question

HEAD = "time,kind,asset,quantity,value,currency,account,id,group\n"
PERSON = 'kind = "individual"\nresident = true\n'
STEPS = st.tuples(
    st.sampled_from(["buy", "buy", "sell", "sell", "move", "swap", "transfer_in", "transfer_out"]),
    st.sampled_from(["binance", "wallet"]),
    st.sampled_from(["BTC", "ETH"]),
    st.integers(1, 5),
)
DEFECTS = st.lists(st.tuples(st.sampled_from(["drop", "twice", "otherwise", "unreadable"]), st.integers(0, 30)))
COINS = ("missing_acquisition", *OF_BALANCES)


def rows_of(steps: list[tuple[str, str, str, int]]) -> list[str]:
    rows = []
    for n, (kind, account, asset, count) in enumerate(steps):
        time = f"2025-{1 + n // 28:02d}-{1 + n % 28:02d}T10:00:00+05:00"
        if kind in ("buy", "sell"):
            rows.append(f"{time},{kind},{asset},{count},{count}000,KZT,{account},{n},")
        elif kind == "move":
            there = "wallet" if account == "binance" else "binance"
            rows.append(f"{time},transfer_out,{asset},{count},,,{account},{n}o,")
            rows.append(f"{time},transfer_in,{asset},{count},,,{there},{n}i,")
        elif kind == "swap":
            rows.append(f"{time},swap_out,{asset},{count},,,{account},{n}o,g{n}")
            rows.append(f"{time},swap_in,{'ETH' if asset == 'BTC' else 'BTC'},{count},,,{account},{n}i,g{n}")
        else:
            rows.append(f"{time},{kind},{asset},{count},,,{account},{n},")
    return rows


def broken(rows: list[str], defects: list[tuple[str, int]]) -> list[str]:
    rows = [*rows]
    for what, at in defects:
        n = at % len(rows)
        if what == "drop" and len(rows) > 1:
            rows.pop(n)
        elif what == "twice":
            rows.append(rows[n])
        elif what == "otherwise":
            rows.append(rows[n].replace(",BTC,", ",BTC,1", 1))
        else:
            rows[n] = rows[n].replace("2025-", "2O25-", 1)
    return rows


def asked(folder: Path, rows: list[str], answers: str = "") -> list[Question]:
    (folder / "person.toml").write_text(PERSON)
    (folder / "r.csv").write_text(HEAD + "\n".join(rows) + "\n")
    if answers:
        (folder / "answers.toml").write_text(answers)
    return api.questions(salyq.read_case(folder))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=1, max_size=12), DEFECTS)
def test_coins_that_are_missing_are_asked_for_once(steps: list[tuple[str, str, str, int]], defects: list) -> None:
    with TemporaryDirectory() as place:
        found = asked(Path(place), broken(rows_of(steps), defects[:3]))
    rejected = any(q.code == "row_rejected" for q in found)
    told: set[tuple[str, str | None]] = set()
    bought: set[tuple[object, str | None]] = set()
    balances: set[tuple[object, str | None]] = set()
    for q in found:
        if q.code not in COINS:
            continue
        own = {(s.place, q.asset) for s in q.sources}
        assert not own & told, q.message.text("en")
        told |= own
        books = bought if q.code == "missing_acquisition" else balances
        key = (q.message.params["account"], q.asset)
        assert key not in books, q.message.text("en")
        books.add(key)
        assert not (rejected and by_rejected_row(q)), q.message.text("en")


SOLD = [f"2025-02-{n:02d}T10:00:00+05:00,sell,BTC,1,9000,KZT,wallet,{n}," for n in range(1, 6)]


def test_sales_of_coins_that_were_never_bought_are_one_question_that_one_answer_settles(tmp_path: Path, capsys) -> None:
    """Five sales of one account and asset: one question; its command, filled in, leaves nothing to ask."""
    (question,) = asked(tmp_path, SOLD)
    assert (question.code, len(question.sources)) == ("missing_acquisition", 5)
    assert question.message.code == "no_known_purchases"
    assert {q.code for q in salyq.read_case(tmp_path).ledger.balances} == {"negative_balance"}
    assert main(["questions", str(tmp_path), "--lang", "en"]) == 0
    typed = next(x for x in capsys.readouterr().out.splitlines() if "--cost" in x).split()[1:]
    filled = {"AMOUNT": "5000", "TEXT": "receipt", "YYYY-MM-DD": "2025-01-05"}
    assert main([filled.get(x, x) for x in typed]) == 0
    assert api.questions(salyq.read_case(tmp_path)) == []
    assert salyq.assess(salyq.read_case(tmp_path), year=2025).verdict.complete is False  # only the id is missing
    assert [r.code for r in salyq.assess(salyq.read_case(tmp_path), year=2025).verdict.reasons] == ["person_id_missing"]


def test_a_missing_purchase_that_is_left_leaves_its_balance_too(tmp_path: Path, capsys) -> None:
    asked(tmp_path, SOLD[:2])
    result = salyq.assess(salyq.read_case(tmp_path), year=2025)
    assert "negative_balance" not in {r.code for r in result.verdict.reasons}
    assert main(["check", str(tmp_path), "--year", "2025", "--format", "json"]) == 3
    assert '"balances"' in capsys.readouterr().out
    places = [str(s) for s in api.questions(salyq.read_case(tmp_path))[0].sources]
    assert main(["answer", str(tmp_path), "missing_acquisition", *places, "--leave"]) == 0
    assert api.questions(salyq.read_case(tmp_path)) == []


def test_a_balance_that_a_rejected_row_explains_is_asked_with_the_row(tmp_path: Path) -> None:
    buy = "2O25-01-01T10:00:00+05:00,buy,BTC,1,1000,KZT,wallet,0,"
    out = "2025-02-01T10:00:00+05:00,transfer_out,BTC,1,,,wallet,9,"
    codes = [q.code for q in asked(tmp_path, [buy, out])]
    assert codes == ["row_rejected", "unmatched_transfer_out"]


def test_what_the_verdict_says_is_no_notice_on_the_same_screen(tmp_path: Path) -> None:
    asked(tmp_path, SOLD)
    (tmp_path / "stray.csv").write_text("name,age\nA,5\n")
    result = salyq.assess(salyq.read_case(tmp_path), year=2025)
    assert next(r.code for r in result.verdict.reasons if r.amount is None) == "unread_file"
    for lang in ("kk", "ru", "en"):
        text = short_page(result, lang, case="x").text()
        assert text.count("wallet") <= 1, text
        assert "salyq questions x" in text
        assert not any(f.message.text(lang) in text for f in result.findings if f.code == "missing_acquisition")
        assert not any(f.message.text(lang) in text for f in result.findings if f.code == "open_questions")


def test_that_nothing_else_was_read_is_no_second_reason(tmp_path: Path) -> None:
    (tmp_path / "person.toml").write_text('id = "900101300017"\n' + PERSON)
    (tmp_path / "stray.csv").write_text("name,age\nA,5\n")
    case = salyq.read_case(tmp_path)
    result = salyq.assess(case, year=2025)
    assert [r.code for r in result.verdict.reasons] == ["unread_file"]
    assert result["personal_income_tax.tax_due"].value is None
    points = {p.name: p.state for p in checklist(case, result, api.questions(case)).points}
    assert points["rows"] == "open"
    assert points["questions"] != "open"  # it is told with the rows, once


def test_a_rejected_row_is_said_with_what_would_be_right_and_once(tmp_path: Path) -> None:
    asked(tmp_path, [SOLD[0].replace("2025-", "2O25-", 1), *SOLD[1:2]])
    result = salyq.assess(salyq.read_case(tmp_path), year=2025)
    reason = next(r for r in result.verdict.reasons if r.code == "row_rejected")
    assert "2O25-02-01" in reason.message.text("en")
    assert short_page(result, "en", case="x").text().count("r.csv:2") == 1


def test_coins_given_for_others_are_missing_themselves(tmp_path: Path) -> None:
    """A company bought BTC with USDT of which no purchase is known: the balance that is wrong is that of USDT."""
    row = "2025-02-01T10:00:00+05:00,buy,BTC,1,9000,USDT,wallet,1,"
    asked(tmp_path, [row])
    (tmp_path / "person.toml").write_text('kind = "company"\nresident = true\n')
    case = salyq.read_case(tmp_path)
    assert {(q.code, q.asset) for q in case.ledger.balances} == {("negative_balance", "USDT")}
    codes = {r.code for r in salyq.assess(case, year=2025).verdict.reasons}
    assert "missing_acquisition" in codes
    assert "negative_balance" not in codes


def test_a_balance_that_no_missing_purchase_explains_stays_in_the_verdict(tmp_path: Path) -> None:
    """What came to the account unexplained was sold, and more than came: the rest is no question of a purchase."""
    bought = "2025-01-02T10:00:00+05:00,buy,BTC,5,5000,KZT,binance,0,"
    came = "2025-01-01T10:00:00+05:00,transfer_in,BTC,1,,,wallet,1,"
    sold = "2025-02-01T10:00:00+05:00,sell,BTC,3,9000,KZT,wallet,2,"
    codes = {q.code for q in asked(tmp_path, [came, bought, sold])}
    assert "negative_balance" in codes
    result = salyq.assess(salyq.read_case(tmp_path), year=2025)
    assert codes <= {r.code for r in result.verdict.reasons}
