"""Pages in a real browser: with scripts, without them, with the script missing, and at phone width."""

import pytest

pytestmark = pytest.mark.browser

TREE = "providers/fernhill/orchard/2.0.0/docs/resources/tree/"
LATEST = "providers/fernhill/orchard/latest/docs/resources/tree/"
PAGES = [
    "",
    "providers/",
    "providers/fernhill/orchard/",
    "providers/fernhill/orchard/versions/",
    "providers/fernhill/orchard/latest/docs/",
    TREE,
    "providers/fernhill/orchard/1.0.0/docs/",
    "modules/fernhill/plot/greenhouse/latest/",
    "404.html",
]
NO_SCRIPT = frozenset({"assets/v1/shell.js"})
READABLE = """
const text = (selector) => d.querySelector(selector)?.textContent.trim() ?? "";
const shown = (selector) => !!d.querySelector(selector)?.getClientRects().length;
return {
  heading: text("article h1"),
  code: shown("article pre"),
  toc: [...d.querySelectorAll("nav[aria-label='Table of contents'] a")].length,
  links: [...d.querySelectorAll(".rg-min a")].filter((a) => a.getClientRects().length).map((a) => a.textContent),
  styled: w.getComputedStyle(d.querySelector("pre")).overflowX,
  side: shown("#nav"),
};
"""


@pytest.mark.parametrize(
    "options", [{"scripts": False}, {"blocked": NO_SCRIPT}], ids=["scripts off", "shell.js missing"]
)
def test_the_article_is_readable_without_the_script(browser, options):
    assert browser.look(TREE, READABLE, **options) == {
        "heading": "orchard_tree (Resource)",
        "code": True,
        "toc": 5,
        "links": ["Registry", "fernhill/orchard", "pages of this version", "all versions"],
        "styled": "auto",
        "side": False,
    }


def test_the_script_adds_navigation_picker_and_buttons(browser):
    found = browser.look(
        TREE,
        """
        const texts = (selector) => [...d.querySelectorAll(selector)].map((node) => node.textContent.trim());
        return {
          root: d.documentElement.className,
          site: texts("header.rg-top nav a"),
          groups: texts("#nav summary"),
          current: texts("#nav [aria-current=page]"),
          options: texts("#nav select option"),
          chosen: d.querySelector("#nav select").selectedOptions[0].textContent,
          banner: texts(".rg-banner p"),
          banner_link: d.querySelector(".rg-banner a").getAttribute("href"),
          turns: [...d.querySelectorAll(".rg-turns a")].map((a) => [a.rel, a.textContent, new URL(a.href).pathname]),
          source: d.querySelector(".rg-source a").href,
          custom: d.querySelectorAll("rg-top, rg-end").length,
          footer: texts("footer"),
        };
        """,
    )
    base = "/bucket/docs/providers/fernhill/orchard/"
    assert found["root"] == "js"
    assert found["site"] == ["Providers", "Modules"]
    assert found["groups"] == ["Guides 1", "Trees 3", "Water and Irrigation 3", "Other 2"]
    assert found["current"] == ["tree"]
    assert found["options"] == [
        *("3.0.0-beta.1", "2.1.0 (latest)", "2.0.0 (yanked)", "1.4.2+build.7", "1.0.0 (withheld)"),
    ]
    assert found["chosen"] == "2.0.0 (yanked)"
    assert found["banner"] == [
        "Version 2.0.0 is not the newest. Read this page in 2.1.0",
        "Version 2.0.0 is yanked: Deletes trees on refresh.",
    ]
    assert found["banner_link"].endswith(f"{base}latest/docs/resources/tree/")
    assert found["turns"] == [
        ["prev", "PreviousPlanting trees", f"{base}2.0.0/docs/guides/planting/"],
        ["next", "Nexttree_graft", f"{base}2.0.0/docs/resources/tree_graft/"],
    ]
    assert found["source"].endswith("/blob/v2.0.0/docs/resources/tree.md")
    assert found["custom"] == 0
    assert found["footer"] == ["Run by the platform team."]


