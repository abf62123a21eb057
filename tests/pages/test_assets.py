"""Style sheet and script: contrast in both schemes, no request elsewhere, in step with the document kinds."""

import json
import re
import shutil
import subprocess

import pytest

from builder.model.document import DOC_KINDS
from builder.pages.assets import shared_styles
from builder.pages.environment import asset, asset_names
from builder.pages.render import render_assets
from builder.pages.site import Site
from builder.testing.samples import SITE, files

CSS = asset("site.css").decode()
SCRIPT = files(render_assets(SITE))["assets/v1/shell.js"].decode()


def variables(selector):
    """The variables of the block that follows a selector."""
    block = CSS.split(f"{selector} {{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


LIGHT = variables(":root")
DARK = {**LIGHT, **variables(':root[data-scheme="dark"]')}


def luminance(color):
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, two):
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *((token, "bg-code") for token in LIGHT if token.startswith("tok-")),
    *((text, bg) for text in ("text", "text-soft", "accent") for bg in ("bg", "bg-soft")),
    *(("text", f"{box}-bg") for box in ("note", "good", "warn", "bad")),
    *((box, f"{box}-bg") for box in ("note", "good", "warn", "bad")),
    *(
        (
            ("text", "bg-code"),
            ("on-accent", "accent"),
            ("accent", "accent-soft"),
            ("warn", "bg-soft"),
        )
    ),
    *((("bad", "bg-soft"), ("text-soft", "bg-code"), ("bad", "warn-bg"), ("warn", "warn-bg"))),
    *(("accent", f"{box}-bg") for box in ("note", "good", "warn", "bad")),
]


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_is_readable(scheme, text, ground):
    assert contrast(scheme[text], scheme[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("part", ["line-strong", "focus"])
def test_borders_of_controls_and_the_focus_are_visible(scheme, part):
    assert contrast(scheme[part], scheme["bg"]) >= 3


def test_both_dark_blocks_are_equal():
    """One is for the system's setting, one for the reader's choice."""
    assert variables(':root:not([data-scheme="light"])') == variables(':root[data-scheme="dark"]')


def test_colors_are_variables_only():
    """A color outside the variable blocks would be right in one scheme only."""
    rules = CSS.split("/* ---- ground ---- */", 1)[1]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", rules) == []
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS))
    assert used == LIGHT.keys()


def test_nothing_is_loaded_from_elsewhere():
    assert (
        re.findall(r"url\(|@import|https?://(?!www\.w3\.org/)", CSS.replace('a[href^="http"]', ""))
        == []
    )
    assert re.findall(r"https?://(?!www\.w3\.org/)\w", SCRIPT) == []


def test_the_script_adds_no_markup_from_text():
    assert (
        re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", SCRIPT
        )
        == []
    )


def test_the_script_is_small():
    assert len(SCRIPT.encode()) < 32_000


def test_the_script_knows_all_kinds():
    (literal,) = re.findall(r"const SITE = (\{.*\});", SCRIPT)
    facts = json.loads(literal)
    assert facts["kinds"] == {
        **{kind.letter: [kind.segment, kind.label] for kind in DOC_KINDS},
        "m": ["modules", "Submodules"],
        "x": ["examples", "Examples"],
    }
    assert facts["name"] == "Orchard Registry"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on this machine")
@pytest.mark.parametrize("name", ["</script>", "a'b\"c\\", "\u2028"])
def test_the_script_is_valid_whatever_the_site_is_called(tmp_path, name):
    path = tmp_path / "shell.js"
    path.write_bytes(files(render_assets(Site(name)))["assets/v1/shell.js"])
    assert (
        subprocess.run(["node", "--check", path], capture_output=True, check=False).returncode == 0
    )


def test_the_footer_is_text():
    """MkDocs' key `copyright` may hold HTML; the handbook strips it too."""
    script = files(render_assets(Site("x", footer="&copy; <b>Us</b> &amp; <i>them</i>")))
    assert '"footer": "\\u00a9 Us & them"' in script["assets/v1/shell.js"].decode()


def test_asset_names():
    assert asset_names() == [
        "card.png",
        "handbook.css",
        "handbook.js",
        "logo.svg",
        "missing.js",
        "shell.js",
        "site.css",
    ]


HANDBOOK = files(render_assets(SITE))["assets/v1/handbook.css"].decode()


def test_the_handbook_has_the_colors_of_the_pages():
    """Written once, in site.css; what follows uses variables only."""
    assert CSS.split("/* ---- colors ---- */\n")[1].split("  --radius")[0] in HANDBOOK
    rules = HANDBOOK.split("/* The handbook's theme")[1]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|url\(", rules) == []
    assert set(re.findall(r"var\(--([\w-]+)\)", rules)) <= LIGHT.keys()


def test_sizes_are_those_of_a_page_with_larger_letters():
    sheet = (
        "/* ---- ground ---- */\nb { top: 1rem; }\n"
        "/* ---- header, and more ---- */\n@media (max-width: 40rem) {\n  a { margin: -.5rem 1.25rem 0; }\n}\n"
    )
    assert (
        shared_styles(sheet) == "@media (max-width: 40rem) {\n  a { margin: -0.4rem 1rem 0; }\n}\n"
    )
    assert shared_styles("body { margin: 0 }") == ""
