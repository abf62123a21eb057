"""Documents and their kinds. A kind is a row of a table; code asks the row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from builder.model.schema import ModuleSchema


@dataclass(frozen=True, slots=True)
class DocKind:
    """One kind of provider page.

    `key` is the docs API's list and object segment, `segment` the page address that authors link to,
    `directories` those below the documentation root, in reading order (the last one wins a collision),
    `accepted` further segments met in links, `letter` the short form in nav.json.
    """

    key: str
    segment: str
    singular: str
    label: str
    letter: str
    directories: tuple[str, ...]
    accepted: tuple[str, ...] = ()
    in_v1: bool = True  # served by the existing public API too


RESOURCE = DocKind(
    "resources", "resources", "resource", "Resources", "r", ("r", "resources"), ("r", "resource")
)
DATA_SOURCE = DocKind(
    "datasources",
    "data-sources",
    "data source",
    "Data sources",
    "d",
    ("d", "datasources", "data-sources"),
    ("d", "datasources", "data-source", "datasource"),
)
FUNCTION = DocKind(
    "functions", "functions", "function", "Functions", "f", ("f", "functions"), ("f", "function")
)
GUIDE = DocKind("guides", "guides", "guide", "Guides", "g", ("guides",), ("guide",))
EPHEMERAL = DocKind(
    "ephemeral",
    "ephemeral-resources",
    "ephemeral resource",
    "Ephemeral resources",
    "e",
    ("ephemeral", "ephemeral-resources"),
    ("ephemeral", "ephemeral-resource"),
    in_v1=False,
)
ACTION = DocKind(
    "actions", "actions", "action", "Actions", "a", ("actions",), ("action",), in_v1=False
)
LIST_RESOURCE = DocKind(
    "listresources",
    "list-resources",
    "list resource",
    "List resources",
    "l",
    ("listresources", "list-resources"),
    ("listresources", "list-resource"),
    in_v1=False,
)
DOC_KINDS = (RESOURCE, DATA_SOURCE, FUNCTION, GUIDE, EPHEMERAL, ACTION, LIST_RESOURCE)
KIND_BY_KEY = {kind.key: kind for kind in DOC_KINDS}
CDKTF_LANGUAGES = ("python", "typescript", "csharp", "java", "go")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the front matter and the bytes of one page say: a pure function of the blob, so it is cached by blob id."""

    title: str = ""
    subcategory: str = ""
    description: str = ""
    problems: tuple[tuple[str, int, str], ...] = ()  # (issue code, line, message)


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown page of a release. `kind` is the DocKind's key, or "" for the overview (index) page.

    The bytes are found in the store under `blob`. A page over the size limit keeps its entry and `path`; `blob` is
    then the replacement text's and `replaced` says why.
    """

    kind: str
    name: str  # letter case kept; keys and addresses use `slug`
    path: str  # in the repository
    blob: str
    language: str = ""  # CDKTF language, or ""
    title: str = ""
    subcategory: str = ""
    description: str = ""
    replaced: str = ""

    @property
    def slug(self) -> str:
        """The name in keys and addresses: lower-case."""
        return self.name.lower()

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """By language, kind and name, bytewise."""
        return (self.language, self.kind, self.name)


class PartRole(StrEnum):
    """What a directory of a module repository is."""

    ROOT = "root"
    SUBMODULE = "submodule"
    EXAMPLE = "example"

    @property
    def directory(self) -> str:
        """The directory that holds parts of this role, and the path segment of their pages."""
        return {"root": "", "submodule": "modules", "example": "examples"}[self.value]


@dataclass(frozen=True, slots=True)
class Part:
    """The root, one submodule or one example of a module, with its README. `blob` always names a stored text:
    the README, or the replacement text for a missing (`readme` False), withheld or too large one."""

    role: PartRole
    name: str  # raw directory name; "" for the root
    blob: str
    readme: bool = False
    path: str = ""  # of the README in the repository; "" when missing
    replaced: str = ""
    schema: ModuleSchema | None = None  # None when withheld: descriptions are prose too

    @property
    def directory(self) -> str:
        """The directory in the repository; "" for the root."""
        return f"{self.role.directory}/{self.name}" if self.role.directory else ""

    @property
    def slug(self) -> str:
        """The name in keys and addresses: lower-case, blanks removed."""
        return self.name.replace(" ", "").lower()
