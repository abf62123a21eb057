"""Made-up releases and packages, and a validator that knows the shape of every object by its key."""

import json
import re
from dataclasses import replace

import pytest
from openapi_schema_validator import OAS30Validator, oas30_format_checker

from builder.api.docs_v1 import ROOT
from builder.api.openapi import ROUTES, document
from builder.model.address import Address, Kind
from builder.model.docs import ReleaseDocs, Status
from builder.model.document import DOC_KINDS, Document, Part, PartRole
from builder.model.issue import Location, issue
from builder.model.license import LicenseFinding, Outcome, Verdict
from builder.model.snapshot import Repository, blob_id
from builder.model.summary import PackageSummary, VersionSummary
from builder.model.version import Version

REPOSITORY = Repository("https://forge.example/acme/terraform-provider-garden")
MIT = LicenseFinding("MIT", 0.98769432, True, "LICENSE", "https://forge.example/l", coverage=0.99)
BUSL = LicenseFinding(
    *("BUSL-1.1", 0.95, False, "LICENSE.txt"), reason="not in the allow list: BUSL-1.1"
)
ALLOWED = Verdict(Outcome.ALLOW, "all licenses are allowed", (MIT,), (MIT, BUSL), ("LICENSE",))


class Texts:
    """Texts by blob id, as the store keeps them."""

    def __init__(self):
        self.by_blob: dict[str, bytes] = {}

    def add(self, text: str) -> str:
        blob = blob_id(text.encode())
        self.by_blob[blob] = text.encode()
        return blob

    def read(self, blob: str) -> bytes:
        return self.by_blob[blob]


@pytest.fixture
def texts():
    return Texts()


def version(text: str) -> Version:
    parsed = Version.parse(text)
    assert parsed
    return parsed


@pytest.fixture
def provider(texts):
    """A provider release with one page of each kind, in two languages; keyword arguments replace fields."""

    def make(number="1.2.0", **fields) -> ReleaseDocs:
        documents = [Document("", "index", "docs/index.md", texts.add("# Garden"), title="Garden")]
        documents += [
            Document(k.key, f"My_{k.letter}", f"docs/{k.key}/My_{k.letter}.md", texts.add(k.key))
            for k in DOC_KINDS
        ]
        documents += [
            replace(d, language="python", path=f"docs/cdktf/python/{d.path}") for d in documents
        ]
        base = ReleaseDocs(
            Address.of(Kind.PROVIDER, "acme", "garden"),
            version(number),
            *(f"v{number}", "c" * 40, "2024-05-06T07:08:09Z", REPOSITORY, ALLOWED),
            documents=tuple(documents),
        )
        return replace(base, **fields)

    return make


@pytest.fixture
def module(texts):
    """A module release with two submodules and an example; keyword arguments replace fields."""

    def make(number="1.2.0", **fields) -> ReleaseDocs:
        parts = (
            Part(PartRole.ROOT, "", texts.add("# Vpc"), True, "README.md"),
            Part(PartRole.SUBMODULE, "b", texts.add("404 Not Found")),
            Part(PartRole.SUBMODULE, "A Net", texts.add("net"), True, "modules/A Net/README.md"),
            Part(PartRole.EXAMPLE, "full", texts.add("full"), True, "examples/full/README.md"),
        )
        base = ReleaseDocs(
            Address.of(Kind.MODULE, "acme", "vpc", "cloud"),
            version(number),
            *(f"v{number}", "c" * 40, "2024-05-06T07:08:09Z", REPOSITORY, ALLOWED),
            parts=parts,
        )
        return replace(base, **fields)

    return make


@pytest.fixture
def summary():
    """A package with these versions, given newest last; keyword arguments replace fields."""

    def make(*numbers, kind=Kind.PROVIDER, **fields) -> PackageSummary:
        parts = ("acme", "garden") if kind is Kind.PROVIDER else ("acme", "vpc", "cloud")
        versions = tuple(
            n
            if isinstance(n, VersionSummary)
            else VersionSummary(version(n), "2024-01-01T00:00:00Z")
            for n in numbers
        )
        base = PackageSummary(Address.of(kind, *parts), REPOSITORY.url, versions, "Gardens")
        return replace(base, **fields)

    return make


@pytest.fixture
def failed():
    """A version that has no documents."""

    def make(number: str, reason: str = "the tag is missing") -> VersionSummary:
        return VersionSummary(
            version(number),
            "",
            f"v{number}",
            Status.FAILED,
            reason,
            has_docs=False,
            has_pages=False,
        )

    return make


@pytest.fixture
def odd():
    """An issue in a page."""
    return issue(
        "DOC009",
        Location("providers/acme/garden", "1.2.0", "docs/x.md", 3),
        "bad YAML",
        hint="Quote it.",
    )


def closed(schema):
    """The schema with objects that may hold nothing but what is described."""
    if isinstance(schema, list):
        return [closed(child) for child in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(child) for key, child in schema.items()}
    return {**inner, "additionalProperties": False} if "properties" in schema else inner


_PATTERNS = [
    (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(f"{ROOT}/{route.key}"))), route)
    for route in ROUTES
]
_COMPONENTS = closed(document())["components"]
_VALIDATORS = {
    name: OAS30Validator(
        {"$ref": f"#/components/schemas/{name}", "components": _COMPONENTS},
        format_checker=oas30_format_checker,
    )
    for name in _COMPONENTS["schemas"]
}


def shape_of(path: str) -> str:
    """The shape of the object with this key; "" for Markdown. Fails when no route of the description names it."""
    routes = [route for pattern, route in _PATTERNS if pattern.fullmatch(path)]
    assert len(routes) == 1, f"{path} matches {routes}"
    return routes[0].shape


def checked(outputs) -> dict[str, object]:
    """The outputs by path, JSON decoded; each was validated against the published description and no path is double."""
    found: dict[str, object] = {}
    for output in outputs:
        assert output.path not in found
        shape = shape_of(output.path)
        found[output.path] = output.body
        if shape:
            value = found[output.path] = json.loads(output.body)
            errors = [f"{e.json_path}: {e.message}" for e in _VALIDATORS[shape].iter_errors(value)]
            assert not errors, (output.path, errors)
    return found


@pytest.fixture
def check():
    return checked


@pytest.fixture
def validator():
    """The validator of a shape, by name."""
    return _VALIDATORS.__getitem__
