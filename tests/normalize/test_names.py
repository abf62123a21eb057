"""From file names to the names of pages, and what a key may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model.address import Address, Kind
from builder.model.version import Version
from builder.normalize.names import (
    MAX_KEY,
    clean,
    key_fault,
    name_fault,
    page_key,
    page_name,
    part_key,
)

ADDRESS = Address.of(Kind.PROVIDER, "acme", "garden")
V1 = Version(1, 0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("abc123", "abc123"),
        ("a!@#$%^&*()b", "ab"),
        ("a b c d", "abcd"),
        ("a(b)c[d]e{f}", "abcdef"),
        ("aébçd", "abd"),
        ("a-b_c.d", "a-b_c.d"),
        ("٣", ""),  # a digit, but not one of ASCII
    ],
)
def test_characters_that_names_never_hold_are_deleted(text, expected):
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("pet.html.md", "pet"),
        ("pet.html.markdown", "pet"),
        ("pet.md.html", "pet"),
        ("pet.markdown.html", "pet"),
        ("pet.md", "pet"),
        ("pet.markdown", "pet"),
        ("pet.md.md", "pet.md"),  # one suffix only
        ("pet.html.html.md", "pet.html"),
        ("pet.v2.md", "pet.v2"),
        ("pet.m d", "pet"),  # characters go first, then the suffix
        ("pet (old).md", "petold"),
        (".md", ""),
        ("é.md", ""),
        ("pet.html", None),
        ("pet.MD", None),
        ("pet.mdx", None),
        ("pet.txt", None),
        ("pet", None),
        ("md", None),
        ("", None),
    ],
)
def test_page_names(filename, expected):
    assert page_name(filename) == expected


@pytest.mark.parametrize("name", ["a", "a b", "A_b-c.d@1", "...", "x" * 255, ".hidden", "index"])
def test_names_that_keys_can_hold(name):
    assert name_fault(name) == ""


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 256, "a/b", "a+b", "é", "a\n", "..", ".", ". .", "a\0", "٣"]
)
def test_names_that_no_key_can_hold(name):
    assert name_fault(name)


@pytest.mark.parametrize(
    ("language", "kind", "slug", "expected"),
    [
        ("", "", "index", "providers/acme/garden/v1.0.0/index.md"),
        ("", "resources", "bed", "providers/acme/garden/v1.0.0/resources/bed.md"),
        ("go", "", "index", "providers/acme/garden/v1.0.0/cdktf/go/index.md"),
        ("go", "guides", "a", "providers/acme/garden/v1.0.0/cdktf/go/guides/a.md"),
    ],
)
def test_keys_of_pages(language, kind, slug, expected):
    assert page_key(ADDRESS, V1, language, kind, slug) == expected


def test_keys_of_readmes():
    module = Address.of(Kind.MODULE, "acme", "net", "aws")
    assert part_key(module, V1, "", "") == "modules/acme/net/aws/v1.0.0/README.md"
    assert part_key(module, V1, "modules", "a") == "modules/acme/net/aws/v1.0.0/modules/a/README.md"


def test_a_version_with_build_metadata_has_a_key_without_plus():
    version = Version.parse("1.0.0-RC.1+b.2")
    assert version is not None
    key = page_key(ADDRESS, version, "", "guides", "a")
    assert key == "providers/acme/garden/v1.0.0-rc.1_b.2/guides/a.md"


def test_the_longest_key():
    assert key_fault("k" * MAX_KEY) == ""
    assert "256" in key_fault("k" * 256)


@given(st.text(st.characters()))
def test_no_file_name_raises_and_every_good_name_is_one_segment(filename):
    name = page_name(filename)
    if name is not None and not name_fault(name):
        assert "/" not in name
        assert name not in {".", ".."}
        assert name.isascii()


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)
