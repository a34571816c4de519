"""Explanations kept between two calls: the same words as worked out anew, and never those of another case."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from salyq.app import api, kept
from salyq.app.steps import Packed, Steps, unpack
from salyq.civil.caches import clear
from salyq.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples"
RECORDS = (
    "time,kind,asset,quantity,value,currency\n"
    "2025-03-01T10:00:00Z,buy,BTC,1,100.00,KZT\n"
    "2025-03-02T10:00:00Z,sell,BTC,1,300.00,KZT\n"
)
INCOME = "personal_income_tax.digital_asset_income"


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("SALYQ_CACHE", raising=False)
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))


@pytest.fixture
def case(tmp_path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "person.toml").write_text('id = "900101300017"\nkind = "individual"\nresident = true\n')
    (folder / "r.csv").write_text(RECORDS)
    return folder


def entries() -> list[Path]:
    return sorted((kept.cache_folder() / kept.FOLDER).glob("*.json"))


def said(capsys, *args: str) -> str:
    code = main(list(args))
    out = capsys.readouterr()
    assert code == 0, out.err
    return out.out


def worked_out(monkeypatch) -> list[int]:
    """The years that are worked out from here on."""
    years: list[int] = []
    assess = api.assess

    def counting(case, year, **more):
        years.append(year)
        return assess(case, year, **more)

    monkeypatch.setattr(api, "assess", counting)
    return years


@pytest.mark.parametrize(("name", "year"), [("aliya", 2025), ("temir-mining", 2026)])
def test_what_is_kept_says_the_same_to_the_last_byte(name, year, capsys, monkeypatch):
    folder = str(EXAMPLES / name)
    result = api.assess(api.read_case(folder), year, alternatives=False)
    asked = [
        ["explain", folder, "--year", str(year), "--figure", f.name, "--period", f.period, *more]
        for f in (*result.figures, *result.obligations)
        for more in (["--lang", "ru"], ["--format", "json"])
    ] + [["explain", folder, "--year", str(year), *more] for more in (["--lang", "kk"], ["--format", "json"])]
    anew = [said(capsys, *args, "--no-cache") for args in asked[:: 1 if name == "aliya" else 5]]
    assert entries() == []
    said(capsys, "assess", folder, "--year", str(year))
    years = worked_out(monkeypatch)
    assert [said(capsys, *args) for args in asked[:: 1 if name == "aliya" else 5]] == anew
    assert years == []


def _row(case: Path) -> None:
    (case / "r.csv").write_text(RECORDS.replace("300.00", "400.00"))


def _person(case: Path) -> None:
    (case / "person.toml").write_text('id = "900101300017"\nkind = "individual"\nresident = false\n')


def _further_file(case: Path) -> None:
    (case / "sub").mkdir()
    (case / "sub" / "more.csv").write_text(RECORDS.replace("BTC", "ETH"))


def _unread_file(case: Path) -> None:
    (case / "trades.zip").write_bytes(b"PK\x05\x06" + bytes(18))


def _answers(case: Path) -> None:
    (case / "answers.toml").write_text("")


def _name(case: Path) -> None:
    (case / "r.csv").rename(case / "q.csv")


def _quotes(case: Path) -> None:
    store = case.parent / "data" / "prices.sqlite"
    store.parent.mkdir(exist_ok=True)
    rates = case.parent / "rates.csv"
    rates.write_text("date,currency,rate,quantity,source\n2025-03-03,USD,500,1,NBK\n")
    assert main(["prices", "import", str(rates)]) == 0


CHANGES = [_row, _person, _further_file, _unread_file, _answers, _name, _quotes]


@pytest.mark.parametrize("change", CHANGES, ids=lambda f: f.__name__)
def test_any_change_of_what_it_was_made_from_is_seen(change: Callable[[Path], None], case, capsys, monkeypatch):
    args = ["explain", str(case), "--year", "2025", "--figure", INCOME]
    said(capsys, *args)
    change(case)
    capsys.readouterr()
    years = worked_out(monkeypatch)
    now = said(capsys, *args)
    assert years == [2025]
    assert now == said(capsys, *args, "--no-cache")


def test_choices_day_of_law_year_person_and_program_are_in_the_key(case, tmp_path, monkeypatch):
    other = tmp_path / "other.toml"
    other.write_text('id = "900101300017"\nkind = "individual"\n')
    one = kept.key_of([str(case)], None, 2025, None, {})
    assert one == kept.key_of([str(case)], None, 2025, None, {})
    keys = {
        one,
        kept.key_of([str(case)], None, 2024, None, {}),
        kept.key_of([str(case)], None, 2025, date(2025, 12, 1), {}),
        kept.key_of([str(case)], None, 2025, None, {"lot_method": "average"}),
        kept.key_of([str(case)], str(other), 2025, None, {}),
        kept.key_of([str(case / "r.csv")], str(other), 2025, None, {}),
    }
    for name in ("program", "_packages"):
        with monkeypatch.context() as m:
            m.setattr(kept, name, lambda: [("other", 1, 1)])
            keys.add(kept.key_of([str(case)], None, 2025, None, {}))
    assert len(keys) == 8
    assert None not in keys


def test_the_program_and_its_law_are_seen_file_by_file():
    names = {name for name, _, _ in kept.program()}
    assert {"law/acts.toml", "law/personal_income_tax/params.toml", "rulebook/trace.py", "app/kept.py"} <= names


def test_links_and_devices_are_never_kept(case, tmp_path):
    os.mkfifo(case / "pipe.txt")
    assert kept.key_of([str(case)], None, 2025, None, {}) is None
    (case / "pipe.txt").unlink()
    (case / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    assert kept.key_of([str(case)], None, 2025, None, {}) is None
    assert kept.key_of([str(case / "gone")], None, 2025, None, {}) is None


def _entry_bytes(body: bytes) -> bytes:
    return kept.MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


SPOILED = {
    "cut": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "one byte": lambda data: data[:-40] + bytes([data[-40] ^ 1]) + data[-39:],
    "another program's": lambda data: b"\x80\x04\x95cos\nsystem\n",
    "no text": lambda data: os.urandom(3000),
    "a list": lambda data: _entry_bytes(b"[1, 2]"),
    "nested without end": lambda data: _entry_bytes(b"[" * 200_000),
    "another key": lambda data: _entry_bytes(data.partition(b"\n")[2].replace(b'"key":"', b'"key":"0', 1)),
}


@pytest.mark.parametrize("how", SPOILED)
def test_what_is_not_whole_or_not_ours_is_no_entry(how, case, capsys, monkeypatch):
    args = ["explain", str(case), "--year", "2025", "--figure", INCOME]
    right = said(capsys, *args)
    (path,) = entries()
    path.write_bytes(SPOILED[how](path.read_bytes()))
    years = worked_out(monkeypatch)
    assert said(capsys, *args) == right
    assert years == [2025]
    assert said(capsys, *args) == right  # it took the place of the spoiled one
    assert years == [2025]


@pytest.mark.parametrize("steps", ["circle", "explosion", "outside"])
def test_a_tree_that_is_none_is_worked_out_again(steps, case, capsys, monkeypatch):
    monkeypatch.setattr("salyq.app.steps.MOST_STEPS", 50_000)
    args = ["explain", str(case), "--year", "2025", "--figure", INCOME]
    right = said(capsys, *args)
    (path,) = entries()
    entry = msgspec.json.decode(path.read_bytes().partition(b"\n")[2], type=kept.Entry)
    root = next(n for name, _, n in entry.roots if name == INCOME)
    made = [msgspec.structs.replace(s, own=[]) for s in entry.steps.steps]
    if steps == "explosion":
        made = [Packed(*[0] * 9, -1, [n - 1] * 30 if n else [], []) for n in range(len(made))]
    else:
        made[root] = msgspec.structs.replace(made[root], inputs=[root if steps == "circle" else 10**9])
    spoiled = msgspec.structs.replace(entry, steps=msgspec.structs.replace(entry.steps, steps=made))
    path.write_bytes(_entry_bytes(msgspec.json.encode(spoiled)))
    with pytest.raises(kept.Spoiled):
        kept.recall(path.stem).explain(INCOME)  # type: ignore[union-attr]
    assert said(capsys, *args) == right


def test_a_rule_met_again_is_named_only():
    texts = ["a", "1", "", "act:1", "statute", "rule", "act:2"]
    leaf = Packed(0, 1, 2, 6, 4, 5, 2, 2, 2, -1, [], [3, 4])
    top = Packed(0, 1, 2, 3, 4, 5, 2, 2, 2, -1, [0, 0], [3, 4])
    why = unpack(Steps(texts, [], [leaf, top]), 1)
    assert [(w.how, w.cite) for w in why.inputs] == [("rule", "act:2"), ("see_above", "act:1")]


def test_another_users_or_open_file_is_no_entry(case, capsys, monkeypatch):
    said(capsys, "explain", str(case), "--year", "2025")
    (path,) = entries()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert kept.recall(path.stem) is not None
    path.chmod(0o666)
    assert kept.recall(path.stem) is None
    path.chmod(0o600)
    path.parent.chmod(0o777)
    assert kept.recall(path.stem) is None
    path.parent.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert kept.recall(path.stem) is None
    monkeypatch.undo()
    shutil.move(path, path.with_suffix(".away"))
    path.symlink_to(path.with_suffix(".away"))
    assert kept.recall(path.stem) is None


def test_the_oldest_go_first(tmp_path):
    for n, size in enumerate((10, 10, 10, 10, 90)):
        path = tmp_path / f"{n}.json"
        path.write_bytes(bytes(size))
        os.utime(path, (n, n))
    (tmp_path / ".left.part").write_bytes(b"x")
    os.utime(tmp_path / ".left.part", (0, 0))
    clear(tmp_path, most_bytes=100, most_files=3)
    assert sorted(p.name for p in tmp_path.glob("[!d]*.json")) == ["3.json", "4.json"]
    assert not (tmp_path / ".left.part").exists()


def test_without_a_place_to_keep_all_is_as_before(case, capsys, monkeypatch, tmp_path):
    args = ["explain", str(case), "--year", "2025", "--figure", INCOME]
    right = said(capsys, *args, "--no-cache")
    assert entries() == []
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("SALYQ_CACHE", str(tmp_path / "file" / "below"))
    assert said(capsys, *args) == right
    assert said(capsys, "assess", str(case), "--year", "2025")


def test_input_that_changes_meanwhile_is_not_kept(case, capsys, monkeypatch):
    assess = api.assess

    def meddling(made, year, **more):
        _row(case)
        return assess(made, year, **more)

    monkeypatch.setattr(api, "assess", meddling)
    for args in (["explain", str(case), "--year", "2025"], ["assess", str(case), "--year", "2025"]):
        (case / "r.csv").write_text(RECORDS)
        said(capsys, *args)
        assert entries() == []


def test_readers_of_other_packages_are_never_kept(case, capsys, monkeypatch):
    monkeypatch.setattr(kept, "_other_readers", lambda: True)
    said(capsys, "assess", str(case), "--year", "2025")
    assert entries() == []


def test_where_it_lies():
    where = kept.cache_folder
    assert where({"SALYQ_CACHE": "/x", "SALYQ_DATA": "/y"}, "linux") == Path("/x")
    assert where({"SALYQ_DATA": "/y"}, "linux") == Path("/y/cache")
    assert where({"XDG_CACHE_HOME": "/z"}, "linux") == Path("/z/salyq")
    assert where({"XDG_CACHE_HOME": "z"}, "linux") == Path.home() / ".cache" / "salyq"
    assert where({}, "darwin") == Path.home() / "Library" / "Caches" / "salyq"
    assert where({"LOCALAPPDATA": "/l"}, "win32") == Path("/l/salyq/cache")
