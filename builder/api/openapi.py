"""The description of the docs API: an OpenAPI 3.0.3 document made from the shapes and the table of paths below, as JSON
and YAML, and a page for people. 3.0 and not 3.1, because some generators that integrators use read nothing newer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from string import Formatter

from builder.api.docs_v1 import API_VERSION, ROOT, artifact
from builder.api.shapes import SHAPES, Schema, enum, ref
from builder.model.artifact import Output
from builder.model.document import CDKTF_LANGUAGES, DOC_KINDS

JSON = "application/json"
MARKDOWN = "text/markdown"


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of object: its key below the root, the operation's name, what it is, and its shape ("" for Markdown)."""

    key: str
    operation: str
    summary: str
    shape: str = ""
    addition: bool = False  # not in the existing API

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names between braces, in order."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.key) if name)


_PROVIDER = "providers/{namespace}/{name}"
_MODULE = "modules/{namespace}/{name}/{target}"
_CDKTF = f"{_PROVIDER}/{{version}}/cdktf/{{language}}"

ROUTES = (
    Route("providers/index.json", "GetProviderList", "All providers", "ProviderList"),
    Route("providers/latest.json", "GetProviderLatestList", "Newest versions of all providers", "ProviderLatestList", addition=True),
    Route(f"{_PROVIDER}/index.json", "GetProvider", "A provider and its versions", "Provider"),
    Route(f"{_PROVIDER}/latest.json", "GetProviderLatest", "Newest versions of a provider", "ProviderLatest", addition=True),
    Route(f"{_PROVIDER}/{{version}}/index.json", "GetProviderVersion", "A version and its pages", "ProviderVersion"),
    Route(f"{_PROVIDER}/{{version}}/status.json", "GetProviderVersionStatus", "What was read, decided and skipped", "VersionStatus", addition=True),
    Route(f"{_PROVIDER}/{{version}}/index.md", "GetProviderDoc", "The overview page"),
    Route(f"{_PROVIDER}/{{version}}/{{kind}}/{{document}}.md", "GetProviderDocItem", "A page"),
    Route(f"{_CDKTF}/index.md", "GetProviderCDKTFDoc", "The overview page of a CDKTF language"),
    Route(f"{_CDKTF}/{{kind}}/{{document}}.md", "GetProviderCDKTFDocItem", "A page of a CDKTF language"),
    Route("modules/index.json", "GetModuleList", "All modules", "ModuleList"),
    Route("modules/latest.json", "GetModuleLatestList", "Newest versions of all modules", "ModuleLatestList", addition=True),
    Route(f"{_MODULE}/index.json", "GetModule", "A module and its versions", "Module"),
    Route(f"{_MODULE}/latest.json", "GetModuleLatest", "Newest versions of a module", "ModuleLatest", addition=True),
    Route(f"{_MODULE}/{{version}}/index.json", "GetModuleVersion", "A version with its submodules and examples", "ModuleVersion"),
    Route(f"{_MODULE}/{{version}}/status.json", "GetModuleVersionStatus", "What was read, decided and skipped", "VersionStatus", addition=True),
    Route(f"{_MODULE}/{{version}}/README.md", "GetModuleReadme", "The readme of a module"),
    Route(f"{_MODULE}/{{version}}/modules/{{submodule}}/README.md", "GetSubmoduleReadme", "The readme of a submodule"),
    Route(f"{_MODULE}/{{version}}/examples/{{example}}/README.md", "GetModuleExampleReadme", "The readme of an example"),
)  # fmt: skip

_PARAMETERS: dict[str, tuple[str, Schema]] = {
    "namespace": ("The namespace, in lower case.", {}),
    "name": ("The name, in lower case.", {}),
    "target": ("The system that the module is for, in lower case.", {}),
    "version": (
        "The version with a leading v, in lower case; + is written as _.",
        {"example": "v3.6.0"},
    ),
    "kind": ("The kind of page.", enum(*(kind.key for kind in DOC_KINDS))),
    "document": ("The name of the page, in lower case.", {}),
    "language": ("The CDKTF language.", enum(*CDKTF_LANGUAGES)),
    "submodule": ("The directory's name in lower case, without blanks.", {}),
    "example": ("The directory's name in lower case, without blanks.", {}),
}

