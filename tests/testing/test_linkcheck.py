"""The link checker finds what is wrong and nothing else."""

import pytest

from builder.testing.linkcheck import check_folder, check_outputs, main

SITE = {
    "index.html": b'<a href="a/">a</a><a href="a/#x">x</a><a href="#top">t</a><a href="?q=1">q</a>',
    "a/index.html": b'<p id="x"></p><a name="y"></a><a href="../">up</a><a href="./#y">y</a><img src="../i.png">',
    "i.png": b"",
}


def bad(href):
    return [
        (b.href, b.reason)
        for b in check_outputs({**SITE, "a/b.html": f'<a href="{href}">'.encode()}).bad
    ]


def test_a_right_site_has_no_bad_links():
    found = check_outputs(SITE)
    assert (found.pages, found.links, found.bad) == (2, 7, ())


@pytest.mark.parametrize(
    "href",
    [
        *("./", "../", "index.html", "#", "../a/?x#y", "../i%2Epng", "https://example.com/a"),
        *("//example.com/", "mailto:a@example.com", "", "?x"),
    ],
)
def test_good(href):
    assert bad(href) == []


@pytest.mark.parametrize(
    ("href", "reason"),
    [
        ("/a/", "starts with a slash"),
        ("../../", "leads out of the site"),
        ("c/", "no such file"),
        ("../a", "no such file"),
        ("./#z", "no such anchor"),
        ("#z", "no such anchor"),
    ],
)
def test_bad(href, reason):
    assert bad(href) == [(href, reason)]


def test_arguments_are_found_by_their_bare_name():
    pages = {
        "index.html": b'<code id="attr-size"></code><a href="#size"></a><a href="#size-1"></a><a href="#other-1">'
    }
    assert [b.href for b in check_outputs(pages).bad] == ["#other-1"]


def test_a_folder_is_checked(tmp_path, capsys):
    (tmp_path / "index.html").write_bytes(b'<a href="gone/">')
    assert check_folder(tmp_path).bad[0].href == "gone/"
    assert main([str(tmp_path)]) == 1
    assert "gone/: no such file" in capsys.readouterr().out
    (tmp_path / "index.html").write_bytes(b'<a href="./">')
    assert main([str(tmp_path)]) == 0
