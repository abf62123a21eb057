"""Every construct of the dialect, as text files: `=== title`, the page, `=== html`, its body, `=== links`, its links."""

from pathlib import Path
from typing import NamedTuple

import pytest

from builder.markdown import render
from builder.model.body import LinkState, Resolution

CASES = Path(__file__).parent / "cases"


class Case(NamedTuple):
    title: str
    source: str
    html: str
    links: str


def cases() -> list[Case]:
    found: list[Case] = []
    for file in sorted(CASES.glob("*.txt")):
        for block in file.read_text(encoding="utf-8").split("\n=== page: ")[1:]:
            head, _, rest = block.partition("\n")
            source, _, rest = rest.partition("\n=== html\n")
            html, _, links = rest.partition("\n=== links\n")
            found.append(Case(f"{file.stem}: {head}", source, html.strip(), links.strip()))
    return found


def resolve(address: str) -> Resolution:
    state = LinkState.EXTERNAL if ":" in address or address.startswith("//") else LinkState.INTERNAL
    return Resolution(state, address)


def rows(body) -> str:
    return "\n".join(
        f"{link.line}: {link.written} -> {link.resolution.state.value} {link.resolution.target}".rstrip()
        for link in body.links
    )


@pytest.mark.parametrize("engine", ["reference", "fast"])
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.title)
def test_page_has_the_wanted_body(case, engine):
    body = render(case.source, resolve=resolve, title="Page", engine=engine)
    assert body.html.strip() == case.html
    assert rows(body) == case.links


def test_there_are_cases():
    assert len(cases()) >= 60
