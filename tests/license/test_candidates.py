"""Which files are read, and which decide."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.license.candidates import (
    candidates,
    governing,
    is_candidate,
    is_license_name,
    pointed_path,
    submodules,
)
from builder.model.address import Kind
from builder.model.snapshot import MemoryTree


@pytest.mark.parametrize(
    "name",
    ["LICENSE", "license", "LICENCE", "Licenses", "COPYING", "UNLICENSE", "MIT-LICENSE", "MIT-LICENSE.txt", "LICENSE-MIT",
     "LICENSE-APACHE-2.0", "LICENSE.md", "LICENCE.rst", "LICENSE.MIT", "License.BSD", "COPYING.LESSER", "LICENSE.adoc",
     "LICENSE-BUSL", "LICENSE.html", "LICENSE-MIT.markdown"],
)  # fmt: skip
def test_names_of_license_files(name):
    assert is_license_name(name)


@pytest.mark.parametrize(
    "name",
    ["NOTICE", "PATENTS", "COPYRIGHT", "COPYRIGHT.txt", "THIRD_PARTY_LICENSES.txt", "LICENSE-THIRD-PARTY",
     "LICENSE-3rdparty.csv", "LICENSE-3RDPARTY", "LICENSE.csv", "license.go", "license_test.go", "LICENSE.json", "README.md",
     "LICENSE-check.py", "licensing.md", "sublicense.txt", ""],
)  # fmt: skip
def test_names_of_other_files(name):
    assert not is_license_name(name)


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("LICENSE", True),
        ("docs/LICENSE", True),
        ("src/LICENSE", True),
        ("latest/LICENSE", True),  # "test" only inside the segment
        ("contest/LICENSE", True),
        ("vendor/pkg/LICENSE", False),
        ("node_modules/lib/LICENSE", False),
        (".terraform/modules/LICENSE", False),
        ("examples/LICENSE", False),
        ("test/fixtures/LICENSE", False),
        ("Tests/LICENSE", False),
        ("testdata/LICENSE", False),
        ("a/fixtures/LICENSE", False),
        ("THIRD_PARTY_LICENSES.txt", False),
        ("PATENTS", False),
        ("NOTICE", False),
    ],
)
def test_dependencies_tests_and_examples_are_left_out_by_segment(path, counts):
    assert is_candidate(path) is counts


def tree(*paths, links=None):
    files = tuple(MemoryTree.of(dict.fromkeys(paths, "x"), links).files())
    return candidates(files), files


def test_candidates_are_sorted_by_depth_and_name_without_case():
    found, _ = tree(
        "src/LICENSE",
        "lib/LICENSE",
        "website/docs/LICENSE",
        "docs/LICENSE",
        "LICENSE-b",
        "license-A",
    )
    assert [f.path for f in found] == [
        "license-A", "LICENSE-b", "docs/LICENSE", "lib/LICENSE", "src/LICENSE", "website/docs/LICENSE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "paths", "deciding"),
    [
        (Kind.PROVIDER, ("LICENSE", "COPYING", "src/LICENSE"), ("COPYING", "LICENSE")),
        (Kind.PROVIDER, ("LICENSE", "docs/LICENSE", "docs/index.md"), ("docs/LICENSE",)),
        (Kind.PROVIDER, ("LICENSE", "docs/resources/license.md"), ("LICENSE",)),
        (
            Kind.PROVIDER,
            ("LICENSE", "website/LICENSE", "docs/LICENSE", "website/docs/a.md"),
            ("website/LICENSE",),
        ),
        (Kind.PROVIDER, ("LICENSE", "docs/LICENSE", "website/docs/a.md"), ("LICENSE",)),
        (
            Kind.PROVIDER,
            ("LICENSE", "website/LICENSE", "website/docs/LICENSE"),
            ("website/docs/LICENSE", "website/LICENSE"),
        ),
        (Kind.PROVIDER, ("LICENSE", "website/LICENSE", "docs/a.md"), ("LICENSE",)),
        (Kind.MODULE, ("LICENSE", "docs/LICENSE", "modules/a/LICENSE"), ("LICENSE",)),
        (Kind.MODULE, ("src/LICENSE",), ()),
    ],
)
def test_the_license_beside_published_documentation_comes_before_the_root(kind, paths, deciding):
    found, files = tree(*paths)
    assert tuple(f.path for f in governing(kind, found, files)) == deciding


def test_a_symbolic_link_never_decides():
    found, files = tree("docs/a.md", links={"LICENSE": "docs/a.md", "docs/LICENSE": "/etc/passwd"})
    assert governing(Kind.PROVIDER, found, files) == ()


def test_submodules_have_licenses_of_their_own():
    found, _ = tree(
        "LICENSE",
        "modules/b/LICENSE",
        "modules/a/COPYING",
        "modules/a/x/LICENSE",
        "modules/LICENSE",
    )
    assert {k: [f.path for f in v] for k, v in submodules(found).items()} == {
        "modules/a": ["modules/a/COPYING"],
        "modules/b": ["modules/b/LICENSE"],
    }


@pytest.mark.parametrize(
    ("path", "data", "target"),
    [
        ("LICENSE", b"legal/MIT.txt\n", "legal/MIT.txt"),
        ("docs/LICENSE", b"../LICENSE", "LICENSE"),
        ("LICENSE", b"./LICENSE-MIT", "LICENSE-MIT"),
        ("LICENSE", b"../LICENSE", ""),
        ("docs/LICENSE", b"../../x", ""),
        ("LICENSE", b"/etc/passwd", ""),
        ("LICENSE", b"https://example.com/LICENSE", ""),
        ("LICENSE", b"a\nb", ""),
        ("LICENSE", b"..\\x", ""),
        ("LICENSE", b"LICENSE", ""),
        ("LICENSE", b"", ""),
        ("LICENSE", b"a" * 128, ""),
    ],
)
def test_a_short_file_may_name_a_path_inside_the_tree(path, data, target):
    assert pointed_path(path, data) == target


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.binary(max_size=130))
@example("/", b"\0")  # a path that no tree has, and a name that no file has
def test_any_path_and_content_is_answered(path, data):
    assert is_candidate(path) in {True, False}
    assert not pointed_path(path, data).startswith(("..", "/"))
