"""Lists of packages: whole while they are short, by letter, namespace and system when they are not."""

from collections import Counter

import pytest

from builder.model.address import Address, Kind
from builder.model.summary import PackageSummary
from builder.pages.catalog import LISTED_AT_ONCE
from builder.pages.render import render_catalog, render_shard, shards
from builder.testing.htmlcheck import page
from builder.testing.linkcheck import check_outputs
from builder.testing.samples import SITE, files


def module(namespace, name, system="aws"):
    return PackageSummary(
        Address(Kind.MODULE, namespace, name, system), "", description="A module."
    )


def provider(namespace, name):
    return PackageSummary(Address(Kind.PROVIDER, namespace, name), "")


def lists(packages):
    made = files(render_catalog(SITE, packages))
    totals = Counter(package.address.kind for package in packages)
    for letter, members in shards(packages).items():
        made |= files(render_shard(SITE, letter, members, totals=totals))
    return made


@pytest.fixture(scope="module")
def many():
    """300 modules of letter a in 150 namespaces, 30 of letter b in one, some of them for another system."""
    packages = [module(f"a{i:03}", name) for i in range(150) for name in ("net", "vm")]
    packages += [module("birch", f"m{i:02}", "azurerm" if i % 2 else "aws") for i in range(30)]
    packages += [provider("birch", "leaf"), provider("9lives", "cat")]
    return lists(packages)


def shown(html):
    return [tag.get_text() for tag in page(html).all(".rg-package-name a")]


def test_a_short_list_holds_its_packages(many):
    assert shown(many["providers/index.html"]) == ["9lives/cat", "birch/leaf"]
    assert not [path for path in many if path.startswith("providers/-/")]


def test_a_long_list_names_its_letters_and_systems(many):
    found = page(many["modules/index.html"]).is_sound()
    assert shown(many["modules/index.html"]) == []
    found.has("h1", "Modules 330")
    found.has("nav[aria-label=Letters] li", "A 300").has(
        "nav[aria-label=Letters] a[href='-/b/']", "B"
    )
    found.has("nav[aria-labelledby=__systems] li", "azurerm 15")
    found.has("nav[aria-labelledby=__systems] a[href='-/system/azurerm/']")


def test_a_letter_holds_its_packages_when_they_are_few_else_its_namespaces(many):
    assert len(shown(many["modules/-/b/index.html"])) == 30
    found = page(many["modules/-/a/index.html"]).is_sound()
    assert shown(many["modules/-/a/index.html"]) == []
    found.has("h2", "Namespaces 150").has(".rg-shards a[href='../../a007/']", "a007")


def test_a_system_has_a_list(many):
    assert shown(many["modules/-/system/azurerm/index.html"]) == [
        f"birch/m{i:02}/azurerm" for i in range(1, 30, 2)
    ]
    found = page(many["modules/-/system/aws/index.html"]).is_sound()
    found.has("h1", "Modules for aws 315").has(".rg-shards a[href='../../../birch/']")


def test_a_namespace_has_a_page_with_its_providers_and_modules(many):
    for path in ("providers/birch", "modules/birch"):
        found = page(many[f"{path}/index.html"]).is_sound()
        found.has("h1", "birch 31").has("h2", "Providers").has("h2", "Modules")
        found.has("nav[aria-label=Breadcrumb] a[href='../']")
        found.has("link[rel=canonical][href='https://registry.example.org/providers/birch/']")
    found = page(many["modules/a000/index.html"])
    found.has_not("h2", "Providers").has("link[rel=canonical][href$='/modules/a000/']")
    assert "providers/a000/index.html" not in many


def test_no_link_of_the_lists_is_dead_but_those_to_packages(many):
    """The packages' own pages and the assets are not part of this."""
    bad = [b for b in check_outputs(many).bad if "assets/" not in b.href and "feed" not in b.href]
    names = {"net", "vm", "leaf", "cat", "aws", "azurerm"}
    assert {b.href.rstrip("/").rsplit("/", 1)[-1] for b in bad} <= names


def test_no_page_grows_with_the_registry(many):
    """The largest page is a namespace or a list at its limit."""
    sizes = {path: len(body) for path, body in many.items() if path.endswith(".html")}
    assert max(sizes.values()) < 300 * LISTED_AT_ONCE


def test_a_package_cannot_take_the_place_of_a_list(many):
    """Names begin with a letter or digit, so nothing lies below a hyphen."""
    with pytest.raises(Exception, match="is not the address"):
        Address.of(Kind.PROVIDER, "-", "a")
    assert all("/-/" in p or p.count("/") <= 3 for p in many)
