"""Hostile text on every way into a page: nothing runs, nothing foreign is on the page, and the browser's policy has
nothing to forbid, because nothing gets as far as that."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from builder.pipeline.build import BuildOptions, build_site
from builder.testing.registry import RegistryMaker

pytestmark = pytest.mark.browser

RUN = "window.hit=1"
ATTACKS = [
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</title></textarea></style><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror={RUN}><a title="',
    f"'><img src=x onerror={RUN}><a title='",
    f"<svg onload={RUN}><set attributeName=onmouseover to={RUN}></svg>",
    f"<svg><style><img src=x onerror={RUN}></style></svg>",
    f"<math><mtext><table><mglyph><style><img title='--&gt;&lt;img src=1 onerror={RUN}&gt;'>",
    f"<details open ontoggle={RUN}><summary>x</summary></details>",
    f"<input autofocus onfocus={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN[7:]}</script>'></iframe>",
    f"<object data='data:text/html,<script>{RUN}</script>'></object>",
    "<base href='https://elsewhere.example/'>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.example/'>",
    "<link rel=stylesheet href=https://elsewhere.example/x.css>",
    "<style>@import url(https://elsewhere.example/x.css);</style>",
    "<p style='background:url(https://elsewhere.example/x.png)'>styled</p>",
    "<img src=https://elsewhere.example/x.png>",
    "<rg-top></rg-top><rg-end></rg-end><rg-scheme></rg-scheme>",
    "<template><script>window.hit=1</script></template>",
    f"{{{{ [].constructor.constructor('{RUN}')() }}}}",
    "\ue000body\ue001 \ue000title\ue001",
]
LINKS = [
    f"[a](javascript:{RUN})",
    f"[b](  jAvAsCrIpT:{RUN})",
    f"[c](&#106;avascript:{RUN})",
    f"[d](java&#10;script:{RUN})",
    f"[e](data:text/html,<script>{RUN}</script>)",
    f"[f](vbscript:{RUN})",
    f"<javascript:{RUN}>",
    f'<a href="javascript:{RUN}">g</a>',
    f"[h]: javascript:{RUN}\n\n[h]",
    f'![x](x"onerror="{RUN})',
    f'[i](../resources/x.md"onmouseover="{RUN})',
]
ALL = " ".join(ATTACKS)
FENCES = [
    f"```{language}\n{ALL}\n```"
    for language in ("hcl", "html", f'x"><img src=x onerror={RUN}>', "{.x onclick=1}")
]
PAGE = "\n\n".join(
    [
        *("# A page", *ATTACKS, *LINKS, *FENCES, *(f"## {attack}" for attack in ATTACKS)),
        *(f"-> {attack}" for attack in ATTACKS),
        *(f"* `name{n}` - {attack}" for n, attack in enumerate(ATTACKS)),
        *("| a | b |\n|---|---|", "> [!NOTE]\n> " + ALL, f"`{ALL}`"),
    ]
)
FRONT = {"page_title": ALL, "subcategory": ALL, "description": ALL}
NAME = f"<img src=x onerror={RUN}>"


def page(front: dict[str, str]) -> str:
    """A page with front matter (JSON is YAML)."""
    lines = "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items())
    return f"---\n{lines}\n---\n\n{PAGE}\n"


PROVIDER = {
    "docs/index.md": page(FRONT),
    "docs/resources/tree.md": page(FRONT),
    f"docs/resources/{NAME}.md": page({}),
    f"docs/guides/a' \" {NAME}.md": page(FRONT),
    "docs/functions/plain.md": page({"subcategory": '"><script>' + RUN + "</script>"}),
    "docs/cdktf/python/resources/tree.md": page(FRONT),
}
MODULE = {
    "main.tf": f'variable "x" {{ description = {json.dumps(ALL)} }}\n',
    "README.md": PAGE,
    f"modules/{NAME}/README.md": PAGE,
    f"modules/{NAME}/main.tf": "",
    "modules/plain/README.md": PAGE,
    "modules/plain/main.tf": "",
    f"examples/it's {NAME}/README.md": PAGE,
    f"examples/it's {NAME}/main.tf": "",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, serve) -> tuple[str, list[str]]:
    """Address of the hostile site, and the paths of all its pages."""
    folder = tmp_path_factory.mktemp("hostile")
    registry = RegistryMaker(folder)
    facts: dict[str, Any] = {"description": ALL, "warnings": ATTACKS[:4]}
    releases = {"v1.0.0": PROVIDER, "v1.1.0": PROVIDER}
    registry.package("acme/garden", releases, **facts)
    registry.package("acme/blocked", {"v1.0.0": PROVIDER}, **facts)
    registry.package("acme/refused", {"v1.0.0": {**PROVIDER, "LICENSE": ALL}}, licensed=False)
    registry.package("acme/plot/earth", {"v1.0.0": MODULE}, **facts)
    registry.package("acme/odd", {"v1.0.0": PROVIDER}, repository=f"javascript:{RUN}")
    registry.file("blocklist.json", json.dumps({"providers": {"acme/blocked": ALL}, "modules": {}}))
    withdrawn = {"namespace": "acme", "name": "garden", "version": "1.0.0", "reason": ALL}
    registry.file("versions_blacklist.json", json.dumps({"providers": [withdrawn], "modules": []}))
    address = serve(registry.site)
    config = replace(registry.config(), site_dir=registry.site, site_url=address, footer=ALL)
    config = replace(config, site_name=ALL, site_description=ALL)
    build_site(config, BuildOptions())
    found = sorted(registry.site.rglob("*.html"))
    return address, [quote(path.relative_to(registry.site).as_posix()) for path in found]


LOOK = """
await pause(20);
const all = [...d.querySelectorAll("*")];
const outside = (node) => !node.closest(".rg-icon");
const foreign = all.filter((node) => outside(node) && /^(iframe|object|embed|style|svg|math|base|form|template|rg-.*)$/i.test(node.localName));
const ours = (node) => node.type === "application/ld+json" ? JSON.parse(node.text)["@context"]
  : node.src.startsWith(w.location.origin) && /^\\/bucket\\/docs\\/assets\\/v1\\/\\w+\\.js$/.test(new URL(node.src).pathname);
