"""A provider's pages: roots, collisions, links, sizes, and the issue for everything that is left out."""

import itertools
import random
from dataclasses import replace

import pytest

from builder.model.address import Address, Kind
from builder.model.document import CDKTF_LANGUAGES, DOC_KINDS, PageFacts
from builder.model.issue import Severity
from builder.model.limits import Limits
from builder.model.snapshot import blob_id
from builder.normalize.replacements import too_large

MIB = 1_048_576
LIMITS = Limits()


def keys(result):
    return set(result.pages)


# --- the documentation root -------------------------------------------------------------------------------------


def test_website_docs_wins_over_docs(normalized):
    result = normalized({"website/docs/r/a.html.markdown": "a", "docs/resources/b.md": "b"})
    assert keys(result) == {("", "resources", "a")}
    assert result.codes == [("DOC002", "docs")]
    assert "1 file is not read, because website/docs/ exists" in result.message("DOC002")


def test_docs_for_developers_beside_website_docs_is_nobodys_loss(normalized):
    files = {"website/docs/r/a.md": "a", "docs/index.md": "x", "docs/howto.md": "x"}
    assert normalized(files).codes == []


def test_website_docs_wins_even_without_pages(normalized):
    result = normalized({"website/docs/.keep": "", "docs/resources/b.md": "b"})
    assert result.documents == ()
    assert result.codes == [
        ("DOC002", "docs"),
        ("DOC003", "website/docs/.keep"),
        ("DOC014", "website/docs"),
    ]


@pytest.mark.parametrize("link", ["website/docs", "website"])
def test_a_root_that_is_a_link_counts_as_absent(normalized, link):
    result = normalized({"docs/resources/b.md": "b"}, links={link: "elsewhere"})
    assert keys(result) == {("", "resources", "b")}
    assert result.codes == [("DOC005", link)]


def test_both_roots_are_links(normalized):
    result = normalized({"x/index.md": "x"}, links={"website/docs": "../x", "docs": "x"})
    assert result.documents == ()
    assert result.codes == [("DOC005", "docs"), ("DOC005", "website/docs"), ("DOC014", "")]


def test_a_link_named_docs_that_is_not_looked_at_is_no_issue(normalized):
    assert normalized({"website/docs/index.md": ""}, links={"docs": "website/docs"}).codes == []


def test_a_root_that_is_a_submodule_is_there_and_empty(normalized):
    """As in a checkout without submodules."""
    result = normalized({"docs/index.md": "x"}, submodules=["website/docs"])
    assert result.documents == ()
    assert result.codes == [("DOC014", "website/docs"), ("DOC016", "website/docs")]


def test_a_submodule_above_the_root_hides_it(normalized):
    result = normalized({"docs/index.md": "x"}, submodules=["website"])
    assert keys(result) == {("", "", "index")}
    assert result.codes == [("DOC016", "website")]


def test_no_documentation(normalized):
    result = normalized({"main.go": "package main", "README.md": "# Readme", "docs.md": "x"})
    assert (result.documents, result.codes) == ((), [("DOC014", "")])
    assert result.issues[0].severity is Severity.NOTE
    assert result.reads == []


def test_a_file_named_like_a_root_is_no_root(normalized):
    result = normalized({"website/docs": "a file", "docs/index.md": "x"})
    assert keys(result) == {("", "", "index")}


def test_files_outside_the_root_are_nobodys_business(normalized):
    files = {"docs/index.md": "x", "main.go": "", "vendor/docs/r/x.md": "", "websites/docs/a": ""}
    assert normalized(files, links={"link": "main.go"}, submodules=["lib"]).codes == []


# --- kinds, languages, the overview page ------------------------------------------------------------------------

DIRECTORIES = [(kind.key, directory) for kind in DOC_KINDS for directory in kind.directories]


@pytest.mark.parametrize("root", ["docs", "website/docs"])
@pytest.mark.parametrize("language", ["", *CDKTF_LANGUAGES])
@pytest.mark.parametrize(("key", "directory"), DIRECTORIES)
def test_every_kind_from_every_directory(normalized, root, language, key, directory):
    base = f"{root}/cdktf/{language}" if language else root
    result = normalized({f"{base}/{directory}/pet.html.markdown": "# Pet"})
    (document,) = result.documents
    assert (document.language, document.kind, document.name) == (language, key, "pet")
    assert document.path == f"{base}/{directory}/pet.html.markdown"
    assert document.blob == blob_id(b"# Pet")
    assert document.replaced == ""
    assert result.codes == []


