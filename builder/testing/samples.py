"""A made-up registry with everything that pages can show, for tests of templates and for looking at a new look:
`write(folder)` gives a whole site without any repository."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from builder.emit.redirects import redirect_page
from builder.model.address import Address, Kind
from builder.model.artifact import Artifact, Output
from builder.model.docs import ReleaseDocs, Status
from builder.model.document import KIND_BY_KEY, Document, Part, PartRole
from builder.model.issue import Issue
from builder.model.license import LicenseFinding, Outcome, Verdict
from builder.model.snapshot import Repository, blob_id
from builder.model.summary import PackageSummary, VersionSummary
from builder.model.version import Version, latest
from builder.pages.addresses import is_cdktf
from builder.pages.render import (
    page_names,
    render_assets,
    render_catalog,
    render_package,
    render_release,
    render_removed,
    render_shard,
    shards,
)
from builder.pages.site import Site
from builder.pipeline.make import summary_of

SITE = Site(
    name="Orchard Registry",
    url="https://registry.example.org/",
    description="Documentation of the providers and modules that we build and trust.",
    footer="Run by the platform team.",
    terraform_host="registry.example.org",
    opentofu_host="registry.example.org",
)
ORCHARD = Address(Kind.PROVIDER, "fernhill", "orchard")
PLOT = Address(Kind.MODULE, "fernhill", "plot", "greenhouse")

OVERVIEW = """---
page_title: "Orchard Provider"
description: Plants and waters trees.
---

# Orchard Provider

The orchard provider plants and waters trees.

## Example Usage

```terraform
provider "orchard" {
  region = "north"
}
```

## Authentication

See the [guide to planting](guides/planting.md).

## Schema

- `region` (String) Where the orchard lies.
"""

RESOURCE = """---
subcategory: "%(group)s"
description: |-
  Plants a tree in an orchard and keeps it watered.
---

# orchard_%(name)s (%(what)s)

