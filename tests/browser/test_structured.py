"""The data block in the heads of pages: browsers read it and do not run it, so the strictest policy allows it. (Whatever
the browser complains of fails the test that opened the page.)"""

import pytest

pytestmark = pytest.mark.browser

TYPES = """
const block = d.querySelector("script[type='application/ld+json']");
const data = JSON.parse(block.textContent);
return (data["@graph"] ?? [data]).map((thing) => thing["@type"]);
"""


def test_a_policy_without_inline_scripts_allows_the_data(tabs):
    found = tabs.each(
        [
            "",
            "providers/fernhill/orchard/",
            "providers/fernhill/orchard/latest/docs/",
            "providers/fernhill/orchard/latest/docs/resources/tree/",
        ],
        TYPES,
    )
    assert list(found.values()) == [
        ["WebSite"],
        ["SoftwareSourceCode", "BreadcrumbList"],
        ["TechArticle", "BreadcrumbList"],
        ["TechArticle"],
    ]