@pytest.mark.parametrize("base", ["docs", "docs/cdktf/go"])
@pytest.mark.parametrize("kind", DOC_KINDS, ids=lambda kind: kind.key)
def test_the_standard_directory_of_a_kind_wins(normalized, kind, base):
    files = {f"{base}/{directory}/pet.md": directory for directory in kind.directories}
    result = normalized(files)
    (document,) = result.documents
    *losers, winner = kind.directories
    assert document.path == f"{base}/{winner}/pet.md"
    assert result.codes == sorted(("DOC007", f"{base}/{loser}/pet.md") for loser in losers)
    assert all(i.message == f"{document.path} is used" for i in result.issues)


def test_an_unknown_language_is_told(normalized):
    result = normalized({"docs/cdktf/ruby/index.md": "", "docs/cdktf/ruby/r/a.md": ""})
    assert result.documents == ()
    assert ("DOC002", "docs/cdktf/ruby") in result.codes
    assert result.message("DOC002") == "2 files are not read"


def test_the_same_name_in_each_kind_and_language_is_no_collision(normalized):
    files = {f"docs/{kind.directories[-1]}/pet.md": "" for kind in DOC_KINDS}
    files |= {f"docs/cdktf/{lang}/resources/pet.md": "" for lang in CDKTF_LANGUAGES}
    result = normalized(files)
    assert len(result.documents) == len(files)
    assert result.codes == []


def test_the_last_index_file_wins(normalized):
    result = normalized({"docs/index.md": "md", "docs/index.html.markdown": "markdown"})
    (document,) = result.documents
    assert (document.kind, document.name, document.path) == ("", "index", "docs/index.md")
    assert result.codes == [("DOC007", "docs/index.html.markdown")]


def test_the_overview_is_always_named_index(normalized):
    (document,) = normalized({"docs/index.de.md": ""}).documents
    assert (document.kind, document.name, document.title) == ("", "index", "index")


def test_each_language_has_its_own_index(normalized):
    result = normalized({"docs/index.md": "", "docs/cdktf/go/index.md": ""})
    assert keys(result) == {("", "", "index"), ("go", "", "index")}


def test_a_resource_named_like_the_index_is_a_resource(normalized):
    result = normalized({"docs/resources/index_resource.md": "", "docs/resources/index.md": ""})
    assert keys(result) == {("", "resources", "index"), ("", "resources", "index_resource")}


def test_no_index_page(normalized):
    assert ("", "", "index") not in normalized({"docs/resources/a.md": ""}).pages


@pytest.mark.parametrize("name", ["cli.md", "README.md", "resources.md", "Index.md", "indexmd.md"])
def test_other_pages_in_the_root_are_left_out_and_told(normalized, name):
    result = normalized({"docs/index.md": "", f"docs/{name}": ""})
    assert len(result.documents) == 1
    assert result.codes == [("DOC003", f"docs/{name}")]
    assert "kind directory" in result.issues[0].hint


# --- names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "winner", "code"),
    [
        (["r/foo.md", "resources/foo.html.md"], "resources/foo.html.md", "DOC007"),
        (["r/foo.html.md", "r/foo.md"], "r/foo.md", "DOC007"),
        (["r/a b.md", "r/ab.md"], "r/ab.md", "DOC007"),
        (["r/Foo.md", "r/foo.md"], "r/foo.md", "DOC008"),
        (["r/FOO.md", "r/Foo.md"], "r/Foo.md", "DOC008"),
        (["r/foo.md", "resources/Foo.md"], "resources/Foo.md", "DOC008"),
    ],
)
def test_of_two_pages_with_one_name_the_later_wins(normalized, files, winner, code):
    paths = [f"docs/{path}" for path in files]
    for order in itertools.permutations(paths):
        result = normalized({path: path for path in order})
        (document,) = result.documents
        assert document.path == f"docs/{winner}"
        assert result.codes == [(code, path) for path in paths if path != document.path]
        assert result.message(code) == f"docs/{winner} is used"


def test_three_pages_with_one_name_name_the_one_that_is_used(normalized):
    result = normalized({"docs/r/Foo.md": "", "docs/r/foo.html.md": "", "docs/r/foo.md": ""})
    assert {i.message for i in result.issues} == {"docs/r/foo.md is used"}
    assert [code for code, _ in result.codes] == ["DOC007", "DOC008"]


