"""The pages of one release: overview or README, documents, module parts, their Markdown twins, nav.json, version.json.

What a page says depends on its text alone, so that it is the same file in every version that has the same text; only
the release's first page, nav.json and version.json know the version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from builder.model.address import Kind
from builder.model.artifact import Artifact, Output
from builder.model.body import Body
from builder.model.docs import ReleaseDocs
from builder.model.document import KIND_BY_KEY, Document, Part, PartRole
from builder.pages import facts, navigation
from builder.pages.addresses import LATEST, docs_root, document_path, href, part_path
from builder.pages.bodies import Bodies, Resolve, Source
from builder.pages.contexts import DocumentPage, Link, NavGroup, ReleasePage
from builder.pages.environment import Frames, render
from builder.pages.linkreport import LinkReport
from builder.pages.package import compact, home_link, list_link, package_crumb
from builder.pages.site import Site
from builder.pages.toc import toc

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

    def twin(self, page: str, blob: str) -> Artifact:
        """The stored text beside its page."""
        return Artifact(f"{self._directory(page)}/index.md", self.read(blob))

    def html(self, page: str, text: str) -> Artifact:
        """A page in a directory below the release's root."""
        return Artifact(f"{self._directory(page)}/index.html", text.encode())

    def _directory(self, page: str) -> str:
        return f"{self.base}/{page}" if page else self.base


def provider_outputs(release: Release) -> Iterator[Output]:
    """All outputs of a provider's release."""
    documents = navigation.pages(release.docs)
    yield from _first_page(
        release, _overview_source(release.docs), navigation.provider_groups(documents, release.base)
    )
    kinds: dict[str, _ThinPages] = {}
    for document in documents:
        page = document_path(document)
        if document.kind not in kinds:
            label = KIND_BY_KEY[document.kind].singular.capitalize()
            kinds[document.kind] = _ThinPages(release, label, page)
        yield from _document(release, document, page, kinds[document.kind])
    yield _json(release, "nav.json", navigation.provider_nav(documents))
    yield _json(release, "version.json", version_facts(release.docs))


def module_outputs(release: Release) -> Iterator[Output]:
    """All outputs of a module's release."""
    parts = release.docs.parts
    root = next((part for part in parts if part.role is PartRole.ROOT), None)
    source = (Source(root.blob, "", release.docs.address.name), root.path) if root else None
    yield from _first_page(release, source, navigation.module_groups(parts, release.base))
    roles: dict[PartRole, _ThinPages] = {}
    for part in parts:
        page = part_path(part)
        if part.role is PartRole.ROOT:
            continue
        if part.role not in roles:
            roles[part.role] = _ThinPages(release, part.role.value.capitalize(), page)
        yield from _part(release, part, page, roles[part.role])
    yield _json(release, "nav.json", navigation.module_nav(parts))
    yield _json(release, "version.json", version_facts(release.docs))


def _json(release: Release, name: str, value: object) -> Artifact:
    return Artifact(f"{release.base}/{name}", compact(value))


def _overview_source(docs: ReleaseDocs) -> tuple[Source, str] | None:
    """The text of the first page: what replaces a withheld version's, else the overview document."""
    if docs.replacement:
        return Source(docs.replacement, "", docs.address.display), ""
    found = navigation.overview(docs)
    return None if found is None else (Source(found.blob, "", found.title), found.path)


def _first_page(
    release: Release, source: tuple[Source, str] | None, groups: tuple[NavGroup, ...]
) -> Iterator[Output]:
    docs, base = release.docs, release.base
    address = docs.address
    body = Body("", "") if source is None else release.body("", *source)
    page = ReleasePage(
        site=release.site,
        root=href(base, ""),
        title=f"{address.display} {docs.version} - {release.site.name}",
        description=f"Documentation of the {address.kind} {address.display}, version {docs.version}.",
        canonical=release.site.canonical(f"{release.lasting}/"),
        frame="doc",
        package=address.path,
        trail=(
            home_link(base),
            list_link(base, address.kind),
            package_crumb(base, address),
        ),
        links=(Link("all versions", href(base, f"{address.path}/versions/")),),
        twin=source is not None,
        kind=address.kind.value,
        name=address.display,
        version=str(docs.version),
        published=docs.published[:10],
        source=facts.web(docs.repository.tree_url(docs.tag)),
        tag=docs.tag,
        licenses=facts.license_rows(docs),
        badges=facts.release_badges(docs),
        notices=facts.release_notices(docs),
        body=_trusted(body.html),
        toc=toc(release.site, body.toc),
        groups=groups,
        total=sum(group.total for group in groups),
    )
    yield release.html("", render(release.site, "release.html", page))
    if source is not None:
        yield release.twin("", source[0].blob)


