from salyq.present.explain_text import OPENED, SHOWN, why_page
from salyq.rulebook.explain import Why
from salyq.rulebook.law import Act

NBSP = "\u00a0"
INCOME = {"kk": "Табыс", "ru": "Доход", "en": "Income"}


def why_text(why: Why, lang: str, *, everything: bool = False) -> str:
    return why_page(why, lang, everything=everything).text()


def row(n: int) -> Why:
    gain = Why("gain", f"{n}.00", "KZT", "act:1", "statute", "rule", place=f"my file.csv:{n}", label={"en": "Gain"})
    gain.inputs = [Why("Quantity", "0.5", how="input", place=f"my file.csv:{n}")]
    return Why("sale", f"{n}.00", "KZT", how="row", inputs=[gain], place=f"my file.csv:{n}", detail="2026-01-01 1 BTC")


def tree(rows: int = 2) -> Why:
    total = Why("sales", "5.00", "KZT", how="sum", inputs=[row(n) for n in range(2, rows + 2)])
    income = Why("income", "5.00", "KZT", "act:1", "statute", "rule", [total], INCOME)
    rate = Why("rate", "1/10", "", "act:2", "statute", "value", detail="2026-01-01")
    product = Why("mul", "0.50", "KZT", how="multiply", inputs=[income, rate])
    return Why("tax", "0.50", "KZT", "act:3", "convention", "rule", [product])


def test_tree_in_three_languages():
    for lang, words in (("en", "Income"), ("ru", "Доход"), ("kk", "Табыс")):
        text = why_text(tree(), lang)
        assert words in text
        assert "my file.csv:3" in text


def test_days_and_decimals_are_the_readers():
    step = Why("sale", "0.5", how="row", inputs=[Why("n", "515.3", how="input"), Why("m", "2", how="input")])
    step.detail, step.place = "2026-01-01 0.012 BTC", "a-2026-01-01.csv:3"
    for lang, said in (("en", "2026-01-01 0.012 BTC: 0.5"), ("ru", "01.01.2026 0,012 BTC: 0,5")):
        text = why_text(step, lang)
        assert said in text
        assert ("515.3" if lang == "en" else "515,3") in text
        assert "a-2026-01-01.csv:3" in text


def test_arithmetic_stands_on_the_line_of_its_rule():
    lines = why_text(tree(), "en").splitlines()
    assert lines[0] == f"tax: 0.50{NBSP}KZT = 5.00 × 1/10  [act:3 · convention]"
    assert lines[1] == f"├─ Income: 5.00{NBSP}KZT = sum of rows (2)  [act:1 · statute]"
    assert lines[2] == f"│  ├─ sale 2026-01-01 1 BTC: 2.00{NBSP}KZT  [act:1 · statute]  Gain · my file.csv:2"
    assert lines[3] == "│  │  └─ Quantity: 0.5"  # its file and line stand on the row above
    assert lines[-1] == "└─ rate: 1/10  [act:2 · statute]  since 2026-01-01"


def test_every_cite_row_and_dated_value_has_its_place():
    text = why_text(tree(), "en")
    for needed in ("act:1", "act:2", "act:3", "my file.csv:2", "my file.csv:3", "2026-01-01"):
        assert needed in text


def test_a_step_met_again_is_not_repeated():
    sale = row(2)
    both = Why("tax", "4.00", "KZT", how="rule", inputs=[sale, sale])
    lines = why_text(both, "en").splitlines()
    assert "".join(lines).count("Quantity") == 1
    assert lines[-1].endswith("(shown above)")


def test_long_lists_stay_readable_and_can_be_had_whole():
    text = why_text(tree(SHOWN + 123), "en")
    assert "… and 123 more: --all" in text
    assert f"… {SHOWN - OPENED} rows are told in a line each: --all" in text
    assert text.count("my file.csv:") == SHOWN
    assert text.count("Quantity") == OPENED
    whole = why_text(tree(SHOWN + 123), "en", everything=True)
    assert whole.count("my file.csv:") == whole.count("Quantity") == SHOWN + 123
    assert "--all" not in whole
    assert "more" not in why_text(tree(SHOWN + 1), "en")  # hiding a single row would save nothing


def leaf(name: str, value: str, how: str = "input", unit: str = "") -> Why:
    return Why(name, value, unit, how=how)


