"""Reading a mapping file: every key that is not as it should be is one InputError with file, line, key and value."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.civil.toml_lines import line_of
from salyq.records.kinds import BY_VALUE, IN, KINDS, NONE, OUT
from salyq.records.toml_tables import refuse_endless
from salyq.sources.habits.time_pattern import time_parser, zone_of
from salyq.sources.mapping import SUFFIX, model
from salyq.sources.mapping.model import Target
from salyq.sources.mapping.tables import SHAPES, fields_of, lacking

_TOP = ("name", "files", "table", "words", "signs", "columns", "always", "time", "numbers", "kinds", "only")
_LARGEST = 1_000_000  # bytes
_MOST_FILES, _LONGEST_NAME = 50, 200
_MARKS = (" ", ",", ".", "'", "_", "")


def read_mapping(path: Path, name: str | None = None) -> model.Mapping:
    """The mapping of a file. `name`: how messages call it (default: the path)."""
    shown = name or str(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(Message("mapping_too_large", {"bytes": _LARGEST}), file=shown)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(Message("file_unreadable", {"why": error.strerror or str(error)}), file=shown) from None
    except UnicodeDecodeError:
        raise InputError(Message("mapping_not_utf8"), file=shown) from None
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"))
        refuse_endless(data, text, shown)
    except tomllib.TOMLDecodeError as error:
        line = str(error).partition("at line ")[2].partition(",")[0]
        number = int(line) if line.isdigit() else None
        raise InputError(Message("mapping_not_toml", {"why": str(error)[:200]}), file=shown, line=number) from None
    except (RecursionError, ValueError):  # a number of thousands of digits, tables nested without end
        raise InputError(Message("toml_beyond_limits"), file=shown) from None
    return _Reader(shown, text, data).mapping(path.name.removesuffix(SUFFIX))


def meant_for(path: Path) -> tuple[str, ...]:
    """The files that a mapping names which only lacks something."""
    files = tomllib.loads(path.read_bytes().decode("utf-8-sig")).get("files", ())
    return (files,) if isinstance(files, str) else tuple(files)


class _Reader:
    def __init__(self, file: str, text: str, data: Mapping[str, Any]) -> None:
        self.file, self.text, self.data = file, text, data

    def error(self, table: str, key: str, value: object, code: str, /, **params: object) -> InputError:
        places = ((table, key), (key, "") if not table else (table, ""))  # a key, or a table of that name
        line = next((found for place, name in places if (found := line_of(self.text, place, 0, name))), None)
        where = ".".join(part for part in (table, key) if part)
        shown = None if value is None else str(value)
        return InputError(Message(code, params), file=self.file, line=line, column=where or None, value=shown)

    def mapping(self, name: str) -> model.Mapping:
        self.known("", self.data, _TOP)
        table = self.one_of("", "table", self.data.get("table", model.RECORDS), (model.RECORDS, *SHAPES))
        columns, always = self.columns(table), self.always(table)
        kinds = {word.casefold().strip(): self.target("kinds", word, to) for word, to in self.table("kinds").items()}
        formats, zone = self.time(columns, table)
        decimal, thousands = self.numbers()
        made = model.Mapping(
            name=self.word("", "name", self.data.get("name", name)),
            file=self.file,
            columns=columns,
            kinds=kinds,
            always=always,
            formats=formats,
            zone=zone,
            decimal=decimal,
            thousands=thousands,
            signs=self.one_of("", "signs", self.data.get("signs", "check"), ("check", "ignore")),
            only={title: self.words("only", title, words) for title, words in self.table("only").items()},
            files=self.files(),
            table=table,
            words=self.closed_lists(table),
        )
        self.complete(made)
        return made

    def known(self, table: str, data: Mapping[str, Any], keys: Collection[str]) -> None:
        for key in data:
            if key not in keys:
                raise self.error(table, key, None, "mapping_unknown_key", keys=", ".join(keys))

    def table(self, name: str) -> Mapping[str, Any]:
        found = self.data.get(name, {})
        if not isinstance(found, dict):
            raise self.error("", name, found, "mapping_not_table", table=name)
        return found

    def word(self, table: str, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > _LONGEST_NAME:
            raise self.error(table, key, value, "mapping_not_text")
        return value.strip()

    def words(self, table: str, key: str, value: object) -> tuple[str, ...]:
        """One text or a list of texts."""
        many = value if isinstance(value, list) else [value]
        if not many or len(many) > _MOST_FILES:
            raise self.error(table, key, value, "mapping_not_text")
        return tuple([self.word(table, key, one) for one in many])

    def one_of(self, table: str, key: str, value: object, choices: Collection[str]) -> str:
        if not isinstance(value, str) or value not in choices:
            shown = ", ".join(f'"{choice}"' for choice in choices)
            raise self.error(table, key, value, "mapping_not_a_choice", choices=shown)
        return value

    def columns(self, table: str) -> dict[str, tuple[str, ...]]:
        self.known("columns", self.table("columns"), model.FIELDS if table == model.RECORDS else fields_of(table))
        return {name: self.words("columns", name, titles) for name, titles in self.table("columns").items()}

    def always(self, table: str) -> dict[str, str]:
        self.known("always", self.table("always"), model.ALWAYS if table == model.RECORDS else fields_of(table))
        return {key: self.word("always", key, value) for key, value in self.table("always").items()}

    def closed_lists(self, table: str) -> dict[str, dict[str, str]]:
        """`[words.category]`: word in the file = allowed value; not for records, whose words stand in [kinds]."""
        lists = self.table("words")
        if table == model.RECORDS and lists:
            raise self.error("", "words", None, "mapping_words_of_records")
        self.known("words", lists, fields_of(table) if lists else ())
        found = {}
        for name, words in lists.items():
            if not isinstance(words, dict):
                raise self.error("words", name, words, "mapping_not_table", table=f"words.{name}")
            key = f"words.{name}"
            found[name] = {self.word(key, w, w).casefold(): self.word(key, w, to) for w, to in words.items()}
        return found

    def files(self) -> tuple[str, ...]:
        return self.words("", "files", self.data["files"]) if "files" in self.data else ()

    def target(self, table: str, key: str, value: object) -> Target:
        """ "buy", "ignore", "trade", or "transfer_in / transfer_out": what comes in / what goes out."""
        parts = [part.strip() for part in self.word(table, key, value).split("/")]
        for part in parts:
            if part not in KINDS and part not in (model.IGNORE, model.TRADE):
                kinds = ", ".join([*KINDS, model.TRADE, model.IGNORE])
                raise self.error(table, key, value, "mapping_unknown_target", kinds=kinds)
        if len(parts) == 1:
            return Target(parts[0], parts[0])
        directions = [KINDS[part].direction if part in KINDS else "" for part in parts]
        if directions != [IN, OUT]:
            raise self.error(table, key, value, "mapping_bad_pair_of_kinds")
        return Target(*parts)

    def time(self, columns: Mapping[str, object], own: str) -> tuple[tuple[str, ...], tzinfo | None]:
        table = self.table("time")
        self.known("time", table, ("format", "zone"))
        formats = self.words("time", "format", table.get("format", "iso"))
        for pattern in formats:
            if time_parser(pattern) is None:
                raise self.error("time", "format", pattern, "mapping_bad_time_format")
        if "zone" not in table:
            if own != model.RECORDS:
                return formats, None  # days; a time of day without a zone is Kazakhstan's
            if "zone" in columns or all(pattern.startswith("unix") or "Z" in pattern for pattern in formats):
                return formats, None
            raise self.error("time", "zone", None, "mapping_zone_missing")
        zone = zone_of(self.word("time", "zone", table["zone"]))
        if zone is None:
            raise self.error("time", "zone", table["zone"], "mapping_bad_zone")
        return formats, zone

    def numbers(self) -> tuple[str, str]:
        table = self.table("numbers")
        self.known("numbers", table, ("decimal", "thousands"))
        decimal = self.one_of("numbers", "decimal", table.get("decimal", "."), (".", ","))
        thousands = self.one_of("numbers", "thousands", table.get("thousands", ""), _MARKS)
        if thousands == decimal:
            raise self.error("numbers", "thousands", thousands, "mapping_same_marks")
        return decimal, thousands

    def complete(self, made: model.Mapping) -> None:
        """What a record cannot do without must come from somewhere."""
        has = {*made.columns, *made.always}
        if made.table != model.RECORDS:
            lacks = lacking(made.table, has)
            if lacks is not None:
                raise self.lacks("columns", f"columns.{lacks}")
            if made.kinds:
                raise self.error("kinds", "", None, "mapping_kinds_of_records", table=made.table)
            return
        two_sided = {"in_quantity", "out_quantity"} & has
        absent = [
            f"columns.{name}" for name in ("time", *(() if two_sided else ("quantity",))) if name not in made.columns
        ]
        if "kind" not in has and not two_sided:
            absent.append("columns.kind / always.kind")
        if absent:
            raise self.lacks("columns", *absent)
        if "kind" in made.columns and not made.kinds:
            raise self.lacks("kinds", "[kinds]")
        if "kind" in made.always:
            self.target("always", "kind", made.always["kind"])

    def lacks(self, table: str, *what: str) -> InputError:
        """All that is missing at once."""
        line = line_of(self.text, table, 0, "")
        return InputError(Message("mapping_lacks", {"what": ", ".join(what)}), file=self.file, line=line)


def fits_direction(kind: str, incoming: bool) -> bool:
    """Whether something that comes in (or goes out) can be of this kind."""
    return KINDS[kind].direction in (IN if incoming else OUT, BY_VALUE, NONE)
