"""`salyq office backup | restore | import | export | extract`: files that go in and out of an office."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.office import DIFFERS, Moment, data_folder, office, shared
from salyq.cli.output import complain, emit_json, emit_page, write_file

if TYPE_CHECKING:
    from salyq.office.registry.read import AsOf
    from salyq.office.store.store import Store, Transaction


def build_backup(words: Help) -> click.Command:
    file = click.Argument(["file"], required=True, metavar="FILE")
    return Command("office backup", words, run_backup, [file, *shared(words)])


def run_backup(*, file: str, data: str | None, now: datetime | None, lang: str) -> int:
    with office(data, now, there=True) as store:
        from salyq.office.store.backup import backup

        count = backup(store, data_folder(data), _target(file))
    _say("cli_office_backed_up", lang, entries=count, file=file)
    return 0


def build_restore(words: Help) -> click.Command:
    file = click.Argument(["file"], required=True, metavar="FILE")
    return Command("office restore", words, run_restore, [file, *shared(words)])


def run_restore(*, file: str, data: str | None, now: datetime | None, lang: str) -> int:
    """Into an empty folder; 3 where what came back is not what was backed up."""
    source = _existing(file)
    from salyq.office.store.backup import check_restored, read_about

    about = read_about(source)
    with office(data, now, backup=source) as store:
        found = check_restored(store, about)
    if found is not None:
        complain(Message("cli_office_differs", found._asdict()).text(lang))
        return DIFFERS
    _say("cli_office_restored", lang, entries=about["size"])
    return 0


def build_export(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["register"], required=True, metavar="REGISTER"),
        click.Option(["--on"], type=options.Day(), metavar="D", help=words("option", "on_day")),
        click.Option(["--known"], type=Moment(), metavar="T", help=words("option", "known_at")),
        click.Option(["--to"], required=True, metavar="FILE.csv|json", help=words("option", "to_office")),
        *shared(words),
    ]
    return Command("office export", words, run_export, params)


def run_export(
    *,
    register: str,
    on: date | None,
    known: datetime | None,
    to: str,
    data: str | None,
    now: datetime | None,
    lang: str,
) -> int:
    suffix = _suffix(to, (".csv", ".json"))
    with office(data, now, there=True) as store:
        from salyq.office.portal.public.registers import rows_csv, rows_json
        from salyq.office.registry.book import register as find
        from salyq.office.registry.read import Wanted, every_record

        spec = find(register)
        with store.transaction() as tx:
            rows = list(every_record(tx, register, Wanted(), _as_of(tx, on, known)))
    write_file("--to", Path(to), rows_csv(spec, rows) if suffix == ".csv" else rows_json(rows))
    _say("cli_office_exported", lang, count=len(rows), file=to)
    return 0


def build_extract(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["register"], required=True, metavar="REGISTER"),
        click.Argument(["number"], required=True, metavar="NUMBER"),
        click.Option(["--on"], type=options.Day(), metavar="D", help=words("option", "on_day")),
        click.Option(["--to"], required=True, metavar="FILE.pdf|json", help=words("option", "to_office")),
        *shared(words),
    ]
    return Command("office extract", words, run_extract, params)


def run_extract(
    *, register: str, number: str, on: date | None, to: str, data: str | None, now: datetime | None, lang: str
) -> int:
    suffix = _suffix(to, (".json", ".pdf"))
    with office(data, now, there=True) as store:
        from salyq.office.demonstration.make import is_made_up
        from salyq.office.registry.extract import extract

        with store.transaction() as tx:
            document = extract(tx, register, number, _as_of(tx, on, None), is_made_up(tx) is not None)
    if suffix == ".json":
        write_file("--to", Path(to), json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    else:
        from salyq.office.registry.paper import extract_pdf

        _target(to).write_bytes(extract_pdf(document, lang))
    _say("cli_office_exported", lang, count=1, file=to)
    return 0


def build_import(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["register"], required=True, metavar="REGISTER"),
        click.Argument(["file"], required=True, metavar="FILE"),
        click.Option(["--on"], type=options.Day(), required=True, metavar="D", help=words("option", "import_on")),
        click.Option(["--source"], required=True, metavar="TEXT", help=words("option", "import_source")),
        click.Option(["--dry-run"], is_flag=True, help=words("option", "dry_run")),
        options.form(words),
        *shared(words),
    ]
    return Command("office import", words, run_import, params)


def run_import(
    *,
    register: str,
    file: str,
    on: date,
    source: str,
    dry_run: bool,
    form: str,
    data: str | None,
    now: datetime | None,
    lang: str,
) -> int:
    """Compares with the state of the day and, unless dry, keeps what is proposed; a bad row is exit 4, nothing kept."""
    path = _existing(file)
    with office(data, now) as store:
        found = _imported(store, register, path, on, source, dry_run)
    counts = {v: sum(1 for f in found if f["verdict"] == v) for v in ("new", "same", "differs", "missing")}
    if form == "json":
        emit_json({"register": register, "on": on.isoformat(), "kept": not dry_run, **counts, "rows": found})
        return 0
    from salyq.present.page import Page

    page = Page()
    for row in found:
        if row["verdict"] != "same":
            page.line(f"{row['number']}  {row['verdict']}  {json.dumps(row['differs'], ensure_ascii=False)}")
    page.line(Message("cli_office_imported", counts).text(lang))
    emit_page(page)
    return 0


def _imported(store: Store, register: str, path: Path, on: date, source: str, dry_run: bool) -> list[dict[str, object]]:
    from salyq.office.registry.imports import compare, keep, read_list

    table = read_list(register, path)
    with store.transaction() as tx:
        found = compare(tx, register, table, on)
        if not dry_run:
            keep(tx, register, found, on, source, table)
    return [{"number": f.number, "verdict": f.verdict, "differs": f.differs, "line": f.line} for f in found]


# --- what they share --------------------------------------------------------------------------------------------------


def _as_of(tx: Transaction, on: date | None, known: datetime | None) -> AsOf:
    from salyq.office.registry.read import AsOf

    return AsOf(on or AsOf.now(tx).on, known)


def _existing(file: str) -> Path:
    path = Path(file)
    if not path.is_file():
        raise InputError(Message("cli_no_such_path", {}), file=file)
    return path


def _suffix(to: str, allowed: tuple[str, ...]) -> str:
    suffix = Path(to).suffix.lower()
    if suffix not in allowed:
        raise UsageError(Message("cli_office_bad_target"), column="--to", value=to)
    return suffix


def _target(file: str) -> Path:
    path = Path(file).absolute()
    if path.is_dir():
        raise UsageError(Message("cli_is_a_folder"), value=file)
    return path


def _say(code: str, lang: str, **params: object) -> None:
    from salyq.present.page import Page

    page = Page()
    page.line(Message(code, params).text(lang))
    emit_page(page)
