"""Where a written address leads: patterns of Terraform documentation to pages of this site, always relative.

A resolver is a pure function of the package, the page and the targets it is given; it never names a version, so that a
body can be shared by all versions that have the same text (the exception is a version that the author names).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from builder.errors import UsageError
from builder.model.address import Address, Kind
from builder.model.body import LinkState, Resolution
from builder.model.document import DOC_KINDS, KIND_BY_KEY, Document, Part
from builder.model.snapshot import Repository
from builder.pages.addresses import LATEST, part_path

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SUFFIX = re.compile(r"\.(?:html\.markdown|html\.md|markdown|md|html)$", re.IGNORECASE)
_VERSION = re.compile(r"v?\d+(?:\.\d+){0,2}(?:[-+_][\w.+-]+)?")
_FIELD = re.compile(r"[A-Z]\w*\.\w+(?:\.\w+)*", re.ASCII)  # Cluster.storage_resources
_README = re.compile(r"(?:^|/)readme(?:\.(?:md|markdown))?$", re.IGNORECASE)
_DEFAULT_REFS = frozenset({"head", "main", "master"})
_SEGMENTS = {
    name: kind.segment
    for kind in DOC_KINDS
    for name in (kind.segment, kind.key, *kind.accepted, *kind.directories)
}
_ROOT_KINDS = ("resources", "data-sources", "guides")  # searched for a name without a kind
_PART_ROLES = {"submodules": "modules", "modules": "modules", "examples": "examples"}

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
        bare = _SUFFIX.sub("", path)
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
    there. `directories` maps a part's directory in the repository to its path.
    """

    pages: frozenset[str] = frozenset()
    directories: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_documents(cls, documents: Iterable[Document]) -> PageTargets:
        """The pages of a provider version."""
        paths = (f"{KIND_BY_KEY[d.kind].segment}/{d.slug}" for d in documents if d.kind)
        return cls(frozenset(paths))

    @classmethod
    def of_parts(cls, parts: Iterable[Part]) -> PageTargets:
        """The pages of a module version."""
        found = {f"{p.role.directory}/{p.name}".strip("/"): part_path(p) for p in parts}
        return cls(frozenset(found.values()) - {""}, found)


