"""Recognition: what is found, what is missing, what is left over, and that no text makes it slow."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.license.templates import find, plain_id
from builder.license.words import words

COMMON = (
    "MIT",
    "Apache-2.0",
    "BSD-3-Clause",
    "ISC",
    "MPL-2.0",
    "GPL-3.0",
    "BUSL-1.1",
    "LGPL-3.0",
    "CC-BY-4.0",
)


@pytest.mark.parametrize("spdx", COMMON)
def test_a_text_of_the_list_is_itself_and_nothing_else(look, text, spdx):
    found = look(text(spdx))
    assert [row.spdx for row in found.licenses] == [spdx]
    assert (found.left_over, found.licenses[0].missing, found.licenses[0].confidence) == (0, 0, 1.0)


def test_every_text_of_the_list_is_recognized_by_an_id_that_has_it(matcher, texts):
    """Near copies are the danger: each text must win over all of its neighbors. Every ninth, the evaluation takes all."""
    wrong = []
    for spdx in sorted(texts.texts)[::9]:
        result = matcher.match(words(texts.texts[spdx][0]))
        names = {plain_id(name) for match in result.matches for name in match.template.ids}
        if plain_id(spdx) not in names:
            wrong.append((spdx, names))
    assert not wrong


@pytest.mark.parametrize(
    ("spdx", "first", "last"),
    [
        (
            "Apache-2.0",
            "Licensed under the Apache License, Version",
            "limitations under the License.",
        ),
        ("MPL-2.0", "This Source Code Form is subject", "MPL/2.0/."),
    ],
)
def test_the_standard_notice_stands_for_its_license(look, text, spdx, first, last):
    whole = text(spdx)
    notice = whole[whole.rindex(first) : whole.rindex(last) + len(last)]
    assert [row.spdx for row in look(notice).licenses] == [spdx]


@pytest.mark.parametrize(
    ("spdx", "end"),
    [
        ("Apache-2.0", "APPENDIX: How to apply"),
        ("MPL-2.0", "Exhibit A - Source Code Form License Notice"),
        ("GPL-3.0", "How to Apply These Terms"),
        ("BUSL-1.1", "MariaDB hereby grants you permission"),
        ("Unlicense", "For more information, please refer"),
    ],
)
def test_an_appendix_may_be_missing(look, text, spdx, end):
    whole = text(spdx)
    found = look(whole[: whole.index(end)])
    assert [(row.spdx, row.missing) for row in found.licenses] == [(spdx, 0)]


def test_the_third_clause_of_bsd_has_two_wordings(look, text):
    whole = text("BSD-3-Clause")
    start, end = whole.index("Neither the name"), whole.index("may be used to endorse")
    found = look(
        f"{whole[:start]}The name of the author may not be used to endorse{whole[end + 22 :]}"
    )
    assert [(row.spdx, row.missing, row.changes) for row in found.licenses] == [
        ("BSD-3-Clause", 0, ())
    ]


def test_two_licenses_in_one_file(look, text):
    found = look(f"{text('MPL-2.0')}\n\n----\n\n{text('Apache-2.0')}")
    assert {row.spdx for row in found.licenses} == {"MPL-2.0", "Apache-2.0"}
    assert [row.missing for row in found.licenses] == [0, 0]


def test_words_that_belong_to_no_license_are_left_over(look, text):
    found = look(f"{text('MIT')}\n\nThis sentence is about gardens.")
    assert (found.left_over, found.rest) == (5, ("this sentence is about gardens",))


def test_a_heading_that_names_the_license_is_not_left_over(look, text):
    assert (
        look(f"# The MIT License (MIT)\n\n{text('MIT').partition('Permission')[2]}").left_over == 0
    )


def test_half_a_text_is_not_found_whole(look, text):
    half = " ".join(text("MPL-2.0").split()[:1100])
    assert all(row.confidence < 0.85 for row in look(half).licenses)


def test_one_word_is_a_difference_wherever_it_is(matcher, text):
    base = words(text("ISC"))
    for place in range(3, len(base) - 1, 4):
        changed = [*base[:place], "quux", *base[place + 1 :]]
        (match,) = matcher.match(changed).matches
        told = [(d.missing, d.added) for d in match.differences]
        assert told == [((base[place],), ("quux",))]


def test_find_gives_the_first_place_or_minus_one():
    assert find(["a", "b", "c", "a", "b"], "a b") == 0
    assert find(["a", "b", "c", "a", "b"], "a b", 1) == 3
    assert find(["a", "b"], "b a") == -1


VOCABULARY = [
    "permission",
    "is",
    "hereby",
    "granted",
    "free",
    "of",
    "charge",
    "to",
    "any",
    "person",
    "the",
    "software",
    "provided",
    "as",
    "not",
    "sell",
    "copyright",
    "notice",
    "and",
    "or",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY), max_size=300))
def test_words_are_counted_once_whatever_they_are(matcher, found):
    result = matcher.match(found)
    taken = len(found) - sum(map(len, result.left_over))
    assert result.total == len(found)
    assert 0 <= taken <= len(found)
    assert all(0 <= match.coverage <= 1 for match in result.matches)


def hostile(texts, kind, size):
    every = "\n\n".join(part for found in texts.texts.values() for part in found)
    base = {
        "word": "permission ",
        "sequence": "permission is hereby granted ",
        "license": texts.texts["MIT"][0] + "\n\n",
        "every": every,
    }[kind]
    return words((base * (size // len(base) + 1))[:size])


@pytest.mark.parametrize("kind", ["word", "sequence", "license", "every"])
def test_the_steps_grow_with_the_length_of_a_hostile_text(matcher, texts, kind):
    """Four times the text costs at most six times the steps."""
    steps = []
    for size in (100_000, 400_000):
        before = matcher.steps
        matcher.match(hostile(texts, kind, size))
        steps.append(matcher.steps - before)
    assert steps[1] <= 6 * steps[0]
