"""Pages of the engine (lines and tables that the command line prints) as HTML: one text, two faces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup

from salyq.present.page import Line, Page, Table

_STEM = re.compile(r"^(?:[│ ]  )*(?:[├└]─ )?")
_STYLES = {"bold red": "error", "yellow": "warn", "cyan": "notice", "bold": "strong", "dim": "muted"}
_OPEN = 2  # levels of a tree that stand open; what lies below is folded
_DEEPEST = 40  # levels of a tree that are nested; what lies below stands at this level


_LIST, _END_LIST, _ITEM, _END_ITEM = Markup("<ul>"), Markup("</ul>"), Markup("<li>"), Markup("</li>")
_FOLDED, _END_SUMMARY = Markup("<li><details><summary>"), Markup("</summary>")
_END_FOLDED = Markup("</details></li>")


def page_html(page: Page, level: int = 2) -> Markup:
    """Every part of the page but its title, headings from `level` on."""
    return Markup("\n").join(_parts(page, level))


def _parts(page: Page, level: int) -> Iterator[Markup]:
    listed: list[Markup] = []
    before: Line | Table | None = None
    for n, part in enumerate(page.parts):
        bullet = isinstance(part, Line) and part.text.startswith("  ")
        if listed and not bullet:
            yield _list(listed)
            listed = []
        if isinstance(part, Table):
            yield _table(part)
        elif part.style == "bold" and (n == 0 or (isinstance(before, Line) and not before.text)):
            if n:
                yield Markup("<h{0}>{1}</h{0}>").format(level, part.text)
        elif bullet:
            listed.append(Markup('<li class="{}">{}</li>').format(_class(part), part.text.strip().removeprefix("• ")))
        elif part.text:
            yield Markup('<p class="{}">{}</p>').format(_class(part), part.text)
        before = part
    if listed:
        yield _list(listed)


def _class(line: Line) -> str:
    return _STYLES.get(line.style, "")


def _list(items: list[Markup]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(items))


def _table(table: Table) -> Markup:
    head = Markup("").join(
        Markup('<th scope="col" class="{}">{}</th>').format("n" if i in table.right else "", name)
        for i, name in enumerate(table.head)
    )
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup('<td class="{}">{}</td>').format("n" if i in table.right else "", cell)
                for i, cell in enumerate(row)
            )
        )
        for row in table.rows
    )
    label = " · ".join(table.head)
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(label, head, rows)


def tree_html(page: Page, heading: int = 3) -> Markup:
    """A tree of lines (├─, └─) as nested lists, folded below the first levels; the rest below it, headings from
    `heading` on.
    """
    lines = [part for part in page.parts if isinstance(part, Line)]
    # Whose figure it is stands above the tree.
    root = next((n for n, x in enumerate(lines[1:]) if _STEM.match(x.text)[0]), 0)  # type: ignore[index]
    above, lines = lines[:root], lines[root:]
    found = [(len(_STEM.match(x.text)[0]) // 3, _STEM.sub("", x.text)) for x in lines]  # type: ignore[index]
    end = next((n for n, (depth, text) in enumerate(found) if n and not depth), len(found))
    shown = [(min(depth, _DEEPEST), text) for depth, text in found[:end]]
    out: list[Markup | str] = []
    ends: list[Markup] = []  # what closes the open item of each level
    for n, (level, text) in enumerate(shown):
        while len(ends) > level + 1:
            out += [ends.pop(), _END_LIST]
        if len(ends) == level + 1:
            out.append(ends.pop())
        else:
            while len(ends) < level:  # a step that was not told between two
                out += [_LIST, _ITEM]
                ends.append(_END_ITEM)
            out.append(_LIST)
        folded = level >= _OPEN and n + 1 < len(shown) and shown[n + 1][0] > level
        out += [_FOLDED, text, _END_SUMMARY] if folded else [_ITEM, text]
        ends.append(_END_FOLDED if folded else _END_ITEM)
    for closing in reversed(ends):
        out += [closing, _END_LIST]
    rest = Page(list(page.parts[root + end :]))
    tree = Markup('<div class="tree">{}</div>').format(Markup("").join(Markup.escape(x) for x in out))
    return page_html(Page([*above]), heading) + tree + page_html(Page([Line(""), *rest.parts]), heading)
