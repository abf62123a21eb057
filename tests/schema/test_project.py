"""The objects of the docs API."""

import pytest

from builder.model.snapshot import MemoryTree
from builder.schema.module.describe import describe
from builder.schema.module.project import project_v1


def projected(text: str, **options):
    return project_v1(describe(MemoryTree.of({"main.tf": text}), "").value, **options)


def variable(body: str):
    return projected(f'variable "a" {{\n{body}\n}}\n')["variables"]["a"]


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ('"ALL"', "string"),
        ('""', "string"),
        ("42", "number"),
        ("0", "number"),
        ("true", "bool"),
        ("false", "bool"),
        ("[1]", "dynamic"),
        ("{}", "dynamic"),
        ("null", "dynamic"),
    ],
)
def test_the_type_of_an_untyped_variable_is_that_of_its_scalar_default(default, expected):
    assert variable(f"default = {default}")["type"] == expected


def test_a_variable_has_the_fields_of_the_api_first():
    found = variable(
        'type = map(object({size=number,filesystem=optional(string)}))\ndescription = "d"'
    )
    assert list(found)[:5] == ["type", "default", "description", "sensitive", "required"]
    assert found["type"] == [
        "map",
        ["object", {"filesystem": "string", "size": "number"}, ["filesystem"]],
    ]
    assert (found["default"], found["required"], found["sensitive"]) == (None, True, False)
    assert found["type_string"] == "map(object({ size = number, filesystem = optional(string) }))"


def test_defaults_are_shown_converted_and_big_numbers_whole():
    assert variable("type = string\ndefault = 1")["default"] == "1"
    assert variable('type = number\ndefault = "19"')["default"] == 19
    assert variable("default = 12345678901234567890")["default"] == 12345678901234567890
    assert variable("default = 0.5")["default"] == 0.5
    assert variable("type = object({ a = optional(bool, true) })\ndefault = {}")["default"] == {
        "a": True
    }
    assert variable("type = nothing\ndefault = 1") | {"default": 1} == variable(
        "type = nothing\ndefault = 1"
    )


def test_lists_are_sorted_and_the_host_is_put_before_sources():
    found = projected(
        'module "b" {\n  source = "./b"\n}\nmodule "a" {\n  source = "x/a/y"\n  version = "1"\n}\n'
        'resource "z_a" "b" {}\ndata "a_b" "c" {}\n'
        'terraform {\n  required_providers {\n    q = { source = "acme/q", version = "1" }\n'
        '    r = { source = "other.example/acme/r" }\n    p = ">= 1"\n  }\n}\n',
        host="registry.example",
    )
    assert [d["name"] for d in found["dependencies"]] == ["a", "b"]
    assert found["dependencies"][0] == {"name": "a", "version_constraint": "1", "source": "x/a/y"}
    assert [r["address"] for r in found["resources"]] == ["data.a_b.c", "z_a.b"]
    assert {p["name"]: (p["full_name"], p["version_constraint"]) for p in found["providers"]} == {
        "a": ("registry.example/hashicorp/a", ""),
        "p": ("registry.example/hashicorp/p", ">= 1"),
        "q": ("registry.example/acme/q", "1"),
        "r": ("other.example/acme/r", ""),
        "z": ("registry.example/hashicorp/z", ""),
    }


def test_errors_are_told_with_file_and_line():
    found = projected('variable "a" {\n  default = f()\n}\n')
    assert found["schema_error"] == "main.tf:2: Function calls not allowed"
    assert "a" in found["variables"]


def test_a_type_over_several_lines_converts_defaults_too():
    names = [f"attribute_with_a_long_name_{i}" for i in range(5)]
    members = "\n".join(f"{name} = optional(string, 1)" for name in names)
    found = variable(f"type = object({{\n{members}\n}})\ndefault = {{}}")
    assert "\n" in found["type_string"]
    assert found["default"] == dict.fromkeys(names, "1")