class Resolver:
    """Resolves the addresses of one page. Call it with an address as written."""

    def __init__(
        self,
        address: Address,
        targets: PageTargets,
        page: str,
        *,
        hosts: LinkHosts,
        packages: Callable[[Address], bool],
        versions: Container[str] = (),
        repository: Repository | None = None,
    ) -> None:
        """`page` is the page's path below the documents' root, "" for the root page (as in PageTargets.pages).

        `packages` says whether another package has pages here, `versions` are the path segments of this package's
        versions that have pages, `repository` is where links to files of a module lead.
        """
        self._address = address
        self._targets = targets
        self._page = page
        self._hosts = hosts
        self._packages = packages
        self._versions = versions
        self._repository = repository
        depth = len([part for part in page.split("/") if part])
        self._up = "../" * depth  # to the documents' root
        inner = 1 if address.kind is Kind.PROVIDER else 0
        self._to_version = self._up + "../" * inner
        self._to_package = self._to_version + "../"
        self._to_site = self._to_package + "../" * (len(address.path.split("/")))

    def __call__(self, written: str) -> Resolution:
        """What the address leads to. Never raises."""
        address = written.strip()
        if address.startswith("#"):
            return Resolution(LinkState.FRAGMENT, address)
        if not address:
            return _broken("a link without an address")
        if address.startswith("//"):
            address = f"https:{address}"
        scheme = _SCHEME.match(address)
        host = address.split("/", 1)[0].lower()
        if scheme is None and host in (*self._hosts.registries, *self._hosts.documentation):
            return self._absolute(f"https://{address}")
        if scheme is not None:
            return self._absolute(address)
        path, tail = _split(address)
        if path.startswith("/"):
            return self._rooted(path, tail)
        if self._address.kind is Kind.MODULE:
            return self._file(path, tail)
        return self._relative(path, tail)

    # absolute addresses

    def _absolute(self, address: str) -> Resolution:
        scheme, colon, rest = address.partition("://")
        if not colon or scheme.lower() not in ("http", "https"):
            return Resolution(LinkState.EXTERNAL, address)
        location, tail = _split(rest)
        host, _, path = location.partition("/")
        host = host.lower()
        if host in self._hosts.registries:
            found = self._registry(path, tail, address)
        elif host in self._hosts.documentation:
            found = self._documentation(f"/{path}", tail, address)
        else:
            found = self._own_repository(address)
        return found or Resolution(LinkState.EXTERNAL, address)

    def _registry(self, path: str, tail: str, address: str) -> Resolution | None:
        """A path of a registry's site: providers/ns/name/… and modules/ns/name/system/…; None for others."""
        kind, *parts = [unquote(part) for part in path.split("/") if part] or [""]
        if kind == Kind.PROVIDER.plural and len(parts) >= 2:
            return self._provider(parts, tail, address)
        if kind == Kind.MODULE.plural and len(parts) >= 3:
            return self._module(parts, tail, address)
        return None

    def _provider(self, parts: list[str], tail: str, address: str) -> Resolution | None:
        package = _package(Kind.PROVIDER, parts[:2])
        version, rest = _after_version(parts[2:])
        if package is None:
            return None
        if rest[:1] == ["docs"]:
            rest = rest[1:]
        if package != self._address:
            return self._other(package, _kind_path(rest), "docs/", tail, address)
        if version and version != LATEST:
            return self._other_version(version, f"docs/{_kind_path(rest)}", tail, address)
        return self._page_of(rest, tail, address)

    def _module(self, parts: list[str], tail: str, address: str) -> Resolution | None:
        package = _package(Kind.MODULE, parts[:3])
        version, rest = _after_version(parts[3:])
        if package is None:
            return None
        inner = ""
        if len(rest) >= 2 and rest[0] in _PART_ROLES:
            inner = f"{_PART_ROLES[rest[0]]}/{quote(rest[1].replace(' ', '').lower())}/"
        if package != self._address:
            return self._other(package, inner, "", tail, address)
        if version and version != LATEST:
            return self._other_version(version, inner, tail, address)
        if inner and inner.strip("/") not in self._targets.pages:
            return _broken(f"no page {inner}")
        return self._to(inner.strip("/"), tail)

    def _other(
        self, package: Address, path: str, inner: str, tail: str, address: str
    ) -> Resolution:
        """A page of another package: its latest version's if the package is hosted here. The page is not checked."""
        if not self._packages(package):
            return Resolution(LinkState.OTHER_PACKAGE, address)
        target = f"{self._to_site}{package.path}/{LATEST}/{inner}{path}{tail}"
        return Resolution(LinkState.OTHER_PACKAGE, target)

    def _other_version(self, version: str, path: str, tail: str, address: str) -> Resolution:
        segment = version.removeprefix("v").replace("+", "_")
        if segment not in self._versions:
            return Resolution(LinkState.OTHER_VERSION, address)
        target = f"{self._to_package}{quote(segment)}/{path}{tail}"
        return Resolution(LinkState.OTHER_VERSION, target)

    def _documentation(self, path: str, tail: str, address: str) -> Resolution:
        """A path of the core documentation's site, which once held the providers' pages too."""
        return self._legacy(path, tail, address) or Resolution(LinkState.CORE, address)

    def _legacy(self, path: str, tail: str, address: str) -> Resolution | None:
        """/docs/providers/<name>/…; None for other paths."""
        parts = [unquote(part) for part in path.split("/") if part]
        if parts[:2] != ["docs", "providers"] or len(parts) < 3:
            return None
        name, rest = _SUFFIX.sub("", parts[2].lower()), parts[3:]
        if self._address.kind is Kind.PROVIDER and name == self._address.name:
            return self._page_of(rest, tail, path)
        for namespace in dict.fromkeys((*self._hosts.official, self._address.namespace)):
            package = _package(Kind.PROVIDER, [namespace, name])
            if package is not None and self._packages(package):
                return self._other(package, _kind_path(rest), "docs/", tail, address)
        return Resolution(LinkState.OTHER_PACKAGE, address)

    def _own_repository(self, address: str) -> Resolution | None:
        """A link to a part of this module on its default branch is a link to the part's page."""
        if self._repository is None or self._address.kind is not Kind.MODULE:
            return None
        path, tail = _split(address)
        root = self._repository.url.lower().rstrip("/") + "/"
        if not path.lower().startswith(root):
            return None
        view, _, rest = path[len(root) :].partition("/")
        ref, _, inner = rest.partition("/")
        if view not in ("tree", "blob") or ref.lower() not in _DEFAULT_REFS or not inner:
            return None
        found = self._part(unquote(inner))
        return None if found is None else self._to(found, tail)

    # addresses without a host

    def _rooted(self, path: str, tail: str) -> Resolution:
        """An address that starts with a slash: it means the site that the author had in mind."""
        documentation = f"https://{next(iter(self._hosts.documentation), '')}{path}{tail}"
        found = self._legacy(path, tail, documentation)
        if found is not None:
            return found
        if self._address.kind is Kind.MODULE:
            return self._file(path, tail)
        registry = f"https://{next(iter(self._hosts.registries), '')}{path}{tail}"
        found = self._registry(path, tail, registry) or self._in_repository(path, tail)
        if found is not None:
            return found
        core = self._hosts.core_address(path)
        if core is None:
            return _broken(f"{path} is a path of another site")
        return Resolution(LinkState.CORE, core + _fragment(tail))

    def _in_repository(self, path: str, tail: str) -> Resolution | None:
        """/website/docs/r/x.html.markdown, /docs/resources/x.md: the page of that file."""
        parts = [part for part in path.split("/") if part]
        is_website = parts[:1] == ["website"]
        if is_website:
            parts = parts[1:]
        if parts[:1] != ["docs"] or not (is_website or "/".join(parts[1:2]).lower() in _SEGMENTS):
            return None
        page = self._find(parts[1:])
        return None if page is None else self._to(page, tail)

    def _relative(self, path: str, tail: str) -> Resolution:
        """A path relative to the directory of the page's kind."""
        base = self._page.split("/")[:1] if self._page else []
        page = self._find(_join(base, path))
        if page is None and base:
            page = self._find(_join([], path))
        if page is not None:
            return self._to(page, tail)
        if _FIELD.fullmatch(path) and not _SUFFIX.search(path):
            return Resolution(LinkState.NOT_A_LINK)
        return _broken(f"no page {path}")

    def _page_of(self, parts: list[str], tail: str, address: str) -> Resolution:
        page = self._find(parts)
        return _broken(f"no page {address}") if page is None else self._to(page, tail)

    def _find(self, parts: list[str]) -> str | None:
        """The path of the page that these parts of an address mean; "" is the index, None: there is none."""
        parts = [unquote(part).lower() for part in parts]
        while True:
            page = self._look(parts)
            shorter = _SUFFIX.sub("", parts[-1]) if parts else ""
            if page is not None or not parts or shorter == parts[-1]:
                return page
            parts = [*parts[:-1], shorter]

    def _look(self, parts: list[str]) -> str | None:
        if not parts or parts[-1] == "index" or parts == ["docs"]:
            return ""
        if len(parts) == 1:
            kinds: tuple[str, ...] = _ROOT_KINDS
        else:
            kind = _SEGMENTS.get(parts[-2])
            kinds = (kind,) if kind else ()
        prefix = f"{self._address.name}_"
        for kind in kinds:
            for slug in (parts[-1], parts[-1].removeprefix(prefix), prefix + parts[-1]):
                if f"{kind}/{slug}" in self._targets.pages:
                    return f"{kind}/{slug}"
        return "" if len(parts) == 1 and parts[0] in _SEGMENTS else None

    def _file(self, path: str, tail: str) -> Resolution:
        """A file of a module's repository: a part's page, else the file where the repository can be looked at.

        The reference is HEAD, not the version's tag: a body is shared by all versions with the same text.
        """
        directories = {page: directory for directory, page in self._targets.directories.items()}
        base = [] if path.startswith("/") else directories.get(self._page, "").split("/")
        parts = [unquote(part) for part in _join([b for b in base if b], path)]
        inner = "/".join(parts)
        found = self._part(inner)
        if found is not None:
            return self._to(found, tail)
        if self._repository is None:
            return _broken(f"no page {path}")
        if path.endswith("/"):
            target = f"{self._repository.tree_url('HEAD')}/{quote(inner)}"
        else:
            target = self._repository.blob_url("HEAD", quote(inner))
        return Resolution(LinkState.EXTERNAL, target + tail)

    def _part(self, path: str) -> str | None:
        """The page of the module part whose directory or README this is."""
        directory = _README.sub("", path).strip("/")
        return self._targets.directories.get(directory)

    def _to(self, page: str, tail: str) -> Resolution:
        """A page of this version, by its path below the documents' root."""
        inner = f"{quote(page, safe='/@')}/" if page else ""
        return Resolution(LinkState.INTERNAL, (self._up + inner or "./") + _fragment(tail))


