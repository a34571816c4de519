"""Every command that Salyq prints works as printed: in messages, help, guides, and in what is printed of real cases.

A word in capitals (AMOUNT, OTHER_ROW) is the person's to fill in, a word in braces is filled by the program. A whole
command of the tax half is run in a case of its own; one that serves, waits for a network or needs a database, and one
with words to fill in, is parsed: its command, options and number of arguments must be there.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import salyq
from salyq.cli.helping import Help
from salyq.cli.main import main, top

ROOT = Path(__file__).parents[2]
SRC = Path(salyq.__file__).parent
IMPORTS = sorted(p for p in (ROOT / "tests" / "cases" / "imports").iterdir() if (p / "person.toml").exists())
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "sources").glob("*.md"))]
CALL = re.compile(r"(?:\.venv/bin/)?\bsalyq (?=[a-z])")
WHOLE = re.compile(r"[-{./=\d\"'A-Z_]|[a-z_]+[.=:/_-]")  # how an argument begins that is no word of a sentence
RUN = {
    *("init", "assess", "explain", "matches", "holdings", "read", "questions", "answer", "report", "check", "replay"),
    *("schema", "sources", "calendar", "forms", "law", "ask", "prices"),
}
NOT_RUN = {
    ("assess", "out/card"),
    ("prices", "fetch"),
    ("forms", "report"),
    ("forms", "mark"),
    ("forms", "history"),
    ("law", "check"),
}
TOP = top(Help("en"))


def words_of(line: str) -> list[str]:
    """A line of a shell up to its remark, redirection or second command; a placeholder in braces is one word."""
    line = re.split(r"\s+#|\s{3,}|\s&&|\s>|\s\||`|;(?=\s|$)|\s—", line.strip())[0]
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def in_prose(text: str) -> Iterator[list[str]]:
    """The commands in a sentence: the command and what cannot be words of the sentence."""
    root = TOP
    for call in CALL.finditer(text):
        words = words_of(re.split(r"[«»“”()\n,]", text[call.end() :])[0])
        command: click.Command = root
        taken: list[str] = []
        while words and isinstance(command, click.Group) and words[0].rstrip(".:") in command.list_commands(None):  # type: ignore[arg-type]
            taken.append(words.pop(0).rstrip(".:"))
            command = command.get_command(None, taken[-1])  # type: ignore[arg-type, assignment]
        if not taken:
            yield words[:1]
            continue
        while words and (WHOLE.match(words[0]) or (taken[-1].startswith("--") and WHOLE.match(taken[-1]))):
            word = words.pop(0).rstrip(".:")
            if taken[-1].startswith("-") and not isinstance(command, click.Group) and not word.startswith("-"):
                flags = {n for p in command.params if isinstance(p, click.Option) and p.is_flag for n in p.opts}
                if taken[-1] in flags:
                    break
            taken.append(word)
        yield taken


def shown() -> dict[str, str]:
    """Every command of messages, help and pages, and where it stands first."""
    found: dict[str, str] = {}

    def add(words: list[str], where: str) -> None:
        if words:
            found.setdefault(shlex.join(words), where)

    for path in sorted(SRC.rglob("messages.toml")):
        for code, said in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for lang, text in said.items():
                for words in in_prose(text if isinstance(text, str) else ""):
                    add(words, f"{path.parent.name}/{path.name}: {code} {lang}")
    for section, names in tomllib.loads((SRC / "cli" / "help.toml").read_text(encoding="utf-8")).items():
        for name, said in names.items():
            for lang, text in said.items():
                for line in text.splitlines():
                    lines = [words_of(line[6:])] if line.startswith("salyq ") else in_prose(line)
                    for words in lines:
                        add(words, f"help.toml: {section}.{name} {lang}")
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        blocks = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
        lines = [x for b in blocks for x in re.findall(r"^\s*(?:\$ )?(?:\.venv/bin/)?salyq (.*)$", b, re.MULTILINE)]
        lines += re.findall(r"`(?:\.venv/bin/)?salyq ([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
        for line in lines:
            add(words_of(line), page.relative_to(ROOT).as_posix())
    return found


SHOWN = shown()


def complete(words: list[str]) -> bool:
    """Whether nothing is left to fill in."""
    return not any(re.fullmatch(r"[A-Z_|]{2,}…?|.*[{}…].*|YYYY-MM-DD|GUID.*|IIN|NAME|Y|\[.*", w) for w in words[1:])


def parsed(words: list[str]) -> str:
    """What is wrong with the command itself: an unknown command or option, too many arguments; nothing if all is right.
    A command named alone, without what it needs, is only a name."""
    given = [re.sub(r"\{\w+\}", "1", w) for w in words if w not in ("…", "OPTIONS")]
    context = click.Context(TOP, info_name="salyq")
    command: click.Command = context.command
    while isinstance(command, click.Group):
        if not given or given == ["--help"]:
            return ""
        if given[0].startswith("-"):
            return _refused(command, context, given)
        found = command.get_command(context, given[0])
        if found is None:
            return f"no command {given[0]}"
        command, given = found, given[1:]
        context = click.Context(command, info_name=command.name, parent=context)
    if not given or given == ["--help"]:
        return ""
    return _refused(command, context, given)


def _refused(command: click.Command, context: click.Context, given: list[str]) -> str:
    try:
        command.make_parser(context).parse_args(list(given))
    except click.ClickException as error:
        return error.format_message()
    return ""


def test_what_is_shown_can_be_called():
    assert len(SHOWN) > 150
    wrong = {f"salyq {c} ({where})": parsed(shlex.split(c)) for c, where in SHOWN.items()}
    assert {c: why for c, why in wrong.items() if why} == {}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder as the guides speak of it: the examples, a case of one's own, exports without person.toml, tables."""
    here = tmp_path_factory.mktemp("place")
    shutil.copytree(ROOT / "examples", here / "examples", ignore=shutil.ignore_patterns("making", "*.py"))
    shutil.copytree(here / "examples" / "aliya", here / "my-case")
    shutil.copytree(here / "examples" / "aliya", here / "my-exports")
    (here / "my-exports" / "person.toml").unlink()
    (here / "prices").mkdir()
    for folder in (here, here / "prices"):
        (folder / "exchange_rates.csv").write_text("date,currency,rate,source\n2026-01-05,USD,505.10,NBK\n")
        (folder / "asset_values.csv").write_text("date,asset,value,currency,source\n2026-01-05,BTC,90000,USD,x\n")
    shutil.copy(IMPORTS[0].parent / "foreign_table_said_to_be_expenses" / "poloniex.csv", here / "broker.csv")
    (here / "facts.toml").write_text('permit = "mining_I"\nfiled = "2026-06-01"\n')
    shutil.copy(here / "my-case" / "person.toml", here / "person.toml")
    return here


