"""The announcement: text and links, on the pages that belong to no version."""

from dataclasses import replace

import pytest

from builder.pages.announcement import parts
from builder.pages.contexts import Link
from builder.pages.render import lists_version, pages_version
from builder.testing.htmlcheck import page
from builder.testing.samples import SITE, files, outputs

NEWS = replace(
    SITE, announcement="Version 2 is [out](modules/#letter-f), see [news](https://example.com/n)."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("a\n b", (Link("a b", ""),)),
        ("[a](b/)", (Link("a", "b/"),)),
        ("x [a](http://e.x/) y", (Link("x ", ""), Link("a", "http://e.x/"), Link(" y", ""))),
        ("[a](javascript:alert(1))", (Link("[a](javascript:alert(1))", ""),)),
        ("[a](//e.x/) [b](/c) [d](../e)", (Link("[a](//e.x/) [b](/c) [d](../e)", ""),)),
        ("[a](data:b)", (Link("[a](data:b)", ""),)),
        ("<b>[x](y)</b>", (Link("<b>", ""), Link("x", "y"), Link("</b>", ""))),
    ],
)
def test_pieces(text, expected):
    assert parts(text) == expected


def test_it_stands_on_the_pages_that_belong_to_no_version_with_links_that_fit():
    site = files(outputs(NEWS))
    with_it = {
        path for path, body in site.items() if path.endswith(".html") and b"rg-announcement" in body
    }
    assert {
        "index.html",
        "modules/index.html",
        "providers/fernhill/orchard/versions/index.html",
    } <= with_it
    assert not [path for path in with_it if "/docs/" in path or "/0.3.0/" in path]
    home = page(site["providers/fernhill/orchard/index.html"]).is_sound()
    home.has(".rg-announcement a[href='../../../modules/#letter-f']", "out")
    home.has(".rg-announcement a[href='https://example.com/n']")


def test_a_new_one_changes_no_page_of_a_version():
    assert pages_version(NEWS) == pages_version(SITE)
    assert lists_version(NEWS) != lists_version(SITE)
    old, new = files(outputs()), files(outputs(NEWS))
    changed = {path for path in old if old[path] != new[path]}
    assert "assets/v1/shell.js" in changed
    assert not [path for path in changed if "/docs/" in path or "/latest/" in path]


def test_hostile_texts_stay_texts():
    site = files(outputs(replace(SITE, announcement="<script>x</script> [<b>](a'\"><i>)")))
    page(site["index.html"]).is_sound().has(".rg-announcement", "<script>x</script>").has_not(
        ".rg-announcement b"
    )
