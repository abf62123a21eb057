"""check: everything at once; --fix brings files into canonical form and loses nothing."""

import json

import pytest

from builder.metadata.check import check
from builder.model.address import Address


def found(root, **options):
    return [(one.code, one.location.path, one.message) for one in check(root, **options)]


def test_a_canonical_repository_has_no_issues(tmp_path, write, release):
    write(
        "providers/a/acme/kettle.json",
        {"versions": [release("1.1.0"), release("1.0.0")], "warnings": ["w"], "mine": 1},
    )
    write("packages/tea.yaml", "# made\nname: tea\npublisher: Acme\nversion: v1.0.0\n")
    assert not check(tmp_path)


CUP = "modules/a/acme/cup/aws.json"


@pytest.mark.parametrize(
    ("content", "code", "said", "fixed"),
    [
        (
            b'{\n  "versions": []\n}\n',
            "META010",
            "the end of the file differs",
            b'{\n  "versions": []\n}',
        ),
        (b'{"versions":[]}', "META010", "indentation", b'{\n  "versions": []\n}'),
        (b'{\r\n  "versions": []\r\n}', "META010", "line ends", b'{\n  "versions": []\n}'),
        (
            b'{\n  "mine": "<",\n  "versions": []\n}',
            "META010",
            "keys",
            b'{\n  "versions": [],\n  "mine": "\\u003c"\n}',
        ),
    ],
)
def test_files_that_are_not_in_canonical_form_are_told_and_fixed(
    tmp_path, write, content, code, said, fixed
):
    file = write(CUP, content)
    ((told, path, message),) = found(tmp_path)
    assert (told, path) == (code, CUP)
    assert said in message
    assert file.read_bytes() == content
    assert not found(tmp_path, fix=True)
    assert file.read_bytes() == fixed
    assert not found(tmp_path)


def test_versions_are_sorted_with_all_that_is_in_them(tmp_path, write):
    versions = [
        {"version": "v0.1.0", "mine": 1},
        {"version": "latest"},
        {"version": "v2.0.0+b", "mine": 2},
        7,
        {"version": "v2.0.0+a"},
    ]
    file = write(CUP, {"versions": versions})
    assert ("META009", CUP, "versions: not sorted newest first") in found(tmp_path)
    left = found(tmp_path, fix=True)
    assert [code for code, *_ in left] == ["META002", "META004"]
    assert json.loads(file.read_bytes())["versions"] == [
        versions[2],
        versions[4],
        versions[0],
        versions[1],
        versions[3],
    ]
    assert "META009" not in [code for code, *_ in found(tmp_path)]


def test_versions_that_differ_only_in_build_metadata_keep_their_order(tmp_path, write):
    write(CUP, {"versions": [{"version": "v1.0.0+a"}, {"version": "v1.0.0+b"}]})
    assert not check(tmp_path)


def test_keys_are_ordered_at_all_levels(tmp_path, write, release, target):
    raw = release("1.0.0", targets=[dict(reversed(target(size=3).items()))])
    file = write(
        "providers/a/acme/kettle.json",
        {
            "warnings": ["w"],
            "versions_errors": [{"message": "m", "version": "1"}],
            "versions": [{"mine": 1, **dict(reversed(raw.items()))}],
        },
    )
    assert not found(tmp_path, fix=True)
    made = json.loads(file.read_bytes())
    assert list(made) == ["versions", "versions_errors", "warnings"]
    assert list(made["versions"][0]) == [*raw, "mine"]
    assert list(made["versions"][0]["targets"][0]) == [*target(), "size"]
    assert list(made["versions_errors"][0]) == ["version", "message"]


def test_a_package_gets_its_v_and_sorted_keys_and_keeps_its_comments(tmp_path, write):
    file = write("packages/tea.yaml", "# head\nversion: 1.0.0\nname: tea # why\npublisher: Acme\n")
    assert found(tmp_path) == [
        ("META010", "packages/tea.yaml", "version: '1.0.0' is written 'v1.0.0'")
    ]
    assert not found(tmp_path, fix=True)
    assert file.read_text() == "# head\nname: tea # why\npublisher: Acme\nversion: v1.0.0\n"


@pytest.mark.parametrize("content", [b"{", b'{"versions":[],"versions":[]}', b"[]"])
def test_what_would_lose_something_is_not_rewritten(tmp_path, write, content):
    file = write(CUP, content)
    assert found(tmp_path, fix=True)
    assert file.read_bytes() == content


def test_everything_odd_is_told_errors_first(tmp_path, write):
    write(CUP, '{"versions": [{"version": "latest"}]}')
    write("providers/a/acme/kettle.json", "{")
    write("providers/a/acme/notes.txt", "")
    write("keys/a/acme/bad.asc", "nothing")
    write("blocklist.json", {"providers": {"gone/": "x"}})
    assert [code for code, *_ in found(tmp_path)] == [
        *("META001", "META003"),
        *("META004", "META007", "META008"),
        "META010",
    ]


def test_some_addresses_can_be_checked_alone(tmp_path, write):
    write(CUP, "{")
    write("providers/a/acme/kettle.json", "{")
    write("keys/a/acme/bad.asc", "nothing")
    assert [path for _, path, _ in found(tmp_path, addresses=[Address.parse("acme/cup/aws")])] == [
        CUP
    ]


def test_values_nested_too_deeply_to_be_written_are_reported(tmp_path, write):
    content = b'{"mine":' + b"[" * 2000 + b"]" * 2000 + b"}"
    file = write(CUP, content)
    assert [code for code, *_ in found(tmp_path, fix=True)] == ["META001"]
    assert file.read_bytes() == content
