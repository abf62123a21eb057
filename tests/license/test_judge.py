"""The verdict on a release."""

from dataclasses import replace

import pytest

from builder.errors import RemoteError
from builder.license.judge import NO_LICENSE, Judge
from builder.license.overrides import Override
from builder.license.policy import LicensePolicy
from builder.model.issue import Severity
from builder.model.license import Outcome
from builder.model.limits import Limits
from builder.model.snapshot import MemoryTree, Repository

LIMITS = Limits()


def test_an_allowed_license_in_the_root(judge, text):
    result = judge({"LICENSE": text("MIT"), "docs/index.md": "hello"})
    verdict = result.value
    assert (verdict.outcome, verdict.reason, result.issues) == (Outcome.ALLOW, "", ())
    (row,) = verdict.findings
    assert (row.spdx, row.confidence, row.compatible, row.file) == ("MIT", 1.0, True, "LICENSE")
    assert (row.coverage, row.left_over_words, row.reason, len(row.sha256)) == (1.0, 0, "", 64)
    assert row.link == "https://forge.example/Acme/terraform-provider-garden/blob/v1.2.0/LICENSE"


def test_all_governing_files_must_be_allowed(judge, text):
    result = judge({"LICENSE": text("MPL-2.0"), "LICENSE-BUSL": text("BUSL-1.1")})
    verdict = result.value
    assert verdict.outcome is Outcome.REFUSE
    assert verdict.reason == "LICENSE-BUSL: not in the allow list: BUSL-1.1"
    assert [(f.file, f.spdx, f.compatible) for f in verdict.findings] == [
        ("LICENSE", "MPL-2.0", True),
        ("LICENSE-BUSL", "BUSL-1.1", False),
    ]
    assert [(i.code, i.location.path) for i in result.issues] == [("LIC002", "LICENSE-BUSL")]


def test_the_license_beside_the_documentation_decides(judge, text):
    files = {"LICENSE": text("BUSL-1.1"), "docs/LICENSE": text("MIT"), "docs/a.md": "x"}
    verdict = judge(files).value
    assert verdict.redistributable
    assert [f.file for f in verdict.findings] == ["docs/LICENSE"]
    assert [f.spdx for f in verdict.evidence] == ["MIT", "BUSL-1.1"]
    swapped = {"LICENSE": text("MIT"), "docs/LICENSE": text("BUSL-1.1")}
    assert judge(swapped).value.outcome is Outcome.REFUSE


@pytest.mark.parametrize(
    "files",
    [{}, {"README.md": "MIT License"}, {"LICENSE": "Apache License 2.0"}, {"LICENSE": ""}, {"vendor/a/LICENSE": "x"}],
    ids=["nothing", "readme", "name only", "empty", "vendored"],
)  # fmt: skip
def test_without_a_text_no_license_is_found(judge, files):
    result = judge(files)
    assert (result.value.outcome, result.value.reason) == (Outcome.REFUSE, NO_LICENSE)
    assert result.value.findings == ()
    assert [(i.code, i.severity) for i in result.issues] == [("LIC001", Severity.WARNING)]


def test_a_short_pointer_beside_an_allowed_license_is_ignored(judge, text):
    pointer = "This project is under the license in the other file."
    assert judge({"LICENSE": pointer, "LICENSE-MIT": text("MIT")}).value.redistributable
    long = judge({"LICENSE": pointer * 9, "LICENSE-MIT": text("MIT")}).value
    assert (long.outcome, long.reason) == (Outcome.REVIEW, "LICENSE: no license recognized")


def test_a_file_that_names_a_path_stands_for_the_text_there(judge, text):
    verdict = judge({"LICENSE": "legal/terms.txt\n", "legal/terms.txt": text("MIT")}).value
    assert verdict.redistributable
    assert [f.file for f in verdict.findings] == ["legal/terms.txt"]
    twice = {"LICENSE": "a/b.txt", "a/b.txt": "c.txt", "a/c.txt": text("MIT")}
    assert judge(twice).value.reason == NO_LICENSE


def test_a_symbolic_link_is_not_followed_and_said(judge, text):
    result = judge({"secret.txt": text("MIT")}, links={"LICENSE": "secret.txt"})
    assert result.value.reason == NO_LICENSE
    assert [i.code for i in result.issues] == ["DOC005", "LIC001"]


def test_an_added_condition_is_put_up_for_review(judge, text):
    result = judge({"LICENSE": f"{text('MIT')}\nThe Software may not be sold."})
    assert result.value.outcome is Outcome.REVIEW
    assert "words of a restriction" in result.value.reason
    assert [i.code for i in result.issues] == ["LIC003"]


def test_a_license_that_is_allowed_stays_compatible_beside_one_that_is_not(judge, text):
    verdict = judge({"LICENSE": f"{text('MIT')}\n\n{text('GPL-3.0')}"}).value
    assert {f.spdx: (f.compatible, f.reason) for f in verdict.findings} == {
        "MIT": (True, ""),
        "GPL-3.0": (False, "not in the allow list: GPL-3.0"),
    }


