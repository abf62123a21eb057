"""A module's parts: which directories are listed, and what stands in for a README."""

import itertools

import pytest

from builder.model.document import PartRole
from builder.model.limits import Limits
from builder.model.snapshot import blob_id
from builder.normalize.normalize import outline

LIMITS = Limits()


def names(result, role):
    return [part.name for part in result.parts if part.role is role]


def test_root_then_submodules_then_examples_by_name(normalized_module):
    files = {
        "README.md": "# Net",
        "main.tf": "",
        "examples/b/main.tf": "",
        "examples/a/README.md": "# A",
        "modules/z/README.md": "# Z",
        "modules/_/main.tf": "",
        "modules/Y/deep/er/main.tf": "",
        "examples/a/nested/README.md": "# not a part",
    }
    result = normalized_module(files)
    assert [(p.role.value, p.name, p.readme, p.path) for p in result.parts] == [
        ("root", "", True, "README.md"),
        ("submodule", "Y", False, ""),
        ("submodule", "_", False, ""),
        ("submodule", "z", True, "modules/z/README.md"),
        ("example", "a", True, "examples/a/README.md"),
        ("example", "b", False, ""),
    ]
    assert result.codes == []
    assert result.documents == ()


def test_a_readme_is_its_own_blob(normalized_module):
    (root,) = normalized_module({"README.md": "# Net"}).parts
    assert (root.blob, root.replaced) == (blob_id(b"# Net"), "")


def test_an_empty_repository_has_a_root_without_readme(normalized_module):
    result = normalized_module({})
    (root,) = result.parts
    assert (root.role, root.readme, root.path) == (PartRole.ROOT, False, "")
    assert result.texts[root.blob].decode().startswith("# 404 Not Found\n")
    assert "root of the repository" in result.texts[root.blob].decode()


def test_the_text_for_a_missing_readme_names_the_part(normalized_module):
    result = normalized_module({"README.md": "x", "modules/a b/main.tf": ""})
    part = result.parts[1]
    assert "`modules/a b`" in result.texts[part.blob].decode()
    assert part.slug == "ab"


@pytest.mark.parametrize("spelling", ["readme.md", "Readme.md", "README.MD"])
def test_a_readme_in_another_spelling_is_told(normalized_module, spelling):
    result = normalized_module({f"modules/a/{spelling}": "x", "README.md": ""})
    assert not result.parts[1].readme
    assert result.codes == [("DOC003", f"modules/a/{spelling}")]


def test_many_parts_with_the_same_fault_give_few_issues(normalized_module):
    files = {f"examples/e{n:02}/readme.md": "" for n in range(40)}
    result = normalized_module({"README.md": "", **files})
    assert len(result.parts) == 41
    assert [path for _, path in result.codes if path == "examples"] == ["examples"]
    assert len(result.codes) == 11
    (rest,) = [i.message for i in result.issues if i.location.path == "examples"]
    assert rest.endswith("30 more here: e10/readme.md, e11/readme.md, e12/readme.md, …")


def test_another_spelling_beside_the_readme_is_no_issue(normalized_module):
    result = normalized_module({"readme.md": "x", "README.md": "y"})
    assert result.parts[0].blob == blob_id(b"y")
    assert result.codes == []


@pytest.mark.parametrize("directory", ["modules", "examples"])
def test_a_file_in_place_of_the_directory_is_skipped(normalized_module, directory):
    result = normalized_module({"README.md": "", directory: "a file"})
    assert len(result.parts) == 1
    assert result.codes == [("DOC003", directory)]


@pytest.mark.parametrize("directory", ["modules", "examples"])
def test_plain_files_beside_the_parts_are_no_parts(normalized_module, directory):
    result = normalized_module(
        {"README.md": "", f"{directory}/README.md": "", f"{directory}/x": ""}
    )
    assert (len(result.parts), result.codes) == (1, [])


@pytest.mark.parametrize("name", ["autogen", "test", "tests", "test-fixtures"])
def test_templates_and_tests_are_not_listed(normalized_module, name):
    result = normalized_module({"README.md": "", f"modules/{name}/main.tf": "", "modules/a/x": ""})
    assert names(result, PartRole.SUBMODULE) == ["a"]
    assert result.codes == [("DOC002", f"modules/{name}")]


@pytest.mark.parametrize("name", ["é", "a+b", "a\nb", "  ", "a:b", "x" * 256])
def test_names_outside_the_path_rule(normalized_module, name):
    result = normalized_module({"README.md": "", f"examples/{name}/main.tf": ""})
    assert names(result, PartRole.EXAMPLE) == []
    assert result.codes == [("DOC001", f"examples/{name}")]


def test_the_longest_name_that_a_key_can_hold(normalized_module):
    room = 255 - len("modules/acme/net/aws/v1.2.3/examples//README.md")
    files = {f"examples/{'x' * room}/a": "", f"examples/{'y' * (room + 1)}/a": "", "README.md": ""}
    result = normalized_module(files)
    assert names(result, PartRole.EXAMPLE) == ["x" * room]
    assert result.codes == [("DOC001", f"examples/{'y' * (room + 1)}")]


@pytest.mark.parametrize(
    ("first", "winner", "code"),
    [("A", "a", "DOC008"), ("a b", "ab", "DOC007"), ("ab", "ab ", "DOC007")],
)
def test_parts_with_one_key(normalized_module, first, winner, code):
    paths = ["README.md", f"modules/{first}/x", f"modules/{winner}/x"]
    for order in itertools.permutations(paths):
        result = normalized_module(dict.fromkeys(order, ""))
        assert names(result, PartRole.SUBMODULE) == [winner]
        assert result.codes == [(code, f"modules/{first}")]
        assert result.message(code) == f"modules/{winner} is used"


