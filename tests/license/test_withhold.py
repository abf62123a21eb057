"""Replacement texts: nothing of what is withheld, everything that helps."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.license.withhold import FOREIGN_WORDS, HEADING, withhold
from builder.model.document import Document, Part, PartRole
from builder.model.license import LicenseFinding, Outcome, Verdict
from builder.model.snapshot import blob_id

PAGE = Document("resources", "bed", "docs/resources/bed.md", "f" * 40)
REFUSED = Verdict(
    Outcome.REFUSE,
    "LICENSE: not in the allow list: BUSL-1.1",
    findings=(
        LicenseFinding("BUSL-1.1", 0.98, False, "LICENSE", "", 0.99, 12, "not in the allow list: BUSL-1.1"),
    ),
    files=("LICENSE", "COPYING"),
)  # fmt: skip
ALLOWED = Verdict(Outcome.ALLOW, "")
PARTS = (
    Part(PartRole.ROOT, "", "a" * 40, True, "README.md"),
    Part(PartRole.SUBMODULE, "bed", "b" * 40, True, "modules/bed/README.md"),
    Part(PartRole.EXAMPLE, "bare", "c" * 40, False, "", "missing"),
)


def provider(snapshot, docs_of, verdict, **more):
    return withhold(docs_of(snapshot({}), verdict, documents=(PAGE,), **more))


def module(snapshot, docs_of, verdict, **more):
    return withhold(docs_of(snapshot({}, "acme/net/aws"), verdict, parts=PARTS, **more))


def only(texts):
    (text,) = texts.values()
    return text.decode()


def test_a_release_that_may_be_shown_is_left_as_it_is(snapshot, docs_of):
    for make in (provider, module):
        docs, texts = make(snapshot, docs_of, ALLOWED)
        assert (docs.withheld, texts, docs.replacement) == (False, {}, "")
        assert docs.documents or docs.parts == PARTS


def test_a_refused_provider_has_one_text_that_says_why_and_what_helps(snapshot, docs_of):
    docs, texts = provider(snapshot, docs_of, REFUSED)
    text = only(texts)
    assert docs.documents == ()
    assert docs.blobs == {docs.replacement} == {blob_id(text.encode())}
    assert text.startswith(HEADING)
    for wanted in (
        "BUSL-1.1 | 98% | 12 | not in the allow list: BUSL-1.1",
        "[COPYING](<https://forge.example/Acme/terraform-provider-garden/blob/v1.2.0/COPYING>) | none",
        "https://forge.example/Acme/terraform-provider-garden/blob/v1.2.0/LICENSE",
        "https://forge.example/Acme/terraform-provider-garden/tree/v1.2.0",
        "installing it works as before",
        "`docs/LICENSE`",
        "override",
    ):
        assert wanted in text


def test_review_is_not_yet_decided_and_never_refused(snapshot, docs_of):
    text = only(provider(snapshot, docs_of, Verdict(Outcome.REVIEW, "x"))[1])
    assert "not yet decided" in text
    assert "refused" not in text
    assert "not\naccepted" not in text


def test_no_license_found_says_so(snapshot, docs_of):
    text = only(provider(snapshot, docs_of, Verdict(Outcome.REFUSE, "no license found"))[1])
    assert "no license was found" in text
    assert "No license file was found" in text


def test_blocked_comes_before_the_license_and_quotes_the_reason(snapshot, docs_of):
    docs, texts = provider(
        snapshot, docs_of, REFUSED, blocked="Court order 7:\n# see [this](http://x)"
    )
    text = only(texts)
    assert docs.verdict is REFUSED
    assert "> Court order 7:\n> \\# see \\[this\\](http\\://x)\n" in text
    assert "BUSL" not in text


def test_a_blocked_provider_with_an_allowed_license_is_withheld_too(snapshot, docs_of):
    docs, texts = provider(snapshot, docs_of, ALLOWED, blocked="why")
    assert docs.documents == ()
    assert "> why" in only(texts)


@pytest.mark.parametrize("blocked", ["", "court order"])
def test_a_module_keeps_its_parts_with_replaced_texts(snapshot, docs_of, blocked):
    docs, texts = module(snapshot, docs_of, REFUSED, blocked=blocked)
    assert [(p.role, p.name, p.readme, p.path) for p in docs.parts] == [
        (p.role, p.name, p.readme, p.path) for p in PARTS
    ]
    root, bed, bare = docs.parts
    assert bare == PARTS[2]  # a missing README stays missing
    assert {root.blob, bed.blob} == set(texts)
    assert all(part.replaced for part in docs.parts)
    assert b"modules/bed/README.md" in texts[bed.blob]
    assert all(text.startswith(HEADING.encode()) for text in texts.values())


def test_only_the_part_with_a_license_of_its_own_is_withheld(snapshot, docs_of):
    verdict = Verdict(
        Outcome.ALLOW,
        "",
        withheld_parts=(("modules/bed", "modules/bed/LICENSE: no license recognized"),),
    )
    docs, texts = module(snapshot, docs_of, verdict)
    assert not docs.withheld
    assert [part.blob == old.blob for part, old in zip(docs.parts, PARTS, strict=True)] == [
        True,
        False,
        True,
    ]
    assert "no license recognized" in only(texts)


def test_no_more_than_sixty_foreign_words_are_quoted(snapshot, docs_of):
    said = "other text, such as “" + "garden " * 50 + "”"
    rows = tuple(LicenseFinding("MIT", 0.9, False, f"LICENSE-{n}", reason=said) for n in range(9))
    verdict = Verdict(Outcome.REVIEW, "x", findings=rows, files=tuple(row.file for row in rows))
    assert (
        only(provider(snapshot, docs_of, verdict)[1]).count("garden") <= FOREIGN_WORDS + 12
    )  # and in addresses


def test_many_files_give_a_short_table(snapshot, docs_of):
    verdict = Verdict(Outcome.REFUSE, "x", files=tuple(f"LICENSE-{n}" for n in range(100)))
    text = only(provider(snapshot, docs_of, verdict)[1])
    assert "70 more rows are left out" in text


ODD = st.text(st.sampled_from("ab <>[]()|*_`\\#!:/\n\r-+1.&~@“”\u202e\x00"), max_size=40)


@settings(max_examples=100, deadline=None)
@given(ODD, ODD, ODD)
def test_foreign_text_cannot_act_as_markdown(snapshot, docs_of, spdx, file, reason):
    row = LicenseFinding(spdx or "x", 0.5, False, file, reason=reason)
    verdict = Verdict(Outcome.REFUSE, reason, findings=(row,), files=(file,))
    text = only(provider(snapshot, docs_of, verdict)[1])
    (line,) = [line for line in text.splitlines() if line.startswith("| ") and "50%" in line]
    bare = re.sub(r"\\.", "", re.sub(r"\(<https://[^<>\s]*>\)", "", line))
    assert not re.search(r"[<>*_`#!~]", bare)
    assert bare.count("|") == 6
    assert bare.count("[") == bare.count("]") <= 1
