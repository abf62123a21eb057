"""The handbook, which MkDocs builds, and the package pages are one site to the eye."""

import pytest

pytestmark = pytest.mark.browser

HANDBOOK = "handbook/operating/"
DOCUMENT = "providers/fernhill/greenhouse/latest/docs/resources/bed/"
LOOK = """
const style = (selector, ...names) => {
  const found = getComputedStyle(d.querySelector(selector));
  return names.map((name) => found[name]);
};
const box = (selector) => d.querySelector(selector).getBoundingClientRect();
const links = [...d.querySelectorAll(".rg-top .rg-site a")];
return {
  header: [box(".rg-top").height, ...style(".rg-top", "backgroundColor", "borderBottomColor", "position")],
  brand: [d.querySelector(".rg-brand").textContent, d.querySelector(".rg-brand").href, box(".rg-brand img").x,
    ...style(".rg-brand", "fontSize", "fontWeight", "color", "fontFamily")],
  links: links.map((link) => [link.textContent, link.href]),
  link: style(".rg-site a:not([aria-current])", "fontSize", "color", "padding"),
  switch: [box(".rg-top > button:last-child").x, d.querySelector(".rg-top > button:last-child").title],
  text: style("article p:not([class])", "fontSize", "color", "fontFamily", "lineHeight"),
  ground: style("body", "backgroundColor"),
  heading: style("article h2", "fontSize", "fontWeight", "color", "borderBottomColor"),
  code: style("article pre code", "fontFamily", "color"),
  footer: [d.querySelector("footer p").textContent, ...style("footer", "color", "borderTopColor")],
};
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_both_look_the_same(example_tabs, dark):
    found = example_tabs.each([HANDBOOK, DOCUMENT], LOOK, dark=dark)
    assert found[HANDBOOK] == found[DOCUMENT]


@pytest.mark.parametrize(("first", "second"), [(HANDBOOK, DOCUMENT), (DOCUMENT, HANDBOOK)])
def test_a_choice_of_colors_holds_in_both(example_tabs, first, second):
    page = example_tabs.open(first)
    page.get_by_role("button", name="Use dark colors").click()
    page.goto(example_tabs.address + second)
    assert example_tabs.evaluate(page, "return getComputedStyle(d.body).backgroundColor") == (
        "rgb(20, 22, 29)"
    )
    page.get_by_role("button", name="Use light colors").click()
    page.goto(example_tabs.address + first)
    page.get_by_role("button", name="Use dark colors").wait_for()


def test_the_handbook_is_searched(example_tabs):
    page = example_tabs.open(HANDBOOK)
    page.get_by_placeholder("Search").press_sequentially("blocklist")
    hits = page.locator(".md-search-result__link")
    hits.first.wait_for()
    assert "/bucket/docs/handbook/" in hits.first.get_attribute("href")


def test_the_handbook_asks_for_what_its_theme_needs(example_tabs):
    """Page, two style sheets, two scripts and the theme's, logo, and the theme's search with its index."""
    page = example_tabs.open(HANDBOOK)
    page.wait_for_load_state("networkidle")
    assert len(set(example_tabs.requests)) == 9


def test_nothing_is_inline(example_tabs):
    code = """
    const scripts = [...d.scripts].filter((node) => !node.src && node.type !== "application/json");
    return [scripts.length, d.querySelectorAll("style, [style], [onclick]").length];
    """
    page = example_tabs.open(HANDBOOK, scripts=False)
    assert example_tabs.evaluate(page, code) == [0, 0]


def test_the_handbook_is_readable_without_scripts(example_tabs):
    page = example_tabs.open(HANDBOOK, scripts=False)
    assert page.locator("article h1").inner_text().startswith("Operating a registry")
    links = page.locator(".rg-top .rg-site a")
    assert links.all_inner_texts() == ["Providers", "Modules", "Handbook"]


def test_code_of_the_handbook_is_copied(example_tabs):
    page = example_tabs.open(HANDBOOK, permissions=("clipboard-read", "clipboard-write"))
    page.get_by_role("button", name="Copy this code").first.click()
    page.get_by_text("Copied").first.wait_for()
    text = example_tabs.evaluate(page, "return await navigator.clipboard.readText()")
    assert text.startswith("regdocs new")


def test_the_handbook_fits_a_phone(example_tabs):
    page = example_tabs.open(HANDBOOK, width=390)
    sizes = "return [d.documentElement.scrollWidth, d.querySelector('.rg-site').scrollWidth <= d.querySelector('.rg-site').clientWidth]"
    assert example_tabs.evaluate(page, sizes) == [390, True]
    link = page.get_by_role("link", name="Adding packages", exact=True).first
    page.locator(".rg-menu").click()
    link.click()
    page.wait_for_url("**/handbook/adding-packages/")
