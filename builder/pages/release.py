"""The pages of one release: overview or README, documents, module parts, their Markdown twins, nav.json, version.json.

What a page says depends on its text alone, so that it is the same file in every version that has the same text; only
the release's first page, nav.json and version.json know the version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from builder.model.address import Kind
from builder.model.artifact import Artifact, Output, Redirect
from builder.model.body import Body
from builder.model.docs import ReleaseDocs
from builder.model.document import KIND_BY_KEY, Document, Part, PartRole
from builder.pages import facts, navigation
from builder.pages.addresses import (
    INDEX,
    LATEST,
    archive_path,
    as_file,
    docs_root,
    document_path,
    href,
    language_path,
    part_path,
)
from builder.pages.bodies import Bodies, Resolve, Source
from builder.pages.contexts import DocumentPage, Interface, Link, NavGroup, ReleasePage
from builder.pages.environment import Frames
from builder.pages.folding import LARGE_PAGE, fold
from builder.pages.interface import headings, interface, rendered
from builder.pages.linkreport import LinkReport
from builder.pages.package import compact, home_link, package_crumb, package_trail
from builder.pages.site import Site
from builder.pages.structured import article_data
from builder.pages.toc import toc
from builder.pages.twins import with_twin

DESCRIPTION_LENGTH = 200  # characters


@dataclass(frozen=True, slots=True)
class Release:
    """Everything the pages of one release are made from.

    `resolver` gives the resolver for a page, which is named by its directory below the release's root ("" the root).
    """

    site: Site
    docs: ReleaseDocs
    segment: str
    read: Callable[[str], bytes]
    bodies: Bodies
    resolver: Callable[[str], Resolve]
    links: LinkReport
    removed: bool = False  # the pages are shown under `latest`, which no longer has them
    has_pages: bool = True  # the release has pages under its own version
    archive: bool = False  # the version can be had as an archive
    host: str = ""  # the registry that authors' links name

    @property
    def base(self) -> str:
        """The directory of the release's first page."""
        return docs_root(self.docs.address, self.segment)

    @property
    def lasting(self) -> str:
        """The same directory under `latest`, which is what canonical links name."""
        return docs_root(self.docs.address, LATEST)

    def body(self, page: str, source: Source, file: str) -> Body:
        """The body of a text, noted for the link report."""
        body = self.bodies.body(source, self.resolver(page))
        self.links.add(page, file, body)
        return body

    def interface(self, page: str, part: Part | None) -> Interface | None:
        """What the module directory of a page takes and gives."""
        if part is None:
            return None
        return interface(self.site, part, self.docs.address, self.host, self.resolver(page))

    def twin(self, page: str, blob: str) -> Artifact:
        """The stored text beside its page."""
        return Artifact(f"{self.directory(page)}/index.md", self.read(blob))

    def html(self, page: str, text: str) -> Artifact:
        """A page in a directory below the release's root."""
        return Artifact(f"{self.directory(page)}/index.html", text.encode())

    def directory(self, page: str) -> str:
        """The directory of a page that is named below the release's root."""
        return f"{self.base}/{page}" if page else self.base


def provider_outputs(release: Release) -> Iterator[Output]:
    """All outputs of a provider's release: the pages in HCL, and those for each CDKTF language."""
    yield from _provider_tree(release, "")
    if release.site.cdktf:
        for language in navigation.languages(release.docs):
            yield from _provider_tree(release, language)


def _provider_tree(release: Release, language: str) -> Iterator[Output]:
    """The pages for one language, with a first page, nav.json and version.json of their own."""
    documents = navigation.pages(release.docs, language)
    page = language_path(language)
    root = release.base
    here = f"{root}/{page}".rstrip("/")
    groups = navigation.provider_groups(release.site, documents, root, here)
    yield from _first_page(release, _overview_source(release.docs, language), groups, language)
    yield from _documents(release, documents)
    yield _json(release, page, "nav.json", navigation.provider_nav(documents))
    yield _json(release, page, "version.json", version_facts(release.docs, release.site, language))


