"""`salyq ask ACT …`: what law says of an act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from salyq.civil.days import kz_day
from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.cli import options
from salyq.cli.helping import Command, Help
from salyq.cli.output import emit_json, emit_page

if TYPE_CHECKING:
    from salyq.app.asking import Answer
    from salyq.app.reforms import Reform


class AskCommand(Command):
    """`ask ACT --help` shows the act with its facts."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words = [a for a in args if not a.startswith("-") and "=" not in a]
        ctx.meta["salyq.act"] = words[0] if words else None
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help(ctx, formatter)
        name = ctx.meta.get("salyq.act")
        if name is None:
            return
        from salyq.app.asking import act_as_json, act_names
        from salyq.present.ask_text import act_page

        if name in act_names():
            formatter.write_paragraph()
            formatter.write(act_page(act_as_json(name), self.words.lang).text())


def build(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Argument(["act"], required=False, metavar="ACT"),
        click.Argument(["given"], nargs=-1, metavar="KEY=VALUE…|FILE.toml"),
        click.Option(["--on"], type=options.Day(), metavar="D", help=words("option", "ask_on")),
        options.known(words),
        click.Option(["--list", "listing"], is_flag=True, help=words("option", "ask_list")),
        click.Option(["--why"], is_flag=True, help=words("option", "ask_why")),
        options.reform(words),
        options.form(words),
        options.lang(words),
    ]
    return AskCommand("ask", words, run, params)


def run(
    *,
    act: str | None,
    given: Sequence[str],
    on: date | None,
    known: date | None,
    listing: bool,
    why: bool,
    reform: str | None,
    form: str,
    lang: str,
) -> int:
    """0 when law answered, whatever the answer is; 2 for an act or fact that it does not know, or a day before it."""
    from salyq.app.asking import act_names, ask_act, find_act

    if listing:
        return _list(act_names(), form, lang)
    if act is None:
        raise UsageError(Message("ask_no_act", {}))
    asked = find_act(act)
    facts = _facts(given)
    if on is None and not any(name in facts for name in ("on", *asked.dated_by)):
        on = kz_day(datetime.now(UTC))  # the day of the question; the answer says it
    answer = ask_act(act, facts, on, known, explain=why or form == "json")
    if reform is not None:
        from salyq.app.reforms import read

        laid = read(reform)
        after = ask_act(act, facts, on, known, explain=form == "json", reform=laid)
        return _compare(laid, answer, after, asked.title, form, lang)
    if form == "json":
        emit_json(answer.as_json())
    else:
        _print(answer, asked.title, lang, why=why)
    return 0


def _compare(reform: Reform, before: Answer, after: Answer, title: Any, form: str, lang: str) -> int:
    """The baseline's answer, and what the reform would make other."""
    from salyq.app.asking import words
    from salyq.app.reforms import answers_compared, answers_json
    from salyq.present.reform_text import answers_page

    rows = answers_compared(before, after)
    if form == "json":
        emit_json({**before.as_json(), "reform": answers_json(reform, after, rows)})
    else:
        emit_page(answers_page(reform, before, rows, title, words(), lang))
    return 0


def _list(names: Any, form: str, lang: str) -> int:
    from salyq.app.asking import act_as_json
    from salyq.present.ask_text import acts_page

    if form == "json":
        emit_json({"acts": [act_as_json(name) for name in names]})
    else:
        emit_page(acts_page(names, lang))
    return 0


def _facts(given: Sequence[str]) -> dict[str, object]:
    """Facts from KEY=VALUE and from TOML files, each once."""
    from salyq.app.asking import facts_in

    facts: dict[str, object] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if equals:
            more: dict[str, object] = {name.strip(): value}
        elif text.endswith(".toml"):
            more = facts_in(text)
        else:
            raise UsageError(Message("ask_not_a_pair", {}), value=text)
        for key in more:
            if key in facts:
                raise UsageError(Message("ask_twice", {}), column=key, value=str(more[key]))
        facts |= more
    return facts


def _print(answer: Answer, title: Any, lang: str, *, why: bool) -> None:
    from salyq.app.asking import acts_of_law, words
    from salyq.present.ask_text import answer_page
    from salyq.present.explain_text import why_page
    from salyq.present.words import Words

    body = answer.as_json(explain=False)
    parts = [*answer.needs, *answer.duties, *answer.amounts, *answer.findings]
    acts = acts_of_law(answer)
    page = answer_page(body, title, lang, words(), acts)
    if why:
        say = Words(lang)
        for part in parts:
            if part.why is not None:
                page.heading(say("ask_why", name=say.label(part.label, part.name)))
                page.parts.extend(why_page(part.why, lang, acts=acts, listed=False).parts)
    emit_page(page)