def test_the_order_is_that_of_the_names_that_are_used(normalized_module):
    result = normalized_module({"modules/A/x": "", "modules/B/x": "", "modules/a/x": ""})
    assert names(result, PartRole.SUBMODULE) == ["B", "a"]


@pytest.mark.parametrize("target", ["other.md", "../../etc/passwd", "/etc/passwd"])
@pytest.mark.parametrize("link", ["README.md", "modules/a/README.md", "modules", "modules/b"])
def test_nothing_is_read_through_a_link(normalized_module, link, target):
    files = {"other.md": "SECRET", "modules/a/main.tf": "", "modules/a/other.md": "SECRET"}
    if link == "modules":
        files = {"other.md": "SECRET"}
    result = normalized_module(files, links={link: target})
    assert not any(part.readme for part in result.parts)
    assert names(result, PartRole.SUBMODULE) == ([] if link == "modules" else ["a"])
    assert result.codes == [("DOC005", link)]
    assert result.reads == []
    assert not any(b"SECRET" in text for text in result.texts.values())


def test_a_submodule_of_git_is_listed_without_its_content(normalized_module):
    """Clients fetch it, so it can be used; what it holds is in another repository."""
    result = normalized_module({"README.md": ""}, submodules=["modules/vendored"])
    assert names(result, PartRole.SUBMODULE) == ["vendored"]
    assert not result.parts[1].readme
    assert result.codes == [("DOC016", "modules/vendored")]


def test_a_readme_over_the_limit(normalized_module):
    result = normalized_module(
        {"README.md": "x" * 10, "modules/a/README.md": "y" * 11}, limits=Limits(page_bytes=10)
    )
    root, part = result.parts
    assert (root.replaced, part.replaced, part.readme) == ("", "too large", True)
    assert part.path == "modules/a/README.md"
    text = result.texts[part.blob].decode()
    assert text.startswith("# 502 File too large\n")
    assert "/blob/v1.2.3/modules/a/README.md>" in text
    assert result.codes == [("DOC006", "modules/a/README.md")]


@pytest.mark.parametrize(("content", "code"), [(b"\x89PNG\0", "DOC011"), (b"damaged", "DOC012")])
def test_a_readme_that_cannot_be_shown(normalized_module, content, code):
    damaged = ["modules/a/README.md"] if code == "DOC012" else []
    files = {"README.md": "# Net", "modules/a/README.md": content}
    result = normalized_module(files, damaged=damaged)
    part = result.parts[1]
    assert (part.readme, part.path) == (False, "")
    text = result.texts[part.blob].decode()
    assert text.startswith("# 404 Not Found\n")
    assert "not a text that can be shown" in text
    assert result.codes == [(code, "modules/a/README.md")]


def test_a_readme_that_is_not_utf8_is_shown(normalized_module):
    result = normalized_module({"README.md": b"# Caf\xe9"})
    assert result.parts[0].blob == blob_id(b"# Caf\xe9")
    assert result.codes == [("DOC010", "README.md")]


def test_rules_in_a_readme_are_no_front_matter(normalized_module):
    result = normalized_module({"README.md": "---\nnot: a: mapping\n---\n\n---\npage_title: T\n"})
    assert result.parts[0].readme
    assert result.codes == []


def test_parts_over_the_limit(normalized_module):
    files = {"README.md": "", **{f"modules/m{n}/x": "" for n in range(5)}}
    result = normalized_module(files, limits=Limits(pages=3))
    assert names(result, PartRole.SUBMODULE) == ["m0", "m1"]
    assert result.codes == [("DOC013", "")]


def test_a_path_that_leads_out_is_refused(normalized_module):
    result = normalized_module({"README.md": "", "modules/../x": "", "examples//x": ""})
    assert len(result.parts) == 1
    assert result.codes == [("DOC015", "examples//x"), ("DOC015", "modules/../x")]


def test_the_outline_of_a_withheld_module_reads_nothing(snapshot_of, module_address):
    files = {
        "README.md": "SECRET",
        "modules/a/README.md": "SECRET",
        "modules/b/main.tf": "SECRET",
        "examples/c/README.md": "SECRET" * 1000,
    }
    snapshot = snapshot_of(
        files, address=module_address, links={"modules/d/README.md": "../../README.md"}
    )
    checked = outline(snapshot, Limits(page_bytes=10))
    value = checked.value
    assert snapshot.tree.reads == []
    assert value.documents == ()
    assert [(p.name, p.readme, p.path, bool(p.blob)) for p in value.parts] == [
        ("", True, "README.md", False),
        ("a", True, "modules/a/README.md", False),
        ("b", False, "", True),
        ("d", False, "", True),
        ("c", True, "examples/c/README.md", False),
    ]
    assert set(value.texts) == {p.blob for p in value.parts if p.blob}
    assert [i.code for i in checked.issues] == ["DOC005"]
    assert not any(b"SECRET" in text for text in value.texts.values())


def test_the_outline_of_a_withheld_provider_is_empty(snapshot_of):
    snapshot = snapshot_of({"docs/index.md": "SECRET"})
    value = outline(snapshot, LIMITS).value
    assert (value.documents, value.parts, dict(value.texts)) == ((), (), {})
    assert snapshot.tree.reads == []
