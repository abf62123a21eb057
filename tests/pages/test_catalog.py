"""The registry's own pages."""

from dataclasses import replace

from builder.model.address import Address, Kind
from builder.model.summary import PackageSummary
from builder.pages.render import render_catalog
from builder.pages.site import Site
from builder.testing.htmlcheck import page
from builder.testing.samples import SITE, Texts, files, orchard, plot, summary


def catalog(*summaries, site=SITE):
    return {
        path: page(body).is_sound()
        for path, body in files(render_catalog(site, summaries)).items()
        if path.endswith(".html")
    }


def packages():
    texts = Texts()
    return (
        replace(summary([orchard(texts, "2.0.0")]), popularity=3),
        summary([plot(texts, "0.3.0")]),
        PackageSummary(Address(Kind.PROVIDER, "1weeds", "ivy"), "", blocked="A court said so."),
        PackageSummary(Address(Kind.PACKAGE, "", "random"), ""),
    )


def test_pages_of_the_registry_do_not_depend_on_the_order_given():
    some = packages()
    assert files(render_catalog(SITE, some)) == files(render_catalog(SITE, some[::-1]))
    assert sorted(catalog(*some)) == [
        "404.html",
        "index.html",
        "modules/-/system/greenhouse/index.html",
        "modules/index.html",
        "providers/index.html",
    ]


def test_home():
    home = catalog(*packages())["index.html"]
    home.has("h1", "Orchard Registry").has("a.rg-card[href='providers/']", "2 Providers")
    home.has("a.rg-card[href='modules/']", "1 Modules")
    home.has("section[aria-labelledby=popular] a", "fernhill/orchard", count=1)
    home.has("section[aria-labelledby=recent] a[href='modules/fernhill/plot/greenhouse/']")
    home.has_not("a", "Handbook").has("link[rel=canonical][href='https://registry.example.org/']")


def test_home_of_an_empty_registry():
    catalog()["index.html"].has("article", "No package has documentation yet.")
    catalog()["modules/index.html"].has("article", "There are none yet.")


def test_the_handbook_is_linked_when_there_is_one():
    home = catalog(site=Site("x", handbook="handbook/"))["index.html"]
    home.has("a[href='handbook/']", "Handbook")


def test_lists_show_name_version_description_and_state():
    found = catalog(*packages())["providers/index.html"]
    assert [tag.get_text() for tag in found.all("h2")] == ["0-9", "F"]
    found.has(".rg-package", "fernhill/orchard Plants, waters and harvests trees. 2.0.0 2026-03-04")
    found.has(".rg-package", "1weeds/ivy blocked")
    found.has("nav[aria-label=Letters] a[href='#letter-f']")


def test_not_found_names_the_public_address_since_it_is_shown_at_any_depth():
    found = catalog()["404.html"]
    found.has("h1", "Page not found").has_not("link[rel=canonical]")
    found.has("a[href='https://registry.example.org/providers/']")
    catalog(site=Site("x"))["404.html"].has("a[href='./providers/']")


def test_no_canonical_link_without_a_public_address():
    for found in catalog(*packages(), site=Site("x")).values():
        found.has_not("link[rel=canonical]")
