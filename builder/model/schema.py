"""What a module takes and gives, read from its files: the neutral nouns behind the API's objects and the pages.

Values that authors write (defaults) and types are JSON texts, so that numbers stay exact and the nouns simple.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchemaLimits:
    """Limits on the module files of one version, as data."""

    file_bytes: int = 2_000_000  # of one module file
    module_bytes: int = 20_000_000  # of all module files of one directory
    link_hops: int = 8  # symbolic links from a module file to the file that is read


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something odd in a module's files. Errors are what the language's own tools refuse; the rest are warnings."""

    path: str  # in the repository
    line: int  # 1-based; 0: the whole file
    summary: str
    detail: str = ""
    error: bool = True

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return ": ".join(part for part in (where, self.summary, self.detail) if part)


@dataclass(frozen=True, slots=True)
class Validation:
    """One rule of a variable: the condition's source, and the message (its source when it is no literal)."""

    condition: str
    message: str


@dataclass(frozen=True, slots=True)
class TypeField:
    """A row of the table of attributes of an object type, in reading order; nested objects follow with a deeper path.

    `path` names the attribute from the top: ("node_pools", "size"); collections on the way are looked through.
    """

    path: tuple[str, ...]
    type: str  # in short: list(string), map(object); what an object holds are the rows behind it
    required: bool
    default: str | None = None  # JSON of the literal in optional(); None when there is none
    default_source: str = ""  # canonical source of a default that is not a scalar
    description: str = ""  # from the comment beside it


@dataclass(frozen=True, slots=True)
class Variable:
    """An input. `arguments` are the names that its block sets, sorted; a fact whose name is missing is the language's
    own default."""

    name: str
    type: str = "any"  # canonical source
    type_source: str = ""  # as written, where comments are in it
    type_cty: str = ""  # cty JSON as JSON text; empty when there is no type or it is none
    fields: tuple[TypeField, ...] = ()
    default: str | None = None  # JSON text of the literal; None when there is none
    default_source: str = ""  # canonical source of a default that is not a scalar or not a literal
    required: bool = True
    description: str = ""
    sensitive: bool = False
    nullable: bool = True
    ephemeral: bool = False
    const: bool = False
    deprecated: str = ""
    validations: tuple[Validation, ...] = ()
    order: int = 0  # in source order, from 0
    path: str = ""  # file in the repository
    line: int = 0
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleOutput:
    """An output."""

    name: str
    description: str = ""
    value: str = ""  # canonical source
    sensitive: bool = False
    ephemeral: bool = False
    deprecated: str = ""
    depends_on: tuple[str, ...] = ()
    order: int = 0
    path: str = ""
    line: int = 0
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """A call of another module. `source` and `version` are source text where they are not literal."""

    name: str
    source: str = ""
    version: str = ""
    path: str = ""
    line: int = 0
    arguments: tuple[str, ...] = ()

    @property
    def split(self) -> tuple[str, str]:
        """Source and version for people: a `?ref=v1` is shown as the version when there is no other."""
        source, mark, ref = self.source.partition("?ref=")
        return (source, ref) if mark and not self.version else (self.source, self.version)

    @property
    def is_local(self) -> bool:
        """Whether the source is a directory of the same repository."""
        return self.source.startswith(("./", "../"))


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource, data source or ephemeral resource."""

    mode: str  # managed, data, ephemeral
    type: str
    name: str
    provider: str = ""  # local name
    alias: str = ""
    path: str = ""
    line: int = 0
    arguments: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """type.name, data.type.name or ephemeral.type.name."""
        mode = "" if self.mode == "managed" else f"{self.mode}."
        return f"{mode}{self.type}.{self.name}"


@dataclass(frozen=True, slots=True)
class ProviderRequirement:
    """A provider that the module needs; an empty one is only implied by a resource or a provider block."""

    name: str  # local
    source: str = ""
    versions: tuple[str, ...] = ()  # constraints, in source order
    aliases: tuple[str, ...] = ()  # name.alias that callers must pass


@dataclass(frozen=True, slots=True)
class ModuleSchema:
    """One directory of a module. Everything but `variables`, `outputs` and `calls` (source order) is sorted."""

    directory: str
    variables: tuple[Variable, ...] = ()
    outputs: tuple[ModuleOutput, ...] = ()
    providers: tuple[ProviderRequirement, ...] = ()
    provider_configs: tuple[str, ...] = ()  # name or name.alias
    required_core: tuple[str, ...] = ()  # constraints on the language's version
    calls: tuple[ModuleCall, ...] = ()
    resources: tuple[Resource, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def schema_error(self) -> str:
        """A line for each error, with file and line; empty when all was read."""
        return "\n".join(str(found) for found in self.diagnostics if found.error)
