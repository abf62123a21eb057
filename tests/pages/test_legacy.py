"""Redirects from the addresses of the public registry's site."""

from dataclasses import replace

from builder.model.document import Document
from builder.pages.render import render_legacy
from builder.testing.samples import SITE, Texts, orchard, plot, summary


def moves(site, package, docs):
    return {redirect.path: redirect.to for redirect in render_legacy(site, package, docs)}


def test_addresses_of_providers():
    texts = Texts()
    docs = orchard(
        texts, "2.0.0", Document("resources", "Upper", "docs/resources/Upper.md", texts.put("x"))
    )
    old = orchard(texts, "1.0.0+b.1")
    hidden = replace(summary([old]).versions[0], has_pages=False)
    package = summary([docs, orchard(texts, "1.5.0")], hidden)
    found = moves(SITE, package, docs)
    base, to = "provider/fernhill/orchard", "providers/fernhill/orchard"
    assert found[f"{base}/index.html"] == f"{to}/latest/docs/"
    assert found[f"{base}/latest/index.html"] == f"{to}/latest/docs/"
    assert found[f"{base}/v1.5.0/index.html"] == f"{to}/1.5.0/docs/"
    assert f"{base}/v1.0.0+b.1/index.html" not in found
    pages = f"{base}/latest/docs"
    assert found[f"{pages}/datasources/tree/index.html"] == f"{to}/latest/docs/data-sources/tree/"
    assert found[f"{pages}/resources/Upper/index.html"] == f"{to}/latest/docs/resources/upper/"
    assert found[f"{pages}/guides/planting/index.html"] == f"{to}/latest/docs/guides/planting/"
    assert not [path for path in found if "/v1.5.0/docs" in path]


def test_addresses_of_modules():
    texts = Texts()
    docs = plot(texts, "0.3.0")
    found = moves(SITE, summary([docs]), docs)
    base, to = "module/fernhill/plot/greenhouse", "modules/fernhill/plot/greenhouse"
    assert found[f"{base}/v0.3.0/index.html"] == f"{to}/0.3.0/"
    assert found[f"{base}/latest/inputs/index.html"] == f"{to}/latest/"
    assert found[f"{base}/latest/submodule/Bed/index.html"] == f"{to}/latest/modules/bed/"
    assert found[f"{base}/latest/example/complete/index.html"] == f"{to}/latest/examples/complete/"


def test_targets_are_pages_of_the_site(sample):
    texts = Texts()
    docs = plot(texts, "0.3.0")
    for target in moves(SITE, summary([docs]), docs).values():
        assert f"{target}index.html" in sample
    for target in moves(replace(SITE, file_links=True), summary([docs]), docs).values():
        assert target in sample
