"""Where a written address leads: patterns of Terraform documentation to pages of this site, always relative.

A resolver is a pure function of the package, the page and the targets it is given; it never names a version, so that a
body can be shared by all versions that have the same text (the exception is a version that the author names).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from urllib.parse import quote, unquote

from builder.errors import UsageError
from builder.model.address import Address, Kind
from builder.model.body import LinkState, Resolution
from builder.model.snapshot import Repository
from builder.pages.addresses import LATEST
from builder.pages.linktargets import CDKTF, PAGE_SUFFIX, SEGMENTS, LinkHosts, PageTargets

__all__ = ["LinkHosts", "PageTargets", "Resolver"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_VERSION = re.compile(r"v?\d+(?:\.\d+){0,2}(?:[-+_][\w.+-]+)?")
_FIELD = re.compile(r"[A-Z]\w*\.\w+(?:\.\w+)*", re.ASCII)  # Cluster.storage_resources
_README = re.compile(r"(?:^|/)readme(?:\.(?:md|markdown))?$", re.IGNORECASE)
_FILE = re.compile(  # suffixes of files that are no pages
    r"\.(?:avif|gif|ico|jpe?g|png|svg|webp|pdf|zip|csv|go|hcl|json|py|sh|tf|tfvars|tmpl|tofu|toml|txt|xml|ya?ml)$",
    re.IGNORECASE,
)
_PART_PATH = re.compile(r"(modules|examples)/(?:([\w .@-]+)/|([\w @-]+)$)", re.ASCII)
_MARKDOWN = re.compile(r"\.(?:md|markdown)$", re.IGNORECASE)
_DOCS = ("docs/", "website/docs/")
_DEFAULT_REFS = frozenset({"head", "main", "master"})
# pages of a repository; READMEs link to them with ../../ as seen from where forges show files
_FORGE_PAGES = frozenset(
    {"actions", "commits", "discussions", "issues", "pulls", "releases", "security", "tags", "wiki"}
)
_PART_ROLES = {"submodules": "modules", "modules": "modules", "examples": "examples"}
_HOST_PREFIX = "user-content-"  # what a forge puts before the ids of a README


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
        lasting: Callable[[str], bool] = lambda _: False,
        repository: Repository | None = None,
    ) -> None:
        """`page` is the page's path below the documents' root, "" for the root page (as in PageTargets.pages).

        `packages` says whether another package has pages here, `versions` are the path segments of this package's
        versions that have pages, `lasting` says whether a page that this version lacks answers under `latest`,
        `repository` is where links to files that are no pages lead.
        """
        self._address = address
        self._targets = targets
        self._page = page
        self._hosts = hosts
        self._packages = packages
        self._versions = versions
        self._lasting = lasting
        self._repository = repository
        parts = [part for part in page.split("/") if part]
        language = 2 if parts[:1] == [CDKTF] else 0
        self._kind = parts[language : language + 1]
        self._up = "../" * len(parts)  # to the documents' root
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
        return self._page_of(rest, tail)

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
            return self._elsewhere([inner.strip("/")], tail)
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
        segment = _segment(version)
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
        name, rest = PAGE_SUFFIX.sub("", parts[2].lower()), parts[3:]
        if self._address.kind is Kind.PROVIDER and name == self._address.name:
            return self._page_of(rest, tail)
        for namespace in dict.fromkeys((*self._hosts.official, self._address.namespace)):
            package = _package(Kind.PROVIDER, [namespace, name])
            if package is not None and self._packages(package):
                return self._other(package, _kind_path(rest), "docs/", tail, address)
        return Resolution(LinkState.OTHER_PACKAGE, address)

    def _own_repository(self, address: str) -> Resolution | None:
        """A page's file on the forge is the page: of this version on the default branch, of another at its tag."""
        if self._repository is None:
            return None
        path, tail = _split(address)
        root = self._repository.url.lower().rstrip("/") + "/"
        if not path.lower().startswith(root):
            return None
        view, _, rest = path[len(root) :].partition("/")
        ref, _, inner = rest.partition("/")
        if view not in ("tree", "blob") or not inner.strip("/"):
            return None
        page = self._page_of_file(unquote(inner))
        if page is None:
            is_default = ref.lower() in _DEFAULT_REFS
            return self._last(self._names_of_file(unquote(inner)), tail) if is_default else None
        if ref.lower() in _DEFAULT_REFS:
            return self._to(page, tail)
        if _VERSION.fullmatch(ref) and _segment(ref) in self._versions:
            inner = "docs/" if self._address.kind is Kind.PROVIDER else ""
            path = f"{inner}{quote(page, safe='/@')}/".lstrip("/")
            return self._other_version(ref, path, tail, address)
        return None

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
            return _broken("it is a path of another site")
        return Resolution(LinkState.CORE, core + _fragment(tail))

    def _in_repository(self, path: str, tail: str) -> Resolution | None:
        """/website/docs/r/x.html.markdown, /docs/resources/x.md: the page of that file; /examples/x: the file."""
        inner = unquote(path).strip("/")
        page = self._page_of_file(inner)
        if page is not None:
            return self._to(page, tail)
        return self._on_forge(inner, tail) if self._is_file(inner) else None

    def _page_of_file(self, inner: str) -> str | None:
        """The page of a path in the repository."""
        if self._address.kind is Kind.MODULE:
            return self._part(inner)
        if inner in self._targets.files:
            return self._targets.files[inner]
        parts = inner.split("/")
        is_website = parts[:1] == ["website"]
        parts = parts[is_website:]
        named = is_website or "/".join(parts[1:2]).lower() in SEGMENTS
        return self._find(parts[1:]) if named and parts[:1] == ["docs"] else None

    def _names_of_file(self, inner: str) -> Iterator[str]:
        """The names of a page that this version lacks, of a path in the repository. Of a module, every directory below
        modules/ and examples/ has a page, so that a path into another one leads nowhere."""
        if self._address.kind is Kind.PROVIDER:
            yield from self._targets.names(inner.split("/"), self._address.name)
            return
        found = _PART_PATH.match(inner)
        name = (found[2] or found[3]) if found else ""
        if found and f"{found[1]}/{name}" not in self._targets.directories:
            yield f"{found[1]}/{name.replace(' ', '').lower()}"

    def _relative(self, path: str, tail: str) -> Resolution:
        """A path relative to the directory of the page's kind, else to that of its file."""
        page = self._find(_join(self._kind, path))
        if page is None and self._kind:
            page = self._find(_join([], path))
        if page is not None:
            return self._to(page, tail)
        place = self._targets.places.get(self._page)
        if place is not None:
            inner = unquote("/".join(_join(place.split("/"), path)))
            if inner in self._targets.files:
                return self._to(self._targets.files[inner], tail)
            if self._is_file(inner):
                return self._on_forge(inner, tail)
        if _FIELD.fullmatch(path) and not PAGE_SUFFIX.search(path):
            return Resolution(LinkState.NOT_A_LINK)
        return self._elsewhere(
            self._targets.names(_join(self._kind, path), self._address.name), tail
        )

    def _page_of(self, parts: list[str], tail: str) -> Resolution:
        page = self._find(parts)
        if page is not None:
            return self._to(page, tail)
        return self._elsewhere(self._targets.names(parts, self._address.name), tail)

    def _elsewhere(self, names: Iterable[str], tail: str) -> Resolution:
        return self._last(names, tail) or _broken("there is no such page")

    def _last(self, names: Iterable[str], tail: str) -> Resolution | None:
        """A page that this version lacks, by the names it may have: the one under `latest` is lasting, even when it is
        an older version's."""
        for name in names:
            if self._lasting(name):
                inner = "docs/" if self._address.kind is Kind.PROVIDER else ""
                path = f"{inner}{quote(name, safe='/@')}/"
                target = f"{self._to_package}{LATEST}/{path}{_fragment(tail)}"
                return Resolution(LinkState.OTHER_VERSION, target)
        return None

    def _find(self, parts: list[str]) -> str | None:
        return self._targets.find(parts, self._address.name)

    def _is_file(self, inner: str) -> bool:
        """True for a path of a provider's repository that can be no page: an image, an example, a text elsewhere."""
        if self._repository is None or _FILE.search(inner):
            return self._repository is not None
        folder = inner.rpartition("/")[0].rpartition("/")[2].lower()
        is_text = _MARKDOWN.search(inner) is not None and not inner.startswith(_DOCS)
        return inner.startswith("examples/") or (is_text and folder not in SEGMENTS)

    def _on_forge(self, inner: str, tail: str) -> Resolution:
        """A file or directory of the repository, where it can be looked at.

        The reference is HEAD, not the version's tag: a body is shared by all versions with the same text.
        """
        assert self._repository is not None
        if inner.endswith("/"):
            target = f"{self._repository.tree_url('HEAD')}/{quote(inner[:-1])}"
        else:
            target = self._repository.blob_url("HEAD", quote(inner))
        return Resolution(LinkState.EXTERNAL, target + tail)

    def _file(self, path: str, tail: str) -> Resolution:
        """A file of a module's repository: a part's page, else the file on the forge."""
        place = "" if path.startswith("/") else self._targets.places.get(self._page, "")
        base = [part for part in place.split("/") if part]
        parts = [unquote(part) for part in _join(base, path)]
        inner = "/".join(parts)
        found = self._part(inner)
        if found is not None:
            return self._to(found, tail)
        if self._repository is None:
            return _broken("there is no such page")
        lost = list(self._names_of_file(f"{inner}/" if path.endswith("/") else inner))
        if lost:
            return self._elsewhere(lost, tail)
        if _steps_above(base, path) == 2 and parts[0].lower() in _FORGE_PAGES:
            return Resolution(LinkState.EXTERNAL, f"{self._repository.url}/{quote(inner)}{tail}")
        return self._on_forge(f"{inner}/" if path.endswith("/") else inner, tail)

    def _part(self, path: str) -> str | None:
        """The page of the module part whose directory or README this is; letter case counts only where it matters."""
        directory = _README.sub("", path).strip("/")
        found = self._targets.directories.get(directory)
        if found is None and directory.lower().startswith(("modules/", "examples/")):
            folded = {name.lower(): page for name, page in self._targets.directories.items()}
            found = folded.get(directory.lower())
        return found

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
    _, mark, name = tail.partition("#")
    return mark + name.removeprefix(_HOST_PREFIX)


def _join(base: list[str], path: str) -> list[str]:
    """The parts of a relative path seen from `base`; `..` above the root stays at the root."""
    parts = list(base)
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return parts


def _steps_above(base: list[str], path: str) -> int:
    """How many directories above `base`'s root a relative path leads."""
    depth, above = len(base), 0
    for part in path.split("/"):
        if part == ".." and depth == 0:
            above += 1
        elif part == "..":
            depth -= 1
        elif part not in ("", "."):
            depth += 1
    return above


def _segment(version: str) -> str:
    """The path segment of a version that an address names."""
    return version.removeprefix("v").replace("+", "_")


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
    if len(parts) < 2 or parts[-2].lower() not in SEGMENTS:
        return ""
    slug = PAGE_SUFFIX.sub("", parts[-1].lower())
    return f"{SEGMENTS[parts[-2].lower()]}/{quote(slug, safe='@')}/"
