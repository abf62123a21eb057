"""The conformance runner: on the shared cases that need no repository, and on cases made to differ."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from builder.model.snapshot import blob_id
from builder.testing.conformance import Repositories, check_case, run
from builder.testing.repositories import make_repository


@pytest.fixture
def nowhere(tmp_path):
    return Repositories(tmp_path)


@pytest.mark.real
def test_the_shared_cases_agree(shared_data, nowhere):
    cases = json.loads((shared_data / "module-conformance-dev.json").read_text(encoding="utf-8"))[
        "cases"
    ]
    results = {case["id"]: check_case(case, nowhere) for case in cases}
    checked = {name: found for name, found in results.items() if found is not None}
    assert len(checked) >= 24
    assert {name: found for name, found in checked.items() if found} == {}


def snippet(text: str, **expect) -> dict[str, object]:
    return {"id": "s", "kind": "snippet", "files_text": {"main.tf": text}, "expect": expect}


@pytest.mark.parametrize(
    "case",
    [
        snippet('variable "a" {}\n', variable={"name": "b"}),
        snippet('variable "a" {}\n', variable={"name": "a", "required": False}),
        snippet('variable "a" {\n  default = 1\n}\n', variable={"name": "a", "default": "2"}),
        snippet("!\n", variable={"name": "a"}),
        snippet("a = 1\n", problems=[["main.tf:1", "Invalid expression"]]),
        snippet('variable "a" {}\n', variables_kept=[]),
        {
            "id": "t",
            "kind": "type",
            "text": "list(string)",
            "expect": {"type": "x", "type_cty": "y"},
        },
        {"id": "u", "kind": "unknown", "expect": {}},
    ],
)
def test_a_case_that_differs_says_how(case, nowhere):
    assert check_case(case, nowhere)


def test_bytes_can_be_given_as_hex(nowhere):
    case = {
        "id": "h",
        "kind": "snippet",
        "files_hex": {"main.tf": b"\xff\n".hex()},
        "expect": {"problems": [["main.tf:1", "Invalid character encoding"]]},
    }
    assert check_case(case, nowhere) == []


MAIN = 'variable "a" {\n  type = list( string )\n}\nresource "b_c" "d" {}\n'


def module(expect: Mapping[str, object], **more) -> dict[str, object]:
    files = [{"name": "main.tf", "blob": blob_id(MAIN.encode())}]
    return {"id": "m", "kind": "module", "repo": "o/n", "files": files, "expect": expect, **more}


FACTS = {
    "variables": {"a": {"required": True, "at": "main.tf:1", "type": "list( string )"}},
    "outputs": {},
    "module_calls": {},
    "resources": [["managed", "b_c", "d", "b", "main.tf:4"]],
    "providers": {"b": {}},
}


def test_cases_are_counted_and_absent_repositories_told_apart(tmp_path):
    make_repository(tmp_path / "o" / "n", {"v1": {"main.tf": MAIN}})
    cases = [
        module(FACTS),
        module({**FACTS, "variables": {}}),
        module({"variables": {"a": {"at": "main.tf:1"}}}, partial=True),
        module(FACTS, repo="o/absent"),
        {**module(FACTS), "files": [{"name": "main.tf", "blob": "0" * 40}]},
        {
            "id": "y",
            "kind": "syntax",
            "repo": "o/n",
            "path": "main.tf",
            "blob": blob_id(MAIN.encode()),
            "expect": {"first_error_line": None, "summary": None},
        },
    ]
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"format": "module-schema-conformance/1", "cases": cases}))
    said: list[str] = []
    assert run(Path(file), tmp_path, said.append) == 1
    assert said[-1] == "agreed 3 of 4"
    assert said[-2].startswith("skipped 2")
    assert "not expected ['a']" in said[0]
