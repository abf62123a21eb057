"""What became of the links of a release: counts, and issues with file and line for what leads nowhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model.body import Body, Link, LinkState, Resolution
from builder.pages.linkreport import LinkReport

S = LinkState


def link(
    written: str, state: LinkState, target: str = "", message: str = "", line: int = 1
) -> Link:
    return Link(written, Resolution(state, target, message), line)


def body(*links: Link, anchors: str = "") -> Body:
    return Body("", "", links=links, anchors=frozenset(anchors.split()))


def told(pages: dict[str, Body]) -> list[str]:
    """`code path:line message` of every issue; a page's file is its name with .md."""
    report = LinkReport("providers/acme/garden", "1.0.0")
    for page, made in pages.items():
        report.add(page, f"{page or 'index'}.md", made)
    found = list(report.issues())
    assert {(f.location.address, f.location.version) for f in found} <= {
        ("providers/acme/garden", "1.0.0")
    }
    return [f"{f.code} {f.location.path}:{f.location.line} {f.message}" for f in found]


def test_a_broken_link_is_told_with_its_file_line_and_reason():
    page = body(
        link("soil.md", S.BROKEN, message="there is no such page", line=7),
        link("#soil", S.BROKEN, message="no heading or anchor #soil", line=8),
        link("/soil", S.BROKEN, message="it is a path of another site", line=9),
        link("", S.BROKEN, line=10),
    )
    assert told({"resources/bed": page}) == [
        "LINK001 resources/bed.md:7 soil.md: there is no such page",
        "LINK002 resources/bed.md:8 #soil: no heading or anchor #soil",
        "LINK003 resources/bed.md:9 /soil: it is a path of another site",
        "LINK001 resources/bed.md:10 ",
    ]


@pytest.mark.parametrize(
    ("page", "target", "is_there"),
    [
        ("resources/bed", "../../resources/soil/#kinds", True),
        ("resources/bed", "../../resources/soil/#none", False),
        ("resources/bed", "../../resources/soil/", True),
        ("resources/bed", "../../resources/soil/#top", True),
        ("resources/bed", "../../resources/soil/#", True),
        ("resources/bed", "../../resources/soil/#depth", True),  # an argument's bare name
        ("resources/bed", "../../resources/soil/#depth-2", True),
        ("resources/bed", "../../resources/soil/#k%C3%A4ltest", True),
        ("resources/bed", "../../resources/soil/index.html#kinds", True),
        ("resources/bed", "../../resources/soil/index.html#none", False),
        ("resources/bed", "../../#first", True),
        ("resources/bed", "../../#none", False),
        ("resources/bed", "../../resources/unknown/#x", True),  # not judged
        ("", "./#first", True),
        ("", "./#none", False),
        ("", "resources/soil/#none", False),
        ("", "index.html#none", False),
    ],
)
def test_headings_of_other_pages_are_looked_up(page, target, is_there):
    pages = {
        "": body(anchors="first"),
        "resources/bed": body(),
        "resources/soil": body(anchors="kinds attr-depth k\u00e4ltest"),
    }
    pages[page] = body(
        link("x#y", S.INTERNAL, target, line=3), anchors=" ".join(pages[page].anchors)
    )
    expected = [] if is_there else [f"LINK002 {page or 'index'}.md:3 x#y: no such heading"]
    assert told(pages) == expected


def test_links_that_leave_the_version_are_not_judged():
    page = body(
        link("a", S.OTHER_VERSION, "../../../../2.0.0/docs/#none"),
        link("b", S.OTHER_PACKAGE, "../../../../../../net/latest/#none"),
        link("c", S.EXTERNAL, "https://example.com/#none"),
        link("d", S.CORE, "https://example.com/#none"),
        link("e", S.NOT_A_LINK),
    )
    assert told({"": page}) == []


def test_facts_count_every_state_and_list_what_leads_nowhere():
    report = LinkReport("providers/acme/garden", "1.0.0")
    report.add("", "docs/index.md", body(link("#a", S.FRAGMENT, "#a"), anchors="a"))
    page = body(
        link("../index.md#b", S.INTERNAL, "../../#b", line=4),
        link("soil.md", S.BROKEN, message="there is no such page", line=5),
        link("https://example.com", S.EXTERNAL, "https://example.com"),
        link("https://example.com", S.EXTERNAL, "https://example.com"),
    )
    report.add("resources/bed", "docs/resources/bed.md", page)
    assert report.facts() == {
        "states": {
            "fragment": 1,
            "internal": 1,
            "other-version": 0,
            "other-package": 0,
            "core": 0,
            "external": 2,
            "broken": 1,
            "not-a-link": 0,
        },
        "unresolved": [
            {
                "code": "LINK002",
                "path": "docs/resources/bed.md",
                "line": 4,
                "message": "../index.md#b: no such heading",
            },
            {
                "code": "LINK001",
                "path": "docs/resources/bed.md",
                "line": 5,
                "message": "soil.md: there is no such page",
            },
        ],
    }


TARGETS = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(["../", "./", "#", "a", "%", "%2", "\x00", "é", "index.html"]), max_size=9
    ).map("".join),
)


@given(TARGETS, st.sampled_from(list(LinkState)))
def test_any_target_is_taken(target, state):
    page = body(link(target, state, target), anchors="a")
    report = LinkReport("a", "1")
    report.add("", "x.md", page)
    report.add("a/b", "y.md", page)
    counts = report.facts()["states"]
    assert isinstance(counts, dict)
    assert counts[state.value] == 2
