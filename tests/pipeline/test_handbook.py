"""The handbook in the look of the pages, and an operator's own templates, style sheet and logo."""

from pathlib import Path

import pytest
import yaml

from builder.config import Config, load_config
from builder.pipeline.build import BuildOptions, build_site
from builder.pipeline.handbook import handbook_key
from builder.testing.registry import RegistryMaker

LOGO = "<svg xmlns='http://www.w3.org/2000/svg'><title>ours</title></svg>"


class Operator:
    """An operator's repository with a handbook and templates of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.registry = RegistryMaker(root)
        self.registry.package("fernhill/orchard", {"v1.0.0": {"docs/index.md": "# Orchard\n"}})
        self.file("pages/index.md", "# Welcome\n\nRead `me`.\n")
        self.theme: dict[str, object] = {"name": "material"}

    def file(self, path: str, text: str) -> None:
        """Write a file of the repository."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def config(self) -> Config:
        """The configuration, as read from its file."""
        keys = {
            "site_name": "Our registry",
            "copyright": "&copy; <b>Us</b>",
            "docs_dir": "pages",
            "theme": self.theme,
            "plugins": [{"registry": {**self.registry.section, "templates": "look"}}],
        }
        self.file("mkdocs.yml", yaml.safe_dump(keys))
        return load_config(self.root / "mkdocs.yml")

    def build(self) -> Path:
        """Build the site; gives its folder."""
        config = self.config()
        build_site(config, BuildOptions())
        return config.site_dir


@pytest.fixture
def operator(tmp_path):
    return Operator(tmp_path)


def test_templates_style_sheet_and_logo_of_an_operator(operator):
    operator.file("look/assets/logo.svg", LOGO)
    operator.file("look/assets/site.css", "/* ---- colors ---- */\n:root { --accent: #123456; }\n")
    operator.file(
        "look/home.html",
        "{% extends 'base.html' %}{% block main %}<h1>All {{ counts[0].number }}</h1>{% endblock %}",
    )
    site = operator.build()
    assert (site / "assets/v1/logo.svg").read_text() == LOGO
    assert "--accent: #123456" in (site / "assets/v1/site.css").read_text()
    assert "--accent: #123456" in (site / "assets/v1/handbook.css").read_text()
    assert "<h1>All 1</h1>" in (site / "index.html").read_text()
    assert "<h1>Providers" in (site / "providers/index.html").read_text()


def test_the_handbook_has_the_header_of_the_pages(operator):
    page = (operator.build() / "handbook/index.html").read_text()
    for link in ("../providers/", "../modules/", "../assets/v1/shell.js", "../assets/v1/logo.svg"):
        assert f'"{link}"' in page
    assert '<footer class="rg-end"><p>© Us</p></footer>' in page


def test_the_license_of_the_theme_is_with_its_files(operator):
    assert (
        "Permission is hereby granted"
        in (operator.build() / "handbook/assets/LICENSE.txt").read_text()
    )


def test_the_theme_of_the_handbook_brings_no_fonts_and_no_colors(operator):
    operator.theme |= {
        "font": {"text": "Roboto"},
        "palette": [{"scheme": "slate", "toggle": {"icon": "material/weather-sunny", "name": "x"}}],
    }
    page = (operator.build() / "handbook/index.html").read_text()
    assert "fonts.g" not in page
    assert "slate" not in page


def test_an_operators_own_parts_of_the_handbook_come_first(operator):
    operator.theme["custom_dir"] = "theme"
    operator.file("theme/partials/footer.html", "<footer>from the theme's folder</footer>")
    operator.file("look/handbook/partials/footer.html", "<footer>from the templates</footer>")
    operator.file("look/handbook/partials/logo.html", "<b>our mark</b>")
    page = (operator.build() / "handbook/index.html").read_text()
    assert "from the theme's folder" in page
    assert "our mark" in page
    assert 'class="md-header rg-top"' in page


def test_another_theme_is_left_as_it_is(operator):
    operator.theme = {"name": "mkdocs"}
    page = (operator.build() / "handbook/index.html").read_text()
    assert "Welcome" in page
    assert "assets/v1/" not in page


def test_a_changed_template_builds_the_handbook_again(operator):
    before = handbook_key(operator.config())
    operator.file("look/handbook/partials/logo.html", "<b>our mark</b>")
    assert handbook_key(operator.config()) != before
