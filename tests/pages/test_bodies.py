"""The body cache: rendered once per content, never a wrong page."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import markdown
from builder.model.address import Address, Kind
from builder.model.body import Body, Heading, Link, LinkState, Resolution
from builder.pages.bodies import Bodies, Entry, Source, decode, encode

PROVIDER = Address(Kind.PROVIDER, "fernhill", "orchard")
TEXT = (
    b"# Tree\n\nSee [pump](pump.md), [all](https://example.com/) and [below](#more).\n\n## More\n"
)
PAGE = Source("b1", "resources", "tree")


def read(blob):
    return {"b1": TEXT, "b2": b"no heading\n"}[blob]


def to(target):
    """A resolver that sends every address of this site to one target; no target: the page is missing."""

    def resolve(written):
        if written.startswith("https:"):
            return Resolution(LinkState.EXTERNAL, written)
        state = LinkState.INTERNAL if target else LinkState.BROKEN
        return Resolution(state, target)

    return resolve


@pytest.fixture
def rendered(monkeypatch):
    """The texts that were really rendered, in order."""
    seen = []
    real = markdown.render

    def counting(source, **options):
        seen.append(source)
        return real(source, **options)

    monkeypatch.setattr("builder.pages.bodies.render", counting)
    return seen


def test_a_text_is_rendered_once(rendered):
    entries: dict[str, bytes] = {}
    first = Bodies(entries, PROVIDER, read).body(PAGE, to("../../resources/pump/"))
    again = Bodies(entries, PROVIDER, read).body(PAGE, to("../../resources/pump/"))
    assert first == again
    assert len(rendered) == 1
    assert 'href="../../resources/pump/"' in first.html


def test_a_version_without_the_target_gets_its_own_variant(rendered):
    """No dead link in the version that lacks the page; neither version evicts the other's body."""
    entries: dict[str, bytes] = {}
    bodies = Bodies(entries, PROVIDER, read)
    with_page = bodies.body(PAGE, to("../../resources/pump/"))
    without = bodies.body(PAGE, to(""))
    assert "resources/pump" not in without.html
    assert len(rendered) == 2
    for _ in range(2):
        assert bodies.body(PAGE, to("../../resources/pump/")) == with_page
        assert bodies.body(PAGE, to("")) == without
    assert len(rendered) == 2


@pytest.mark.parametrize(
    ("address", "source"),
    [
        (Address(Kind.PROVIDER, "other", "orchard"), PAGE),
        (PROVIDER, Source("b1", "guides", "tree")),
        (PROVIDER, Source("b2", "resources", "tree")),
        (PROVIDER, Source("b1", "resources", "another title")),
    ],
    ids=["package", "kind", "blob", "title"],
)
def test_what_the_body_depends_on_is_in_the_key(rendered, address, source):
    entries: dict[str, bytes] = {}
    Bodies(entries, PROVIDER, read).body(PAGE, to(""))
    Bodies(entries, address, read).body(source, to(""))
    assert len(rendered) == 2
    assert len(entries) == 2


def test_another_renderer_renders_again(rendered, monkeypatch):
    entries: dict[str, bytes] = {}
    Bodies(entries, PROVIDER, read).body(PAGE, to(""))
    monkeypatch.setattr("builder.pages.bodies.RENDER_VERSION", "newer")
    Bodies(entries, PROVIDER, read).body(PAGE, to(""))
    assert len(rendered) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-3],
        lambda data: data[:10] + b"?" + data[11:],
        lambda data: zlib.compress(b"[]"),
        lambda data: zlib.compress(b'{"html": 1}'),
        lambda data: zlib.compress(b"[" * 100_000),
    ],
    ids=["empty", "cut", "changed", "shape", "type", "deep"],
)
def test_damage_costs_time_only(rendered, damage):
    entries: dict[str, bytes] = {}
    bodies = Bodies(entries, PROVIDER, read)
    good = bodies.body(PAGE, to("x/"))
    (key,) = entries
    entries[key] = damage(entries[key])
    assert bodies.body(PAGE, to("x/")) == good
    assert len(rendered) == 2
    assert decode(entries[key]) is not None


text = st.text(max_size=20).filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t))
resolutions = st.builds(Resolution, st.sampled_from(LinkState), text, text)


@given(
    st.builds(
        Entry,
        st.builds(
            Body,
            text,
            text,
            st.tuples(st.builds(Heading, st.integers(1, 6), text, text)),
            st.tuples(st.builds(Link, text, resolutions, st.integers(0, 99))),
            st.frozensets(text),
            text,
        ),
        st.dictionaries(text, resolutions, max_size=3),
    )
)
def test_entries_survive_the_round_trip(entry):
    found = decode(encode(entry))
    assert found == entry
    assert found is not None
    assert encode(found) == encode(entry)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_or_none(data):
    assert decode(data) is None or isinstance(decode(data), Entry)
    assert decode(zlib.compress(data)) is None