Plants a tree in an orchard and keeps it watered. See the [guide](../guides/planting.md#order), the
[data source](../data-sources/tree) or [the vendor's pages](https://example.com/trees).

~> **Important:** Trees grow slowly. Changing `species` forces a new tree, and
`a_very_long_argument_name_that_does_not_break_anywhere_because_it_has_no_blank` stays.

## Example Usage

```terraform
# A row of old apple trees, with a comment that is rather long so that the block has to scroll on narrow screens
resource "orchard_%(name)s" "apple" {
  species = "malus-domestica"
  count   = 3
  height  = 2.5
  watered = true

  location {
    row    = "${var.row}-${count.index}"
    column = length(local.columns) > 0 ? local.columns[0] : null
  }
}
```

```shell
$ orchard plant --species malus-domestica
```

## Argument Reference

The following arguments are supported:

* `species` - (Required) The species of the tree. See [location](#nested_location).
* `height` - (Optional) Height in meters. Defaults to `1.0`.
  * `unit` - (Optional) The unit of the height.
* `location` - (Optional) Where the tree stands. Structure is [documented below](#nested_location).

<a name="nested_location"></a>The `location` block supports:

* `row` - (Required) The row.
* `column` - (Optional) The column.

### Timeouts

| operation | default | what happens when the time is over, in many words that make the table wide |
|---|---|---|
| create | 20 minutes | the tree is taken out again, with `orchard_operation_timeout_exceeded_error_code` |
| delete | 5 minutes | nothing |

-> A note without a label.

!> Cutting is final.

> [!TIP]
> Water in the evening.

## Attribute Reference

* `id` - an identifier with the format `projects/{{project}}/trees/{{name}}`

## Import

```json
{"id": 3, "name": "apple", "alive": true, "owner": null}
```

```diff
- old branch
+ new branch
```
"""

GUIDE = """---
page_title: "Planting trees"
---

# Planting trees

How to plant a tree, from the spade to the first apple.

## Order

1. Dig.
2. Plant a [tree](../resources/tree.md).

## Afterwards

> Water it.
"""

SCARECROW = """---
subcategory: Trees
---

# orchard_scarecrow

Stands beside a [tree](tree.md) and is described in the [guide](../guides/planting.md).
"""

WITHHELD = """# 451 Unavailable for Legal Reasons

The documentation of this version is not shown here: its license is not in the list of accepted licenses.

> BUSL-1.1 in LICENSE

## What remains usable

The package stays in the registry and can be installed.
"""

README = """# Plot module

A plot with beds, behind a [fence](modules/fence). Start from the [complete example](examples/complete).

## Usage

```hcl
module "plot" {
  source = "fernhill/plot/greenhouse"
}
```

## Inputs

| Name | Description | Type | Default | Required |
|------|-------------|------|---------|:--------:|
| <a name="input_beds"></a> [beds](#input\\_beds) | Number of beds | `map(object({name=string, width=number}))` | `{}` | no |

## Outputs

None.
"""


@dataclass
class Texts:
    """Texts by blob id, as a store would hold them."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def put(self, text: str) -> str:
        """Keep a text; its blob id."""
        data = text.encode()
        blob = blob_id(data)
        self.kept[blob] = data
        return blob

    def read(self, blob: str) -> bytes:
        """The bytes of a text."""
        return self.kept[blob]


def document(texts: Texts, kind: str, name: str, text: str, **facts: str) -> Document:
    """A document with its text kept; `kind` is a DocKind's key, or "" for the overview."""
    folder = f"{KIND_BY_KEY[kind].segment}/" if kind else ""
    facts.setdefault("title", name)
    return Document(kind, name, f"docs/{folder}{name}.md", texts.put(text), **facts)


def orchard_documents(texts: Texts) -> tuple[Document, ...]:
    """An overview, two subcategories with resources and data sources, and a page of most other kinds."""
    found = [document(texts, "", "index", OVERVIEW, title="Orchard Provider")]
    for group, names in {
        "Trees": ("tree", "tree_graft"),
        "Water and Irrigation": ("pump", "sprinkler_zone"),
    }.items():
        for kind, what, members in (
            ("resources", "Resource", names),
            ("datasources", "Data Source", names[:1]),
        ):
            for name in members:
                text = RESOURCE % {"name": name, "group": group, "what": what}
                found.append(document(texts, kind, name, text, subcategory=group))
    found.append(document(texts, "guides", "planting", GUIDE, title="Planting trees"))
    found.append(document(texts, "functions", "ripe", "# ripe (Function)\n\nIs it ripe?\n"))
    found.append(document(texts, "ephemeral", "token", "A token without a heading.\n"))
    return tuple(sorted(found, key=lambda d: d.sort_key))


def for_cdktf(texts: Texts, *languages: str) -> tuple[Document, ...]:
    """Documents for CDKTF languages: an overview for the first one, and two resources for each."""
    found = []
    for language in languages:
        folder = f"docs/cdktf/{language}"
        names = {
            "tree": "See [pump](pump.md) and the [guide](../guides/planting.md).",
            "pump": "Back to [trees](../resources/tree).",
        }
        for name, text in names.items():
            blob = texts.put(f"# orchard_{name}\n\nFor {language}. {text}\n")
            path = f"{folder}/resources/{name}.md"
            found.append(Document("resources", name, path, blob, language, subcategory="Trees"))
    overview = texts.put(
        f"# Orchard for {languages[0]}\n\nStart with a [tree](resources/tree.md).\n"
    )
    path = f"docs/cdktf/{languages[0]}/index.md"
    return (*found, Document("", "index", path, overview, languages[0]))


def orchard(texts: Texts, version: str, *more: Document) -> ReleaseDocs:
    """A release of the made-up provider; `more` documents are added to those of all versions."""
    return ReleaseDocs(
        address=ORCHARD,
        version=_version(version),
        tag=f"v{version}",
        commit="0" * 40,
        published="2026-03-04T05:06:07Z",
        repository=Repository("https://github.com/fernhill/terraform-provider-orchard"),
        verdict=Verdict(
            Outcome.ALLOW, "accepted", (LicenseFinding("MPL-2.0", 0.99, True, "LICENSE"),)
        ),
        documents=(*orchard_documents(texts), *more),
    )


def withheld(texts: Texts, version: str) -> ReleaseDocs:
    """A release of the made-up provider whose license is not accepted."""
    finding = LicenseFinding("BUSL-1.1", 0.99, False, "LICENSE")
    verdict = Verdict(Outcome.REFUSE, "The license BUSL-1.1 is not accepted.", (finding,))
    return replace(
        orchard(texts, version), documents=(), verdict=verdict, replacement=texts.put(WITHHELD)
    )


def plot(texts: Texts, version: str) -> ReleaseDocs:
    """A release of the made-up module: two submodules, one of them without a README, and an example."""
    parts = (
        Part(PartRole.ROOT, "", texts.put(README), True, "README.md"),
        Part(PartRole.SUBMODULE, "Bed", texts.put("# Bed\n\n## A\n\n## B\n"), True, "modules/Bed/README.md"),
        Part(PartRole.SUBMODULE, "fence", texts.put("# 404 Not Found\n\nThis submodule has no README.\n")),
        Part(PartRole.EXAMPLE, "complete", texts.put("# Complete\n"), True, "examples/complete/README.md"),
    )  # fmt: skip
    return replace(
        orchard(texts, version),
        address=PLOT,
        repository=Repository("https://github.com/fernhill/terraform-greenhouse-plot"),
        documents=(),
        parts=parts,
    )


def summary(releases: Sequence[ReleaseDocs], *more: VersionSummary) -> PackageSummary:
    """The package in short; `more` versions have no documentation."""
    first = releases[0]
    versions = [*(summary_of(docs) for docs in releases), *more]
    return PackageSummary(
        address=first.address,
        link=first.repository.url,
        versions=tuple(sorted(versions, key=lambda v: v.version, reverse=True)),
        description="Plants, waters and harvests trees.",
        warnings=first.warnings,
    )


def outputs(site: Site = SITE, issues: list[Issue] | None = None) -> Iterator[Output]:
    """The whole site. What is wrong with links is added to `issues`."""
    texts = Texts()
    found = issues if issues is not None else []
    shears = document(texts, "resources", "shears", "# orchard_shears\n", subcategory="Tools")
    newest = replace(
        orchard(texts, "2.1.0", shears, *for_cdktf(texts, "python", "typescript")),
        warnings=("Moved to fernhill/grove; gets fixes only.",),
    )
    scarecrow = document(texts, "resources", "scarecrow", SCARECROW, subcategory="Trees")
    releases = [
        newest,
        orchard(texts, "3.0.0-beta.1"),
        replace(orchard(texts, "2.0.0"), yanked="Deletes trees on refresh."),
        orchard(texts, "1.4.2+build.7", scarecrow, *for_cdktf(texts, "python", "go")),
        withheld(texts, "1.0.0"),
    ]
    failed = VersionSummary(
        _version("0.2.0"), "", "", Status.FAILED, "The tag v0.2.0 is missing.", False, False
    )
    blocked = PackageSummary(
        Address(Kind.PROVIDER, "weeds", "ivy"),
        "https://github.com/weeds/terraform-provider-ivy",
        blocked="Removed at the request of its owner.",
    )
    plots = [plot(texts, "0.3.0")]
    packages = [
        replace(summary(releases), popularity=120),
        replace(
            summary(plots, failed),
            reverse_aliases=(Address(Kind.MODULE, "oldhill", "plot", "greenhouse"),),
        ),
        blocked,
    ]
    yield from _releases(site, releases, texts, found)
    yield from _releases(site, plots, texts, found)
    for package in packages:
        yield from render_package(site, package)
    yield from render_catalog(site, packages)
    totals = Counter(package.address.kind for package in packages)
    for letter, members in shards(packages).items():
        yield from render_shard(site, letter, members, totals=totals)
    yield from render_assets(site)


def _releases(
    site: Site, releases: Sequence[ReleaseDocs], texts: Texts, issues: list[Issue]
) -> Iterator[Output]:
    bodies: dict[str, bytes] = {}
    newest = latest([docs.version for docs in releases])
    for docs in releases:
        yield from render_release(
            site, docs, texts.read, bodies, segment=docs.version.segment, report=issues.append
        )
        if docs.version == newest:
            yield from render_release(site, docs, texts.read, bodies, segment="latest")
            yield from _removed(site, docs, releases, texts)


def _removed(
    site: Site, newest: ReleaseDocs, releases: Sequence[ReleaseDocs], texts: Texts
) -> Iterator[Output]:
    """What the newest version lacks, each page from the first of the others that has it."""
    seen = {*page_names(newest)}
    for docs in releases:
        missing = page_names(docs) - seen
        seen |= missing
        shown = [name for name in sorted(missing) if site.cdktf or not is_cdktf(name)]
        yield from render_removed(site, docs, texts.read, {}, shown)


def _version(text: str) -> Version:
    version = Version.parse(text)
    if version is None:
        raise ValueError(text)
    return version


def files(made: Iterable[Output]) -> dict[str, bytes]:
    """Outputs as path -> bytes."""
    return {o.path: o.body if isinstance(o, Artifact) else redirect_page(o) for o in made}


def write(folder: Path, site: Site = SITE) -> None:
    """Write the whole site into a folder."""
    for path, body in files(outputs(site)).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
