"""The command `salyq`: finds the language, calls the command, and turns every outcome into an exit code.

0 done · 2 wrong option or a year with no law · 3 `--strict` and something rejected or unknown · 4 an input that
cannot be used · 1 a defect of ours, with a report file. Never a traceback.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import click
from click.exceptions import NoSuchCommand, NoSuchOption
from click.shell_completion import get_completion_class

from salyq.civil.errors import SalyqError, UsageError, nearest
from salyq.civil.messages import Message
from salyq.cli import INTERRUPTED, options
from salyq.cli.helping import Group, Help
from salyq.cli.language import wanted_language
from salyq.cli.output import complain, emit

SHELLS = ("bash", "zsh", "fish")
COMMANDS = {
    "init": "salyq.cli.commands.init:build",
    "assess": "salyq.cli.commands.assess:build",
    "explain": "salyq.cli.commands.explain:build",
    "matches": "salyq.cli.commands.matches:build",
    "holdings": "salyq.cli.commands.holdings:build",
    "read": "salyq.cli.commands.read:build",
    "questions": "salyq.cli.commands.questions:build",
    "answer": "salyq.cli.commands.answer:build",
    "report": "salyq.cli.commands.report:build",
    "check": "salyq.cli.commands.check:build",
    "replay": "salyq.cli.commands.replay:build",
    "schema": "salyq.cli.commands.schema:build",
    "prices": "salyq.cli.commands.prices:build",
    "sources": "salyq.cli.commands.sources:build",
    "calendar": "salyq.cli.commands.calendar:build",
    "forms": "salyq.cli.commands.forms:build",
    "carf": "salyq.cli.commands.carf:build",
    "fm1": "salyq.cli.commands.fm1:build",
    "law": "salyq.cli.commands.law:build",
    "ask": "salyq.cli.commands.ask:build",
    "ledger": "salyq.cli.commands.ledger:build",
    "pilot": "salyq.cli.commands.pilot:build",
    "serve": "salyq.cli.commands.serve:build",
    "office": "salyq.cli.commands.office:build",
    "verify-extract": "salyq.cli.commands.verify_extract:build",
    "population": "salyq.cli.commands.population:build",
}


def main(args: Sequence[str]) -> int:
    """Runs one command and returns its exit code; every message is in the language asked for."""
    lang = wanted_language(args, os.environ)
    try:
        return _dispatch(list(args), lang)
    except SalyqError as error:
        complain(error.text(lang))
        return error.exit_code
    except click.ClickException as error:
        complain(_usage_error(error).text(lang))
        return UsageError.exit_code
    except (KeyboardInterrupt, click.Abort) as error:
        if isinstance(error.__context__, EOFError):  # a question was asked and the input had ended
            complain(Message("cli_no_answer", {}).text(lang))
            return UsageError.exit_code
        complain(Message("cli_interrupted", {}).text(lang))
        return INTERRUPTED
    except OSError as error:
        if error.filename is None:
            return _defect(error, args, lang)
        reason = error.strerror or type(error).__name__
        complain(SalyqError(Message("cli_cannot_read", {"reason": reason}), file=str(error.filename)).text(lang))
        return SalyqError.exit_code
    except Exception as error:
        return _defect(error, args, lang)


def top(words: Help) -> Group:
    """`salyq` itself: its commands and its own options, with their help in a language."""
    return Group("salyq", words, COMMANDS, [_version(words), _completion(words), options.lang(words)])


def _dispatch(args: list[str], lang: str) -> int:
    group = top(Help(lang))
    if not args:
        args = ["--help"]
    outcome = group.main(args, prog_name="salyq", standalone_mode=False, help_option_names=["-h", "--help"])
    return outcome if isinstance(outcome, int) else 0


def _version(words: Help) -> click.Option:
    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001
        if value and not ctx.resilient_parsing:
            from salyq.cli.defect import version

            emit(f"salyq {version()}\n")
            ctx.exit()

    told = words("option", "version")
    return click.Option(["-V", "--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=told)


def _completion(words: Help) -> click.Option:
    def show(ctx: click.Context, param: click.Parameter, value: str | None) -> None:  # noqa: ARG001
        if value and not ctx.resilient_parsing:
            made = get_completion_class(value)
            if made is not None:
                emit(made(ctx.command, {}, "salyq", "_SALYQ_COMPLETE").source().strip() + "\n")
            ctx.exit()

    return click.Option(
        ["--show-completion"],
        type=options.OneOf(SHELLS),
        metavar="|".join(SHELLS),
        is_eager=True,
        expose_value=False,
        callback=show,
        help=words("option", "show_completion"),
    )


def _usage_error(error: click.ClickException) -> UsageError:
    """click's complaint in our words; `hint` names the help of the command that was called."""
    context = getattr(error, "ctx", None)
    hint = f"{context.command_path if context else 'salyq'} --help"
    if isinstance(error, NoSuchOption):
        told = Message("cli_no_such_option", {"hint": hint})
        return UsageError(told, value=error.option_name, near=nearest(error.option_name, _option_names(context)))
    if isinstance(error, NoSuchCommand):
        listed = context.command.list_commands(context) if context else []
        told = Message("cli_no_such_command", {"names": ", ".join(listed)})
        return UsageError(told, value=error.command_name, near=nearest(error.command_name, listed))
    if isinstance(error, click.MissingParameter):
        wanted = error.param.opts[0] if isinstance(error.param, click.Option) else _metavar(error.param, context)
        return UsageError(Message("cli_missing", {"what": wanted, "hint": hint}))
    if isinstance(error, click.BadOptionUsage):
        return UsageError(Message("cli_option_value", {"hint": hint}), value=error.option_name)
    if context is not None and isinstance(context.command, click.Group):
        return UsageError(Message("cli_no_command", {"hint": hint}))
    return UsageError(Message("cli_usage", {"text": error.format_message(), "hint": hint}))


def _option_names(context: click.Context | None) -> list[str]:
    params = context.command.params if context is not None else []
    return [name for p in params if isinstance(p, click.Option) for name in p.opts if name.startswith("--")]


def _metavar(param: click.Parameter | None, context: click.Context | None) -> str:
    return "" if param is None or context is None else param.make_metavar(context)


def _defect(error: Exception, args: Sequence[str], lang: str) -> int:
    from salyq.cli.defect import write_report

    report = write_report(error, args)
    complain(Message("cli_defect", {"error": type(error).__name__, "report": report}).text(lang))
    return 1
