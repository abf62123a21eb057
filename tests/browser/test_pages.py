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
]
NO_SCRIPT = "assets/v1/shell.js"
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
def test_the_article_is_readable_without_the_script(look, options):
    assert look(TREE, READABLE, **options) == {
        "heading": "orchard_tree (Resource)",
        "code": True,
        "toc": 5,
        "links": ["Registry", "fernhill/orchard", "pages of this version", "all versions"],
        "styled": "auto",
        "side": False,
    }


def test_the_script_adds_navigation_picker_and_buttons(look):
    found = look(
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
          footer: texts("footer p"),
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
    assert found["footer"] == ["Run by the platform team.", "Press ? for the keys of this page."]


def test_a_page_asks_for_little(tabs):
    tabs.open(TREE)
    package = "providers/fernhill/orchard/"
    assert sorted(set(tabs.requests)) == [
        *(f"assets/v1/{name}" for name in ("logo.svg", "shell.js", "site.css")),
        *(
            f"{package}2.0.0/docs/{name}"
            for name in ("nav.json", "resources/tree/", "version.json")
        ),
        f"{package}versions.json",
    ]


def test_no_page_is_wider_than_a_phone(tabs):
    code = """
    const wide = [...d.querySelectorAll("main *")].filter((node) => node.getBoundingClientRect().right > 391
      && !node.closest("pre, .rg-scroll, .table-scroll")).map((node) => node.outerHTML.slice(0, 80));
    return [d.documentElement.scrollWidth, w.innerWidth, wide];
    """
    assert tabs.each(PAGES, code, width=390) == {path: [390, 390, []] for path in PAGES}


def test_the_drawer_opens_and_closes_on_a_phone(look):
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
    assert look(TREE, code, width=390) == [
        *("hidden", "false", "visible", "true", "rg-filter", "hidden", True),
    ]


def test_the_filter_finds_all_words_with_blanks_for_underscores(look):
    code = """
    const input = d.querySelector(".rg-filter");
    const type = (text) => { input.value = text; input.dispatchEvent(new w.Event("input")); };
    const texts = (selector) => [...d.querySelectorAll(selector)].map((node) => node.textContent);
    type("zone sprink");
    const found = [texts("#nav li a"), texts("#nav .rg-status")];
    type("");
    return [...found, texts("#nav summary").length];
    """
    assert look(TREE, code) == [["sprinkler_zone"], ["1 page"], 4]


def test_a_navigation_of_thousands_costs_few_nodes(tabs):
    """As many groups as the largest provider has; entries are made when their group is opened."""
    groups = {
        f"Product {n}": {"r": [f"product{n}_item_{m}" for m in range(10)]} for n in range(181)
    }
    nav = {**groups, "Trees": {"r": ["tree"]}}
    page = tabs.open("providers/")
    page.route("**/nav.json", lambda route: route.fulfill(json=nav))
    page.goto(tabs.address + TREE)
    tabs.filled(page)
    nodes, links = tabs.evaluate(
        page,
        "const nav = d.getElementById('nav'); return ['*', 'li a'].map((x) => nav.querySelectorAll(x).length)",
    )
    assert links == 1
    assert nodes < 600


def test_groups_get_their_entries_when_they_are_opened(look):
    code = """
    const group = [...d.querySelectorAll("#nav details")].find((box) => box.textContent.includes("Water"));
    const before = group.querySelectorAll("a").length;
    group.open = true;
    await pause(100);
    return [before, group.querySelectorAll("a").length];
    """
    big = [0, 3]
    small = [3, 3]  # few pages are all open from the start
    assert look(TREE, code) in (big, small)


def pick(tabs, page, version, segment):
    """Choose a version; gives where that leads to and what the page says of it."""
    page.get_by_label("Version", exact=True).select_option(version)
    page.wait_for_url(f"**/{segment}/**")
    tabs.filled(page)
    banner = page.locator(".rg-banner")
    return page.url.split("/orchard/")[1], banner.inner_text() if banner.count() else ""


def test_the_picker_keeps_the_page(tabs):
    path, banner = pick(tabs, tabs.open(TREE), "1.4.2_build.7", "1.4.2_build.7")
    assert path == "1.4.2_build.7/docs/resources/tree/"
    assert banner == "Version 1.4.2+build.7 is not the newest. Read this page in 2.1.0"


def test_the_picker_goes_to_the_overview_and_says_so_when_the_page_is_missing(tabs):
    shears = tabs.open("providers/fernhill/orchard/latest/docs/resources/shears/")
    path, banner = pick(tabs, shears, "2.0.0", "2.0.0")
    assert path == "2.0.0/docs/"
    assert "shears does not exist in 2.0.0. This is its overview." in banner


def test_the_newest_version_is_picked_as_latest(tabs):
    assert pick(tabs, tabs.open(TREE), "2.1.0", "latest")[0] == "latest/docs/resources/tree/"


def test_the_link_of_the_banner_leads_to_the_same_page(tabs):
    page = tabs.open(TREE)
    page.get_by_role("link", name="Read this page in 2.1.0").click()
    page.wait_for_url(f"**/{LATEST}")


def test_colors_follow_the_system_and_the_reader(look):
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
    assert look(TREE, code) == expected
    expected = [dark, "Use light colors", light, 1, key, dark, 0]
    assert look(TREE, code, dark=True) == expected


def test_a_choice_of_colors_holds_before_anything_is_painted(tabs):
    """The script in the head has set it when the body is parsed: there is no flash of the other colors."""
    page = tabs.open(TREE)
    page.get_by_role("button", name="Use dark colors").click()
    page.add_init_script(
        """
        addEventListener("DOMContentLoaded", () => {}, { once: true });
        new MutationObserver((_, observer) => {
          if (!document.body) return;
          window.schemeAtBody = document.documentElement.dataset.scheme;
          observer.disconnect();
        }).observe(document, { childList: true, subtree: true });
        """
    )
    page.goto(tabs.address + "providers/")
    assert tabs.evaluate(page, "return [w.schemeAtBody, getComputedStyle(d.body).colorScheme]") == [
        *("dark", "dark"),
    ]


def test_keys_turn_pages(tabs):
    page = tabs.open(TREE)
    page.keyboard.press("n")
    page.wait_for_url("**/resources/tree_graft/")
    tabs.filled(page)
    page.keyboard.press("p")
    page.wait_for_url("**/resources/tree/")


def focused(tabs, page):
    return tabs.evaluate(page, "return d.activeElement.getAttribute('placeholder')")


@pytest.mark.parametrize("key", ["f", "/"])
def test_a_key_reaches_the_filter_and_escape_leaves_it(tabs, key):
    page = tabs.open(TREE)
    page.keyboard.press(key)
    assert focused(tabs, page) == "Filter pages"
    page.keyboard.type("n f /")
    assert page.locator(".rg-filter").first.input_value() == "n f /"
    page.keyboard.press("Escape")
    assert focused(tabs, page) is None


def test_a_key_reaches_the_filter_of_a_list(tabs):
    page = tabs.open("providers/")
    page.keyboard.press("/")
    assert focused(tabs, page) == "Filter by name or description"


def test_the_keys_are_told(tabs):
    """The question mark opens a list of them, Escape closes it."""
    page = tabs.open(TREE)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    assert [key.inner_text() for key in keys.locator("kbd").all()] == [
        "/",
        "f",
        "p",
        "n",
        "?",
        "Esc",
    ]
    page.keyboard.press("Escape")
    assert keys.count() == 0


def test_code_is_copied(tabs):
    page = tabs.open(TREE, permissions=("clipboard-read", "clipboard-write"))
    button = page.get_by_role("button", name="Copy this code").first
    button.click()
    page.get_by_text("Copied").first.wait_for()
    code = page.locator("pre code").first.inner_text()
    assert tabs.evaluate(page, "return await navigator.clipboard.readText()") == code.rstrip("\n")


def test_the_file_address_of_a_page_completes_directory_links(look):
    """A store without index documents: every link of the page and of the shell names a file."""
    code = """
    const inside = [...d.querySelectorAll("a[href]")].filter((a) => a.origin === w.location.origin);
    return inside.map((a) => a.pathname).filter((path) => path.endsWith("/"));
    """
    assert look(f"{TREE}index.html", code) == []


def test_an_argument_is_reached_by_its_bare_name(look):
    code = "await pause(200); return [w.scrollY > 200, d.getElementById('attr-column') !== null];"
    assert look(f"{TREE}#column-1", code) == [True, True]


def test_lists_can_be_filtered(look):
    code = """
    const input = d.querySelector(".rg-filter");
    input.value = "ivy";
    input.dispatchEvent(new w.Event("input"));
    const shown = [...d.querySelectorAll(".rg-package")].filter((node) => node.getClientRects().length);
    return [shown.map((node) => node.querySelector("a").textContent), d.querySelector(".rg-status").textContent];
    """
    assert look("providers/", code) == [["weeds/ivy"], "1 found"]


def test_nothing_moves_while_a_page_is_filled(tabs):
    code = """
    const shifts = await new Promise((done) => {
      new PerformanceObserver((list) => done(list.getEntries().map((entry) => entry.value)))
        .observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done([]), 300);
    });
    return shifts.reduce((a, b) => a + b, 0);
    """
    # What is said of a yanked version is known later than the page: it may push the page down a line.
    assert tabs.each(PAGES, code) == {
        path: 0 if path != TREE else pytest.approx(0, abs=0.05) for path in PAGES
    }


def test_headings_links_and_controls_are_reachable_and_named(tabs):
    code = """
    const unnamed = [...d.querySelectorAll("button, select, input, a[href], summary")].filter((node) =>
      !(node.textContent.trim() || node.getAttribute("aria-label")));
    const navs = [...d.querySelectorAll("nav")].map((nav) => nav.getAttribute("aria-label") || nav.getAttribute("aria-labelledby"));
    return [unnamed.map((node) => node.outerHTML), navs.length === new Set(navs).size && navs.every(Boolean)];
    """
    assert tabs.each(PAGES, code) == {path: [[], True] for path in PAGES}