_ABOUT = (
    "Documentation of the packages in this registry as a tree of static objects. Fields and objects marked "
    "`x-addition` are additions to the existing docs API of OpenTofu's registry; everything else has its shape. Keys "
    "are in lower case and case-sensitive. Publication goes from the leaves to the root: an object that an index names "
    "is there before the index."
)


def document() -> Schema:
    """The OpenAPI document."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Registry documentation API",
            "description": _ABOUT,
            "version": API_VERSION,
        },
        "servers": [{"url": "../..", "description": "The site that this document lies on."}],
        "paths": {f"/{ROOT}/{route.key}": {"get": _operation(route)} for route in ROUTES},
        "components": {"schemas": {shape.name: shape.schema for shape in SHAPES}},
    }


def render_openapi() -> Iterator[Output]:
    """The document as JSON and as YAML, and the page that shows the API to people."""
    content = document()
    yield artifact("openapi.json", f"{json.dumps(content, indent=2)}\n".encode())
    yield artifact("openapi.yml", "".join(_yaml(content)).encode())
    yield artifact("index.html", _page().encode())


def _operation(route: Route) -> Schema:
    schema = ref(route.shape) if route.shape else {"type": "string"}
    media = JSON if route.shape else MARKDOWN
    mark: Schema = {"x-addition": True} if route.addition else {}
    return {
        "operationId": route.operation,
        "summary": route.summary,
        **mark,
        "parameters": [_parameter(name) for name in route.parameters],
        "responses": {
            "200": {"description": route.summary, "content": {media: {"schema": schema}}},
            "404": {"description": "There is no such object."},
        },
    }


def _parameter(name: str) -> Schema:
    text, schema = _PARAMETERS[name]
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": text,
        "schema": {"type": "string", **schema},
    }


_PLAIN = re.compile(r"[A-Za-z_$/][\w$/.{}-]*", re.ASCII)
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}  # not text to YAML readers


def _yaml(value: object, indent: str = "") -> Iterator[str]:
    """A JSON value as block YAML, without its first line's indentation. Texts are double-quoted as in JSON, which is
    YAML too; empty collections are in flow style."""
    if isinstance(value, dict) and value:
        for place, (key, child) in enumerate(value.items()):
            plain = _PLAIN.fullmatch(key) and key.lower() not in _WORDS
            yield f"{indent if place else ''}{key if plain else json.dumps(key)}:"
            if isinstance(child, dict | list) and child:
                yield f"\n{indent}  "
                yield from _yaml(child, f"{indent}  ")
            else:
                yield f" {json.dumps(child)}\n"
    elif isinstance(value, list) and value:
        for place, child in enumerate(value):
            yield f"{indent if place else ''}- "
            yield from _yaml(child, f"{indent}  ")
    else:
        yield f"{json.dumps(value)}\n"


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Registry documentation API</title>
</head>
<body>
<main>
<h1>Registry documentation API</h1>
<p>Documentation of the packages in this registry as static JSON and Markdown objects. The full description is an OpenAPI
document: <a href="openapi.json">JSON</a>, <a href="openapi.yml">YAML</a>. Start with
<a href="providers/index.json">all providers</a> or <a href="modules/index.json">all modules</a>.</p>
<table>
<thead><tr><th scope="col">Object</th><th scope="col">Content</th><th scope="col">Shape</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""


def _page() -> str:
    rows = (
        f"<tr><td><code>{escape(route.key)}</code></td><td>{escape(route.summary)}</td>"
        f"<td>{escape(route.shape or 'Markdown')}</td></tr>"
        for route in ROUTES
    )
    return _PAGE.format(rows="\n".join(rows))