def test_conditions_are_sentences():
    own, five, eight = leaf("Own plant", "yes"), leaf("five", "5"), leaf("c", "8", "constant")
    less = Why("lt", "yes", how="condition", inputs=[five, eight])
    test = Why("or", "yes", how="condition", inputs=[Why("not", "no", how="condition", inputs=[own]), less])
    peg = Why("eq", "no", how="condition", inputs=[leaf("peg", "USD"), leaf("c", "", "constant")])
    stated = Why("given", "yes", how="condition", inputs=[five])
    rule = Why("tax", "5", how="rule", inputs=[test, Why("not", "yes", how="condition", inputs=[peg]), stated, five])
    lines = why_text(rule, "en").splitlines()
    assert lines[1] == "├─ not Own plant (yes) or five (5) < 8: yes"
    assert lines[2] == "├─ Currency it is pegged to (USD): stated: yes"
    assert lines[3] == "└─ five: 5  your data"  # that it was stated goes without saying


def test_a_flag_denied_is_told_as_the_flag_that_it_is():
    """Not “not Connected to the grid (no): yes”: the fact as it was stated, or the rule with its article."""
    grid = leaf("Connected to the grid", "no")
    rule = Why("Was taxed", "yes", cite="code:1", basis="statute", how="rule", inputs=[leaf("five", "5")])
    denied = [Why("not", "yes", how="condition", inputs=[grid]), Why("not", "no", how="condition", inputs=[rule])]
    lines = why_text(Why("tax", "5", how="rule", inputs=denied), "en").splitlines()
    assert lines[1] == "├─ Connected to the grid: no  your data"
    assert lines[2].startswith("└─ Was taxed: yes")
    assert "code:1" in lines[2]


def test_rounding_parts_and_long_fractions():
    rate = Why("year_mean", "35105869/73000", how="lookup", place="rates.csv:9")
    part = Why("part", "30", how="part", inputs=[leaf("cost", "120"), *(leaf("q", x) for x in ("4", "1", "2"))])
    product = Why("mul", "1/3", "KZT", how="multiply", inputs=[part, rate])
    rounded = Why("round", "14426.98", "KZT", "salyq:rounding", "convention", "round", [product])
    total = Why("add", "14425.98", "KZT", how="add", inputs=[rounded, leaf("x", "-1.00", unit="KZT")])
    line = why_text(Why("gain", "14425.98", "KZT", how="rule", inputs=[total]), "en").splitlines()[0]
    formula = "(120 × (2 − 1) / 4 × ≈ 480.902315, rounded to the tiyn [salyq:rounding]) − 1.00"
    assert line == f"gain: 14,425.98{NBSP}KZT = {formula}"


def test_unknown_and_hostile_text():
    why = Why("x", None, "KZT", how="lookup", place="a\x1b[31mb.csv:2")
    text = why_text(why, "en")
    assert "x: unknown" in text
    assert "\x1b" not in text


def test_a_chain_deeper_than_the_recursion_limit():
    why = Why("end", "1", how="row")
    for n in range(3000):
        why = Why(f"pool {n}", "1", how="rule", inputs=[why])
    assert "end: 1" in why_text(why, "en")


def test_cited_acts_are_named():
    text = why_page(
        tree(), "en", acts={"act": Act("act", "act", {"en": "The Act"}, None, "https://example.org")}
    ).text()
    assert text.endswith("Acts cited\n  The Act · https://example.org\n")


def test_a_quote_names_its_day_and_place():
    why = Why("market_rate", "450.5", how="lookup", detail="USD 2024-02-06 7 2024-02-05", place="made up rates.csv:31")
    assert (
        why_text(why, "en") == "Market rate: 450.5  quote or rate · USD 2024-02-06 2024-02-05 · made up rates.csv:31\n"
    )


def test_what_was_not_stated_is_said_once():
    absent = Why("given", "no", how="condition", inputs=[Why("other_income", None, "KZT", how="missing")])
    rule = Why("income", "0.00", "KZT", how="rule", inputs=[absent, leaf("constant", "0.00", "constant", "KZT")])
    assert why_text(rule, "en").count("other_income") == 1


def test_codes_of_closed_lists_are_told_in_words():
    kind = Why("kind", "swap_out", how="input", label={"en": "How it left", "ru": "Способ выбытия"})
    paid = Why("constant", "contributed_out", how="constant")
    is_paid = Why("eq", "no", how="condition", inputs=[kind, paid])
    one_of = Why("isin", "yes", how="condition", inputs=[kind], detail="sell, swap_out")
    root = Why("personal_income_tax.treatment", "difference", how="rule", inputs=[is_paid, one_of])
    lines = why_text(root, "en").splitlines()
    assert lines[0].endswith("treatment: by the positive difference")
    assert lines[1] == "├─ How it left (given in a swap) is “contribution made”: no"
    assert lines[2] == "└─ How it left (given in a swap) is one of: “sale”, “given in a swap”: yes"
    assert "Способ выбытия (отдано в обмен) — «внесено как вклад»: нет" in why_text(root, "ru")
    assert root.as_json()["value"] == "difference"