def test_the_pages_ask_this_site_only_and_for_little(browser):
    """Under a policy that forbids inline scripts and styles and every other site, all that is needed is loaded."""
    browser.look(TREE, "return 1")
    base = "/bucket/docs/"
    package = f"{base}providers/fernhill/orchard/"
    assert sorted(p for p in browser.server.requests if p != "/favicon.ico") == [
        *(f"{base}assets/v1/{name}" for name in ("logo.svg", "shell.js", "site.css")),
        *(
            f"{package}2.0.0/docs/{name}"
            for name in ("nav.json", "resources/tree/", "version.json")
        ),
        f"{package}versions.json",
    ]


def test_no_page_is_wider_than_a_phone(browser):
    code = """
    const wide = [...d.querySelectorAll("main *")].filter((node) => node.getBoundingClientRect().right > 391
      && !node.closest("pre, .rg-scroll, .table-scroll")).map((node) => node.outerHTML.slice(0, 80));
    return [d.documentElement.scrollWidth, w.innerWidth, wide];
    """
    found = dict(zip(PAGES, browser.look_at_all(PAGES, code, width=390), strict=True))
    assert found == {path: [390, 390, []] for path in PAGES}


def test_the_drawer_opens_and_closes_on_a_phone(browser):
    code = """
    const button = d.querySelector(".rg-menu");
    const shown = () => w.getComputedStyle(d.getElementById("nav")).visibility;
    const seen = [shown(), button.getAttribute("aria-expanded")];
    button.click();
    await pause(300);
    seen.push(shown(), button.getAttribute("aria-expanded"), d.activeElement.className);
    d.dispatchEvent(new w.KeyboardEvent("keydown", { key: "Escape" }));
    await pause(300);
    return [...seen, shown(), d.activeElement === button];
    """
    assert browser.look(TREE, code, width=390) == [
        *("hidden", "false", "visible", "true", "rg-filter", "hidden", True),
    ]


def test_the_filter_finds_all_words_with_blanks_for_underscores(browser):
    code = """
    const input = d.querySelector(".rg-filter");
    const type = (text) => { input.value = text; input.dispatchEvent(new w.Event("input")); };
    const texts = (selector) => [...d.querySelectorAll(selector)].map((node) => node.textContent);
    type("zone sprink");
    const found = [texts("#nav li a"), texts("#nav .rg-status")];
    type("");
    return [...found, texts("#nav summary").length];
    """
    assert browser.look(TREE, code) == [["sprinkler_zone"], ["1 page"], 4]


def test_groups_get_their_entries_when_they_are_opened(browser):
    code = """
    const group = [...d.querySelectorAll("#nav details")].find((box) => box.textContent.includes("Water"));
    const before = group.querySelectorAll("a").length;
    group.open = true;
    await pause(100);
    return [before, group.querySelectorAll("a").length];
    """
    big = [0, 3]
    small = [3, 3]  # few pages are all open from the start
    assert browser.look(TREE, code) in (big, small)


PICK = """
const select = d.querySelector("#nav select");
select.value = "%s";
select.dispatchEvent(new w.Event("change"));
await until(() => w.location.pathname.includes("/%s/"));
await until(() => w.document.querySelector("#nav .rg-side"));
return [w.location.pathname.split("/orchard/")[1], w.document.querySelector(".rg-banner")?.textContent ?? ""];
"""


def test_the_picker_keeps_the_page(browser):
    path, banner = browser.look(TREE, PICK % ("1.4.2_build.7", "1.4.2_build.7"))
    assert path == "1.4.2_build.7/docs/resources/tree/"
    assert banner == "Version 1.4.2+build.7 is not the newest. Read this page in 2.1.0"


def test_the_picker_goes_to_the_overview_and_says_so_when_the_page_is_missing(browser):
    shears = "providers/fernhill/orchard/latest/docs/resources/shears/"
    path, banner = browser.look(shears, PICK % ("2.0.0", "2.0.0"))
    assert path == "2.0.0/docs/"
    assert "shears does not exist in 2.0.0. This is its overview." in banner


def test_the_newest_version_is_picked_as_latest(browser):
    path, _ = browser.look(TREE, PICK % ("2.1.0", "latest"))
    assert path == "latest/docs/resources/tree/"


