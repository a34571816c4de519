from salyq.present.explain_text import SHOWN, why_text
from salyq.rulebook.explain import Why

NBSP = "\u00a0"


def tree(rows: int = 2) -> Why:
    sale = [Why("row", f"{n}.00", "KZT", how="row", place=f"my file.csv:{n}") for n in range(2, rows + 2)]
    total = Why(
        "income", "5.00", "KZT", "act:1", "statute", "sum", sale, {"kk": "Табыс", "ru": "Доход", "en": "Income"}
    )
    rate = Why("rate", "1/10", "", "act:2", "statute", "value", detail="2026-01-01")
    return Why("tax", "200000.00", "KZT", "act:3", "statute", "rule", [total, rate, total])


def test_tree_in_three_languages():
    for lang, words in (("en", "Income"), ("ru", "Доход"), ("kk", "Табыс")):
        text = why_text(tree(), lang)
        assert words in text
        assert "my file.csv:3" in text
    assert why_text(tree(), "en").splitlines()[0] == f"tax: 200,000.00{NBSP}KZT  [act:3]  rule · by statute"


def test_lines_are_drawn_and_exact_values_kept():
    lines = why_text(tree(), "en").splitlines()
    assert lines[1].startswith("├─ Income: ")
    assert lines[2].startswith("│  ├─ row: ")
    assert lines[3].startswith("│  └─ row: ")
    assert "1/10" in lines[4]
    assert "2026-01-01" in lines[4]


def test_a_step_met_again_is_not_repeated():
    text = why_text(tree(), "en")
    assert text.count("my file.csv:2") == 1
    assert "(shown above)" in text.splitlines()[-1]


def test_long_lists_stay_readable_and_can_be_had_whole():
    text = why_text(tree(SHOWN + 123), "en")
    assert "… and 123 more: --all" in text
    assert text.count("my file.csv:") == SHOWN
    assert why_text(tree(SHOWN + 123), "en", everything=True).count("my file.csv:") == SHOWN + 123
    assert "more" not in why_text(tree(SHOWN + 1), "en")  # hiding a single row would save nothing


def test_unknown_and_hostile_text():
    why = Why("x", None, "KZT", how="missing", place="a\x1b[31mb.csv:2")
    text = why_text(why, "en")
    assert "x: unknown" in text
    assert "\x1b" not in text


def test_a_chain_deeper_than_the_recursion_limit():
    why = Why("end", "1", how="row")
    for n in range(3000):
        why = Why(f"pool {n}", "1", how="sum", inputs=[why])
    assert "end: 1" in why_text(why, "en")
