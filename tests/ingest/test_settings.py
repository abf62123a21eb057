"""Where an address leads: mirrors, local places, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import RemoteError
from builder.git.command import RepositoryGoneError
from builder.ingest.settings import IngestSettings, Place

MIRRORS = {
    "https://github.com/": "file:///srv/mirror/",
    "https://github.com/example/": "directory:/srv/releases/",
    "https://github.com/example/special": "https://git.internal/special",
}


def place(url, **settings):
    return IngestSettings(Path("/cache"), **{"mirrors": MIRRORS, **settings}).place(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/a/b", Place(path=Path("/srv/mirror/a/b"))),
        ("https://github.com/example/b", Place(path=Path("/srv/releases/b"))),
        ("https://github.com/example/special.git", Place(url="https://git.internal/special.git")),
        ("https://gitlab.example/a/b", Place(url="https://gitlab.example/a/b")),
        ("git@github.com:a/b", Place(url="git@github.com:a/b")),
    ],
)
def test_the_longest_mirror_wins(url, expected):
    assert place(url) == expected


@pytest.mark.parametrize(
    "url", ["/etc", "file:///etc", "FILE:///etc", "directory:/etc", "Directory:/etc", "etc", "../x"]
)
def test_metadata_may_not_name_places_on_this_machine(url):
    with pytest.raises(RepositoryGoneError, match="place on this machine") as refused:
        place(url)
    assert "mirrors" in refused.value.hint


def test_trusted_metadata_may():
    assert place("file:///srv/a%20b", local_addresses=True) == Place(path=Path("/srv/a b"))
    assert place("file://localhost/srv/a", local_addresses=True) == Place(path=Path("/srv/a"))
    assert place("/srv/a", local_addresses=True) == Place(path=Path("/srv/a"))
    assert place("directory:rel/a", local_addresses=True) == Place(path=Path("rel/a"))


@pytest.mark.parametrize("rest", ["../../etc", "a/../../x", "a/%2e%2e/%2E%2e/x", "a%2F..%2F../x"])
def test_an_address_does_not_lead_out_of_its_mirror(rest):
    with pytest.raises(RepositoryGoneError, match="leads out"):
        place(f"https://github.com/{rest}")


@given(st.text(max_size=60))
def test_any_address_has_a_place_or_a_reason(url):
    """Whatever the metadata says, it never becomes a path unless a mirror makes it one, and then one below it."""
    for address in (url, f"https://github.com/{url}"):
        try:
            found = place(address)
        except RemoteError:
            continue
        if found.path is not None:
            assert found.path.as_posix().startswith(("/srv/mirror", "/srv/releases"))
            assert ".." not in found.path.parts
