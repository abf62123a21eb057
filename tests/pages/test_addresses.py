"""Relative addresses: what a browser makes of them."""

from urllib.parse import unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model.address import Address, Kind
from builder.model.document import Document, Part, PartRole
from builder.pages.addresses import docs_root, document_path, href, part_path

names = st.text(st.sampled_from("abz09._-@#?%: ü+"), min_size=1, max_size=6).filter(
    lambda name: name not in (".", "..")
)
folders = st.lists(names, max_size=5)


@pytest.mark.parametrize(
    ("page", "target", "expected"),
    [
        ("", "", "./"),
        ("a", "", "../"),
        ("a/b", "a/c/", "../c/"),
        ("a/b", "a/b/", "./"),
        ("a/b", "a/b/nav.json", "nav.json"),
        ("a/b/c/docs/r/x", "a/b/versions/", "../../../../versions/"),
        ("", "assets/v1/site.css", "assets/v1/site.css"),
        ("a", "a/b#c/", "b%23c/"),
        ("a", "a/b:c/", "b%3Ac/"),
    ],
)
def test_vectors(page, target, expected):
    assert href(page, target) == expected


@given(folders, folders, st.booleans())
def test_a_browser_arrives_at_the_target_below_any_prefix(page, target, is_folder):
    """Joined as a browser joins, the address gives the target, also when the site lies under a prefix."""
    goal = "".join(f"{part}/" for part in target) + ("" if is_folder else "file.json")
    found = href("/".join(page), goal)
    assert not found.startswith("/")
    base = "https://host/prefix/" + "".join(f"{quoted(part)}/" for part in page)
    assert unquote(urljoin(base, found)) == f"https://host/prefix/{goal}"


def quoted(part):
    return "".join(f"%{byte:02X}" for byte in part.encode())


def test_paths_of_pages():
    """Kind segments are those that authors link to; the overview and the root README have none."""
    assert document_path(Document("datasources", "Tree", "", "")) == "data-sources/tree"
    assert document_path(Document("", "index", "", "")) == ""
    assert part_path(Part(PartRole.SUBMODULE, "My Bed", "")) == "modules/mybed"
    assert part_path(Part(PartRole.ROOT, "", "")) == ""
    assert docs_root(Address(Kind.PROVIDER, "a", "b"), "1.0.0") == "providers/a/b/1.0.0/docs"
    assert docs_root(Address(Kind.MODULE, "a", "b", "c"), "latest") == "modules/a/b/c/latest"
