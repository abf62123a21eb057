"""Names, titles, descriptions, reasons and addresses by others never become markup, in any template."""

from dataclasses import replace
from typing import Any

import pytest

from builder.model.address import Address, Kind
from builder.model.docs import Status
from builder.model.document import Part, PartRole
from builder.model.license import LicenseFinding, Outcome, Verdict
from builder.model.snapshot import Repository
from builder.model.summary import PackageSummary
from builder.pages.render import render_assets, render_catalog, render_package, render_release
from builder.pages.site import Site
from builder.testing.htmlcheck import page
from builder.testing.samples import Texts, document, files, orchard, plot, summary

EVIL = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>&amp;{{ site }}{% raw %}\u2028"
SITE = Site(EVIL, "https://registry.example.org/", EVIL, footer=EVIL, terraform_host=EVIL)


def hostile_site():
    """Every text that others may write is EVIL."""
    texts = Texts()
    bad_license = LicenseFinding(EVIL, 1, False, EVIL, link="javascript:alert(3)")
    facts: dict[str, Any] = {
        "verdict": Verdict(Outcome.ALLOW, EVIL, (bad_license,)),
        "yanked": EVIL,
        "warnings": (EVIL,),
        "tag": EVIL,
        "published": EVIL,
        "repository": Repository("javascript:alert(4)//"),
    }
    nasty = [
        document(texts, kind, name, "text", title=EVIL, subcategory=EVIL, description=EVIL)
        for kind, name in (("resources", "x"), ("guides", "g"))
    ]
    docs = replace(orchard(texts, "1.0.0", *nasty), **facts)
    module = plot(texts, "1.0.0")
    parts = (
        *module.parts,
        Part(PartRole.EXAMPLE, EVIL.replace("/", ""), texts.put("x"), True, EVIL),
    )
    module = replace(module, parts=parts, **facts)
    for release in (docs, module):
        yield from render_release(SITE, release, texts.read, {}, segment="1.0.0")
        yield from render_package(SITE, bad_summary(release))
    yield from render_catalog(SITE, [bad_summary(docs), bad_summary(module)])


def bad_summary(docs) -> PackageSummary:
    found = summary([docs])
    alias = Address(Kind.PROVIDER, "a", "b")
    failed = replace(
        found.versions[0],
        version=replace(docs.version, major=0),
        reason=EVIL,
        status=Status.FAILED,
        has_docs=False,
        has_pages=False,
    )
    return replace(
        found,
        link="javascript:alert(5)",
        versions=(replace(found.versions[0], reason=EVIL, withheld=True), failed),
        description=EVIL,
        blocked=EVIL,
        popularity=1,
        canonical=alias,
        reverse_aliases=(alias,),
    )


PAGES = {path: body for path, body in files(hostile_site()).items() if path.endswith(".html")}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: ascii(path)[1:40])
def test_hostile_texts_stay_texts(path):
    found = page(PAGES[path]).is_sound()
    data = "script[type='application/ld+json']"
    found.has(f"script:not({data}, [src$='missing.js'])", count=1).has_not("img").has_not(
        "[onerror]"
    ).has_not('[href^="javascript"]')


def test_every_page_kind_was_tried_and_shows_the_text():
    shown = {path for path, body in PAGES.items() if "alert(1)" in page(body).soup.get_text()}
    assert {"index.html", "providers/index.html", "404.html"} <= PAGES.keys()
    assert len(shown) == len(PAGES)


def test_the_scripts_facts_are_a_json_literal():
    script = next(o.body for o in render_assets(SITE) if o.path.endswith("shell.js")).decode()
    assert "__SITE__" not in script
    line = next(line for line in script.splitlines() if "const SITE = " in line)
    assert "\u2028" not in line
    assert line.isascii()
