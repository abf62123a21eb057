"""What a changed word does. The law: in a short license no word that matters can be deleted or replaced."""

from collections import Counter

import pytest

from builder.license.differences import changes, is_numbering, operative_missing
from builder.license.matcher import Difference, Match
from builder.license.templates import Template
from builder.license.words import words
from builder.model.license import Outcome

NEVER = {"not", "without", "no", "any", "sell", "modify", "free"}
STEP = 5  # every fifth word, and all of NEVER; the evaluation takes every word


@pytest.mark.parametrize("replacement", [(), ("quux",)], ids=["deleted", "replaced"])
def test_no_word_that_matters_can_be_changed_in_a_short_license(matcher, policy, look, replacement):
    """Delete or replace single words of each allowed template of under 200 words."""
    passed: Counter[str] = Counter()
    total = 0
    for template in matcher.templates:
        if not policy.allows(template.spdx) or template.size >= 200:
            continue
        for place, word in enumerate(template.words):
            if place % STEP and word not in NEVER:
                continue
            total += 1
            changed = [*template.words[:place], *replacement, *template.words[place + 1 :]]
            passed[word] += policy.judge_file(look(" ".join(changed)))[0] is Outcome.ALLOW
    still = sorted(word for word, count in passed.items() if count)
    assert total > 400
    assert not NEVER.intersection(still), still
    assert sum(passed.values()) <= 0.2 * total, still


@pytest.mark.parametrize("word", ["not", "only", "academic", "commercial", "paying"])
def test_no_word_that_matters_can_be_added_to_a_short_license(look, policy, text, word):
    base = words(text("MIT"))
    for place in range(2, len(base), 3):
        changed = " ".join([*base[:place], word, *base[place:]])
        assert policy.judge_file(look(changed))[0] is not Outcome.ALLOW, changed


def test_negations_cannot_leave_a_long_license(look, policy, text):
    base = words(text("Apache-2.0"))
    places = [i for i, word in enumerate(base) if word in {"not", "without", "no"}]
    core = [i for i in places if 18 <= i < 1400]
    assert len(core) > 10
    for place in core:
        changed = " ".join([*base[:place], *base[place + 1 :]])
        assert policy.judge_file(look(changed))[0] is not Outcome.ALLOW, place


TEMPLATE = Template("Short", ("Short",), ("word",) * 100, 0, 100)
LONG = Template("Long", ("Long",), ("word",) * 1000, 0, 1000)


def counted(difference, template=TEMPLATE):
    return changes(Match(template, 0, (difference,)))


@pytest.mark.parametrize(
    "difference",
    [
        Difference(("the", "copyright", "holder"), ("acme", "garden", "inc"), "of", "nor"),
        Difference(("the", "copyright", "holders", "and", "contributors"), ("acme",), "by", "as"),
        Difference(("authors", "or", "copyright", "holders"), ("author",), "the", "be"),
        Difference((), ("authors", "and"), "its", "contributors"),
        Difference(("the",), (), "retain", "above"),
        Difference((), ("a",), "means", "that"),
        Difference((), ("3", "1"), "section", "if"),
        Difference((), ("including", "the", "next", "paragraph"), "notice", "shall"),
        Difference(("following",), ("folowing",), "the", "conditions"),
        Difference(("or",), (), "and", "distribute"),
    ],
)
def test_names_articles_numbering_and_misspelling_are_harmless(difference):
    assert counted(difference) == ()


@pytest.mark.parametrize(
    "difference",
    [
        Difference(("copyright", "holder"), ("acme", "only", "if", "paid"), "the", "nor"),
        Difference((), ("for", "academic", "use", "only"), "permitted", "provided"),
        Difference(("without",), (), "or", "modification"),
        Difference(("or",), (), "with", "without"),
        Difference(("modify",), ("modfy",), "copy", "merge"),
        Difference(("source",), ("sauce",), "the", "code"),
        Difference((), ("acme",) * 13, "the", "holder"),
        Difference(("copyright",), ("secret",), "above", "notice"),
    ],
)
def test_what_turns_a_meaning_counts(difference):
    assert counted(difference) == (difference,)


def test_a_few_words_pass_in_a_long_text_unless_they_are_many_together():
    small = Difference(("web",), ("internet",), "the", "page")
    assert counted(small, LONG) == ()
    assert counted(small) == (small,)
    assert len(changes(Match(LONG, 0, (small,) * 31))) == 31


def test_a_sentence_counts_in_a_long_text_too():
    added = Difference(
        (), ("in", "gardens", "of", "the", "north", "and", "of", "the", "south"), "a", "b"
    )
    assert counted(added, LONG) == (added,)


def test_operative_words_are_named():
    missing = Difference(("to", "sell", "copies"), (), "and", "of")
    assert operative_missing(Match(TEMPLATE, 3, (missing,))) == ("copies", "sell")


def test_numbering():
    assert is_numbering(["1", "iv", "a", "12"])
    assert not is_numbering(["1", "not"])