def module_outputs(release: Release) -> Iterator[Output]:
    """All outputs of a module's release."""
    parts = release.docs.parts
    root = _root(release.docs)
    source = (Source(root.blob, "", release.docs.address.name), root.path) if root else None
    groups = navigation.module_groups(release.site, parts, release.base)
    yield from _first_page(release, source, groups)
    yield from _parts(release, parts)
    yield _json(release, "", "nav.json", navigation.module_nav(parts))
    yield _json(release, "", "version.json", version_facts(release.docs, release.site))


def _root(docs: ReleaseDocs) -> Part | None:
    return next((part for part in docs.parts if part.role is PartRole.ROOT), None)


def removed_outputs(release: Release, pages: Collection[str]) -> Iterator[Output]:
    """Those of a release's pages that the newest version no longer has, as they answer under `latest`, with a notice.
    `pages` are their directories below the release's root. The first page of a language that is gone leads to the
    newest version's."""
    documents = [d for d in release.docs.documents if d.kind and document_path(d) in pages]
    yield from _documents(release, documents)
    yield from _parts(release, [p for p in release.docs.parts if part_path(p) in pages])
    for language in navigation.languages(release.docs):
        if language_path(language) in pages:
            target = as_file(f"{release.base}/") if release.site.file_links else f"{release.base}/"
            yield Redirect(f"{release.base}/{language_path(language)}/{INDEX}", target)


def _json(release: Release, page: str, name: str, value: object) -> Artifact:
    return Artifact(f"{release.directory(page)}/{name}", compact(value))


def _overview_source(docs: ReleaseDocs, language: str) -> tuple[Source, str] | None:
    """The text of the first page: what replaces a withheld version's, else the overview document."""
    if docs.replacement:
        return Source(docs.replacement, "", docs.address.display), ""
    found = navigation.overview(docs, language)
    place = language_path(language)
    return None if found is None else (Source(found.blob, place, found.title), found.path)


def _first_page(
    release: Release,
    source: tuple[Source, str] | None,
    groups: tuple[NavGroup, ...],
    language: str = "",
) -> Iterator[Output]:
    docs, site, place = release.docs, release.site, language_path(language)
    base = release.directory(place)
    address = docs.address
    body = Body("", "") if source is None else release.body(place, *source)
    section = release.interface(place, _root(docs))
    spoken = navigation.LANGUAGE_NAMES.get(language, "")
    name = f"{address.display} ({spoken})" if spoken else address.display
    page = ReleasePage(
        site=site,
        root=href(base, ""),
        title=f"{name} {docs.version} - {site.name}",
        description=f"Documentation of the {address.kind} {name}, version {docs.version}.",
        canonical=site.canonical(f"{release.lasting}/{place}".rstrip("/") + "/"),
        frame="doc",
        package=address.path,
        trail=package_trail(site, base, address),
        links=(Link("all versions", site.href(base, f"{address.path}/versions/")),),
        kind=address.kind.value,
        name=address.display,
        version=str(docs.version),
        published=docs.published[:10],
        source=facts.web(docs.repository.tree_url(docs.tag)),
        tag=docs.tag,
        archive=site.href(base, archive_path(address, docs.version.segment))
        if release.archive
        else "",
        edit=facts.web(docs.repository.blob_url(docs.tag, source[1]))
        if source and source[1]
        else "",
        language=spoken,
        languages=tuple(_language_links(release, language)),
        licenses=facts.license_rows(docs),
        badges=facts.release_badges(docs),
        notices=facts.release_notices(docs),
        body=_trusted(body.html),
        interface=rendered(site, section),
        toc=toc(site, (*body.toc, *headings(section))),
        groups=groups,
        total=sum(group.total for group in groups),
    )
    text = None if source is None else release.read(source[0].blob)
    yield from with_twin(site, "release.html", base, page, text=text)


def _language_links(release: Release, language: str) -> Iterator[Link]:
    """The first pages for the other languages of a release."""
    found = navigation.languages(release.docs) if release.site.cdktf else ()
    for other in ("", *found) if found else ():
        if other != language:
            here = release.directory(language_path(language))
            target = f"{release.directory(language_path(other))}/"
            yield Link(navigation.LANGUAGE_NAMES.get(other, "HCL"), release.site.href(here, target))


