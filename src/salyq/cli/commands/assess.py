"""`salyq assess`: a year's figures, findings and obligations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import lawbook, options
from salyq.cli.helping import Command, Help
from salyq.cli.loading import beside, load, typed
from salyq.cli.output import check_target, complain, emit, emit_json, emit_page, write_files
from salyq.cli.progress import Bar

if TYPE_CHECKING:
    from salyq.app.api import Case
    from salyq.app.reforms import Reform
    from salyq.assessing.result import Assessment
    from salyq.forms.register import Document
    from salyq.present.page import Page
    from salyq.present.rows_text import FileRows

STRICT = 3


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        options.inputs(words),
        options.years(words, required=False),
        options.everything(words),
        options.person(words),
        options.known(words),
        click.Option(["--as-of"], type=options.Day(), metavar="DAY", help=words("option", "as_of")),
        click.Option(["--out"], metavar="DIR", help=words("option", "out")),
        click.Option(["--strict"], is_flag=True, help=words("option", "strict")),
        options.settings(words),
        options.reform(words),
        options.no_cache(words),
        options.form(words),
        options.lang(words),
    ]
    return Command("assess", words, run, params)


def run(
    *,
    inputs: Sequence[str],
    year: tuple[int, ...] | None,
    everything: bool,
    person: str | None,
    known: date | None,
    as_of: date | None,
    out: str | None,
    strict: bool,
    settings: Sequence[tuple[str, str]],
    reform: str | None,
    no_cache: bool,
    form: str,
    lang: str,
) -> int:
    """Exit code 0, or 3 under `--strict` unless the verdict is complete and no row was rejected."""
    from salyq.app import api, kept
    from salyq.present.rows_text import file_rows

    if year is None and not all(Path(name).exists() for name in inputs):
        raise _no_year()
    folders = _folders(out, inputs, year or ())
    chosen, results = dict(settings), []
    under = _Under(reform, known, chosen)
    keys = [None if no_cache or as_of else kept.key_of(inputs, person, n, known, chosen) for n in year or ()]
    with Bar() as bar:
        case = load(inputs, bar, person)
        if year is None:
            year = (_last_year(case, lang),)
            folders, keys = _folders(out, inputs, year), [None]
        files = file_rows(case)
        for n, folder in zip(year, folders, strict=True):
            bar.step(Message("step_assess", {"year": n}).text(lang), n - year[0], len(year))
            result = api.assess(case, n, known=known, settings=chosen, as_of=as_of)
            results.append(result)
            under.add(case, result)
            if folder is not None:
                page = _page(result, lang, files, inputs, True)
                contents = {"assessment.txt": page.text(), **_files(case, result, results, lang), **under.files()}
                write_files("--out", folder, contents)
    _show(results, files, under, inputs, everything=everything, form=form, lang=lang)
    _complain(files, lang)
    for key, result in zip(keys, results, strict=True):
        if key is not None and key == kept.key_of(inputs, person, result.year, known, chosen):  # nothing has changed
            kept.keep(key, result)
    return STRICT if strict and any(_incomplete(result, files) for result in results) else 0


def _show(
    results: Sequence[Assessment],
    files: Sequence[FileRows],
    under: _Under,
    inputs: Sequence[str],
    *,
    everything: bool,
    form: str,
    lang: str,
) -> None:
    """The results on stdout, the year under a reform in place of it where one is asked for."""
    from salyq.present.as_json import assessment_json

    if form == "json":
        made = [
            _with_filed(assessment_json(result), _filed(result)) | under.told(n) for n, result in enumerate(results)
        ]
        emit_json(made[0] if len(made) == 1 else made)
        return
    for n, result in enumerate(results):
        if n:
            emit("\n")
        laid = under.page(n, lang)
        page = laid or _page(result, lang, files, inputs, everything)
        if laid is None:
            _tell_filed(page, result, lang)
        emit_page(page)


class _Under:
    """The same years under a reform, where one is asked for."""

    def __init__(self, file: str | None, known: date | None, settings: dict[str, str]) -> None:
        self.known, self.settings = known, settings
        self.pairs: list[tuple[Assessment, Assessment]] = []
        self.reform: Reform | None = None
        if file is not None:
            from salyq.app.reforms import read

            self.reform = read(file)

    def add(self, case: Case, result: Assessment) -> None:
        if self.reform is not None:
            from salyq.app.reforms import assess_reformed

            asked = {"known": self.known, "as_of": result.run.as_of}
            after = assess_reformed(case, result.year, self.reform, settings=self.settings, **asked)
            self.pairs.append((result, after))

    def told(self, n: int) -> dict[str, Any]:
        if self.reform is None:
            return {}
        from salyq.app.reforms import compared, reform_json

        before, after = self.pairs[n]
        return {"reform": reform_json(self.reform, after, compared(before, after))}

    def files(self) -> dict[str, str]:
        """What `--out` writes of the year that was added last."""
        from salyq.present.as_json import dumps

        return {} if self.reform is None else {"reform.json": dumps(self.told(-1)["reform"])}

    def page(self, n: int, lang: str) -> Page | None:
        if self.reform is None:
            return None
        from salyq.app.reforms import compared
        from salyq.present.reform_text import reform_page

        before, after = self.pairs[n]
        return reform_page(self.reform, before, compared(before, after), lang)


def _page(result: Assessment, lang: str, files: Sequence[FileRows], inputs: Sequence[str], everything: bool) -> Page:
    """One screen, or with `--all` everything."""
    from salyq.present.as_text import assessment_page
    from salyq.present.short_text import short_page

    if everything:
        return assessment_page(result, lang, files=files, acts=lawbook.acts(), case=typed(inputs))
    return short_page(result, lang, case=typed(inputs), beside=beside(inputs))


def _last_year(case: Case, lang: str) -> int:
    """The last year of the law that the files tell of, said on stderr."""
    from salyq.app import api

    year = api.last_year(case)
    if year is None:
        raise _no_year()
    complain(Message("cli_last_year", {"year": year}).text(lang))
    return year


def _no_year() -> UsageError:
    from salyq.app import api

    return UsageError(Message("cli_no_last_year", {"year": api.shipped().reading["last_year"]}), column="--year")


def _folders(out: str | None, inputs: Sequence[str], years: Sequence[int]) -> list[Path | None]:
    """Where each year is written; the result of another year is never overwritten (exit 2)."""
    from salyq.app.read_back import RESULT

    if out is None:
        return [None] * len(years)
    base = check_target("--out", out, list(inputs))
    folders = [base] if len(years) == 1 else [base / str(year) for year in years]
    for year, folder in zip(years, folders, strict=True):
        had = _year_of(folder / RESULT)
        if had not in (None, year):
            raise UsageError(Message("cli_other_year", {"year": had}), column="--out", value=str(folder))
    return list(folders)


def _year_of(path: Path) -> int | None:
    """The year of the result that is there; None where there is none that we wrote."""
    try:
        found = json.loads(path.read_text(encoding="utf-8")).get("year")
    except (OSError, ValueError, AttributeError):
        return None
    return found if isinstance(found, int) else None


def _filed(result: Assessment) -> dict[tuple[str, str], Document | None]:
    """Which returns were handed in, by the user's register; empty where it says nothing of this person."""
    from salyq.forms.register import Register

    register = Register()
    if not register.path.exists():
        return {}
    from salyq.forms.history import duties

    return duties(result, register)