def test_the_letter_case_of_a_name_is_kept(normalized):
    (document,) = normalized({"docs/resources/MyBed.md": ""}).documents
    assert (document.name, document.slug, document.title) == ("MyBed", "mybed", "MyBed")


@pytest.mark.parametrize("name", [".md", "é.md", "..md", "...md", "!?.html.md"])
def test_names_of_which_nothing_is_left(normalized, name):
    result = normalized({f"docs/resources/{name}": "", "docs/resources/good.md": ""})
    assert keys(result) == {("", "resources", "good")}
    assert result.codes == [("DOC001", f"docs/resources/{name}")]


def test_the_longest_name_that_a_key_can_hold(normalized):
    room = 255 - len("providers/acme/garden/v1.2.3/resources/.md")
    files = {f"docs/resources/{'x' * room}.md": "", f"docs/resources/{'y' * (room + 1)}.md": ""}
    result = normalized(files)
    assert [d.name for d in result.documents] == ["x" * room]
    assert result.codes == [("DOC001", f"docs/resources/{'y' * (room + 1)}.md")]
    assert "256" in result.message("DOC001")


@pytest.mark.parametrize("name", ["pet.txt", "pet.html", "logo.png", "pet", "pet.MD", ".gitkeep"])
def test_files_that_are_no_pages(normalized, name):
    result = normalized({f"docs/resources/{name}": "", "docs/index.md": ""})
    assert result.codes == [("DOC003", f"docs/resources/{name}")]


@pytest.mark.parametrize(
    ("key", "value"), [("name", "evil/../name"), ("editlink", "http://x"), ("name", "[1]")]
)
def test_front_matter_cannot_name_a_page(normalized, key, value):
    (document,) = normalized({"docs/resources/bed.md": f"---\n{key}: {value}\n---\n"}).documents
    assert (document.name, document.title, document.path) == ("bed", "bed", "docs/resources/bed.md")


# --- directories ------------------------------------------------------------------------------------------------


def test_an_unknown_directory_is_told_once_with_its_number_of_files(normalized):
    files = {f"docs/images/{n}/{m}.png": "" for n in range(20) for m in range(60)}
    result = normalized({"docs/index.md": "", **files})
    assert result.codes == [("DOC002", "docs/images")]
    assert result.message("DOC002") == "1,200 files are not read"


def test_a_misspelled_directory_is_told_with_the_right_name(normalized):
    result = normalized({"docs/index.md": "", "docs/data_source/a.md": ""})
    assert result.message("DOC002") == "1 file is not read; did you mean data-sources/?"


def test_sub_directories_of_a_kind_are_told_once_each(normalized):
    files = {"docs/resources/a/b.md": "", "docs/resources/a/c/d.md": "", "docs/d/x/y.md": ""}
    result = normalized({"docs/index.md": "", **files})
    assert keys(result) == {("", "", "index")}
    assert result.codes == [("DOC004", "docs/d/x"), ("DOC004", "docs/resources/a")]


def test_a_sub_directory_named_like_a_page_is_no_page(normalized):
    result = normalized({"docs/index.md": "", "docs/resources/pet.md/x": "text"})
    assert result.codes == [("DOC004", "docs/resources/pet.md")]


def test_many_files_that_are_no_pages_give_few_issues(normalized):
    files = {f"docs/guides/{n:04}.png": "" for n in range(2000)}
    result = normalized({"docs/index.md": "", **files})
    assert len(result.issues) == 11
    (rest,) = [i for i in result.issues if i.location.path == "docs/guides"]
    assert rest.message == "the same of 1,990 more here: 0010.png, 0011.png, 0012.png, …"


# --- links and submodules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["../../secret.md", "/etc/passwd", "bed.md", "nowhere"])
@pytest.mark.parametrize(
    "link", ["docs/resources/pet.md", "docs/index.md", "docs/functions", "docs/cdktf/go", "docs/r"]
)
def test_nothing_is_read_through_a_link(normalized, link, target):
    files = {"secret.md": "SECRET", "docs/resources/bed.md": "# Bed"}
    result = normalized(files, links={link: target})
    assert keys(result) == {("", "resources", "bed")}
    assert result.codes == [("DOC005", link)]
    assert result.reads == ["docs/resources/bed.md"]


