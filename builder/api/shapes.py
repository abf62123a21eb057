"""The shapes of the docs API's objects as tables: the OpenAPI document is made from them, and tests validate every
object against them. `ALWAYS` is what readers of the existing API index into without a check; additions are ours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from builder.model.docs import Status
from builder.model.document import CDKTF_LANGUAGES, DOC_KINDS
from builder.model.issue import Severity
from builder.model.license import Outcome

Schema = dict[str, object]


class Presence(StrEnum):
    """When a field is there."""

    ALWAYS = "always"  # required
    FILLED = "filled"  # left out when empty
    ADDED = "added"  # not in the existing API; optional


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object. `text` is its description in the published document."""

    name: str
    schema: Schema
    text: str = ""
    presence: Presence = Presence.ALWAYS

    @property
    def published(self) -> Schema:
        """The schema with its description. A reference may have no siblings in OpenAPI 3.0, so it is wrapped."""
        schema = {"allOf": [self.schema]} if "$ref" in self.schema and self.text else self.schema
        text: Schema = {"description": self.text} if self.text else {}
        mark: Schema = {"x-addition": True} if self.presence is Presence.ADDED else {}
        return {**schema, **text, **mark}


@dataclass(frozen=True, slots=True)
class Shape:
    """An object of the API with its fields in the order they are written."""

    name: str
    text: str
    fields: tuple[Field, ...]

    @property
    def schema(self) -> Schema:
        """The object as a schema of OpenAPI 3.0. Objects are open: later additions are new keys."""
        return {
            "type": "object",
            "description": self.text,
            "required": [f.name for f in self.fields if f.presence is Presence.ALWAYS],
            "properties": {field.name: field.published for field in self.fields},
        }


def ref(name: str) -> Schema:
    """A reference to a shape."""
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def mapping(values: Schema) -> Schema:
    """An object with any keys."""
    return {"type": "object", "additionalProperties": values}


def enum(*values: str) -> Schema:
    """One of these texts."""
    return {"type": "string", "enum": list(values)}


def nullable(schema: Schema) -> Schema:
    """The schema, or null."""
    return {**schema, "nullable": True}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
TIME: Schema = {"type": "string", "format": "date-time", "example": "2021-08-05T00:26:01Z"}
SHARE: Schema = {"type": "number", "format": "float", "minimum": 0, "maximum": 1}
LINK: Schema = {"type": "string", "format": "uri-reference"}
ID: Schema = {"type": "string", "pattern": r"^v\d+\.\d+\.\d+", "example": "v3.6.0"}
SHA1: Schema = {"type": "string", "pattern": "^[0-9a-f]{40}$"}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
STATUS = enum(*Status)
ANY: Schema = {}

_PUBLISHED = "When the tag was made, in UTC; 0001-01-01T00:00:00Z when it is not known."
_HASH = (
    "SHA-256 of this object's compact JSON without this key, which is the last one. It changes if and only if "
    "something in the object changes."
)
_BLOB = "Git blob id (SHA-1) of the Markdown object."
_TRIED = "ok; skipped: left out or replaced on purpose; failed: could not be read."
_NEWEST = "Id of the newest version, pre-releases included, yanked ones left out unless all are; null when none."
_STABLE = (
    "Id of the newest version that is neither a pre-release nor yanked; null when there is none."
)


def _texts(presence: Presence, **fields: str) -> tuple[Field, ...]:
    return tuple(Field(name, TEXT, text, presence) for name, text in fields.items())


def _added(name: str, schema: Schema, text: str = "") -> Field:
    return Field(name, schema, text, Presence.ADDED)


def _filled(name: str, schema: Schema, text: str = "") -> Field:
    return Field(name, schema, text, Presence.FILLED)


