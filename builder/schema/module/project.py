"""The schema of a module as the objects of the docs API. The API's own fields keep their shape; the rest are additions."""

from __future__ import annotations

import json
from decimal import Decimal

from builder.model.schema import (
    ModuleCall,
    ModuleOutput,
    ModuleSchema,
    ProviderRequirement,
    Resource,
    Variable,
)
from builder.schema.hcl.evaluate import dump
from builder.schema.hcl.tree import Malformed, Value
from builder.schema.hcl.types import NotType, converted, expression_of, type_of

Json = dict[str, object]
_INFERRED = ((str, "string"), (bool, "bool"), (Decimal, "number"))


def project_v1(schema: ModuleSchema, *, host: str = "") -> Json:
    """The part of a module's object that its schema decides: variables, outputs, schema_error, providers, dependencies,
    resources, and as additions provider_configs and required_core. `host` is put before provider sources that name
    none."""
    return {
        "variables": {v.name: variable_v1(v) for v in sorted(schema.variables, key=_name)},
        "outputs": {o.name: output_v1(o) for o in sorted(schema.outputs, key=_name)},
        "schema_error": schema.schema_error,
        "providers": [provider_v1(p, host=host) for p in schema.providers if p.name],
        "dependencies": [dependency_v1(call) for call in sorted(schema.calls, key=_name)],
        "resources": [resource_v1(r) for r in sorted(schema.resources, key=lambda r: r.address)],
        "provider_configs": list(schema.provider_configs),
        "required_core": list(schema.required_core),
    }


def _name(item: Variable | ModuleOutput | ModuleCall) -> str:
    return item.name


def variable_v1(variable: Variable) -> Json:
    """One variable. `default` is converted to the type, as the existing API shows it."""
    default = _shown_default(variable)
    return {
        "type": _shown_type(variable),
        "default": default,
        "description": variable.description,
        "sensitive": variable.sensitive,
        "required": variable.required,
        "type_string": variable.type,
        "nullable": variable.nullable,
        "ephemeral": variable.ephemeral,
        "deprecated": variable.deprecated,
        "validation": [
            {"condition": rule.condition, "error_message": rule.message}
            for rule in variable.validations
        ],
        "order": variable.order,
    }


def _shown_type(variable: Variable) -> object:
    """cty JSON; without a type, that of a scalar default, else dynamic."""
    if variable.type_cty:
        return json.loads(variable.type_cty)
    if "type" in variable.arguments or variable.default is None:
        return "dynamic"
    value = _parsed(variable.default)
    return next((name for kind, name in _INFERRED if isinstance(value, kind)), "dynamic")


def _shown_default(variable: Variable) -> object:
    if variable.default is None:
        return None
    value = _parsed(variable.default)
    if variable.type_cty:
        try:
            text, node = expression_of(variable.type)
            value = converted(text, value, type_of(text, node))
        except (Malformed, NotType, RecursionError):
            pass  # it was a type when it was read; then the default is shown as it is written
    return _plain(value)


def _parsed(text: str) -> Value:
    found: Value = json.loads(text, parse_int=Decimal, parse_float=Decimal)
    return found


def _plain(value: Value) -> object:
    """Whole numbers as int, exact however large; others as the nearest float, which is what JSON's readers see."""
    found: object = json.loads(dump(value))
    return found


def output_v1(output: ModuleOutput) -> Json:
    """One output."""
    return {
        "sensitive": output.sensitive,
        "description": output.description,
        "ephemeral": output.ephemeral,
        "deprecated": output.deprecated,
        "order": output.order,
    }


def provider_v1(provider: ProviderRequirement, *, host: str = "") -> Json:
    """One required provider. Without a source it is the one of that name in hashicorp's namespace; `host` is put before
    a source that names none."""
    source = provider.source or f"hashicorp/{provider.name}"
    if "/" not in source:
        source = f"hashicorp/{source}"
    named = source.count("/") > 1
    return {
        "alias": "",
        "name": provider.name,
        "full_name": source if named or not host else f"{host}/{source}",
        "version_constraint": ", ".join(provider.versions),
        "configuration_aliases": list(provider.aliases),
    }


def dependency_v1(call: ModuleCall) -> Json:
    """One module call, as it is written."""
    return {"name": call.name, "version_constraint": call.version, "source": call.source}


def resource_v1(resource: Resource) -> Json:
    """One resource; the mode is in the address only."""
    return {"address": resource.address, "type": resource.type, "name": resource.name}