def _documents(release: Release, documents: Iterable[Document]) -> Iterator[Output]:
    thin: dict[tuple[str, str], _ThinPages] = {}
    for document in documents:
        page = document_path(document)
        key = (document.language, document.kind)
        if key not in thin:
            label = KIND_BY_KEY[document.kind].singular.capitalize()
            thin[key] = _ThinPages(release, label, page, document.language)
        yield from _document(release, document, page, thin[key])


def _document(
    release: Release, document: Document, page: str, thin: _ThinPages
) -> Iterator[Output]:
    kind = KIND_BY_KEY[document.kind]
    place = f"{language_path(document.language)}/{document.kind}".lstrip("/")
    source = Source(document.blob, place, document.title or document.name)
    body = release.body(page, source, document.path)
    twin = release.twin(page, document.blob)
    spoken = f", {thin.language}" if thin.language else ""
    text = thin.render(
        page,
        body,
        heading=f"{_bare(body.title, kind.singular) or document.name} ({kind.singular}{spoken})",
        description=document.description or f"{thin.label} {document.name}",
        subcategory=document.subcategory,
        size=len(twin.body),
    )
    yield release.html(page, text)
    yield twin


def _bare(title: str, kind: str) -> str:
    """A title without the kind in brackets that many authors put after it."""
    mark = f"({kind})"
    return title[: -len(mark)].rstrip() if title.lower().endswith(mark) else title


def _parts(release: Release, parts: Iterable[Part]) -> Iterator[Output]:
    roles: dict[PartRole, _ThinPages] = {}
    for part in parts:
        page = part_path(part)
        if part.role is PartRole.ROOT:
            continue
        if part.role not in roles:
            roles[part.role] = _ThinPages(release, part.role.value.capitalize(), page)
        yield from _part(release, part, page, roles[part.role])


def _part(release: Release, part: Part, page: str, thin: _ThinPages) -> Iterator[Output]:
    source = Source(part.blob, f"{part.role.directory}/{part.name}", part.name)
    body = release.body(page, source, part.path)
    twin = release.twin(page, part.blob)
    text = thin.render(
        page,
        body,
        heading=f"{part.name} ({part.role})",
        description=f"{thin.label} {part.name} of the module {release.docs.address.display}",
        size=len(twin.body),
        section=release.interface(page, part),
    )
    yield release.html(page, text)
    yield twin


class _ThinPages:
    """Pages of one kind: their bytes are the same in every version that has their text.

    What surrounds them is made once, since all lie at the same depth; `example` is one of their directories.
    """

    def __init__(self, release: Release, label: str, example: str, language: str = "") -> None:
        self._release = release
        self.label = label
        self.language = navigation.LANGUAGE_NAMES.get(language, "")
        self._frames = Frames(release.site, "document.html")
        site, address, lasting = release.site, release.docs.address, release.lasting
        place = f"{lasting}/{example}"
        trail = [home_link(site, place), package_crumb(site, place, address)]
        pages = "pages of this version" if address.kind is Kind.PROVIDER else "this version"
        trail.append(Link(pages, site.href(place, f"{lasting}/")))
        if language:
            trail.append(
                Link(self.language, site.href(place, f"{lasting}/{language_path(language)}/"))
            )
        self._around = DocumentPage(
            site=site,
            root=href(place, ""),
            title="",
            description="",
            canonical="",
            frame="doc",
            package=address.path,
            trail=tuple(trail),
            links=(Link("all versions", site.href(place, f"{address.path}/versions/")),),
            twin=True,
            label=label,
            language=self.language,
            subcategory="",
            body=Markup(),
            toc=Markup(),
        )

    def render(
        self,
        page: str,
        body: Body,
        *,
        heading: str,
        description: str,
        subcategory: str = "",
        size: int,
        section: Interface | None = None,
    ) -> str:
        """One page, in the directory `page` below the release's root; `size` is that of its text in bytes."""
        site, address = self._release.site, self._release.docs.address
        folded = fold(body.html, body.toc) if size > LARGE_PAGE else (body.html, body.toc)
        context = replace(
            self._around,
            title=f"{_line(heading)} - {address.display} - {site.name}",
            description=_line(description, DESCRIPTION_LENGTH),
            canonical=site.canonical(f"{self._release.lasting}/{page}/"),
            subcategory=_line(subcategory),
            body=_trusted(folded[0]),
            interface=rendered(site, section),
            toc=toc(site, (*folded[1], *headings(section))),
            removed=self._removed(page),
            structured=article_data(heading),
        )
        return self._frames.render(context)

    def _removed(self, page: str) -> Link | None:
        """For a page that the newest version no longer has: where it is in the version it is taken from."""
        release = self._release
        if not release.removed:
            return None
        docs = release.docs
        own = f"{docs_root(docs.address, docs.version.segment)}/{page}/"
        shown = release.site.href(f"{release.lasting}/{page}", own) if release.has_pages else ""
        return Link(str(docs.version), shown)