def test_a_file_over_the_limit_is_put_up_for_review(judge, text):
    verdict = judge({"LICENSE": text("MIT")}, limits=replace(LIMITS, license_bytes=100)).value
    assert verdict.outcome is Outcome.REVIEW
    assert "over the limit" in verdict.reason


class Damaged(MemoryTree):
    """A tree of which nothing can be read."""

    def read(self, file, limit):
        raise RemoteError("lost")


def test_a_file_that_cannot_be_read_is_put_up_for_review(policy, snapshot):
    release = replace(snapshot({}), tree=Damaged.of({"LICENSE": "x"}))
    verdict = Judge(policy, cache={}).judge(release, LIMITS).value
    assert (verdict.outcome, verdict.reason) == (Outcome.REVIEW, "LICENSE: the file cannot be read")


def test_a_submodule_with_a_license_of_its_own(judge, text):
    files = {
        "LICENSE": text("MIT"),
        "modules/a/COPYING": text("MIT"),
        "modules/b/LICENSE": text("BUSL-1.1"),
    }
    result = judge(files, "acme/net/aws")
    assert result.value.redistributable
    assert result.value.withheld_parts == (
        ("modules/b", "modules/b/LICENSE: not in the allow list: BUSL-1.1"),
    )
    assert [i.location.path for i in result.issues] == ["modules/b"]
    assert judge(files).value.withheld_parts == ()  # a provider has no submodules


# --- overrides -------------------------------------------------------------------------------------------------------

REPOSITORY = "acme/terraform-provider-garden"


def decision(judge, files, verdict=Outcome.ALLOW, **changes):
    row = judge(files).value.evidence[0]
    found = Override(
        REPOSITORY, row.sha256, "MIT OR WTFPL", verdict, "a choice", "someone", "2026-01-31"
    )
    return replace(found, **changes)


def test_a_person_can_allow_a_text(judge):
    files = {"LICENSE": "take it or leave it"}
    verdict = judge(files, overrides=[decision(judge, files)]).value
    assert verdict.redistributable
    (row,) = verdict.findings
    assert (row.spdx, row.compatible, row.confidence) == ("MIT OR WTFPL", True, 0.0)
    assert row.reason == "decided by someone on 2026-01-31: a choice"


def test_a_person_can_refuse_a_text(judge, text):
    files = {"LICENSE": text("MIT")}
    verdict = judge(files, overrides=[decision(judge, files, Outcome.REFUSE)]).value
    assert verdict.outcome is Outcome.REFUSE
    assert verdict.reason == "LICENSE: decided by someone on 2026-01-31: a choice"
    assert not verdict.findings[0].compatible


def test_a_decision_holds_for_one_text_in_one_repository(judge):
    files = {"LICENSE": "take it or leave it"}
    elsewhere = decision(judge, files, repo="acme/other")
    assert not judge(files, overrides=[elsewhere]).value.redistributable
    changed = {"LICENSE": "take it or leave it."}
    assert not judge(changed, overrides=[decision(judge, files)]).value.redistributable


# --- cache -----------------------------------------------------------------------------------------------------------


class Unread(MemoryTree):
    """A tree whose files must not be read."""

    def read(self, file, limit):
        raise AssertionError(f"{file.path} was read")


def test_a_changed_policy_judges_again_without_reading(judge, policy, snapshot, text):
    cache: dict[str, str] = {}
    judge({"LICENSE": text("MIT")}, cache=cache)
    assert len(cache) == 1
    release = replace(snapshot({}), tree=Unread.of({"LICENSE": text("MIT")}))
    strict = LicensePolicy.from_config({"allow": ["ISC"]})
    assert Judge(policy, cache=cache).judge(release, LIMITS).value.redistributable
    verdict = Judge(strict, cache=cache).judge(release, LIMITS).value
    assert verdict.reason == "LICENSE: not in the allow list: MIT"


def test_findings_written_by_something_else_are_found_again(judge, text):
    cache: dict[str, str] = {}
    files = {"LICENSE": text("MIT")}
    expected = judge(files, cache=cache)
    for debris in ("", "[]", "{}", '{"licenses": [{}]}', "null"):
        broken = dict.fromkeys(cache, debris)
        assert judge(files, cache=broken) == expected
        assert broken == cache


def test_rules_name_all_that_a_verdict_depends_on(policy):
    override = Override("a/b", "0" * 64, "MIT", Outcome.ALLOW, "r", "s", "2026-01-31")
    judges = [
        Judge(policy, cache={}),
        Judge(LicensePolicy.from_config({"left_over_words": 1}), cache={}),
        Judge(policy, overrides=[override], cache={}),
    ]
    about, other = Repository("https://forge.example/a/b"), Repository("https://forge.example/a/c")
    assert len({judge.rules(about) for judge in judges}) == 3
    assert judges[0].rules(about) == Judge(policy, cache={"x": "y"}).rules(about)
    assert judges[0].rules(other) == judges[2].rules(
        other
    )  # a decision on another repository's text
    assert judges[0].data[0] == "3.29.0"
