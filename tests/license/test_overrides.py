"""licences.overrides.json: every row stands for itself, odd ones are reported."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.license.overrides import (
    FIELDS,
    Override,
    parse_overrides,
    repository_path,
    stale_overrides,
)
from builder.model.license import LicenseFinding, Outcome, Verdict
from builder.model.snapshot import Repository

ROW = {
    "repo": "Acme/terraform-provider-garden",
    "sha256": "AB" * 32,
    "spdx": "MIT OR WTFPL",
    "verdict": "allow",
    "reason": "the author offers a choice",
    "by": "someone",
    "date": "2026-01-31",
}


def parsed(*rows):
    return parse_overrides(json.dumps({"overrides": rows}).encode())


def test_a_row_becomes_a_decision_in_lower_case():
    result = parsed(ROW)
    assert result.issues == ()
    assert result.value == (
        Override(
            "acme/terraform-provider-garden", "ab" * 32, "MIT OR WTFPL", Outcome.ALLOW,
            "the author offers a choice", "someone", "2026-01-31",
        ),
    )  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [None, "", 7])
def test_every_field_is_required_and_the_other_rows_stay(field, value):
    result = parsed({**ROW, field: value}, {**ROW, "repo": "acme/other"})
    assert [row.repo for row in result.value] == ["acme/other"]
    assert [(i.code, i.location.path) for i in result.issues] == [
        ("META002", "licences.overrides.json")
    ]
    assert f"entry 1: `{field}`" in result.issues[0].message


@pytest.mark.parametrize(
    ("field", "value"),
    [("repo", "acme"), ("repo", "https://forge.example/a/b"), ("sha256", "ab"), ("spdx", "MIT OR"),
     ("verdict", "review"), ("verdict", "maybe"), ("date", "31.1.2026")],
)  # fmt: skip
def test_a_value_of_the_wrong_shape_is_reported(field, value):
    result = parsed({**ROW, field: value})
    assert result.value == ()
    assert f"`{field}`" in result.issues[0].message


def test_of_two_decisions_on_one_text_the_refusal_counts():
    for rows in (({**ROW}, {**ROW, "verdict": "refuse"}), ({**ROW, "verdict": "refuse"}, {**ROW})):
        result = parsed(*rows)
        assert [row.verdict for row in result.value] == [Outcome.REFUSE]
        assert "two decisions" in result.issues[0].message


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"{", "META001"), (b"\xff", "META001"), (b"[]", "META002"), (b"{}", "META002")],
)
def test_a_file_that_cannot_be_used_is_one_issue(data, code):
    assert [i.code for i in parse_overrides(data).issues] == [code]


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=100), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*FIELDS, "overrides"]), inner, max_size=7),
    max_leaves=20,
).map(lambda value: json.dumps({"overrides": value}).encode())))  # fmt: skip
def test_any_file_gives_decisions_and_issues(data):
    result = parse_overrides(data)
    assert all(isinstance(row, Override) for row in result.value)


@pytest.mark.parametrize(
    "url",
    ["https://forge.example/Acme/Garden", "https://forge.example/acme/garden.git", "https://forge.example/acme/garden/",
     "git@forge.example:acme/garden.git", "ssh://git@forge.example/acme/garden"],
)  # fmt: skip
def test_a_repository_is_known_by_its_path(url):
    assert repository_path(Repository(url)) == "acme/garden"


def test_decisions_that_match_nothing_are_stale(snapshot, docs_of):
    row = LicenseFinding("MIT", 1, True, "LICENSE", sha256="ab" * 32)
    docs = docs_of(snapshot({}), Verdict(Outcome.ALLOW, "", evidence=(row,)))
    used = parsed(ROW).value[0]
    changed, gone = replace(used, sha256="cd" * 32), replace(used, repo="acme/gone")
    issues = stale_overrides([used, changed, gone], [docs])
    assert [i.code for i in issues] == ["LIC004", "LIC004"]
    assert "no version has a license file with this hash" in issues[0].message
    assert "acme/gone" in issues[1].message
