"""The HTML checks fail where they must."""

import pytest

from builder.testing.htmlcheck import page, unbalanced

GOOD = (
    '<!doctype html><html lang="en"><head><title>t</title></head><body><a href="#c">skip</a>'
    '<nav aria-label="A"></nav><main id="c"><h1>h</h1><p>one <b>two</b></p></main></body></html>'
)


def test_assertions_can_be_chained():
    page(GOOD).is_sound().has("h1", "h").has("p", "one two", count=1).has_not("h2").has_not(
        "p", "three"
    )


@pytest.mark.parametrize(
    "check",
    [
        lambda p: p.has("h2"),
        lambda p: p.has("h1", "x"),
        lambda p: p.has("h1", count=2),
        lambda p: p.has_not("h1"),
        lambda p: p.one("nav, main"),
    ],
)
def test_assertions_fail(check):
    with pytest.raises(AssertionError):
        check(page(GOOD))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (' lang="en"', ""),
        ("<h1>h</h1>", ""),
        ("<h1>h</h1>", "<h1>h</h1><h1>h</h1>"),
        ('<nav aria-label="A">', "<nav>"),
        ("</nav>", '</nav><nav aria-label="A"></nav>'),
        ('href="#c"', 'href="#d"'),
        ("<p>", '<p id="c">'),
        ("</b>", ""),
        ("<p>", "<p><img src=x>"),
        ("<main", "<div"),
    ],
)
def test_faults_are_found(old, new):
    with pytest.raises(AssertionError):
        page(GOOD.replace(old, new)).is_sound()


def test_balance():
    assert (
        unbalanced('<p title="a > b">x<br>y<img src="x"/><!-- <b> --></p><script>"<b>"</script>')
        == []
    )
    assert unbalanced("<p><b></p></b>") != []
    assert unbalanced("</p>") != []
    assert unbalanced("<p>") != []