def _broken(message: str) -> Resolution:
    return Resolution(LinkState.BROKEN, message=message)


def _split(address: str) -> tuple[str, str]:
    """The address without query and fragment, and these two."""
    end = min((i for i in (address.find("?"), address.find("#")) if i >= 0), default=len(address))
    return address[:end], address[end:]


def _fragment(tail: str) -> str:
    """The fragment out of a query and fragment; queries mean nothing to static pages."""
    return tail[tail.find("#") :] if "#" in tail else ""


def _join(base: list[str], path: str) -> list[str]:
    """The parts of a relative path seen from `base`; `..` above the root stays at the root."""
    parts = list(base)
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return parts


def _package(kind: Kind, parts: list[str]) -> Address | None:
    try:
        return Address.of(kind, *parts)
    except UsageError:
        return None


def _after_version(parts: list[str]) -> tuple[str, list[str]]:
    """The version that an address names ("" for none) and what follows it."""
    if parts and (parts[0].lower() == LATEST or _VERSION.fullmatch(parts[0])):
        return parts[0].lower(), parts[1:]
    return "", parts


def _kind_path(parts: list[str]) -> str:
    """`<kind>/<slug>/` of a page of another package or version; "" for its index."""
    if len(parts) < 2 or parts[-2].lower() not in _SEGMENTS:
        return ""
    slug = _SUFFIX.sub("", parts[-1].lower())
    return f"{_SEGMENTS[parts[-2].lower()]}/{quote(slug, safe='@')}/"
