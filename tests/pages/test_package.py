"""A package's home, its versions, and versions.json."""

import json
from dataclasses import replace

from builder.model.address import Address, Kind
from builder.pages.render import render_package
from builder.pages.site import Site
from builder.testing.htmlcheck import page
from builder.testing.samples import SITE, Texts, files, orchard, summary

HOME = "providers/fernhill/orchard/index.html"


def home(package, site=SITE):
    return page(files(render_package(site, package))[HOME]).is_sound()


def test_a_home_tells_what_one_needs_to_use_the_package():
    texts = Texts()
    found = home(summary([orchard(texts, "2.0.0"), orchard(texts, "1.0.0")]))
    found.has("h1", "fernhill/orchard").has(".rg-about", "Plants, waters and harvests trees.")
    found.has("a.rg-button[href='latest/docs/']").has(
        "a.rg-button[href='versions/']", "All 2 versions"
    )
    found.has("pre", 'source = "registry.example.org/fernhill/orchard"').has(
        "pre", 'version = "2.0.0"'
    )
    found.has("code", "terraform init").has("code", "tofu init")
    found.has("aside a[href='https://github.com/fernhill/terraform-provider-orchard']")
    found.has("aside dd", "MPL-2.0").has(
        "aside dd", "4 resources, 2 data sources, 1 function, 1 guide"
    )
    found.has(".rg-versions a[href='1.0.0/docs/']", "1.0.0")


def test_hosts_that_differ_give_a_block_for_each_tool():
    texts = Texts()
    site = Site("x", terraform_host="tf.example", opentofu_host="")
    found = home(summary([orchard(texts, "2.0.0")]), site)
    found.has("h3", "Terraform").has("h3", "OpenTofu")
    found.has("pre", '"tf.example/fernhill/orchard"').has("pre", '"fernhill/orchard"')


def test_states_are_shown():
    """Block, warnings, yanks, pre-releases, failures and aliases all stand on the pages (never hidden)."""
    texts = Texts()
    beta = orchard(texts, "3.0.0-beta.1")
    package = summary([beta, replace(orchard(texts, "2.0.0"), yanked="Deletes trees.")])
    canonical = Address(Kind.PROVIDER, "fernhill", "grove")
    package = replace(
        package,
        warnings=("Moved to grove.",),
        blocked="A court said so.",
        canonical=canonical,
        reverse_aliases=(Address(Kind.PROVIDER, "old", "orchard"),),
    )
    found = home(package)
    found.has(".admonition.danger", "A court said so.").has(
        ".admonition.warning", "Moved to grove."
    )
    found.has(".admonition.note", "fernhill/grove").has("aside dd", "old/orchard")
    found.has(".rg-versions th", "3.0.0-beta.1 pre-release").has(".rg-badge--yanked", "yanked")


def test_a_package_without_documentation_has_a_home():
    texts = Texts()
    package = summary([orchard(texts, "2.0.0")])
    failed = replace(
        package.versions[0], has_docs=False, has_pages=False, reason="The tag is missing."
    )
    found = home(replace(package, versions=(failed,)))
    found.has("aside dd", "none with documentation").has(".rg-reason", "The tag is missing.")
    found.has_not("a[href*='latest/']").has_not("a[href*='2.0.0/']")
    home(replace(package, versions=())).has("article", "No version is known.")


def test_versions_are_grouped_by_major_version():
    texts = Texts()
    package = summary(
        [orchard(texts, v) for v in ("2.1.0", "2.0.0", "1.0.0", "10.0.0-rc.1", "0.9.0")]
    )
    found = page(
        files(render_package(SITE, package))["providers/fernhill/orchard/versions/index.html"]
    )
    found.is_sound()
    assert [tag.get_text() for tag in found.all("h2")] == ["10.x 1", "2.x 2", "1.x 1", "0.x 1"]
    assert [tag["id"] for tag in found.all("details[open]")] == ["v2"], "the newest is in sight"
    assert [tag["href"] for tag in found.all("tbody a")] == [
        *("../10.0.0-rc.1/docs/", "../2.1.0/docs/", "../2.0.0/docs/", "../1.0.0/docs/"),
        "../0.9.0/docs/",
    ]


def test_versions_json():
    texts = Texts()
    releases = [orchard(texts, "2.0.0-rc.1"), orchard(texts, "1.0.0+b.1"), orchard(texts, "0.9.0")]
    package = summary([releases[0], replace(releases[1], yanked="Broken."), releases[2]])
    found = json.loads(
        files(render_package(SITE, package))["providers/fernhill/orchard/versions.json"]
    )
    assert (found["latest"], found["latest_stable"]) == ("0.9.0", "1.0.0+b.1")
    assert found["versions"] == [
        {
            "version": "2.0.0-rc.1",
            "published": "2026-03-04T05:06:07Z",
            "pages": True,
            "prerelease": True,
        },
        {
            "version": "1.0.0+b.1",
            "segment": "1.0.0_b.1",
            "published": "2026-03-04T05:06:07Z",
            "pages": True,
            "yanked": "Broken.",
        },
        {"version": "0.9.0", "published": "2026-03-04T05:06:07Z", "pages": True},
    ]