def test_colors_follow_the_system_and_the_reader(browser):
    code = """
    const ground = () => w.getComputedStyle(d.body).backgroundColor;
    const button = d.querySelector("header.rg-top > button:last-child");
    const seen = [ground(), button.getAttribute("aria-label")];
    button.click();
    seen.push(ground(), w.localStorage.length, Object.keys(w.localStorage)[0]);
    button.click();
    return [...seen, ground(), w.localStorage.length];
    """
    light, dark, key = "rgb(255, 255, 255)", "rgb(20, 22, 29)", "regdocs:/bucket/docs/:scheme"
    expected = [light, "Use dark colors", dark, 1, key, light, 0]
    assert browser.look(TREE, code) == expected
    expected = [dark, "Use light colors", light, 1, key, dark, 0]
    assert browser.look(TREE, code, dark=True) == expected


def test_an_old_choice_of_colors_holds_before_the_page_is_shown(browser):
    code = """
    w.localStorage.setItem("regdocs:/bucket/docs/:scheme", "dark");
    w.location.reload();
    await pause(400);
    return [w.document.documentElement.dataset.scheme, w.getComputedStyle(w.document.body).colorScheme];
    """
    assert browser.look(TREE, code) == ["dark", "dark"]


def test_keys_turn_pages_and_reach_the_filter(browser):
    code = """
    d.dispatchEvent(new w.KeyboardEvent("keydown", { key: "f" }));
    const focused = d.activeElement.className;
    d.activeElement.blur();
    d.body.dispatchEvent(new w.KeyboardEvent("keydown", { key: "n", bubbles: true }));
    await until(() => w.location.pathname.includes("tree_graft"));
    return [focused, w.location.pathname.split("/").at(-2)];
    """
    code = code.replace("d.dispatchEvent", "d.body.dispatchEvent").replace(
        '{ key: "f" }', '{ key: "f", bubbles: true }'
    )
    assert browser.look(TREE, code) == ["rg-filter", "tree_graft"]


def test_the_file_address_of_a_page_completes_directory_links(browser):
    """A store without index documents: every link of the page and of the shell names a file."""
    code = """
    const inside = [...d.querySelectorAll("a[href]")].filter((a) => a.origin === w.location.origin);
    return inside.map((a) => a.pathname).filter((path) => path.endsWith("/"));
    """
    assert browser.look(f"{TREE}index.html", code) == []


def test_an_argument_is_reached_by_its_bare_name(browser):
    code = "await pause(200); return [w.scrollY > 200, d.getElementById('attr-column') !== null];"
    assert browser.look(f"{TREE}#column-1", code) == [True, True]


def test_lists_can_be_filtered(browser):
    code = """
    const input = d.querySelector(".rg-filter");
    input.value = "ivy";
    input.dispatchEvent(new w.Event("input"));
    const shown = [...d.querySelectorAll(".rg-package")].filter((node) => node.getClientRects().length);
    return [shown.map((node) => node.querySelector("a").textContent), d.querySelector(".rg-status").textContent];
    """
    assert browser.look("providers/", code) == [["weeds/ivy"], "1 found"]


def test_nothing_moves_when_the_shell_is_there(browser):
    """The place of the article is the same before and after nav.json has arrived."""
    code = """
    await until(() => d.querySelector("#nav .rg-side"));
    const heading = d.querySelector("article h1").getBoundingClientRect();
    const shifts = w.performance.getEntriesByType("layout-shift").map((entry) => entry.value);
    return [Math.round(heading.left), shifts.reduce((a, b) => a + b, 0)];
    """
    left, shift = browser.look(LATEST, code)
    assert left > 300
    assert shift < 0.05


def test_headings_links_and_controls_are_reachable_and_named(browser):
    code = """
    const unnamed = [...d.querySelectorAll("button, select, input, a[href], summary")].filter((node) =>
      !(node.textContent.trim() || node.getAttribute("aria-label")));
    const navs = [...d.querySelectorAll("nav")].map((nav) => nav.getAttribute("aria-label") || nav.getAttribute("aria-labelledby"));
    return [unnamed.map((node) => node.outerHTML), navs.length === new Set(navs).size && navs.every(Boolean)];
    """
    assert browser.look_at_all(PAGES, code) == [[[], True]] * len(PAGES)
