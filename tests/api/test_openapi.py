"""The published description of the API."""

import json
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

from builder.api.openapi import ROUTES, document, render_openapi
from builder.api.shapes import SHAPES, Presence
from builder.model.document import DOC_KINDS


def outputs():
    return {output.path: output.body.decode() for output in render_openapi()}


DOCUMENT: Any = document()


def schema(name):
    return DOCUMENT["components"]["schemas"][name]


def test_document_is_valid_openapi():
    assert not list(OpenAPIV30SpecValidator(document()).iter_errors())


def test_json_and_yaml_are_the_same_document():
    found = outputs()
    assert json.loads(found["registry/docs/openapi.json"]) == document()
    assert yaml.safe_load(found["registry/docs/openapi.yml"]) == document()


def test_every_shape_is_reached_from_a_path():
    text = json.dumps(document())
    for shape in SHAPES:
        assert f'"#/components/schemas/{shape.name}"' in text, shape.name


def test_every_parameter_of_a_path_is_described_and_operations_are_unique():
    operations = [path["get"] for path in DOCUMENT["paths"].values()]
    assert len({operation["operationId"] for operation in operations}) == len(ROUTES)
    for path, item in DOCUMENT["paths"].items():
        names = [parameter["name"] for parameter in item["get"]["parameters"]]
        assert [f"{{{name}}}" in path for name in names] == [True] * path.count("{")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_additions_are_optional_and_marked(shape):
    published = schema(shape.name)
    for field in shape.fields:
        added = field.presence is Presence.ADDED
        assert published["properties"][field.name].get("x-addition", False) is added
        assert (field.name in published["required"]) is (field.presence is Presence.ALWAYS)


def test_types_are_the_true_ones_where_the_existing_description_is_wrong():
    texts_or_lists = schema("Variable")["properties"]["type"]["anyOf"]
    assert [option["type"] for option in texts_or_lists] == ["string", "array"]
    assert schema("Provider")["properties"]["canonical_addr"]["nullable"] is True
    assert schema("ProviderVersion")["properties"]["license"]["nullable"] is True
    assert schema("ModuleVersion")["properties"]["licenses"]["nullable"] is True
    fields = {"name", "edit_link", "title", "subcategory", "description"}
    assert set(schema("DocItem")["required"]) == fields


def test_every_kind_of_page_is_described():
    docs = schema("Docs")
    assert docs["properties"].keys() - {"index"} == {kind.key for kind in DOC_KINDS}
    assert set(docs["required"]) == {kind.key for kind in DOC_KINDS if kind.in_v1}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Variable", {"type": "string", "default": None}),
        ("Variable", {"type": ["list", ["object", {"a": "string"}, ["a"]]], "default": [1, {}]}),
        ("Output", {}),
        ("Resource", {"address": "a.b", "type": "a", "name": "b"}),
        ("ModuleDependency", {"name": "a", "version_constraint": "~> 1", "source": "./a"}),
        (
            "ProviderDependency",
            {"alias": "", "name": "a", "full_name": "r/h/a", "version_constraint": ""},
        ),
    ],
)
def test_objects_of_module_schemas_are_described(validator, name, value):
    common = {"description": "", "sensitive": False, "required": True}
    known = schema(name)["properties"].keys()
    full = {**{key: v for key, v in common.items() if key in known}, **value}
    assert not list(validator(name).iter_errors(full))
    for key in schema(name)["required"]:
        without = {k: v for k, v in full.items() if k != key}
        assert list(validator(name).iter_errors(without))


def test_page_for_people_lists_every_kind_of_object():
    page = outputs()["registry/docs/index.html"]
    for route in ROUTES:
        assert f"<code>{route.key}</code>" in page
    for link in ("openapi.json", "openapi.yml", "providers/index.json", "modules/index.json"):
        assert f'href="{link}"' in page