const scripts = [...d.scripts].filter((node) => !ours(node));
const handlers = all.filter((node) => [...node.attributes].some((a) => /^on|^style$|^srcdoc$/i.test(a.name)));
const links = [...d.querySelectorAll("[href], [src], [action]")].map((node) => new URL(node.getAttribute("href") ?? node.getAttribute("src"), d.baseURI).protocol);
const images = [...d.images].filter((node) => new URL(node.src).origin !== w.location.origin);
return {
  hit: w.hit ?? null,
  foreign: [...foreign, ...scripts, ...handlers, ...images].map((node) => node.outerHTML.slice(0, 200)),
  schemes: [...new Set(links)].filter((scheme) => !["http:", "https:", "mailto:"].includes(scheme)),
};
"""
CLEAN: dict[str, object] = {"hit": None, "foreign": [], "schemes": []}


def test_nothing_runs_and_nothing_foreign_is_there(tabs_of, hostile):
    address, paths = hostile
    found = tabs_of(address).each(paths, LOOK)
    assert len(paths) > 20
    assert {path: seen for path, seen in found.items() if seen != CLEAN} == {}


def test_an_address_that_is_none_is_text(tabs_of, hostile):
    """The page for missing addresses says what it found in the address."""
    address, _ = hostile
    tabs = tabs_of(address)
    paths = [
        f"providers/acme/garden/{NAME}",
        f"providers/acme/garden/9.9.9/docs/resources/{NAME}\"'",
    ]
    paths += [f"modules/acme/plot/earth/v1.0.0/{NAME}", f"providers/{NAME}/{NAME}/1.0.0"]
    found = tabs.each(map(quote, paths), LOOK)
    assert [seen for seen in found.values() if seen != CLEAN] == []
    assert len(found) == len(paths)
    tabs.problems = [text for text in tabs.problems if "status of 404" not in text]
