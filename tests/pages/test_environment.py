"""Templates: documented names only, an operator's own first, frames equal to whole renderings."""

from dataclasses import fields, is_dataclass

import jinja2
import jinja2.meta
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import nodes
from markupsafe import Markup

from builder.pages.assets import render_assets
from builder.pages.contexts import TEMPLATES, DocumentPage, Link
from builder.pages.environment import (
    Frames,
    environment,
    folder_digest,
    render,
    template_folder,
)
from builder.pages.render import pages_version
from builder.pages.site import Site

SITE = Site("Orchard", "https://registry.example.org/")


def names_used(template):
    """Every variable that a template and those it extends or includes take from the context."""
    env = environment()
    seen: set[str] = set()
    found: set[str] = set()
    waiting = [template]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        tree = env.parse((template_folder() / name).read_text())
        imported = {node.target for node in tree.find_all(nodes.Import)}
        found |= jinja2.meta.find_undeclared_variables(tree) - imported
        # Imported macros do not see the context: a name that they lack is an error when the page is rendered.
        waiting += [node.template.as_const() for node in tree.find_all(nodes.Extends)]
        waiting += [node.template.as_const() for node in tree.find_all(nodes.Include)]
    return found


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_use_documented_names_only(template):
    documented = {f.name for f in fields(TEMPLATES[template])}
    assert names_used(template) <= documented


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_name_has_help_and_is_used(template):
    """A field without a use is a promise that nobody keeps; `package`, `site` and such are used by base.html."""
    context = TEMPLATES[template]
    for field in fields(context):
        assert field.metadata["help"].endswith("."), field.name
    unused = {f.name for f in fields(context)} - names_used(template)
    assert unused <= {"site"}


def test_every_template_has_a_context():
    own = {path.name for path in template_folder().glob("*.html")}
    assert own == {*TEMPLATES, "base.html"}
    assert all(is_dataclass(context) for context in TEMPLATES.values())


def test_an_unknown_name_is_an_error_not_a_blank(tmp_path):
    (tmp_path / "document.html").write_text("{{ misspelt }}")
    with pytest.raises(jinja2.UndefinedError):
        render(Site("x", templates=(tmp_path,)), "document.html", page())


def test_an_operators_template_comes_first_and_may_extend_ours(tmp_path):
    ours = template_folder() / "document.html"
    (tmp_path / "document.html").write_text(
        "{% extends 'ours.html' %}{% block aside %}<p>Mine</p>{% endblock %}"
    )
    (tmp_path / "ours.html").write_text(ours.read_text())
    site = Site("x", templates=(tmp_path,))
    html = Frames(site, "document.html").render(page(site=site))
    assert "<p>Mine</p>" in html
    assert "<article" in html


def test_an_operators_asset_comes_first(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "logo.svg").write_text("<svg/>")
    (tmp_path / "assets" / "extra.css").write_text("p {}")
    made = {o.path: o.body for o in render_assets(Site("x", templates=(tmp_path,)))}
    assert made["assets/v1/logo.svg"] == b"<svg/>"
    assert made["assets/v1/extra.css"] == b"p {}"
    assert made["assets/v1/site.css"] == (template_folder() / "assets/site.css").read_bytes()


def test_the_version_of_pages_follows_what_they_are_made_from(tmp_path):
    (tmp_path / "404.html").write_text("a")
    mine = Site("x", templates=(tmp_path,))
    before = pages_version(mine)
    assert before == pages_version(mine)
    assert before != pages_version(Site("x"))
    assert before != pages_version(Site("y", templates=(tmp_path,)))
    (tmp_path / "404.html").write_text("b")
    assert before != pages_version(mine)
    (tmp_path / "new").mkdir()
    with_new = folder_digest((tmp_path,), without="new")
    (tmp_path / "new" / "README.md").write_text("not a page")
    assert folder_digest((tmp_path,), without="new") == with_new != folder_digest((tmp_path,))


def page(**changes):
    values = {
        "site": SITE,
        "root": "../",
        "title": "T",
        "description": "D",
        "canonical": "https://registry.example.org/x/",
        "trail": (Link("Registry", "../"),),
        "label": "Resource",
        "subcategory": "S",
        "body": Markup("<h1>B</h1>"),
        "toc": Markup("<ol></ol>"),
    }
    return DocumentPage(**{**values, **changes})


texts = st.text(max_size=30) | st.sampled_from(
    ["", '"><script>', "{{ title }}", "&amp;", "\ue000title\ue001"]
)


@settings(max_examples=60)
@given(texts, texts, texts, texts, st.lists(texts, max_size=3))
def test_frames_give_what_the_template_gives(title, description, canonical, subcategory, bodies):
    """A page joined from its frame is the page that the template renders as a whole, whatever the slots hold."""
    frames = Frames(SITE, "document.html")
    for body in ["", *bodies]:
        context = page(
            title=title,
            description=description,
            canonical=canonical,
            subcategory=subcategory,
            body=Markup(body),
            toc=Markup(body[:1]),
        )
        assert frames.render(context) == render(SITE, "document.html", context)
