"""What a TOML text says is the same read once, again, and from what was kept; nothing kept is trusted blindly."""

from __future__ import annotations

import os
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from salyq.civil import compiled
from salyq.civil.compiled import LEAST, toml_of

TEXT = "\n".join(f'[[row]]\nname = "ә{n}"\nday = 2026-01-{n % 28 + 1:02}\nn = {n}\nyes = true' for n in range(80))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALYQ_CACHE", str(tmp_path))
    return tmp_path / compiled.FOLDER


def test_every_law_and_form_of_ours_is_kept_and_comes_back_as_it_was(folder: Path) -> None:
    texts = {p: Path(str(p)).read_text(encoding="utf-8") for p in Path(str(files("salyq"))).rglob("*.toml")}
    large = {p: text for p, text in texts.items() if len(text) >= LEAST}
    assert len(large) > 20
    for path, text in large.items():
        right = tomllib.loads(text)
        assert toml_of(text) == right, path
        assert toml_of(text) == right, path
    assert 20 < len(list(folder.iterdir())) <= len(large)


def test_it_is_read_from_what_was_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = toml_of(TEXT)
    monkeypatch.setattr(tomllib, "loads", None)
    assert toml_of(TEXT) == right
    assert toml_of(TEXT) is not right  # whoever changes it changes his own


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: p.write_bytes(p.read_bytes()[:-1]),
        lambda p: p.write_bytes(p.read_bytes().replace(b"salyq", b"other", 1)),
        lambda p: p.write_bytes(b""),
        lambda p: os.chmod(p, 0o666),
        lambda p: (p.unlink(), p.mkdir()),
    ],
)
def test_what_is_spoilt_or_anothers_is_read_from_the_text(folder: Path, spoil: object) -> None:
    right = toml_of(TEXT)
    (path,) = folder.iterdir()
    spoil(path)  # type: ignore[operator]
    assert toml_of(TEXT) == right


def test_another_texts_words_are_no_words_of_this_one(folder: Path) -> None:
    toml_of(TEXT)
    (first,) = folder.iterdir()
    other = TEXT.replace("ә1", "ә2")
    toml_of(other)
    second = next(p for p in folder.iterdir() if p != first)
    second.write_bytes(first.read_bytes())
    assert toml_of(other) == tomllib.loads(other)


def test_without_a_place_and_without_sense_it_is_what_the_text_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("SALYQ_CACHE", str(tmp_path / "file"))
    assert toml_of(TEXT) == tomllib.loads(TEXT)
    with_times = TEXT + "\n[[row]]\nat = 2026-01-01T00:00:00Z\n"
    assert toml_of(with_times) == tomllib.loads(with_times)
    with pytest.raises(tomllib.TOMLDecodeError):
        toml_of(TEXT + "\n=")
