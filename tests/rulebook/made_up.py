"""The files of a small law, as texts: what loading and its faults are shown with."""

from __future__ import annotations

ACTS = """
[reading]
first_year = 2022
last_year = 2024
read_until = 2024-12-31
cite = "code"
note = { kk = "сөз", ru = "слово", en = "word" }
[code]
kind = "act"
date = 2020-01-01
address = "https://law.example/code"
title = { kk = "кодекс", ru = "кодекс", en = "code" }
"""
PARAMS = """
[rate]
unit = "1"
label = { kk = "мөлшерлеме", ru = "ставка", en = "rate" }
[[rate.value]]
from = 2022-01-01
enacted = 2020-01-01
by = "code"
is = "0.1"
cite = "code:1"
basis = "statute"

[allowance]
unit = "KZT"
label = { kk = "шегерім", ru = "вычет", en = "allowance" }
[[allowance.value]]
from = 2022-01-01
enacted = 2020-01-01
by = "code"
is = "12.34"
cite = "code:1.2"
basis = "statute"
"""
RULES = """
from __future__ import annotations
from salyq.rulebook.nodes import Money, Ratio, floor0, rounded
from salyq.rulebook.rules import figure

@figure(cite="code:1.3", per="year", since="2022-01-01")
def due(a: Money, allowance: Money, rate: Ratio) -> Money:
    return rounded(floor0(a - allowance) * rate)
"""
LABELS = 'due = { kk = "салық", ru = "налог", en = "tax" }\n'
CASES = "".join(
    f'[[case]]\nid = "{y}"\ntitle = "a year"\nyear = {y}\nrests_on = "code:1.3"\nbasis = "statute"\nperson = "kind"\n'
    '[case.expect]\n"levy.due" = "1.00"\n'
    for y in (2022, 2024)
)
