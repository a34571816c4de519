"""`salyq law book --to DIR`: the law as a static site."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.output import check_target, emit
from salyq.cli.progress import Bar

MARK = ".salyq-book"  # in every book: a folder with it may be replaced, no other


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--to"], required=True, metavar="DIR", help=words("option", "book_to")),
        options.lang(words),
    ]
    return Command("law book", words, run, params)


def run(*, to: str, lang: str) -> int:
    """The whole site or nothing: written beside its place, then renamed."""
    target = check_target("--to", to, [])
    _refuse_others(target, to)
    with Bar() as bar:
        from salyq.book.site import pages

        made = pages(lambda n, of: bar.step("law book", n, of))
    _write(target, to, made)
    size = -(-sum(len(text.encode("utf-8")) for text in made.values()) // 1000)
    told = {"path": str(target), "files": len(made), "size": size, "start": str(target / "index.html")}
    emit(Message("book_written", told).text(lang) + "\n")
    return 0


def _refuse_others(target: Path, to: str) -> None:
    """A folder of somebody else's files is never replaced."""
    taken = target.exists() and (not target.is_dir() or (any(target.iterdir()) and not (target / MARK).is_file()))
    if taken or target.is_symlink():
        raise UsageError(Message("book_not_ours"), column="--to", value=to)


def _write(target: Path, to: str, contents: Mapping[str, str]) -> None:
    work: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".salyq-", dir=target.parent))
        new, old = work / "new", work / "old"
        for name, text in {**contents, MARK: ""}.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        if target.exists():
            target.rename(old)
        new.rename(target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(Message("cli_cannot_write", {"reason": reason}), column="--to", value=to) from error
    finally:
        if work is not None:
            if (work / "old").exists() and not target.exists():
                (work / "old").rename(target)
            shutil.rmtree(work, ignore_errors=True)