PROVIDER_ADDRESS = Shape(
    "ProviderAddress",
    "The address of a provider.",
    _texts(Presence.ALWAYS, display="namespace/name", namespace="", name=""),
)
MODULE_ADDRESS = Shape(
    "ModuleAddress",
    "The address of a module.",
    _texts(
        Presence.ALWAYS, display="namespace/name/target", namespace="", name="", target="System"
    ),
)
VERSION_ENTRY = Shape(
    "VersionEntry",
    "One version in a package index.",
    (
        Field("id", ID, "The version with a leading v."),
        Field("published", TIME, _PUBLISHED),
        _added("segment", TEXT, "The version in object keys, when it differs from the id."),
        _added("status", enum(*(s for s in Status if s is not Status.OK)), "Absent: ok."),
        *_texts(
            Presence.ADDED,
            reason="Why the content is not shown or missing.",
            yanked="Why the version should not be used.",
        ),
    ),
)
_STATISTICS = (
    Field("description", TEXT, "The repository's description."),
    Field("popularity", COUNT, "Stars of the repository."),
    Field("fork_count", COUNT),
    Field("upstream_popularity", COUNT, "Stars of the repository this one is a fork of."),
    Field("upstream_fork_count", COUNT),
)
_VERSIONS = (
    Field(
        "versions",
        array(ref("VersionEntry")),
        "The versions that have documentation objects, in descending order of semantic versions, pre-releases "
        "included: the first may be a pre-release.",
    ),
    Field("is_blocked", FLAG, "The content is replaced by a notice."),
    _filled("blocked_reason", TEXT),
    _added("latest", nullable(TEXT), _NEWEST),
    _added("latest_stable", nullable(TEXT), _STABLE),
    _added("status", STATUS, "Whether there is documentation to show."),
    _added("reason", TEXT, "Why not."),
    _added(
        "unavailable_versions",
        array(ref("VersionEntry")),
        "Known versions without documentation objects; each has a status.json.",
    ),
    _added("hash", SHA256, _HASH),
)
_WARNINGS = "Warnings to users of the package, from the registry's metadata."
PROVIDER = Shape(
    "Provider",
    "A provider with its versions.",
    (
        Field("addr", ref("ProviderAddress")),
        _filled("warnings", array(TEXT), _WARNINGS),
        Field("link", LINK, "The repository."),
        Field(
            "canonical_addr",
            nullable(PROVIDER_ADDRESS.schema),
            "The address this one is an alias of, or null.",
        ),
        Field("reverse_aliases", array(ref("ProviderAddress")), "Addresses that stand for this."),
        *_STATISTICS,
        _filled("fork_of_link", LINK),
        Field("fork_of", ref("ProviderAddress"), "All fields are empty when it is not a fork."),
        *_VERSIONS,
    ),
)
MODULE = Shape(
    "Module",
    "A module with its versions.",
    (
        Field("addr", ref("ModuleAddress")),
        *_STATISTICS,
        _filled("fork_of_link", LINK),
        Field("fork_of", ref("ModuleAddress"), "All fields are empty when it is not a fork."),
        *_VERSIONS,
        _added("link", LINK, "The repository."),
        _added("warnings", array(TEXT), _WARNINGS),
    ),
)
LATEST_VERSION = Shape(
    "LatestVersion",
    "Where the newest documentation is.",
    (
        Field("id", ID),
        Field("published", TIME, _PUBLISHED),
        Field("index", TEXT, "Key of the version index below registry/docs/."),
    ),
)


def _latest(name: str, address: str) -> Shape:
    return Shape(
        name,
        "A package's newest versions in short.",
        (
            Field("addr", ref(address)),
            Field("description", TEXT),
            Field("popularity", COUNT),
            _filled("latest", ref("LatestVersion"), "The newest version, pre-releases included."),
            _filled("latest_stable", ref("LatestVersion"), "The newest that is no pre-release."),
            _filled("is_blocked", FLAG, "Present, and true, when the package is blocked."),
        ),
    )


def _list(name: str, plural: str, entry: str) -> Shape:
    return Shape(
        name,
        f"All {plural} of the registry, sorted by address.",
        (Field(plural, array(ref(entry))), _added("hash", SHA256, _HASH)),
    )


