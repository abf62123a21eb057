"""The policy: its defaults, its configuration, and what it says of the findings in a file."""

from dataclasses import replace

import pytest

from builder.errors import UsageError
from builder.license.findings import FileFindings, Found, dump, load
from builder.license.policy import LicensePolicy, mentioned
from builder.model.license import Outcome

MIT = Found("MIT", 163, 0, 1.0, 1.0)
CLEAN = FileFindings("0" * 64, 165, 0, (MIT,))


def test_the_default_allow_list_is_permissive_and_has_no_copyleft_family(policy):
    assert len(policy.allow) == 32  # 33 ids: the two forms of MPL-2.0 have one text
    assert all(
        policy.allows(spdx)
        for spdx in ("MIT", "mpl-2.0", "Apache-2.0", "MPL-2.0-no-copyleft-exception")
    )
    refused = ("GPL-3.0", "LGPL-2.1-only", "AGPL-3.0-or-later", "BUSL-1.1", "CC-BY-4.0", "CC0-1.0", "BSL-1.0",
               "UPL-1.0", "BSD-2-Clause-Views")  # fmt: skip
    assert not any(policy.allows(spdx) for spdx in refused)


@pytest.mark.parametrize("spdx", ["GPL-2.0", "gpl-2.0-only", "GPL-2.0-or-later", "GPL-2.0+"])
def test_ids_are_compared_without_case_and_suffix(spdx):
    assert LicensePolicy.from_config({"allow": ["GPL-2.0-only"]}).allows(spdx)


def test_absent_keys_keep_their_default(policy):
    changed = LicensePolicy.from_config({"left_over_words": 10})
    assert replace(changed, left_over_words=40) == policy


@pytest.mark.parametrize(
    "config",
    [
        {"allowed": ["MIT"]},
        {"allow": "MIT"},
        {"allow": [1]},
        {"confidence": "high"},
        {"confidence": 2},
        {"confidence": True},
        {"left_over_words": -1},
        {"restrictions": None},
    ],
)
def test_a_wrong_configuration_is_refused_with_the_name_of_the_key(config):
    with pytest.raises(UsageError, match=next(iter(config))):
        LicensePolicy.from_config(config)


def test_the_digest_names_the_policy_and_not_the_way_it_was_written(policy):
    other = LicensePolicy.from_config({"allow": ["mit", "MIT"]})
    assert policy.digest == LicensePolicy.from_config({}).digest
    assert other.digest == LicensePolicy.from_config({"allow": ["MIT"]}).digest != policy.digest


@pytest.mark.parametrize(
    ("findings", "outcome", "reason"),
    [
        (CLEAN, Outcome.ALLOW, ""),
        (replace(CLEAN, licenses=()), None, "no license recognized"),
        (
            replace(CLEAN, licenses=(MIT, replace(MIT, spdx="BUSL-1.1"))),
            Outcome.REFUSE,
            "not in the allow list: BUSL-1.1",
        ),
        (
            replace(CLEAN, licenses=(replace(MIT, operative=("sell",)),)),
            Outcome.REVIEW,
            "license words missing: sell",
        ),
        (
            replace(CLEAN, licenses=(replace(MIT, changes=("“only” is added",)),)),
            Outcome.REVIEW,
            "MIT is changed: “only” is added",
        ),
        (
            replace(CLEAN, licenses=(replace(MIT, confidence=0.8499),)),
            Outcome.REVIEW,
            "MIT is recognized with confidence 0.85 only",
        ),
        (replace(CLEAN, left_over=40, rest=("garden " * 40,)), Outcome.ALLOW, ""),
        (
            replace(CLEAN, left_over=41, rest=("green garden gate",)),
            Outcome.REVIEW,
            "41 words of other text, such as “green garden gate”",
        ),
        (
            replace(CLEAN, left_over=3, rest=("not for gardens",)),
            Outcome.REVIEW,
            "words of a restriction: “not”",
        ),
        (
            replace(CLEAN, left_over=2, rest=("or gplv3",)),
            Outcome.REVIEW,
            "mentions another license, such as GPL-3.0",
        ),
        (replace(CLEAN, left_over=2, rest=("mit licensed",)), Outcome.ALLOW, ""),
        (
            replace(CLEAN, left_over=6, rest=("仅 供 非 商 业 用",)),
            Outcome.REVIEW,
            "other text in a script that is not read",
        ),
        (
            replace(CLEAN, left_over=500, rest=("garden",), cut=True),
            Outcome.REVIEW,
            "500 words of other text, such as “garden”",
        ),
    ],
)
def test_verdict_of_a_file(policy, findings, outcome, reason):
    assert policy.judge_file(findings) == (outcome, reason)


def test_further_phrases_of_the_operator_count_in_the_kept_left_over():
    rest = replace(CLEAN, left_over=3, rest=("the garden clause",))
    policy = LicensePolicy.from_config({"restrictions": ["Garden-Clause"]})
    assert LicensePolicy.from_config().judge_file(rest)[0] is Outcome.ALLOW
    assert policy.judge_file(rest) == (Outcome.REVIEW, "words of a restriction: “garden clause”")


@pytest.mark.parametrize("run", ["only for members of the club", "for members only"])
def test_only_counts_where_it_touches_the_license(policy, run):
    assert policy.judge_file(replace(CLEAN, left_over=6, rest=(run,)))[0] is Outcome.REVIEW


def test_mentions_are_names_and_not_parts_of_words():
    assert mentioned(("gpl", "affero")) == ("AGPL-3.0", "GPL-3.0")
    assert mentioned(("ofly gplx",)) == ()


def test_findings_are_the_same_after_the_cache(look, text):
    found = look(f"{text('MIT')} and more than it")
    assert load(dump(found)) == found
