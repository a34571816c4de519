"""What stands in no code is not cited as one: pages, notices, the press and memory are sources of their own, and a
provision of a code or a law names its article."""

from __future__ import annotations

from datetime import date

import pytest

from salyq.app.asking import law_of_acts
from salyq.app.brief import brief
from salyq.law import shipped
from salyq.rulebook.law import Provision

SOURCES = {  # provisions whose source is no act of the state: what each was taken from
    "reporting/crs-start": "oecd-crs",
    "reporting/carf-statement": "carf-statement-2023",
    "reporting/carf-list": "press-carf-list",
    "reporting/exchange-list": "press-exchange-list",
    "reporting/lab": "afsa-lab-pages",
    "reporting/lab-always": "afsa-lab-pages",
    "circulation/afsa-warnings": "afsa-warning",
    "circulation/advertising": "advertising-copy",
    "aifc/otc": "afsa-otc-2024",
    "aifc/assets": "afsa-assets-2025",
    "aifc/reform-2025": "afsa-reform-2025",
    "aifc/register": "afsa-register",
    "aifc/framework-2018": "press-aifc-2018",
    "aifc/lab-entry": "afsa-lab-pages",
    "aifc/capital-custody": "press-custody",
    "declarations/b1": "memory",
    "declarations/b2": "memory",
    "declarations/b3": "memory",
    "declarations/b4": "tax-code-copy",
    "declarations/b6": "press-form-240",
    "reserve/money": "press-reserve",
}
ORDERS = {  # provisions of an order of their own, not of the code that called for it
    "reporting/crs-partners": "order-crs-2026",
    "reporting/utility-form": "order-utilities-2025",
    "reporting/b5": "order-695-2025",
    "declarations/office-codes": "order-offices-2025",
    "valuation/v5": "order-170-2024",
}
WHOLE = {  # provisions of a whole code or law: what is not there, or was not opened, has no article
    "corporate_income_tax/fee-deducted-2026",
    "mining_fee/f18",
    "penalties/code-2026",
    "penalties/no-mining-offence",
    "value_added_tax/vat12-old",
}
CODES = ("tax-code-", "law-", "aifc-law", "koap", "criminal-code", "entrepreneurial-code", "permits-law", "nbk-law")
CODES += ("payments-law", "currency-law", "atu-law")


def provisions() -> dict[str, Provision]:
    laws = (shipped(), law_of_acts())
    return {p.full: p for law in laws for ps in law.provisions.values() for p in ps}


def acts() -> dict[str, str]:
    return {name: a.kind for law in (shipped(), law_of_acts()) for name, a in law.acts.items()}


@pytest.mark.parametrize("name", SOURCES)
def test_what_no_act_says_is_told_as_what_it_is(name: str) -> None:
    found = provisions()[name]
    assert (found.act, acts()[found.act], found.article) == (SOURCES[name], "source", "")
    assert found.basis != "statute"


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_is_not_cited_as_the_code_that_called_for_it(name: str) -> None:
    assert (provisions()[name].act, acts()[ORDERS[name]]) == (ORDERS[name], "act")


def test_a_provision_of_a_code_or_a_law_names_its_article() -> None:
    kinds = acts()
    bare = {n for n, p in provisions().items() if kinds[p.act] == "act" and p.act.startswith(CODES) and not p.article}
    assert bare == WHOLE


def test_the_brief_of_august_2025_tells_who_says_so() -> None:
    made = brief(date(2025, 8, 11))
    told = {c.cite for c in (*made.recent, *made.coming) if "CARF" in c.text["en"]}
    assert told == {"carf-statement-2023", "press-carf-list"}


def test_words_of_law_name_nothing_that_its_reader_has_not() -> None:
    """What was not found is said of the texts that were read, not of notes that nobody else has."""
    inner = ("dossier", "в своде", "жинақта ")
    told = [(n, x) for n, p in provisions().items() for x in (*p.text.values(), *(p.reason or {}).values())]
    assert [(n, x) for n, x in told if any(i in x for i in inner)] == []