def _document(
    release: Release, document: Document, page: str, thin: _ThinPages
) -> Iterator[Output]:
    kind = KIND_BY_KEY[document.kind]
    source = Source(document.blob, document.kind, document.title or document.name)
    body = release.body(page, source, document.path)
    text = thin.render(
        page,
        body,
        heading=f"{body.title or document.name} ({kind.singular})",
        description=document.description or f"{thin.label} {document.name}",
        subcategory=document.subcategory,
    )
    yield release.html(page, text)
    yield release.twin(page, document.blob)


def _part(release: Release, part: Part, page: str, thin: _ThinPages) -> Iterator[Output]:
    source = Source(part.blob, f"{part.role.directory}/{part.name}", part.name)
    body = release.body(page, source, part.path)
    text = thin.render(
        page,
        body,
        heading=f"{part.name} ({part.role})",
        description=f"{thin.label} {part.name} of the module {release.docs.address.display}",
    )
    yield release.html(page, text)
    yield release.twin(page, part.blob)


class _ThinPages:
    """Pages of one kind: their bytes are the same in every version that has their text.

    What surrounds them is made once, since all lie at the same depth; `example` is one of their directories.
    """

    def __init__(self, release: Release, label: str, example: str) -> None:
        self._release = release
        self.label = label
        self._frames = Frames(release.site, "document.html")
        address, lasting = release.docs.address, release.lasting
        place = f"{lasting}/{example}"
        pages = "pages of this version" if address.kind is Kind.PROVIDER else "this version"
        self._around = DocumentPage(
            site=release.site,
            root=href(place, ""),
            title="",
            description="",
            canonical="",
            frame="doc",
            package=address.path,
            trail=(
                home_link(place),
                package_crumb(place, address),
                Link(pages, href(place, f"{lasting}/")),
            ),
            links=(Link("all versions", href(place, f"{address.path}/versions/")),),
            twin=True,
            label=label,
            subcategory="",
            body=Markup(),
            toc=Markup(),
        )

    def render(
        self, page: str, body: Body, *, heading: str, description: str, subcategory: str = ""
    ) -> str:
        """One page, in the directory `page` below the release's root."""
        site, address = self._release.site, self._release.docs.address
        context = replace(
            self._around,
            title=f"{_line(heading)} - {address.display} - {site.name}",
            description=_line(description, DESCRIPTION_LENGTH),
            canonical=site.canonical(f"{self._release.lasting}/{page}/"),
            subcategory=_line(subcategory),
            body=_trusted(body.html),
            toc=toc(site, body.toc),
        )
        return self._frames.render(context)


def _trusted(html: str) -> Markup:
    """A body is HTML by the renderer, which sanitised it; everything else on a page is escaped."""
    return Markup(html)  # noqa: S704 - the one place where a body's HTML enters a page


def _line(text: str, length: int = 0) -> str:
    """One line of text; cut at a word when it is longer than `length` characters."""
    line = " ".join(text.split())
    if not length or len(line) <= length:
        return line
    return f"{line[:length].rsplit(' ', 1)[0]} …"


def version_facts(docs: ReleaseDocs) -> dict[str, object]:
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
    }
    return {key: value for key, value in entry.items() if value} | _paths(docs)


def _paths(docs: ReleaseDocs) -> dict[str, object]:
    """Where the pages' sources lie: `paths` gives directory and suffix by letter of the kind, `odd` the exceptions.

    Pages are named by letter and slug (r/compute_disk); the first page is named "".
    """
    named = _source_files(docs)
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


def _source_files(docs: ReleaseDocs) -> dict[tuple[str, str], str]:
    """(letter, slug) -> path in the repository, for every page that has a source."""
    found: dict[tuple[str, str], str] = {}
    first = navigation.overview(docs)
    if first is not None:
        found["", ""] = first.path
    for document in navigation.pages(docs):
        found[KIND_BY_KEY[document.kind].letter, document.slug] = document.path
    for part in docs.parts:
        if part.path:
            found[navigation.PART_LETTERS.get(part.role, ""), part.slug] = part.path
    return found