@pytest.fixture
def there(place, tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(place)
    monkeypatch.setenv("SALYQ_DATA", str(tmp_path / "data"))
    return place


def runs(words: list[str]) -> bool:
    """Whether a shown command is run: a whole one of the tax half, with all that it needs."""
    if words[0] not in RUN or tuple(words[:2]) in NOT_RUN or not complete(words) or "--population" in words:
        return False
    alone = {("ask",), ("law",), ("prices",), ("sources",), ("forms",)}
    return len(words) > (2 if (words[0],) in alone else 1) or words[:2] in (["law", "list"], ["sources", "list"])


ORDER = ("init", "assess", "forms fill", "prices import")  # they write what others read


def test_what_is_shown_works(there, capsys):
    """All whole commands in one place, those that write what others read first."""
    todo = [shlex.split(c) for c in SHOWN if runs(shlex.split(c))]
    assert len(todo) >= 60
    todo.sort(key=lambda w: next((n for n, start in enumerate(ORDER) if shlex.join(w).startswith(start)), len(ORDER)))
    wrong = []
    for words in todo:
        name = shlex.join(words)
        if words[0] == "init":
            Path(words[1], "person.toml").unlink(missing_ok=True)
        if any("mining_fee" in w for w in words):  # the guide's words for a miner
            words = [w.replace("my-case", "examples/temir-mining") for w in words]
        redirected = "result.json" if "--format json" in name and words[0] == "assess" else None
        try:
            code = main([*words, *([] if "--lang" in words else ["--lang", "en"])])
        except SystemExit as gone:
            code = int(str(gone.code or 0))
        out, err = capsys.readouterr()
        for path in there.rglob("broker.mapping.toml"):  # a draft; what it still lacks is the person's to say
            path.unlink()
        if redirected:
            Path(redirected).write_text(out, encoding="utf-8")
        if code not in (0, 3):
            wrong.append(f"salyq {name} ({SHOWN[name]}): {code} {err.strip()[:200]}")
    assert not wrong, "\n".join(wrong)


# --- what is printed of cases ---------------------------------------------------------------------------------------

PLACEHOLDERS = {"AMOUNT": "1000", "TEXT": "receipt", "YYYY-MM-DD": "2025-01-05"}
KINDS = re.compile(r"KIND[^:]*?(?:write|:|вместо KIND:)? ?((?:[a-z_]+, )+[a-z_]+)\)")


def printed_commands(text: str) -> Iterator[tuple[list[str], str]]:
    """Every command in a printed page, with the line above it."""
    above = ""
    for line in text.splitlines():
        call = CALL.search(line)
        if call is not None and not re.search(r"[«“]salyq|salyq \w+[»”]", line):
            yield shlex.split(line[call.end() :]), above
        above = line


def refusable(words: list[str], above: str) -> Iterator[list[str]]:
    """The command with what is left to fill in filled in: each kind that the line above names."""
    filled = [PLACEHOLDERS.get(w, w) for w in words]
    if "KIND" in filled:
        named = KINDS.search(above)
        for kind in named[1].split(", ") if named else ["buy"]:
            yield [kind if w == "KIND" else w for w in filled]
    else:
        yield filled


def questioned(folder: Path) -> str:
    """A case in which much is to be asked."""
    folder.mkdir()
    (folder / "person.toml").write_text('id = "900101300017"\nkind = "individual"\nresident = true\n')
    (folder / "a b.csv").write_text(
        "time,kind,asset,quantity,value,currency,account,id\n"
        "2025-03-01T10:00:00Z,buy,BTC,1,100.00,USD,x,1\n2025-03-02T10:00:00Z,sell,BTC,1.5,300.00,USD,x,2\n"
        "2025-03-03T10:00:00Z,transfer_in,ETH,1,,,x,3\n2025-03-04T10:00:00Z,transfer_out,TON,5,,,x,4\n"
        "2025-03-05T10:00:00Z,buy,TON,9,100.00,KZT,x,5\n2025-03-06T10:00:00Z,swap_in,SOL,1,,,x,6\n"
    )
    (folder / "stray.csv").write_text("name,age\nA,5\n")
    return str(folder)


def test_what_commands_print_works(there, tmp_path, capsys, monkeypatch):
    """The commands that questions, results and checks print are run as they stand; all languages print the same."""
    wrong, ran = [], 0
    for n, case in enumerate([questioned(tmp_path / "it's asked"), "examples/aliya", str(IMPORTS[-1])]):
        work = tmp_path / f"a case {n}"
        shutil.copytree(case, work)
        pages = [["questions", str(work)], ["assess", str(work), "--year", "2025"]]
        pages += [["assess", str(work), "--year", "2025", "--all"], ["read", str(work)]] if n == 0 else []
        pages += [["check", str(work), "--year", "2025"], ["explain", str(work), "--year", "2025"]] if n == 0 else []
        for page in pages:
            said = {}
            for lang in ("kk", "ru", "en") if n == 0 else ("en",):
                assert main([*page, "--lang", lang]) in (0, 3)
                said[lang] = list(printed_commands(capsys.readouterr().out))
            assert len({tuple(map(tuple, (w for w, _ in found))) for found in said.values()}) == 1
            for words, above in said["en"]:
                assert parsed(words) == "", words
                if tuple(words[:2]) == ("prices", "fetch") or {"OTHER_ROW", "FILE"} & set(words):
                    continue  # the one waits for a network, the other only the person can fill in
                for filled in refusable(words, above):
                    (work / "answers.toml").unlink(missing_ok=True)
                    monkeypatch.chdir(tmp_path)
                    code = main([*filled, "--lang", "en"])
                    err = capsys.readouterr().err
                    for path in work.rglob("*.mapping.toml"):
                        path.unlink()
                    ran += 1
                    if code not in (0, 3):
                        wrong.append(f"{shlex.join(filled)}: {code} {err.strip()[:200]}")
                    monkeypatch.chdir(there)
    assert not wrong, "\n".join(wrong)
    assert ran >= 15


def test_what_is_printed_to_who_stands_in_the_case_works_there(there, tmp_path, capsys, monkeypatch):
    """Nothing is written among the inputs: the report's place, and the one that a refusal names, lead outside."""
    work = tmp_path / "a case"
    shutil.copytree("examples/aliya", work)
    for inside, case in ((work, "."), (work / "binance", "..")):
        monkeypatch.chdir(inside)
        assert main(["assess", case, "--year", "2025", "--lang", "en"]) == 0
        said = [words for words, _ in printed_commands(capsys.readouterr().out)]
        reports = [words for words in said if words[0] == "report"]
        assert len(reports) == 1
        assert main([*reports[0], "--lang", "en"]) == 0
        assert [p.name for p in tmp_path.glob("report.html")] == ["report.html"]
        (tmp_path / "report.html").unlink()
        assert main([*reports[0][:-1], str(work / "r.html"), "--lang", "en"]) == 2
        outside = capsys.readouterr().err.strip().rpartition("such as ")[2]
        assert Path(outside).resolve() == tmp_path / "r.html"


def test_a_word_to_fill_in_that_was_left_is_told(there, tmp_path, capsys):
    """Typed as printed, without filling in: one line that says what would be right, nothing written."""
    case = questioned(tmp_path / "asked")
    assert main(["questions", case, "--lang", "en"]) == 0
    left = 0
    for words, _ in printed_commands(capsys.readouterr().out):
        if any(w in words for w in ("AMOUNT", "KIND", "OTHER_ROW", "YYYY-MM-DD")):
            left += 1
            assert main([*words, "--lang", "en"]) in (2, 4)
            assert len(capsys.readouterr().err.strip().splitlines()) == 1
            assert not (Path(case) / "answers.toml").exists()
    assert left >= 3


def test_a_wrong_command_would_be_seen():
    for wrong in (
        "assess my-case --jahr 2025",
        "answre my-case",
        "explain . --figur x",
        "holdings a b --on 2025-01-01 --x",
    ):
        assert parsed(shlex.split(wrong)) != ""
