"""Commands whose help speaks kk, ru and en, each with an example; built when they are called, not before."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.resources import files

import click


class Help:
    """The words of help.toml in one language, an entry read when it is asked for.

    Keys: `assess.summary`, `option.year`, `word.usage`, … Each entry stands on a line of its own (in all languages, or
    in one: `summary.kk`), so that a line is all that has to be parsed."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        text = (files("salyq.cli") / "help.toml").read_text(encoding="utf-8")
        sections = (part.partition("]") for part in f"\n{text}".split("\n[")[1:])
        self._texts = {head: body + "\n" for head, _, body in sections}

    def __call__(self, section: str, name: str) -> str:
        lines = self._texts[section]
        for begins in (f"\n{name}.{self.lang} = ", f"\n{name} = "):
            at = lines.find(begins)
            if at >= 0:
                words: Mapping[str, str] = tomllib.loads(lines[at : lines.index("\n", at + 1)])[name]
                return words[self.lang].strip()
        raise KeyError(f"{section}.{name}")


class Command(click.Command):
    """A command with its words: `[name] summary, text, example` of help.toml."""

    def __init__(self, name: str, words: Help, callback: Callable[..., object], params: list[click.Parameter]) -> None:
        section = name.replace(" ", "_")
        super().__init__(
            name=name.rpartition(" ")[2],
            callback=callback,
            params=params,
            help=words(section, "text"),
            short_help=words(section, "summary"),
        )
        self.words = words
        self.section = section

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _usage(self, ctx, formatter, self.words)
        formatter.write_paragraph()
        formatter.write_text(self.help or "")
        with formatter.section(self.words("word", "example")):
            for line in self.words(self.section, "example").splitlines():
                formatter.write(" " * formatter.current_indent + line + "\n")
        _options(self, ctx, formatter, self.words)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx), self.words)


class Group(click.Group):
    """Commands by name -> module with `build(words)`. A module is imported when its command is called or asked for."""

    def __init__(self, name: str, words: Help, modules: Mapping[str, str], params: list[click.Parameter]) -> None:
        section = name.replace(" ", "_")
        super().__init__(
            name=name.rpartition(" ")[2],
            help=words(section, "text"),
            short_help=words(section, "summary"),
            params=params,
            no_args_is_help=False,
            invoke_without_command=False,
        )
        self.words = words
        self.section = section
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.modules:
            return None
        module, _, function = self.modules[cmd_name].partition(":")
        made: click.Command = getattr(import_module(module), function)(self.words)
        return made

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _usage(self, ctx, formatter, self.words)
        formatter.write_paragraph()
        formatter.write_text(self.help or "")
        with formatter.section(self.words("word", "example")):
            for line in self.words(self.section, "example").splitlines():
                formatter.write(" " * formatter.current_indent + line + "\n")
        prefix = "" if self.section == "salyq" else self.section + "_"
        with formatter.section(self.words("word", "commands")):
            formatter.write_dl([(name, self.words(prefix + name, "summary")) for name in self.modules])
        _options(self, ctx, formatter, self.words)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx), self.words)


def _usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter, words: Help) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=words("word", "usage") + ": ")


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter, words: Help) -> None:
    records = [(_switches(p), _told(p, words)) for p in command.get_params(ctx) if isinstance(p, click.Option)]
    if records:
        with formatter.section(words("word", "options")):
            formatter.write_dl(records)


def _switches(option: click.Option) -> str:
    """`--year Y`."""
    names = ", ".join(option.opts)
    return names if option.is_flag else f"{names} {option.metavar}"


def _told(option: click.Option, words: Help) -> str:
    return (option.help or "") + (f" [{words('word', 'required')}]" if option.required else "")


def _help_option(option: click.Option | None, words: Help) -> click.Option | None:
    if option is not None:
        option.help = words("option", "help")
    return option
