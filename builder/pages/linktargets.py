"""What links can lead to: hosts that authors mean, the moved pages of the core documentation, the pages of one version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname
from urllib.parse import quote, unquote

from builder.model.document import DOC_KINDS, KIND_BY_KEY, Document, Part
from builder.pages.addresses import part_path

PAGE_SUFFIX = re.compile(r"\.(?:html\.markdown|html\.md|markdown|md|html)$", re.IGNORECASE)
SEGMENTS = {  # what stands before a page's name -> segment of its address
    name: kind.segment
    for kind in DOC_KINDS
    for name in (kind.segment, kind.key, *kind.accepted, *kind.directories)
}
ROOT_KINDS = ("resources", "data-sources", "guides")  # searched for a name without a kind
OBJECT_KINDS = ("resources", "data-sources", "ephemeral-resources", "list-resources", "actions")
CDKTF = "cdktf"
MAX_ENCODINGS = 3  # times that a part of an address was percent-encoded

_DROPPED = re.compile(r"[^a-z0-9_.-]")  # the characters that names of pages never hold

# Documentation of Terraform's core under paths it had on terraform.io: prefix -> address. `*` keeps the page's name.
CORE_DOCUMENTATION: Mapping[str, str] = {
    "/docs/backends/": "https://opentofu.org/docs/language/settings/backends/configuration/",
    "/docs/cli/": "https://opentofu.org/docs/cli/",
    "/docs/commands/": "https://opentofu.org/docs/cli/commands/*",
    "/docs/configuration/data-sources": "https://opentofu.org/docs/language/data-sources/",
    "/docs/configuration/modules": "https://opentofu.org/docs/language/modules/",
    "/docs/configuration/outputs": "https://opentofu.org/docs/language/values/outputs/",
    "/docs/configuration/provider": "https://opentofu.org/docs/language/providers/configuration/",
    "/docs/configuration/resources": "https://opentofu.org/docs/language/resources/",
    "/docs/configuration/variables": "https://opentofu.org/docs/language/values/variables/",
    "/docs/configuration/": "https://opentofu.org/docs/language/",
    "/docs/import/": "https://opentofu.org/docs/cli/import/",
    "/docs/language/": "https://opentofu.org/docs/language/",
    "/docs/modules/": "https://opentofu.org/docs/language/modules/",
    "/docs/provisioners/": "https://opentofu.org/docs/language/resources/provisioners/syntax/",
    "/docs/state/": "https://opentofu.org/docs/language/state/*",
    "/docs/": "https://opentofu.org/docs/",
}


@dataclass(frozen=True, slots=True)
class LinkHosts:
    """Which hosts authors mean: registries, and sites of the core documentation. All lower-case.

    `core` is the table of moved pages, longest prefix first when sorted; `official` are the namespaces that
    `/docs/providers/<name>/` may mean.
    """

    registries: tuple[str, ...] = ()
    documentation: tuple[str, ...] = ("www.terraform.io", "terraform.io")
    core: Mapping[str, str] = field(default_factory=lambda: CORE_DOCUMENTATION)
    official: tuple[str, ...] = ("hashicorp",)

    def core_address(self, path: str) -> str | None:
        """The present address of a page of the core documentation, or None."""
        bare = PAGE_SUFFIX.sub("", path)
        prefix = max((p for p in self.core if f"{bare}/".startswith(p)), key=len, default=None)
        if prefix is None:
            return None
        name = bare[len(prefix) :].strip("/")
        name = "" if name == "index" else name
        return self.core[prefix].replace("*", f"{quote(name)}/" if name else "")


@dataclass(frozen=True, slots=True)
class PageTargets:
    """The pages of one version below its documents' root.

    `pages` are the paths of kind pages (`resources/pet`) or of module parts (`modules/x`); the root page "" is always
    there. The rest says where they lie in the repository: `files` maps a page's file, `directories` a module part's
    directory to the page, and `places` the page to the directory of its text.
    """

    pages: frozenset[str] = frozenset()
    files: Mapping[str, str] = field(default_factory=dict)
    directories: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_documents(cls, documents: Iterable[Document]) -> PageTargets:
        """The pages of a provider version."""
        files = {d.path: _page(d) for d in documents}
        places = {page: dirname(file) for file, page in files.items()}
        return cls(frozenset(places) - {""}, files, places=places)

    @classmethod
    def of_parts(cls, parts: Iterable[Part]) -> PageTargets:
        """The pages of a module version."""
        found = {f"{p.role.directory}/{p.name}".strip("/"): part_path(p) for p in parts}
        places = {page: directory for directory, page in found.items()}
        return cls(frozenset(places) - {""}, directories=found, places=places)

    def find(self, parts: list[str], provider: str) -> str | None:
        """The page that the parts of an address mean; "" is the index, None: there is none.

        Suffixes go one by one, `<provider>_` is added or left out. When the kind named lacks the page, another kind of
        the provider's objects that has it is meant.
        """
        parts = [_plain(part) for part in parts]
        for related in (False, True):
            for spelled in _spellings(parts):
                page = self._look(spelled, provider, related=related)
                if page is not None:
                    return page
        return None

    @staticmethod
    def names(parts: list[str], provider: str) -> Iterator[str]:
        """The names of the page that the parts of an address may mean, kind and all."""
        for spelled in _spellings([_plain(part) for part in parts]):
            if len(spelled) > 1:
                for kind in _kinds(spelled, related=False):
                    yield from (f"{kind}/{slug}" for slug in _slugs(spelled[-1], provider))

    def _look(self, parts: list[str], provider: str, *, related: bool) -> str | None:
        if not parts or parts[-1] == "index" or parts == ["docs"] or parts[-2:-1] == [CDKTF]:
            return ""
        for kind in _kinds(parts, related=related):
            for slug in _slugs(parts[-1], provider):
                if f"{kind}/{slug}" in self.pages:
                    return f"{kind}/{slug}"
        return "" if len(parts) == 1 and parts[0] in SEGMENTS else None


def _page(document: Document) -> str:
    """Its page below the pages of its language."""
    return f"{KIND_BY_KEY[document.kind].segment}/{document.slug}" if document.kind else ""


def _kinds(parts: list[str], *, related: bool) -> tuple[str, ...]:
    """The kinds to look at: those named; `related`: those that may have been meant."""
    if len(parts) == 1:
        return ROOT_KINDS
    kind = SEGMENTS.get(parts[-2])
    if related:
        return OBJECT_KINDS if kind in OBJECT_KINDS else ()
    return (kind,) if kind else ()


def _slugs(name: str, provider: str) -> Iterator[str]:
    """What the page of this name may be called. File names lose their odd characters, so links to them do too."""
    prefix = f"{provider}_"
    for slug in dict.fromkeys((name, _DROPPED.sub("", name))):
        if slug:
            yield from (slug, slug.removeprefix(prefix), prefix + slug)


def _spellings(parts: list[str]) -> Iterator[list[str]]:
    """The parts as written, then without one suffix after the other."""
    while True:
        yield parts
        shorter = PAGE_SUFFIX.sub("", parts[-1]) if parts else ""
        if not parts or shorter == parts[-1]:
            return
        parts = [*parts[:-1], shorter]


def _plain(part: str) -> str:
    """Lower-case, without percent-encoding, also where it was encoded more than once."""
    for _ in range(MAX_ENCODINGS):
        decoded = unquote(part)
        if decoded == part:
            break
        part = decoded
    return part.lower()
