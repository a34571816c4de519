"""Reading a case: a folder, or a list of files. The result does not depend on the order in which files are met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from salyq.civil.errors import InputError, place
from salyq.civil.messages import Message
from salyq.records.model import Source
from salyq.records.reading import Reading
from salyq.sources.format import Format
from salyq.sources.mapping import SUFFIX
from salyq.sources.registry import outlines
from salyq.sources.tables.files import Found, find, shown_name
from salyq.sources.tables.table import Progress, read_table

if TYPE_CHECKING:  # what few cases need is loaded for those
    from salyq.sources.mapping.model import Mapping as Taught

# Endings of files that may hold a venue's or a meter's rows, and that nothing here reads.
_ARCHIVES = (".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zip")
_TABLES = (".jsonl", ".numbers", ".ods", ".parquet", ".xls", ".xlsb", ".xlsm")
_OTHERS = (".db", ".htm", ".html", ".sqlite", ".xml")
Addresses = Mapping[str, str]  # own addresses on chains -> account
HOLDERS = frozenset((*_ARCHIVES, *_TABLES, *_OTHERS))


# what makes one file of a folder unread, and does not keep the others from being read; a damaged file is an InputError
UNREAD = ("file_no_reader", "file_kind_unread", "file_empty", "header_may_be_other")
LACKING = ("mapping_lacks", "mapping_zone_missing")  # what a mapping file that is not ready yet may lack


def read_folder(
    folder: Path, *, addresses: Addresses | None = None, progress: Progress | None = None
) -> tuple[Reading, list[Path]]:
    """Every table below `folder`, and the person.toml files found there (zero or more: the caller decides).

    `progress(file, rows)` is called as rows are read. InputError: a folder or file that cannot be used (exit 4).
    """
    found = find(folder)
    return read_found(found, folder, addresses=addresses, progress=progress), found.persons


def read_found(
    found: Found,
    folder: Path,
    *,
    ignore: Sequence[str] = (),
    addresses: Addresses | None = None,
    progress: Progress | None = None,
) -> Reading:
    """The files that were found below `folder`, but for those (in archives too) whose name fits a pattern of `ignore`.
    A table that no reader takes, and a file of a kind that may hold events, are `unread`: the person is asked about
    them.

    `addresses`: own addresses on chains -> their account (Person.addresses)."""
    ignored = {path for path in (*found.tables, *found.others) if _fits(shown_name(path, folder), ignore)}
    stray: list[tuple[Source, Message]] = []
    tables = [path for path in found.tables if path not in ignored]
    archives = [path for path in found.others if path.suffix.lower() == ".zip" and path not in ignored]
    reading = _read(tables, found.mappings, folder, progress, stray, addresses, archives, ignore)
    for path in sorted({*found.others, *ignored}, key=lambda p: shown_name(p, folder)):
        source = Source(shown_name(path, folder), 0)
        if path in ignored:
            reading.notices.append((source, Message("notice_file_ignored")))
        elif path in archives:
            continue
        elif path.suffix.lower() in HOLDERS:
            stray.append((source, Message("file_kind_unread")))
        else:
            reading.notices.append((source, Message("notice_file_skipped")))
    reading.unread = sorted(stray, key=lambda s: s[0].file)
    return reading


def _fits(name: str, patterns: Sequence[str]) -> bool:
    own = (name, name.rpartition("/")[2])
    return any(p in own or fnmatchcase(own[0], p) or fnmatchcase(own[1], p) for p in patterns)  # a name may have [1]


def read_files(
    paths: Iterable[Path],
    *,
    base: Path,
    ignore: Sequence[str] = (),
    addresses: Addresses | None = None,
    progress: Progress | None = None,
) -> Reading:
    """The named files, called relative to `base` where they lie in it. The same file twice counts once.

    Mapping files (`*.mapping.toml`) among them teach how the others are read. `ignore`: patterns of names in archives
    that are not to be read. InputError: a file that cannot be used,
    or that no reader takes (exit 4).
    """
    by_place: dict[Path, Path] = {}
    for path in paths:
        if not path.is_file():
            code = "file_not_regular" if path.exists() else "file_missing"
            raise InputError(Message(code), file=shown_name(path, base))
        by_place.setdefault(path.resolve(), path)
    named = sorted(by_place.values(), key=lambda p: shown_name(p, base))
    archives = [p for p in named if p.suffix.lower() == ".zip"]
    if archives:
        stray: list[tuple[Source, Message]] = []
        rest = [p for p in named if p not in archives]
        tables, mappings = (
            [p for p in rest if not p.name.endswith(SUFFIX)],
            [p for p in rest if p.name.endswith(SUFFIX)],
        )
        reading = _read(tables, mappings, base, progress, stray, addresses, archives, ignore)
        if not reading.files and stray:
            raise InputError(stray[0][1], file=stray[0][0].file)
        reading.unread = sorted(stray, key=lambda s: s[0].file)
        return reading
    tables = [p for p in named if not p.name.endswith(SUFFIX)]
    return _read(tables, [p for p in named if p.name.endswith(SUFFIX)], base, progress, None, addresses)


def _read(
    tables: Iterable[Path],
    mappings: Sequence[Path],
    base: Path,
    progress: Progress | None,
    stray: list[tuple[Source, Message]] | None = None,
    addresses: Addresses | None = None,
    archives: Sequence[Path] = (),
    ignore: Sequence[str] = (),
) -> Reading:
    """`stray` takes the tables that no reader takes; without it such a table is an InputError."""
    tells = {form.name: form.tells for form in outlines()}
    reading = Reading(tells=tells, addresses=addresses or {}, exchanges=_exchanges())
    taught, drafts = _mappings(mappings, base, strict=stray is None)
    for path in tables:
        name = shown_name(path, base)
        try:
            read_table(path, name, formats_for(name, taught), reading, progress)
        except InputError as error:
            if stray is None or error.message.code not in UNREAD:
                raise
            draft = next((d for d in drafts if _fits(name, d.files)), None)
            stray.append((Source(name, error.line or 0), _why_unread(error) if draft is None else draft.of_table()))
    for path in archives:
        _read_archive(path, shown_name(path, base), taught, reading, progress, [] if stray is None else stray, ignore)
    if stray is not None:
        told = {source.file for source, _ in stray}
        stray += [(Source(d.file, 0), d.alone()) for d in drafts if not any(_fits(name, d.files) for name in told)]
    used = {report.reader for report in reading.files}
    for mapping in taught:
        if _format(mapping).name not in used:
            reading.notices.append((Source(mapping.file, 0), Message("notice_mapping_unused")))
    return reading


def _read_archive(
    path: Path,
    name: str,
    taught: Sequence[Taught],
    reading: Reading,
    progress: Progress | None,
    stray: list[tuple[Source, Message]],
    ignore: Sequence[str],
) -> None:
    """Every table of a ZIP file that a reader takes; what none takes, and what cannot be read, is told by its name."""
    from salyq.sources.tables.archive import members

    for member in members(path):
        called = f"{name}/{member.name}" if member.name else name
        if member.name and _fits(called, ignore):
            reading.notices.append((Source(called, 0), Message("notice_file_ignored")))
            continue
        if member.path is None:
            stray.append((Source(called, 0), member.why or Message("file_kind_unread")))
            continue
        try:
            read_table(member.path, called, formats_for(called, taught), reading, progress)
        except InputError as error:
            stray.append((Source(called, 0), _why_unread(error)))


def _why_unread(error: InputError) -> Message:
    """Why a table was not read; what to do about one that no reader knows is said by its question."""
    return Message("header_not_known") if error.message.code == "file_no_reader" else error.message


def _exchanges() -> frozenset[str]:
    return frozenset(form.name for form in outlines() if form.exchange)


def formats_for(name: str, mappings: Sequence[Taught]) -> tuple[Format, ...]:
    """The readers that may take the file called `name`: a mapping that names it is the only one; a mapping that names
    no files comes after all that Salyq knows."""
    meant = [m for m in mappings if _fits(name, m.files)]
    if meant:
        return tuple([_format(m) for m in meant])
    return (*outlines(), *[_format(m) for m in mappings if not m.files])


class _Draft(NamedTuple):
    """A mapping file that is not ready: the files it is meant for, and what it lacks."""

    file: str
    files: tuple[str, ...]
    error: InputError

    def of_table(self) -> Message:
        where = place(self.file, self.error.line, None, None)[:-2]
        return Message("mapping_not_ready", {"mapping": where, "reason": self.error.message})

    def alone(self) -> Message:
        return Message("mapping_unusable", {"reason": self.error.message})


def _mappings(paths: Sequence[Path], base: Path, *, strict: bool) -> tuple[list[Taught], list[_Draft]]:
    """The mapping files that can be used, and drafts that are not ready; `strict`: one of these is an InputError, as
    any mapping file is that says something wrong."""
    if not paths:
        return [], []
    from salyq.sources.mapping.file import meant_for, read_mapping

    taught: list[Taught] = []
    drafts: list[_Draft] = []
    for path in paths:
        name = shown_name(path, base)
        try:
            taught.append(read_mapping(path, name))
        except InputError as error:
            if strict or error.message.code not in LACKING:
                raise
            drafts.append(_Draft(name, meant_for(path), error))
    return taught, drafts


def _format(mapping: Taught) -> Format:
    from salyq.sources.mapping.rows import mapped_format

    return mapped_format(mapping)
