"""stdout carries only the result; files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message

if TYPE_CHECKING:
    from salyq.present.page import Page


def emit_page(page: Page) -> None:
    """A page on stdout, with colour only on a terminal that wants it (NO_COLOR, TERM=dumb)."""
    terminal = sys.stdout is not None and sys.stdout.isatty()
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    text = page.text(colour=colour, width=shutil.get_terminal_size().columns if terminal else None)
    if colour and sys.stdin is not None and sys.stdin.isatty() and _pages(text):
        click.echo_via_pager(text, color=True)
    else:
        emit(text)


def _pages(text: str) -> bool:
    """Whether a text is longer than the terminal; PAGER=cat turns pages off, as elsewhere."""
    return os.environ.get("PAGER") != "cat" and text.count("\n") >= shutil.get_terminal_size().lines


def emit_json(value: object) -> None:
    """JSON on stdout in UTF-8 whatever the locale, so that the same input gives the same bytes."""
    from salyq.present.as_json import dumps

    emit_bytes(dumps(value).encode("utf-8"))


def emit(text: str) -> None:
    """Text on stdout; a character that the terminal's encoding lacks becomes a question mark."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    emit_bytes(text.encode(encoding, errors="replace"))


def emit_bytes(data: bytes) -> None:
    """A reader that went away (`| head`) has what it wanted: the rest is dropped in silence."""
    if sys.stdout is None:
        raise UsageError(Message("cli_cannot_write", {"reason": os.strerror(errno.EBADF)}), column="stdout")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at exit; give it a place to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:  # a full disk, a closed descriptor: not our defect
        reason = error.strerror or type(error).__name__
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(Message("cli_cannot_write", {"reason": reason}), column="stdout") from error


def complain(text: str) -> None:
    """One line on stderr; a closed stderr is not our trouble."""
    from salyq.present.clean import clean

    if sys.stderr is None:
        return
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    line = clean(text).encode(encoding, errors="replace").decode(encoding)
    try:
        print(line, file=sys.stderr, flush=True)
    except (BrokenPipeError, ValueError):
        return


# --- files ------------------------------------------------------------------------------------------------------------


def check_target(option: str, target: str, case: list[str]) -> Path:
    """Refuses a place inside the case folder (it would be read as an input next time) or over an input file."""
    if not target.strip():
        reason = os.strerror(errno.ENOENT)
        raise UsageError(Message("cli_cannot_write", {"reason": reason}), column=option, value=target)
    path = Path(target)
    full = path.resolve()
    for name in case:
        source = Path(name).resolve()
        if full == source or (source.is_dir() and source in full.parents):
            outside = os.path.relpath((source if source.is_dir() else source.parent).parent / path.name)
            raise UsageError(
                Message("cli_output_in_case", {"case": name, "outside": outside}), column=option, value=target
            )
    return path


def write_files(option: str, folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """All files of `contents` (name -> text or bytes) into `folder`, made if need be; other files there stay.

    Every file is first written whole under a temporary name beside its place; only then are they renamed, so a full
    disk or a stopped process leaves no half file. Raises UsageError where the place cannot be written.
    """
    made: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in contents:
            _check_free(folder / name)  # all of them, before the first is written
        for name, text in contents.items():
            made.append((_temporary(folder, text, folder / name), folder / name))
        while made:
            temporary, final = made[0]
            temporary.replace(final)
            made.pop(0)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(Message("cli_cannot_write", {"reason": reason}), column=option, value=str(folder)) from error
    finally:
        for temporary, _ in made:
            temporary.unlink(missing_ok=True)


def _check_free(path: Path) -> None:
    """A result may replace a file or stand where nothing is; never a folder, a device, a pipe or a link's target."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


def write_file(option: str, path: Path, text: str) -> None:
    """One file, whole or not at all."""
    if path.is_dir():
        raise UsageError(Message("cli_is_a_folder", {}), column=option, value=str(path))
    write_files(option, path.parent, {path.name: text})


def write_bytes(option: str, path: Path, data: bytes) -> None:
    """One file of bytes, whole or not at all."""
    if path.is_dir():
        raise UsageError(Message("cli_is_a_folder", {}), column=option, value=str(path))
    write_files(option, path.parent, {path.name: data})


def _temporary(folder: Path, text: str | bytes, final: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=".salyq-", suffix=".part", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode("utf-8", errors="surrogateescape"))
            out.flush()
            os.fsync(out.fileno())
        umask = os.umask(0)
        os.umask(umask)
        rights = 0o666 & ~umask  # mkstemp makes private files; a result has the rights of any other file
        if final.is_file():
            rights = stat.S_IMODE(final.stat().st_mode)  # or of the file that it takes the place of
        path.chmod(rights)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path
