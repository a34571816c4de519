"""Readers are loaded when a table is theirs: what they declare is kept, and is never older than their files."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

from salyq.civil import installed
from salyq.law import shipped
from salyq.rulebook.graph import Graph
from salyq.sources import read_folder, registry
from salyq.sources.format import Format

SAMPLES = Path(__file__).parent / "samples"
LAZY = ("load", "start", "moves", "ignores", "json")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALYQ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def made() -> tuple[Format, ...]:
    return registry.outlines.__wrapped__()


def said(form: Format) -> dict[str, object]:
    keys = form.json.keys if form.json else None
    return {f.name: getattr(form, f.name) for f in dataclasses.fields(form) if f.name not in LAZY} | {"json": keys}


def test_an_outline_says_what_its_reader_says_and_is_asked_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    assert registry.formats()
    first = made()  # from the readers
    monkeypatch.setattr(registry, "_shipped_by_module", None)
    for found in (first, made()):  # then from what was kept
        assert [said(form) for form in found] == [said(form) for form in registry.formats()]
        for form, whole in zip(found, registry.formats(), strict=True):
            assert form.whole() is whole
            assert whole.whole() is whole


def test_only_the_readers_of_a_case_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text("time,kind,asset,quantity\n2025-01-01T00:00:00Z,airdrop,BTC,1\n")
    program = (
        "import sys; from pathlib import Path; from salyq.sources import read_folder;"
        "r, _ = read_folder(Path(sys.argv[1]));"
        "print(len(r.records), *sorted(m for m in sys.modules if m.startswith('salyq.sources.readers.')));"
        "from salyq.sources import registry; registry.formats(); sys.exit('numpy' in sys.modules)"  # not for few rows
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
        )
    count, *modules = done.stdout.split()
    assert count == "1"
    assert {m.split(".")[3] for m in modules} == {"own"}


def test_samples_are_read_alike_by_outlines_and_by_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> object:
        reading, _ = read_folder(SAMPLES)
        return reading

    right = read()
    monkeypatch.setattr("salyq.sources.read.outlines", registry.formats)
    assert read() == right


def test_what_is_kept_goes_with_the_files_it_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "salyq" / "sources" / "reader.py"
    file.parent.mkdir(parents=True)
    file.write_text("x = 1\n")
    monkeypatch.setattr(installed, "__file__", str(tmp_path / "salyq" / "civil" / "installed.py"))
    monkeypatch.setattr(installed, "_state", installed.program.__wrapped__)
    before = installed.of_program("readers")
    assert before
    assert before == installed.of_program("readers")
    assert before != installed.of_program("law")
    os.utime(file, ns=(10**18, 10**18))
    after = installed.of_program("readers")
    assert after != before
    (file.parent / "other.toml").write_text("")
    assert installed.of_program("readers") not in (before, after)
    monkeypatch.setattr(installed, "__file__", str(tmp_path / "nowhere" / "civil" / "installed.py"))
    assert installed.of_program("readers") == ""


def test_the_fingerprint_of_law_is_kept_with_the_program_and_is_what_is_worked_out(cache: Path) -> None:
    graph = Graph(shipped(), name=installed.of_program("law of this test"))
    right = graph.canonical_hash()
    assert graph.fingerprint == right == Graph(shipped()).fingerprint
    again = Graph(shipped(), like=graph, name=installed.of_program("law of this test"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Graph, "canonical_hash", None)
        assert again.fingerprint == right


def test_folders_of_packages_say_what_the_library_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed.version_of("salyq") in (version("salyq"), None)
    assert installed.version_of("no_such_package_of_ours") is None
    group = sorted(entry_points().groups)[0]
    assert installed.may_have_entry_points([group])
    assert not installed.may_have_entry_points(["salyq.no_such_group"])
    archive = tmp_path / "packages.zip"
    archive.write_bytes(b"")
    monkeypatch.syspath_prepend(str(archive))
    assert installed.may_have_entry_points(["salyq.no_such_group"])  # it cannot be seen from outside
