"""Inputs and outputs on the pages of modules: complete, linked, escaped, the same in every version."""

import pytest
from bs4 import BeautifulSoup

from builder.testing.registry import RegistryMaker

SHELF = """
variable "rows" {
  type        = list(object({ width = number, label = optional(string, "none") }))
  description = "What stands on it, as `rows` of <b>things</b>"
  validation {
    condition     = length(var.rows) > 0
    error_message = "At least one row."
  }
}
variable "color" {
  default   = "green"
  sensitive = true
}
output "id" {
  value       = 1
  description = "Its id"
}
terraform {
  required_version = ">= 1.5"
  required_providers {
    garden = { source = "acme/garden", version = "~> 1.0" }
    other  = { source = "elsewhere/other" }
  }
}
resource "garden_bed" "this" {}
data "other_thing" "that" {}
module "leaves" {
  source = "./modules/leaves"
}
module "far" {
  source  = "elsewhere/far/aws"
  version = "1.2.3"
}
"""


@pytest.fixture
def registry(tmp_path) -> RegistryMaker:
    made = RegistryMaker(tmp_path / "registry")
    made.package(
        "acme/garden", {"v1.0.0": {"docs/index.md": "# G\n", "docs/resources/bed.md": "# bed\n"}}
    )
    leaves = {"modules/leaves/x.tf": 'variable "n" {}\n', "modules/leaves/README.md": "# Leaves\n"}
    files = {"README.md": "# Shelf\n", "main.tf": SHELF, **leaves}
    made.package(
        "acme/shelf/garden", {"v1.0.0": files, "v1.1.0": {**files, "main.tf": SHELF + "\n# more\n"}}
    )
    made.build()
    return made


def soup(registry: RegistryMaker, path: str) -> BeautifulSoup:
    return BeautifulSoup((registry.site / path / "index.html").read_bytes(), "html.parser")


def test_inputs_and_outputs_are_shown(registry):
    page = soup(registry, "modules/acme/shelf/garden/1.0.0")
    section = page.select_one(".rg-interface")
    assert section is not None
    names = [a.get_text() for a in section.select("dt > a")]
    assert names == ["rows", "color", "id"]
    rows = section.select_one("#rg-input-rows + dd")
    assert rows is not None
    text = rows.get_text(" ", strip=True)
    assert "as rows of <b>things</b>" in text
    assert rows.select_one("b") is None
    assert "At least one row." in text
    assert [c.get_text() for c in rows.select("tbody td:first-child")] == ["width", "label"]
    assert "sensitive" in section.select_one("#rg-input-color").get_text()  # type: ignore[union-attr]
    assert '"green"' in section.get_text()
    assert "  rows   =" in section.select_one("pre code").get_text()  # type: ignore[union-attr]
    toc = page.select_one("nav[aria-label='Table of contents']")
    assert toc is not None
    assert {"#rg-inputs", "#rg-outputs", "#rg-resources", "#rg-dependencies"} <= {
        a["href"] for a in toc.select("a")
    }


def test_what_is_in_this_registry_is_linked(registry):
    section = soup(registry, "modules/acme/shelf/garden/1.0.0").select_one(".rg-interface")
    assert section is not None
    links = {a.get_text(strip=True): a["href"] for a in section.select("li a, td a")}
    assert links == {
        "garden_bed.this": "../../../../../providers/acme/garden/latest/docs/resources/bed/",
        "acme/garden": "../../../../../providers/acme/garden/latest/docs/",
        "./modules/leaves": "modules/leaves/",
    }
    assert "data.other_thing.that" in section.get_text()
    assert "1.2.3" in section.get_text()


def test_a_submodule_has_its_own_and_stays_the_same_in_every_version(registry):
    part = "modules/leaves/index.html"
    first, second = (
        (registry.site / f"modules/acme/shelf/garden/{v}/{part}").read_bytes()
        for v in ("1.0.0", "1.1.0")
    )
    assert first == second
    section = BeautifulSoup(first, "html.parser").select_one(".rg-interface")
    assert section is not None
    assert 'source = "acme/shelf/garden//modules/leaves"' in section.get_text()
    assert "  n      = # any" in section.get_text()


def test_what_cannot_be_read_is_told_with_its_place(tmp_path):
    made = RegistryMaker(tmp_path / "registry")
    made.package(
        "acme/odd/aws", {"v1.0.0": {"README.md": "# O\n", "main.tf": 'variable "a" {}\nx {{\n'}}
    )
    made.build()
    section = soup(made, "modules/acme/odd/aws/1.0.0").select_one(".rg-interface")
    assert section is not None
    assert "main.tf:2" in section.get_text()
    assert "a" in [a.get_text() for a in section.select("dt > a")]