def test_cdktf_as_a_link(normalized):
    result = normalized({"docs/index.md": ""}, links={"docs/cdktf": "../other"})
    assert result.codes == [("DOC005", "docs/cdktf")]


def test_a_link_never_replaces_a_page(normalized):
    result = normalized({"docs/r/pet.md": "# Pet"}, links={"docs/resources/pet.md": "../r/pet.md"})
    assert result.pages["", "resources", "pet"].path == "docs/r/pet.md"
    assert result.codes == [("DOC005", "docs/resources/pet.md")]


def test_a_link_that_would_be_no_page_either_is_told_as_that(normalized):
    links = {"docs/logo.png": "../logo.png", "docs/images/a.png": "b.png"}
    result = normalized({"docs/index.md": ""}, links=links)
    assert result.codes == [("DOC002", "docs/images"), ("DOC003", "docs/logo.png")]


@pytest.mark.parametrize("path", ["docs/resources", "docs/resources/pet.md", "docs/cdktf/go"])
def test_submodules_are_not_read(normalized, path):
    result = normalized({"docs/index.md": ""}, submodules=[path])
    assert keys(result) == {("", "", "index")}
    assert result.codes == [("DOC016", path)]


# --- content ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "replaced"), [(MIB, ""), (MIB + 1, "too large")])
def test_the_size_limit(normalized, size, replaced):
    text = "---\npage_title: Big\n---\n"
    result = normalized({"docs/guides/big.md": text + "x" * (size - len(text))})
    (document,) = result.documents
    assert document.replaced == replaced
    assert document.title == ("big" if replaced else "Big")
    assert document.path == "docs/guides/big.md"
    assert result.codes == ([("DOC006", "docs/guides/big.md")] if replaced else [])
    assert (document.blob in result.texts) == bool(replaced)


def test_the_text_in_place_of_a_large_page_links_to_it(normalized):
    result = normalized({"docs/guides/a (b).md": "x" * 50}, limits=Limits(page_bytes=49))
    (document,) = result.documents
    text = result.texts[document.blob].decode()
    assert text.startswith("# 502 File too large\n")
    assert "<https://git.example/acme/garden/blob/v1.2.3/docs/guides/a%20%28b%29.md>" in text
    assert blob_id(text.encode()) == document.blob
    assert result.message("DOC006") == "50 bytes, more than 49"


def test_a_hostile_tag_cannot_leave_the_link(snapshot_of):
    snapshot = replace(snapshot_of({}), tag="v1>\udcff](x)")
    text = too_large(snapshot, "docs/a.md", LIMITS).decode()
    assert "<https://git.example/acme/garden/blob/v1%3E%3F%5D%28x%29/docs/a.md>" in text


def test_a_hostile_path_cannot_leave_the_link(normalized):
    path = "docs/guides/a>\n](javascript:x) <b.md"
    (text,) = normalized({path: "x" * 50}, limits=Limits(page_bytes=49)).texts.values()
    line = next(line for line in text.decode().splitlines() if "blob" in line)
    assert line.count("<") == line.count(">") == 1
    assert "javascript:" not in line


def test_a_raised_limit_finds_the_page_again(normalized):
    memo: dict[str, PageFacts] = {}
    page = {"docs/guides/a.md": "---\npage_title: T\n---\n"}
    (small,) = normalized(page, memo=memo, limits=Limits(page_bytes=5)).documents
    (large,) = normalized(page, memo=memo).documents
    assert (small.replaced, large.replaced, large.title) == ("too large", "", "T")


def test_one_page_of_each_fault_leaves_the_others_alone(normalized):
    bomb = "a0: &a0 [x]\n"
    bomb += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 20))
    faults = {
        "docs/resources/é.md": "DOC001",
        f"docs/resources/{'x' * 300}.md": "DOC001",
        "docs/resources/damaged.md": "DOC012",
        "docs/resources/latin.md": "DOC010",
        "docs/resources/line.md": "DOC017",
        "docs/resources/binary.md": "DOC011",
        "docs/resources/yaml.md": "DOC009",
    }
    pages = {
        "docs/resources/é.md": "x",
        f"docs/resources/{'x' * 300}.md": "y",
        "docs/resources/damaged.md": "z",
        "docs/resources/latin.md": b"---\npage_title: caf\xe9\n---\n",
        "docs/resources/line.md": f"---\npage_title: T\nx: {'x' * 70_000}\n---\n",
        "docs/resources/bomb.md": f"---\npage_title: Bomb\n{bomb}---\n",
        "docs/resources/binary.md": b"\x89PNG\0",
        "docs/resources/yaml.md": "---\npage_title: a: b\n---\n",
        "docs/resources/good.md": "---\npage_title: Good\n---\n",
    }
    result = normalized(pages, damaged=["docs/resources/damaged.md"])
    assert {d.name: d.title for d in result.documents} == {
        "latin": "caf\ufffd",
        "line": "line",
        "bomb": "Bomb",
        "yaml": "a: b",
        "good": "Good",
    }
    assert result.codes == sorted((code, path) for path, code in faults.items())