def test_a_rate_is_told_in_per_cent():
    rate = Why("rate", "0.1", how="value", said={"en": f"10{NBSP}%"}, label={"en": "Rate"})
    income = Why("income", "5.00", "KZT", how="rule", label=INCOME)
    tax = Why(
        "tax", "0.50", "KZT", how="rule", inputs=[Why("mul", "0.50", "KZT", how="multiply", inputs=[income, rate])]
    )
    lines = why_text(tax, "en").splitlines()
    assert lines[0] == f"tax: 0.50{NBSP}KZT = 5.00 × 10{NBSP}%"
    assert lines[-1] == f"└─ Rate: 10{NBSP}%"
    assert "said" not in rate.as_json()
    scale = Why("scale", ">0: 0.1; >8500: 0.15", "MCI", how="value", label={"en": "Scale"})
    assert why_text(scale, "en").strip() == f"Scale: > 0: 10{NBSP}%; > 8500: 15{NBSP}% MCI"


def test_arithmetic_without_a_name_is_its_formula():
    income = Why("income", "5.00", "KZT", how="rule", label=INCOME)
    twice = Why("mul", "10.00", "KZT", how="multiply", inputs=[Why("constant", "2", how="constant"), income])
    limit = Why("constant", "12.00", "KZT", how="constant")
    test = Why("lt", "yes", how="condition", inputs=[twice, limit])
    lines = why_text(Why("applies", "yes", how="rule", inputs=[test, twice]), "en").splitlines()
    assert lines[1] == f"├─ 10.00{NBSP}KZT (2 × 5.00) < 12.00{NBSP}KZT: yes"
    assert f"└─ 10.00{NBSP}KZT = 2 × 5.00" in lines


def test_a_long_list_is_told_by_its_number():
    states = Why("states", ", ".join(f"S{n}" for n in range(20)), how="value", label={"en": "States"})
    account = Why("account_country", "KZ", how="input", label={"en": "Country"})
    test = Why("member", "no", how="condition", inputs=[account, states])
    lines = why_text(Why("low", "no", how="rule", inputs=[test]), "en").splitlines()
    assert lines[1:] == ["└─ Country (KZ) is on the list “States”: no", "   └─ States: 20 on the list"]


def test_amounts_are_grouped_and_bear_their_currency_once():
    """ "8400000 KZT KZT" and "= 3900000" stood in explanations and in every report."""
    worth = Why("cost", "8400000 KZT", how="rule", label={"en": "Cost", "kk": "Құны"})
    paid = Why("paid", "8400000 KZT", how="rule", label={"en": "Paid", "kk": "Төленгені"})
    currency = Why("currency", "KZT", how="input")
    worth.inputs = [Why("worth", "8400000 KZT", how="worth", inputs=[paid, currency])]
    assert why_text(worth, "en").splitlines()[0] == f"Cost: 8,400,000.00{NBSP}KZT"
    assert why_text(worth, "kk").splitlines()[0] == f"Құны: 8{NBSP}400{NBSP}000,00{NBSP}₸"
    sold = Why("sale", "250000.00", "KZT", how="row", detail="2026-07-01 10000 USDT · BITEEU 24011506050")
    loss = [leaf("constant", "0.00", "constant", "KZT"), leaf("x", "-250000.00", unit="KZT")]
    sold.inputs = [Why("loss", "250000.00", "KZT", how="rule", inputs=[Why("sub", "250000.00", "KZT", how="subtract")])]
    sold.inputs[0].inputs[0].inputs = loss
    line = why_text(sold, "ru").splitlines()[0]
    assert (
        f"01.07.2026 10{NBSP}000 USDT · BITEEU 24011506050: 250{NBSP}000,00{NBSP}₸ = 0,00 − (-250{NBSP}000,00)" in line
    )


def test_an_unknown_step_is_told_by_its_ends_alone():
    step = Why("tax", None, "KZT", how="rule", ends=("607559.47", "623940.05"), detail="607559.47 … 623940.05")
    text = why_text(step, "ru")
    assert "не менее" in text
    assert "…" not in text
    assert "607559" not in text
    mean = Why("year_mean", "186841.07/365", how="lookup", detail="USD 2026-01-20 2026-12-31 186841.07/365")
    assert f"USD 20.01.2026 · сумма курсов 186{NBSP}841,07 за 365 дней" in why_text(mean, "ru")
