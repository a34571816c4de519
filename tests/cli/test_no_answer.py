"""A question that the input cannot answer, because it has ended."""

from __future__ import annotations

import io

import click
import pytest

from salyq.cli import main as cli


def test_an_input_that_has_ended_is_no_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_dispatch", lambda *_: click.prompt("?"))
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert cli.main(["init", "--lang", "en"]) == 2
    assert "got no answer" in capsys.readouterr().err
