"""A text as words: what may differ without a difference in meaning, and what must not vanish."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.license.words import decode, words

SENTENCE = "the software is provided as is"


@pytest.mark.parametrize(
    "written",
    [
        "The Software is provided “as is”.",
        "THE SOFTWARE IS PROVIDED 'AS IS'",
        'The Software\r\nis provided\r\n"as-is"',
        "# The Software is\n# provided ``as is''",
        " * The Software is\n * provided *as is*",
        "// The *Software* is provided __as is__",
        "dnl The Software is\ndnl provided as is",
        "REM The Software is\nREM provided as is",
        "<p>The Software is <b>provided</b></p><p>&quot;as&nbsp;is&quot;</p>",
        '<?xml version="1.0"?><style>p { margin: 0 }</style><p>The Software is provided as is',
        "1. The Software is provided as is",
        "(a) The Software is provided as is",
        "iv. The Software is provided as is",
        "• The Software is provided as is",
        "2.1. The Software is provided as is",
        "The [Software](https://example.com/x) is provided as is",
        "| The Software | is provided | as is |",
        "Copyright (c) 2019-2024 Example Widgets GmbH\nThe Software is provided as is",
        "Copyright © 2021 Jürgen Müller & José Núñez\n\nThe Software is provided as is",
        "Copyright (C) <year> <name of author>\nThe Software is provided as is",
        "Copyright Example Inc. and other contributors\nThe Software is provided as is",
        "Copyright 2020 X, Inc. All rights reserved. The Software is provided as is",
        "All Rights\n Reserved.\nThe Software is provided as is",
        "The\u00ad Soft\u200bware is provided as is",
    ],
)
def test_form_does_not_matter(written):
    found = words(written)
    assert " ".join(found[-6:]) == SENTENCE
    assert len(found) <= 8  # at most the name of a holder is left


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("licence sublicence favour organisation", "license sublicense favor organization"),
        ("non-commercial sub-license world-wide", "noncommercial sublicense worldwide"),
        ("copyright owner", "copyright holder"),
        ("terms & conditions", "terms and conditions"),
        ("https://www.example.com/x", "example.com/x"),
        ("licensor’s", "licensors"),
    ],
)
def test_spellings_are_one(one, other):
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Copyright 2020 Acme. You may not sell this.", "not"),
        ("Copyright (c) 2020 Acme, for non-commercial use", "noncommercial"),
        ("(c) 2020 Acme. Internal use only", "only"),
        ("Copyright 2020 Acme. Evaluation copy", "evaluation"),
        ("Copyright 2020 Acme, licensed under the GPL", "gpl"),
        ("Copyright 2020 Acme. All rights reserved. No redistribution.", "redistribution"),
        ("<!-- Not for sale -->", "not"),
        ("<you may not sell this>", "sell"),
        ("<style>you may not sell this", "sell"),
        ("</script>you may not sell this</script>", "sell"),
        ("[not](for-sale) for sale", "not"),
    ],
)
def test_a_condition_never_vanishes_with_its_line(written, kept):
    assert kept in words(written)


@pytest.mark.parametrize(
    "line",
    [
        "copyright holder be liable for any claim",
        "copyright notice, this list of conditions",
        "copyright law and the like",
        "copyright, to do the following",
        "Copyright Holder's procedures.",
        "(c) Representations.",
    ],
)
def test_wording_of_a_license_that_begins_a_line_stays(line):
    tail = words("x " + line)[1:]
    assert words(line)[-2:] == tail[-2:]


def test_a_script_without_blanks_has_a_word_for_each_character():
    assert len(words("仅供非商业用途")) == 7


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfMIT", "MIT"),
        ("MIT ©".encode("utf-16"), "MIT ©"),
        (b"\xfe\xff\x00M\x00I\x00T", "MIT"),
        ("Müller".encode("latin-1"), "Müller"),
        ("Müller".encode(), "Müller"),
        (b"\xff\xfe\x00", "\ufffd"),
    ],
)
def test_encodings(data, text):
    assert decode(data) == text


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=400), st.binary(max_size=400).map(decode)))
def test_any_text_gives_lower_case_words_without_blanks(text):
    assert all(word and not any(c.isspace() for c in word) for word in words(text))


PIECES = [
    "copyright ",
    "(c) 2020 ",
    "<",
    "[",
    "1.1.",
    "\n",
    "all rights ",
    "non ",
    "](",
    "year ",
    "&lt;",
    "*/# ",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_debris_of_all_that_is_taken_away_never_raises(text):
    assert isinstance(words(text), list)


DEBRIS = ["\n", " ", "<", "<p ", "[", "](", "copyright ", "copyright [year\n", "(c)", "1. ", "1.1.", "//", "&lt;", "non ",
          "all rights ", "<style>", "<year ", "sub ", "\u200b", "中", "ﬁ"]  # fmt: skip


@pytest.mark.parametrize("piece", DEBRIS, ids=repr)
def test_time_grows_with_the_length_of_hostile_text(piece):
    """Eight times the text takes far less than 64 times as long, which is what anything quadratic would take."""
    small, large = (
        min(_seconds((piece * size)[:size]) for _ in range(3)) for size in (25_000, 200_000)
    )
    assert large < 30 * max(small, 0.0005)


def _seconds(text):
    started = process_time()
    words(text)
    return process_time() - started
