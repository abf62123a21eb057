"""Tables in the handbook that come from the code. `UPDATE_DOCS=1 pytest tests/docs` writes them again."""

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import pytest

from builder.config import config_schema, documented_keys, limit_names
from builder.model.issue import ISSUE_CODES

HANDBOOK = Path(__file__).parents[2] / "content" / "handbook"
GROUPS = {
    "META": "Metadata",
    "GIT": "Repositories",
    "ARC": "Archives",
    "DOC": "Documents",
    "LIC": "Licences",
    "POL": "Policy",
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


@pytest.mark.parametrize(
    ("page", "name", "lines"),
    [("issues.md", "issue codes", issue_codes), ("config.md", "config keys", config_keys)],
    ids=["issue codes", "config keys"],
)
def test_a_table_of_the_handbook_equals_the_one_of_the_code(page, name, lines):
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
