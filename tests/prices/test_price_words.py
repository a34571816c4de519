"""What prices say: every code in three languages with the same values in it, and every code in use."""

import re
import tomllib
from importlib.resources import files
from string import Formatter

import pytest

FOLDER = files("salyq.prices")
WORDS = tomllib.loads((FOLDER / "messages.toml").read_text(encoding="utf-8"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.iterdir() if path.name.endswith(".py"))


@pytest.mark.parametrize("code", WORDS)
def test_three_languages_name_the_same_values(code):
    assert set(WORDS[code]) == {"kk", "ru", "en"}
    named = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in WORDS[code].values()]
    assert named[0] == named[1] == named[2]


def test_codes_in_the_modules_and_in_the_words_are_the_same():
    used = set(re.findall(r'(?:Message|NotRates|_fault)\(\s*"(\w+)"', CODE)) | set(re.findall(r'"(quote_n\w+)"', CODE))
    kinds = {f"quote_{kind}_value" for kind in ("official", "day_average", "market")}
    kinds |= {f"quote_{kind}_rate" for kind in ("official", "market", "year_mean")}
    assert used | kinds == set(WORDS)
