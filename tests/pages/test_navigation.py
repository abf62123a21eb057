"""Groups, kinds and labels of the navigation."""

from builder.model.document import Document, Part, PartRole
from builder.pages.navigation import module_nav, provider_groups, provider_nav
from builder.pages.site import Site


def doc(kind, name, **facts):
    return Document(kind, name, "", "", **facts)


def test_groups_are_sorted_with_guides_first_and_the_rest_last():
    nav = provider_nav(
        [
            doc("resources", "b", subcategory="zebra"),
            doc("resources", "a", subcategory="Apple"),
            doc("guides", "g"),
            doc("datasources", "x"),
            doc("guides", "h", subcategory="Apple", title="How"),
        ]
    )
    assert list(nav) == ["Guides", "Apple", "zebra", "Other"]
    assert nav["Apple"] == {"r": ["a"], "g": [["h", "How"]]}


def test_labels_are_names_with_their_letter_case_and_titles_of_guides():
    nav = provider_nav(
        [doc("resources", "Tree", title="ignored"), doc("guides", "g", title="A guide")]
    )
    assert nav == {"Guides": {"g": [["g", "A guide"]]}, "Other": {"r": [["tree", "Tree"]]}}


def test_blanks_in_subcategories_do_not_make_groups():
    documents = [
        doc("resources", "a", subcategory=" Trees\n"),
        doc("resources", "b", subcategory="Trees"),
    ]
    assert list(provider_nav(documents)) == ["Trees"]


def test_a_provider_without_subcategories_is_shown_by_kind():
    documents = [doc("resources", "a"), doc("datasources", "b"), doc("guides", "g")]
    groups = provider_groups(Site("x"), documents, "x", "x")
    assert [group.label for group in groups] == ["Guides", "Resources", "Data sources"]
    assert [group.total for group in groups] == [1, 1, 1]


def test_order_does_not_depend_on_the_order_given():
    documents = [doc("resources", n, subcategory=s) for n in "bac" for s in ("x", "Y")]
    assert provider_nav(documents) == provider_nav(documents[::-1])


def test_parts_of_a_module():
    parts = [
        Part(PartRole.ROOT, "", ""),
        Part(PartRole.SUBMODULE, "My Bed", ""),
        Part(PartRole.EXAMPLE, "complete", ""),
    ]
    assert module_nav(parts) == {
        "Submodules": {"m": [["mybed", "My Bed"]]},
        "Examples": {"x": ["complete"]},
    }