def _trusted(html: str) -> Markup:
    """A body is HTML by the renderer, which sanitised it; everything else on a page is escaped."""
    return Markup(html)  # noqa: S704 - the one place where a body's HTML enters a page


def _line(text: str, length: int = 0) -> str:
    """One line of text; cut at a word when it is longer than `length` characters."""
    line = " ".join(text.split())
    if not length or len(line) <= length:
        return line
    return f"{line[:length].rsplit(' ', 1)[0]} …"


def version_facts(docs: ReleaseDocs, site: Site, language: str = "") -> dict[str, object]:
    """version.json: what shell.js shows around the pages of a version. Empty members are left out."""
    entry: dict[str, object] = {
        "package": docs.address.path,
        "version": str(docs.version),
        "published": docs.published,
        "tag": docs.tag,
        "source": facts.web(docs.repository.tree_url(docs.tag)),
        "edit": facts.web(docs.repository.blob_url(docs.tag, "{path}")),
        "prerelease": not docs.version.is_stable,
        "yanked": docs.yanked,
        "withheld": docs.reason,
        "warnings": list(docs.warnings),
        "languages": list(navigation.languages(docs)) if site.cdktf else [],
    }
    return {key: value for key, value in entry.items() if value} | _paths(docs, language)


def _paths(docs: ReleaseDocs, language: str) -> dict[str, object]:
    """Where the pages' sources lie: `paths` gives directory and suffix by letter of the kind, `odd` the exceptions.

    Pages are named by letter and slug (r/compute_disk); the first page is named "".
    """
    named = _source_files(docs, language)
    ends: dict[str, Counter[tuple[str, str]]] = {}
    for (letter, slug), path in named.items():
        folder, slash, file = path.rpartition("/")
        if letter and file.startswith(f"{slug}."):
            ends.setdefault(letter, Counter())[(folder + slash, file[len(slug) :])] += 1
    usual = {
        letter: min(found, key=lambda pair: (-found[pair], pair)) for letter, found in ends.items()
    }
    odd = {
        f"{letter}/{slug}" if letter else "": path
        for (letter, slug), path in named.items()
        if letter not in usual or path != f"{usual[letter][0]}{slug}{usual[letter][1]}"
    }
    return {"paths": {letter: list(usual[letter]) for letter in sorted(usual)}, "odd": odd}


def _source_files(docs: ReleaseDocs, language: str) -> dict[tuple[str, str], str]:
    """(letter, slug) -> path in the repository, for every page that has a source."""
    found: dict[tuple[str, str], str] = {}
    first = navigation.overview(docs, language)
    if first is not None:
        found["", ""] = first.path
    for document in navigation.pages(docs, language):
        found[KIND_BY_KEY[document.kind].letter, document.slug] = document.path
    for part in docs.parts:
        if part.path:
            found[navigation.PART_LETTERS.get(part.role, ""), part.slug] = part.path
    return found