def test_a_page_that_is_missing_in_the_repository(normalized):
    result = normalized({"docs/index.md": ""}, damaged=["docs/index.md"])
    assert result.codes == [("DOC012", "docs/index.md")]
    assert "object is corrupt" in result.message("DOC012")


def test_a_failed_read_is_not_remembered(normalized):
    memo: dict[str, PageFacts] = {}
    page = {"docs/index.md": "---\npage_title: T\n---\n"}
    normalized(page, damaged=["docs/index.md"], memo=memo)
    (document,) = normalized(page, memo=memo).documents
    assert document.title == "T"


def test_metadata_of_a_page(normalized):
    page = "---\npage_title: acme_bed\nsubcategory: Beds\ndescription: |-\n  A bed.\n---\n# H\n"
    (document,) = normalized({"docs/resources/bed.md": page}).documents
    assert document.title == "acme_bed"
    assert document.subcategory == "Beds"
    assert document.description == "A bed."


def test_an_empty_title_falls_back_to_the_name(normalized):
    (document,) = normalized({"docs/resources/bed.md": "---\npage_title: ''\n---\n"}).documents
    assert document.title == "bed"


def test_each_blob_is_read_once_over_all_versions(normalized):
    memo: dict[str, PageFacts] = {}
    first = normalized({"docs/r/a.md": "a: b", "docs/r/b.md": "b", "docs/r/c.md": "b"}, memo=memo)
    assert first.reads == ["docs/r/a.md", "docs/r/b.md"]
    second = normalized({"docs/r/a.md": "a: b", "docs/r/d.md": "new"}, memo=memo)
    assert second.reads == ["docs/r/d.md"]


def test_problems_of_a_known_blob_are_told_at_each_use(normalized):
    memo: dict[str, PageFacts] = {}
    for path in ("docs/resources/a.md", "docs/resources/b.md"):
        result = normalized({path: "---\npage_title: a: b\n---\n"}, memo=memo)
        assert [str(i.location) for i in result.issues] == [f"providers/acme/garden@1.2.3 {path}:2"]


def test_pages_over_the_limit_are_left_out_from_the_end(normalized):
    files = {"docs/index.md": "", "docs/guides/b.md": "", "docs/cdktf/go/index.md": ""}
    result = normalized(files, limits=Limits(pages=2))
    assert keys(result) == {("", "", "index"), ("", "guides", "b")}
    assert result.codes == [("DOC013", "docs")]
    assert result.message("DOC013") == "3 pages, more than 2; the last are left out"


def test_pages_are_sorted_by_language_kind_and_name(normalized):
    paths = ["r/b", "r/a", "r/B", "d/z", "cdktf/go/r/a", "cdktf/go/index", "index", "f/_", "f/Z"]
    paths.remove("r/b")
    random.Random(7).shuffle(paths)
    result = normalized({f"docs/{path}.md": path for path in paths})
    assert [d.sort_key for d in result.documents] == sorted(d.sort_key for d in result.documents)
    assert [d.name for d in result.documents if d.kind == "functions"] == ["Z", "_"]


def test_a_path_that_leads_out_is_refused(normalized):
    paths = ["docs/resources/../../x.md", "docs/./index.md", "docs//index.md", "docs/guides/.."]
    result = normalized({"docs/index.md": "", **dict.fromkeys(paths, "out")})
    assert keys(result) == {("", "", "index")}
    assert result.codes == sorted(("DOC015", path) for path in paths)


def test_a_pulumi_package_has_no_documents(normalized):
    result = normalized({"docs/index.md": "x"}, address=Address.of(Kind.PACKAGE, "garden"))
    assert (result.documents, result.parts, result.issues) == ((), (), ())