LICENSE = Shape(
    "License",
    "One license found in one file.",
    (
        Field("spdx", TEXT, "SPDX identifier or expression."),
        Field("confidence", SHARE),
        Field("is_compatible", FLAG, "It allows the documentation to be shown."),
        Field("file", TEXT, "Path in the repository."),
        _filled("link", LINK, "The file at the version's tag."),
        _added("coverage", SHARE, "Share of the license's words that are present."),
        _added("left_over_words", COUNT, "Words of the file that belong to no license."),
        _added("reason", TEXT, "Why it is not compatible, or why it was decided by hand."),
        _added("sha256", SHA256, "Of the file's bytes."),
    ),
)
DOC_ITEM = Shape(
    "DocItem",
    "One page. Its Markdown lies at {kind}/{name}.md beside the version index, with the name in lower case.",
    (
        Field("name", TEXT),
        Field("edit_link", LINK, "The page in the repository at the version's tag."),
        Field("title", TEXT, "The name when the page has no title."),
        Field("subcategory", TEXT),
        Field("description", TEXT),
        _added("hash", SHA1, _BLOB),
        _added("status", enum(Status.SKIPPED), "Absent: ok."),
        _added("reason", TEXT, "Why a notice is shown in place of the page."),
    ),
)
DOCS = Shape(
    "Docs",
    "The pages of a provider version, or of one CDKTF language of it, sorted by name.",
    (
        _filled("index", ref("DocItem"), "The overview page, index.md."),
        *(
            Field(
                kind.key,
                array(ref("DocItem")),
                kind.label + ".",
                Presence.ALWAYS if kind.in_v1 else Presence.ADDED,
            )
            for kind in DOC_KINDS
        ),
    ),
)
_VERSION_ADDITIONS = (
    _added("status", STATUS, _TRIED),
    _added("tag", TEXT, "The tag in the repository."),
    _added("commit", TEXT, "The commit that was read."),
    _added("reason", TEXT, "Why the content is not shown."),
    _added("yanked", TEXT, "Why the version should not be used."),
    _added("warnings", array(TEXT), _WARNINGS),
    _added("hash", SHA256, _HASH),
)
_LICENSES = "The licenses of the files that govern; null when none was found."
_INCOMPATIBLE = "The licenses do not allow the documentation to be shown."
PROVIDER_VERSION = Shape(
    "ProviderVersion",
    "One version of a provider with its pages.",
    (
        Field("id", ID),
        Field("published", TIME, _PUBLISHED),
        Field("docs", ref("Docs")),
        Field("cdktf_docs", mapping(ref("Docs")), "By language: " + ", ".join(CDKTF_LANGUAGES)),
        Field("license", nullable(array(ref("License"))), _LICENSES),
        Field("incompatible_license", FLAG, _INCOMPATIBLE),
        Field("link", LINK, "The repository at the version's tag."),
        *_VERSION_ADDITIONS,
    ),
)
TYPE: Schema = {"anyOf": [TEXT, {"type": "array", "items": ANY}]}
VARIABLE = Shape(
    "Variable",
    "An input of a module.",
    (
        Field("type", TYPE, 'A type: "string", or a list such as ["list", "string"].'),
        Field("default", ANY, "Any value; null when there is none."),
        Field("description", TEXT),
        Field("sensitive", FLAG),
        Field("required", FLAG),
        _added("type_string", TEXT, "The type as the language writes it."),
        _added("nullable", FLAG, "null is a value of its own."),
        _added("ephemeral", FLAG, "The value is never stored."),
        _added("deprecated", TEXT, "What to use instead; empty when not deprecated."),
        _added("validation", array(ref("Validation"))),
        _added("order", COUNT, "Place in the files, from 0."),
    ),
)
VALIDATION = Shape(
    "Validation",
    "A rule that values of an input must keep.",
    _texts(Presence.ALWAYS, condition="Source of the condition.", error_message=""),
)
OUTPUT = Shape(
    "Output",
    "",
    (
        Field("sensitive", FLAG),
        Field("description", TEXT),
        _added("ephemeral", FLAG, "The value is never stored."),
        _added("deprecated", TEXT, "What to use instead; empty when not deprecated."),
        _added("order", COUNT, "Place in the files, from 0."),
    ),
)
RESOURCE = Shape("Resource", "", _texts(Presence.ALWAYS, address="", type="", name=""))
MODULE_DEPENDENCY = Shape(
    "ModuleDependency",
    "Another module that is called.",
    _texts(Presence.ALWAYS, name="", version_constraint="", source=""),
)
PROVIDER_DEPENDENCY = Shape(
    "ProviderDependency",
    "A provider that the module needs.",
    (
        *_texts(
            Presence.ALWAYS, alias="", name="The local name.", full_name="", version_constraint=""
        ),
        _added("configuration_aliases", array(TEXT), "Configurations that a caller must pass."),
    ),
)
_EXAMPLE = (
    Field("readme", FLAG, "The author wrote a README.md."),
    Field("edit_link", LINK, "The README.md at the version's tag; empty when there is none."),
    Field("variables", mapping(ref("Variable"))),
    Field("outputs", mapping(ref("Output"))),
    Field("schema_error", TEXT, "What could not be read, with file and line; empty when all was."),
)
_README = (
    _added("readme_hash", SHA1, _BLOB),
    _added("readme_reason", TEXT, "Why a notice is shown in place of the author's README.md."),
)
_SUBMODULE = (
    *_EXAMPLE,
    Field("providers", array(ref("ProviderDependency"))),
    Field("dependencies", array(ref("ModuleDependency"))),
    Field("resources", array(ref("Resource"))),
    _added("provider_configs", array(TEXT), "Providers that the module configures itself."),
    _added("required_core", array(TEXT), "Constraints on the version of the language's tool."),
)
MODULE_VERSION = Shape(
    "ModuleVersion",
    "One version of a module with its submodules and examples.",
    (
        Field("id", ID),
        Field("published", TIME, _PUBLISHED),
        *_SUBMODULE,
        *_README,
        Field("link", LINK, "The repository at the version's tag."),
        Field("vcs_repository", LINK, "The repository."),
        Field("licenses", nullable(array(ref("License"))), _LICENSES),
        Field("incompatible_license", FLAG, _INCOMPATIBLE),
        Field("examples", mapping(ref("Example")), "By directory name below examples/."),
        Field("submodules", mapping(ref("Submodule")), "By directory name below modules/."),
        *_VERSION_ADDITIONS,
    ),
)
LICENSE_DECISION = Shape(
    "LicenseDecision",
    "What was decided on the licenses, and all that was found.",
    (
        Field("outcome", enum(*Outcome), "Anything but allow withholds the documentation."),
        Field("reason", TEXT),
        Field("files", array(TEXT), "The files that govern."),
        Field("evidence", array(ref("License")), "Every finding in every candidate file."),
    ),
)
ISSUE = Shape(
    "Issue",
    "One odd thing that was met: what was skipped or changed, where and why.",
    (
        Field("code", TEXT, "Stable code, explained in the handbook."),
        Field("severity", enum(*Severity)),
        Field("path", TEXT, "In the repository; may be empty."),
        Field("line", COUNT, "From 1; 0: the whole file."),
        Field("message", TEXT),
        Field("hint", TEXT, "What its author can do."),
    ),
)
VERSION_STATUS = Shape(
    "VersionStatus",
    "How the documentation of one version came to be. It answers why a page is missing.",
    (
        Field("id", ID),
        Field("published", TIME, _PUBLISHED),
        Field("status", STATUS, _TRIED),
        Field("reason", TEXT, "Empty when all is well."),
        Field("tag", TEXT),
        _filled("commit", TEXT),
        _filled("link", LINK),
        _filled("license", ref("LicenseDecision")),
        _filled("counts", mapping(COUNT), "Pages by kind, or module directories by role."),
        Field("issues", array(ref("Issue")), "Errors first."),
        *_texts(Presence.FILLED, blocked_reason="", yanked=""),
        _filled("warnings", array(TEXT), _WARNINGS),
    ),
)
SHAPES = (
    _list("ProviderList", "providers", "Provider"),
    _list("ModuleList", "modules", "Module"),
    _list("ProviderLatestList", "providers", "ProviderLatest"),
    _list("ModuleLatestList", "modules", "ModuleLatest"),
    *(PROVIDER, MODULE, PROVIDER_ADDRESS, MODULE_ADDRESS, VERSION_ENTRY),
    _latest("ProviderLatest", "ProviderAddress"),
    _latest("ModuleLatest", "ModuleAddress"),
    *(LATEST_VERSION, PROVIDER_VERSION, DOCS, DOC_ITEM, LICENSE, MODULE_VERSION),
    Shape("Submodule", "A directory below modules/.", (*_SUBMODULE, *_README)),
    Shape("Example", "A directory below examples/.", (*_EXAMPLE, *_README)),
    *(VARIABLE, VALIDATION, OUTPUT, RESOURCE, MODULE_DEPENDENCY, PROVIDER_DEPENDENCY),
    *(VERSION_STATUS, LICENSE_DECISION, ISSUE),
)
