"""Translators get one catalogue a language; what they change comes back to the words' own places, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from tools.catalogue import ROOT, Entry, catalogue, entries, make, take

# A file of each shape that words have: tables of their own, inline, dotted, in lists, with choices below.
SHAPES = ("app/messages.toml", "cli/help.toml", "law/subjects.toml", "law/asked/facts.toml", "law/words.toml")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Some word files alone, as they lie in the house."""
    root = tmp_path / "salyq"
    for name in SHAPES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, root / name)
    return root


def test_every_entry_of_the_house_stands_once_in_a_catalogue() -> None:
    wanted = {e.context: e.words["kk"] for e in entries()}
    assert {m.context: m.string for m in catalogue("kk") if m.id} == wanted
    assert {"law/mining_fee/labels.toml | due", "office/portal/messages.toml | portal_skip"} <= {*wanted}


def test_a_catalogue_comes_back_word_for_word(house: Path, tmp_path: Path) -> None:
    """Every translation changed at once: each lands in its place, English and everything else stay."""
    before = list(entries(house))
    make(tmp_path / "po", house)
    file = tmp_path / "po" / "salyq.kk.po"
    assert take(file, house) == (0, [])
    with file.open("rb") as given:
        changed = read_po(given)
    for message in changed:
        if message.id:
            message.string = f"{message.string} \N{BLACK STAR}"
    with file.open("wb") as out:
        write_po(out, changed, width=0)

    written, left = take(file, house)
    assert (written, left) == (len(before), [])
    starred = [Entry(f, k, {**w, "kk": f"{w['kk']} \N{BLACK STAR}"}) for f, k, w in before]
    assert list(entries(house)) == starred


def test_a_catalogue_of_another_language_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "salyq.fr.po"
    file.write_text('msgid ""\nmsgstr "Language: fr\\n"\n', encoding="utf-8")
    with pytest.raises(SystemExit, match="Language is 'fr'"):
        take(file)
