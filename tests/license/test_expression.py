"""SPDX expressions of overrides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.license.expression import ExpressionError, parse_expression


def allowed(text):
    return parse_expression(text).allowed({"MIT", "Apache-2.0"}.__contains__)


@pytest.mark.parametrize(
    "text",
    [
        "MIT",
        "MIT OR WTFPL",
        "WTFPL or MIT",
        "MIT AND Apache-2.0",
        "(WTFPL OR MIT) AND Apache-2.0",
        "GPL-2.0 AND WTFPL OR MIT",
        "Apache-2.0 WITH LLVM-exception",
        "((MIT))",
    ],
)
def test_one_allowed_branch_is_enough(text):
    assert allowed(text)


@pytest.mark.parametrize(
    "text", ["WTFPL", "MIT AND WTFPL", "WTFPL OR GPL-3.0", "(MIT OR WTFPL) AND GPL-3.0"]
)
def test_all_parts_of_a_conjunction_must_be_allowed(text):
    assert not allowed(text)


@pytest.mark.parametrize(
    "text", ["", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT WTFPL", "MIT OR OR ISC", "a\nb, c", "()"]
)
def test_what_is_no_expression_says_so(text):
    with pytest.raises(ExpressionError):
        parse_expression(text)


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["(", ")", " OR ", " AND ", "MIT", " WITH "]), max_size=400).map(
            "".join
        ),
    )
)
def test_any_text_is_read_or_refused(text):
    try:
        expression = parse_expression(text)
    except ExpressionError:
        return
    assert expression.allowed(bool)