def _with_filed(told: dict[str, Any], filed: dict[tuple[str, str], Document | None]) -> dict[str, Any]:
    """`filed` on the obligations that are returns: what was handed in, or null where it is open."""
    for o in told["obligations"] if filed else ():
        key = (o["rule"], o["period"])
        if key in filed:
            d = filed[key]
            o["filed"] = None if d is None else {"state": d.state, "at": d.at, "form": d.form, "sha256": d.sha256}
    return told


def _tell_filed(page: Page, result: Assessment, lang: str) -> None:
    filed = _filed(result)
    if filed:
        from salyq.present.words import Words

        page.heading(Message("cli_filed_heading").text(lang))
        names = {(o.duty, o.period): o.name for o in result.obligations}
        for (duty, period), d in filed.items():
            params = {} if d is None else {"state": d.state, "at": d.at[:10], "form": d.form}
            said = Message("cli_open" if d is None else "cli_filed", params).text(lang)
            page.line(f"{Words(lang).duty(names[duty, period])}, {period}: {said}")


def _complain(files: Sequence[FileRows], lang: str) -> None:
    """Rejected rows on stderr, one line each: whoever keeps only stdout still sees what to correct."""
    from salyq.present.rows_text import SHOWN

    rejected = [r.text(lang) for f in files for r in f.rejected]
    for line in rejected[:SHOWN]:
        complain(line)
    if len(rejected) > SHOWN:
        complain(Message("cli_more_rejected", {"count": len(rejected) - SHOWN}).text(lang))


def _files(case: Case, result: Assessment, assessed: Sequence[Assessment], lang: str) -> dict[str, str]:
    """What `--out` writes besides the text: name -> contents."""
    from salyq.app import api
    from salyq.app.read_back import RESULT
    from salyq.present.as_csv import table_csv
    from salyq.present.as_json import assessment_json, dumps
    from salyq.present.case_text import MATCH_COLUMNS, questions_json, questions_page

    asked = api.questions(case, assessed)
    matched = api.matches_of(case, result)
    return {
        RESULT: dumps(assessment_json(result)),
        "matches.csv": table_csv(MATCH_COLUMNS, matched),
        "questions.json": dumps(questions_json(asked, case)),
        "questions.txt": questions_page(asked, case, lang).text(),
    }


def _incomplete(result: Assessment, files: Sequence[FileRows]) -> bool:
    rejected = result.rows.rejected or any(f.rejected for f in files)
    return bool(rejected) or not result.verdict.complete
