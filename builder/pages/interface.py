"""What a module directory takes and gives, as a section of its page: inputs, outputs, resources and what it needs.

The section is a function of the schema and of where links lead, so the page stays the same in every version that has
the same files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from builder.model.address import Address
from builder.model.body import Heading, LinkState, Resolution
from builder.model.document import Part
from builder.model.schema import (
    ModuleCall,
    ModuleOutput,
    ModuleSchema,
    ProviderRequirement,
    Resource,
    Variable,
)
from builder.pages.bodies import Resolve
from builder.pages.contexts import FieldRow, InputRow, Interface, Link, NeedRow, OutputRow
from builder.pages.environment import template_of, values
from builder.pages.site import Site

INLINE = 60  # characters of a type or default that stands in a line
_CODE = re.compile(r"`([^`\n]+)`")
_RESOURCE_SEGMENT = {
    "managed": "resources",
    "data": "data-sources",
    "ephemeral": "ephemeral-resources",
}
_REGISTRY_SOURCE = re.compile(r"(?:([\w.-]+\.[a-z]{2,})/)?([\w-]+)/([\w-]+)/([\w-]+)(?://.*)?")
_INSIDE = {LinkState.INTERNAL, LinkState.OTHER_PACKAGE, LinkState.OTHER_VERSION}


def interface(
    site: Site, part: Part, address: Address, host: str, resolve: Resolve
) -> Interface | None:
    """The section for a part; None when the part has nothing of the kind. `host` is the registry that links of authors
    name, `resolve` the page's resolver."""
    schema = part.schema
    if schema is None:
        return None
    links = _Links(host, resolve)
    inputs = [_input(variable) for variable in schema.variables]
    made = Interface(
        required=tuple(row for row in inputs if row.required),
        optional=tuple(row for row in inputs if not row.required),
        outputs=tuple(_output(output) for output in schema.outputs),
        resources=tuple(links.resource(resource, schema) for resource in schema.resources),
        providers=tuple(links.provider(p) for p in schema.providers if p.name),
        modules=tuple(links.module(call) for call in schema.calls),
        core=", ".join(schema.required_core),
        problems=tuple(str(found) for found in schema.diagnostics if found.error),
        usage=_usage(part, address, schema, site.terraform_host),
    )
    return made if made.filled else None


def rendered(site: Site, section: Interface | None) -> Markup:
    """The section as HTML; empty for None."""
    if section is None:
        return Markup()
    html = template_of(site, "interface.html").render(values(section))
    return Markup(html)  # noqa: S704 - made by our own template, escaped there


def headings(section: Interface | None) -> Iterator[Heading]:
    """What the section adds to the table of contents."""
    for name, rows in section.tables if section else ():
        if rows:
            yield Heading(2, name, f"rg-{name.lower()}")


def prose(text: str) -> Markup:
    """An author's description: text with line ends kept and code between backticks."""
    lines = escape("\n".join(line.strip() for line in text.strip().splitlines()))
    return Markup(_CODE.sub(r"<code>\1</code>", str(lines)))  # noqa: S704 - escaped in the line above


def _input(variable: Variable) -> InputRow:
    return InputRow(
        name=variable.name,
        type=variable.type,
        required=variable.required,
        default=variable.default_source or ("" if variable.default is None else variable.default),
        description=prose(variable.description),
        marks=tuple(_marks(variable)),
        deprecated=variable.deprecated,
        rules=tuple(rule.message for rule in variable.validations if rule.message),
        fields=tuple(
            FieldRow(
                name=field.path[-1],
                depth=len(field.path) - 1,
                type=field.type,
                required=field.required,
                default=field.default_source or field.default or "",
                description=prose(field.description),
            )
            for field in variable.fields
        ),
    )


def _marks(item: Variable | ModuleOutput) -> Iterator[str]:
    if item.sensitive:
        yield "sensitive"
    if item.ephemeral:
        yield "ephemeral"
    if isinstance(item, Variable) and not item.nullable:
        yield "not null"
    if item.deprecated:
        yield "deprecated"


def _output(output: ModuleOutput) -> OutputRow:
    return OutputRow(
        output.name, prose(output.description), tuple(_marks(output)), output.deprecated
    )


def _usage(part: Part, address: Address, schema: ModuleSchema, host: str) -> str:
    """A block to paste, with the required inputs. Without the version: the page is that of many versions."""
    source = f"{host}/{address.display}" if host else address.display
    if part.directory:
        source = f"{source}//{part.directory}"
    needed = [variable for variable in schema.variables if variable.required]
    width = max(len(name) for name in ("source", *(variable.name for variable in needed)))
    lines = [f'  {"source".ljust(width)} = "{source}"', *[""] * bool(needed)]
    for variable in needed:
        hint = f" # {variable.type}" if _fits(variable.type) else ""
        lines.append(f"  {variable.name.ljust(width)} ={hint}")
    body = "\n".join(lines)
    return f'module "{part.name or address.name}" {{\n{body}\n}}'


def _fits(text: str) -> bool:
    return len(text) <= INLINE and "\n" not in text


class _Links:
    """Where resources, providers and modules that a module names are documented."""

    def __init__(self, host: str, resolve: Resolve) -> None:
        self._host, self._resolve = host, resolve

    def resource(self, resource: Resource, schema: ModuleSchema) -> Link:
        """A resource, linked to its page in the provider's documentation when that is in this registry."""
        prefix, _, rest = resource.type.partition("_")
        local = resource.provider or prefix
        source = next((p.source for p in schema.providers if p.name == local and p.source), "")
        provider = source or f"hashicorp/{local}"
        slug = rest or resource.type
        path = f"providers/{provider}/latest/docs/{_RESOURCE_SEGMENT[resource.mode]}/{slug}"
        return Link(resource.address, self._inside(path) if provider.count("/") == 1 else "")

    def provider(self, needed: ProviderRequirement) -> NeedRow:
        """A provider that the module needs."""
        source = needed.source or f"hashicorp/{needed.name}"
        link = self._inside(f"providers/{source}/latest/docs") if source.count("/") == 1 else ""
        return NeedRow(needed.name, source, ", ".join(needed.versions), link, needed.aliases)

    def module(self, call: ModuleCall) -> NeedRow:
        """A module that is called: a part of this one, or one of the registry."""
        source, version = call.split
        if call.is_local:
            target = self._resolve(source)
            return NeedRow(call.name, source, version, _target(target, {LinkState.INTERNAL}))
        found = _REGISTRY_SOURCE.fullmatch(source)
        path = "/".join(found.groups()[1:]) if found else ""
        return NeedRow(
            call.name, source, version, self._inside(f"modules/{path}/latest") if path else ""
        )

    def _inside(self, path: str) -> str:
        """The relative address of a page that authors name by this path of a registry; "" when it is not in ours."""
        if not self._host:
            return ""
        return _target(self._resolve(f"https://{self._host}/{path}"), _INSIDE)


def _target(resolution: Resolution, states: set[LinkState]) -> str:
    inside = resolution.state in states and "://" not in resolution.target
    return resolution.target if inside else ""
