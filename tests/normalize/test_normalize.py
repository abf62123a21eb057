"""Laws of the whole room, over any tree."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.model.document import KIND_BY_KEY, Document, PageFacts, Part
from builder.model.issue import ISSUE_CODES
from builder.model.limits import Limits
from builder.model.snapshot import FileKind, MemoryTree, TreeFile
from builder.normalize.names import page_key
from builder.normalize.normalize import NORMALIZE_VERSION, normalize, outline

LIMITS = Limits(page_bytes=200, pages=30, front_matter_bytes=100)
KEY = re.compile(r"[a-z0-9_.@-]+(/[a-z0-9_.@-]+)*")

segment = st.one_of(
    st.sampled_from(
        [
            *("docs", "website", "cdktf", "python", "go", "ruby", "r", "resources", "d", "guides"),
            *("data-sources", "ephemeral", "actions", "list-resources", "modules", "examples"),
            *(
                "index.md",
                "index.html.markdown",
                "a.md",
                "A.md",
                "a.html.md",
                "a b.md",
                "README.md",
            ),
            *("b.markdown", "x.png", ".md", "..md", "..", ".", "", "autogen", "test", "readme.md"),
        ]
    ),
    st.text(st.characters(), max_size=6),
)
path = st.one_of(
    st.builds(
        "/".join,
        st.tuples(
            st.sampled_from(["docs", "website/docs", "modules", "examples"]), segment, segment
        ),
    ),
    st.lists(segment, min_size=1, max_size=6).map("/".join),
)
content = st.one_of(
    st.binary(max_size=60),
    st.builds(
        "---\npage_title: {}\n---\n{}".format, st.text(max_size=20), st.text(max_size=40)
    ).map(lambda text: text.encode("utf-8", "replace")),
    st.just(b"x" * 201),
)
trees = st.dictionaries(path, st.tuples(content, st.sampled_from(list(FileKind))), max_size=25)


class ListedTree:
    """A tree in the order in which it was made. Nothing but regular files can be read."""

    def __init__(self, entries):
        self.contents = MemoryTree(tuple((p, data) for p, (data, _) in entries))
        kinds = {p: kind for p, (_, kind) in entries}
        blobs = {file.path: file.blob for file in self.contents.files()}
        self.listing = [TreeFile(p, blobs[p], kinds[p]) for p, _ in entries]

    def files(self):
        return iter(self.listing)

    def read(self, file, limit):
        assert file.kind is FileKind.FILE
        return self.contents.read(file, limit)


@pytest.fixture(scope="session")
def release(snapshot_of, module_address):
    """The snapshot of a provider or module with these entries."""

    def make(entries, kind):
        options = {"address": module_address} if kind == "module" else {}
        blank = snapshot_of({}, **options)
        return type(blank)(
            blank.address,
            blank.release,
            blank.repository,
            ListedTree(entries),
            blank.tag,
            blank.commit,
            blank.published,
        )

    return make


def both(test):
    return pytest.mark.parametrize("kind", ["provider", "module"])(test)


@both
@given(tree=trees, data=st.data())
def test_any_tree_gives_the_same_in_any_order(release, kind, tree, data):
    """Never raises, and neither the order of the listing nor what is remembered makes a difference."""
    entries = list(tree.items())
    memo: dict[str, PageFacts] = {}
    first = normalize(release(entries, kind), LIMITS, memo)
    shuffled = data.draw(st.permutations(entries))
    assert normalize(release(shuffled, kind), LIMITS, {}) == first
    assert normalize(release(shuffled, kind), LIMITS, memo) == first
    outline(release(entries, kind), LIMITS)


@both
@given(tree=trees)
def test_everything_that_comes_out_can_be_put_out(release, kind, tree):
    """Keys are valid and unique, blobs exist, issues are of the table and have a path that is in the tree."""
    snapshot = release(list(tree.items()), kind)
    checked = normalize(snapshot, LIMITS, {})
    value = checked.value
    blobs = {file.blob for file in snapshot.tree.files() if file.kind is FileKind.FILE}
    keys = [
        page_key(snapshot.address, snapshot.release.version, d.language, d.kind, d.slug)
        for d in value.documents
    ]
    keys += [f"{snapshot.address.path}/{p.role.directory}/{p.slug or 'root'}" for p in value.parts]
    assert len(set(keys)) == len(keys)
    for key in keys:
        assert KEY.fullmatch(key.replace("//", "/"))
        assert not {".", ".."} & set(key.split("/"))
    items: tuple[Document | Part, ...] = (*value.documents, *value.parts)
    for item in items:
        assert item.blob in value.texts if item.replaced else item.blob in {*blobs, *value.texts}
        assert item.path in tree or not item.path
    assert all(document.title for document in value.documents)
    assert list(value.texts) == sorted(value.texts)
    for found in checked.issues:
        assert found.code in ISSUE_CODES
        assert found.message
        assert found.hint
        assert any(p.startswith(found.location.path) for p in tree) or not found.location.path


@given(tree=trees)
def test_normalizing_the_canonical_layout_again_changes_nothing(release, tree):
    """Pages written as docs/<kind>/<name>.md are found again, with the same names and metadata, without remarks."""
    snapshot = release(list(tree.items()), "provider")
    before = [d for d in normalize(snapshot, LIMITS, {}).value.documents if not d.replaced]
    before = [d for d in before if not d.name.endswith((".html", ".md", ".markdown"))]
    canonical = []
    for document in before:
        language = f"cdktf/{document.language}/" if document.language else ""
        directory = f"{KIND_BY_KEY[document.kind].directories[-1]}/" if document.kind else ""
        target = f"docs/{language}{directory}{document.name}.md"
        canonical.append((target, tree[document.path]))
    checked = normalize(release(canonical, "provider"), LIMITS, {})
    assert [facts(d) for d in checked.value.documents] == [facts(d) for d in before]
    assert {i.code for i in checked.issues} <= {"DOC009", "DOC010", "DOC014", "DOC017"}


def facts(document):
    """What of a document does not depend on where its file lay."""
    return (
        *(document.language, document.kind, document.name, document.blob),
        *(document.title, document.subcategory, document.description),
    )


@settings(max_examples=30)
@given(st.lists(st.sampled_from("abcAB"), min_size=1, max_size=60, unique=False))
def test_issues_are_sorted_and_few(release, letters):
    entries = [(f"docs/r/{n}{c}.png", (b"", FileKind.FILE)) for n, c in enumerate(letters)]
    issues = normalize(release(entries, "provider"), LIMITS, {}).issues
    assert list(issues) == sorted(issues, key=lambda found: found.sort_key)
    told = [found for found in issues if found.code == "DOC003"]
    assert len(told) == min(len(letters), 11)
    assert normalize(release(entries[::-1], "provider"), LIMITS, {}).issues == issues


def test_the_first_issues_of_a_module_do_not_depend_on_the_order(release):
    entries = [(f"modules/m{n}", (b"", FileKind.SYMLINK)) for n in range(40)]
    issues = normalize(release(entries, "module"), LIMITS, {}).issues
    assert normalize(release(entries[::-1], "module"), LIMITS, {}).issues == issues


def test_the_version_of_the_rules_is_part_of_keys():
    assert re.fullmatch(r"[0-9a-z.]+", NORMALIZE_VERSION)
