"""Blocks of the handbook that come from the code. `UPDATE_DOCS=1 pytest tests/docs` writes them again."""

import inspect
import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

import click
import pytest

from builder.api.openapi import ROUTES
from builder.cli.main import cli
from builder.config import config_schema, documented_keys, limit_names
from builder.metadata.codec import TOP_LEVEL
from builder.model.document import CDKTF_LANGUAGES, DOC_KINDS
from builder.model.issue import ISSUE_CODES

HANDBOOK = Path(__file__).parents[2] / "content" / "handbook"
GROUPS = {
    "META": "Metadata",
    "GIT": "Repositories",
    "ARC": "Archives",
    "DOC": "Documents",
    "SCH": "Schemas",
    "LIC": "Licences",
    "POL": "Policy",
    "REG": "Installing",
    "LINK": "Links",
    "BLD": "Build",
}


def row(*cells: str) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def text(cell: str) -> str:
    """Plain text as Markdown: what looks like a tag is shown."""
    return cell.replace("<", "&lt;")


def issue_codes() -> Iterator[str]:
    """One table for each group of codes; every code can be linked to as issues.md#code."""
    for prefix, codes in groupby(ISSUE_CODES, key=lambda code: code.rstrip("0123456789")):
        yield from ("", f"## {GROUPS[prefix]}", "")
        yield from (row("code", "severity", "what it means", "what to do"), "|---|---|---|---|")
        for code in codes:
            entry = ISSUE_CODES[code]
            anchor = f'<a id="{code.lower()}"></a>`{code}`'
            yield row(anchor, entry.severity.value, text(entry.title), text(entry.hint))
    yield ""


def config_keys() -> Iterator[str]:
    required = set(config_schema()["required"])
    yield from ("", row("key", "default", "meaning"), "|---|---|---|")
    for key, default, meaning in documented_keys():
        value = "required" if key in required else f"`{default}`" if default else ""
        yield row(f"`{key}`", value, meaning)
    yield ""


def api_objects() -> Iterator[str]:
    yield from ("", row("key", "holds", ""), "|---|---|---|")
    for route in ROUTES:
        yield row(f"`{route.key}`", route.summary, "new" if route.addition else "")
    yield ""


def command_line(verb: str) -> Iterator[str]:
    """What the command does, how it is called, and its options."""
    command = cli.commands[verb]
    context = click.Context(
        command, info_name=verb, parent=click.Context(cli, **cli.context_settings)
    )
    arguments = " ".join(["regdocs", verb, *command.collect_usage_pieces(context)])
    described = inspect.cleandoc(command.help or "")
    yield from ("", described, "", "```text", arguments, "```", "")
    yield from (row("option", "meaning"), "|---|---|")
    for option in command.get_params(context):
        record = option.get_help_record(context) if isinstance(option, click.Option) else None
        if record:
            yield row(f"`{record[0].replace('|', ', ')}`", text(" ".join(record[1].split())))
    yield ""


BLOCKS: list[tuple[str, str, Callable[[], Iterable[str]]]] = [
    ("issues.md", "issue codes", issue_codes),
    ("config.md", "config keys", config_keys),
    ("api.md", "api objects", api_objects),
    *(("cli.md", f"regdocs {verb}", partial(command_line, verb)) for verb in cli.commands),
]


def replaced(page: str, name: str, lines: Iterable[str]) -> str:
    """The page with the lines between its two markers replaced."""
    head, begin, rest = page.partition(f"<!-- begin {name}")
    marker, dashes, rest = rest.partition("-->\n")
    _, end, tail = rest.partition(f"<!-- end {name} -->")
    assert begin, f"the page has no block {name!r}"
    assert dashes, f"the page has no block {name!r}"
    assert end, f"the block {name!r} has no end"
    body = "\n".join(lines)
    return f"{head}{begin}{marker}{dashes}{body}\n{end}{tail}"


@pytest.mark.parametrize(("page", "name", "lines"), BLOCKS, ids=[name for _, name, _ in BLOCKS])
def test_a_block_of_the_handbook_is_what_the_code_says(page, name, lines):
    file = HANDBOOK / page
    old = file.read_text(encoding="utf-8")
    expected = replaced(old, name, lines())
    if os.environ.get("UPDATE_DOCS"):
        file.write_text(expected, encoding="utf-8")
        return
    assert expected == old, "write it again: UPDATE_DOCS=1 make test ARGS=tests/docs"


def test_cells_show_pipes_and_placeholders():
    assert row("a|b", text("<kind>")) == "| a\\|b | &lt;kind> |"


def test_a_block_is_replaced_and_the_rest_kept():
    page = "a\n<!-- begin x: why -->\nold\n<!-- end x -->\nb\n"
    assert replaced(page, "x", ["new"]) == "a\n<!-- begin x: why -->\nnew\n<!-- end x -->\nb\n"


def test_every_limit_is_documented():
    page = (HANDBOOK / "config.md").read_text(encoding="utf-8")
    missing = [name for name in limit_names() if f"`limits.{name}`" not in page]
    assert missing == []


def test_every_code_that_the_handbook_names_exists():
    known = set(ISSUE_CODES)
    prefixes = tuple(GROUPS)
    for page in HANDBOOK.glob("*.md"):
        quoted = page.read_text(encoding="utf-8").split("`")[1::2]
        named = {q for q in quoted if q.startswith(prefixes) and q[-3:].isdigit()}
        assert named <= known, page.name


def test_authors_are_told_every_directory_that_is_read():
    page = (HANDBOOK / "adding-packages.md").read_text(encoding="utf-8")
    for kind in DOC_KINDS:
        cells = next(line for line in page.splitlines() if line.startswith(f"| {kind.singular} |"))
        told = {cell.strip("`,") for cell in cells.split("|")[2].split()}
        assert told == set(kind.directories)


def test_authors_are_told_every_field_of_the_metadata():
    page = (HANDBOOK / "adding-packages.md").read_text(encoding="utf-8")
    assert [name for name in TOP_LEVEL if not re.search(rf"`{name}(?:\[\])?`", page)] == []


def test_authors_are_told_every_language():
    page = (HANDBOOK / "adding-packages.md").read_text(encoding="utf-8")
    assert [name for name in CDKTF_LANGUAGES if f"`{name}`" not in page] == []


def test_developers_are_told_every_kind_of_the_api():
    page = (HANDBOOK / "api.md").read_text(encoding="utf-8")
    assert [kind.key for kind in DOC_KINDS if f"`{kind.key}`" not in page] == []
