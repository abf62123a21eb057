"""The docs API: one static tree of JSON and Markdown objects below `registry/docs/`.

Object keys are lower-case and carry versions as `v1.2.3`; a `+` of build metadata is written as `_`. Every version with
build metadata can also be opened under its id, for readers that take `versions[].id` into the path as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from builder.api import packages, releases
from builder.api.codec import sealed_list
from builder.model.address import Kind
from builder.model.artifact import Artifact, CachePolicy, Output, Redirect
from builder.model.docs import ReleaseDocs
from builder.model.document import Document, PartRole
from builder.model.summary import PackageSummary

API_VERSION = "2"  # raise it when the same input gives other bytes: what was rendered before is then rendered again
ROOT = "registry/docs"

Read = Callable[[str], bytes]


def artifact(path: str, body: bytes) -> Artifact:
    """An object of the API; `path` is relative to its root."""
    return Artifact(f"{ROOT}/{path}", body, cache=CachePolicy.API)


def render_release(
    docs: ReleaseDocs, read: Read, project: releases.Project = lambda _: {}
) -> Iterator[Output]:
    """All objects of one version: pages first, the version index last. `read` gives the bytes of a text by its blob id,
    `project` the fields of a module directory from its schema.
    Pulumi packages have no objects in this API."""
    match docs.address.kind:
        case Kind.PROVIDER:
            objects = _provider_release(docs, read)
        case Kind.MODULE:
            objects = _module_release(docs, read, project)
        case Kind.PACKAGE:
            return
    base = f"{docs.address.path}/{docs.version.docs_segment}"
    by_id = f"{docs.address.path}/v{docs.version}".lower() if docs.version.build else ""
    for name, body in objects:
        made = artifact(f"{base}/{name}", body)
        yield made
        if by_id:
            yield Redirect(f"{ROOT}/{by_id}/{name}", made.path, body, CachePolicy.API)


def render_package(summary: PackageSummary) -> Iterator[Output]:
    """The index of one package, its newest versions in short, and the status of versions without documentation."""
    index = _INDEXES.get(summary.address.kind)
    if index is None:
        return
    base = summary.address.path
    for version in packages.undocumented(summary):
        body = releases.missing_status(version)
        yield artifact(f"{base}/{version.version.docs_segment}/status.json", body)
    yield artifact(f"{base}/latest.json", packages.newest(summary))
    yield artifact(f"{base}/index.json", index(summary))


def render_catalog(summaries: Sequence[PackageSummary]) -> Iterator[Output]:
    """The lists of all providers and all modules: full objects, and in short only the newest versions."""
    for kind, index in _INDEXES.items():
        mine = sorted((s for s in summaries if s.address.kind is kind), key=lambda s: s.address)
        for name, render in (("latest", packages.newest), ("index", index)):
            body = sealed_list(kind.plural, map(render, mine))
            yield artifact(f"{kind.plural}/{name}.json", body)


_INDEXES: dict[Kind, Callable[[PackageSummary], bytes]] = {
    Kind.PROVIDER: packages.provider,
    Kind.MODULE: packages.module,
}


def _provider_release(docs: ReleaseDocs, read: Read) -> Iterable[tuple[str, bytes]]:
    if docs.withheld:
        yield "index.md", read(docs.replacement)
    for document in releases.shown(docs):
        yield _document_key(document), read(document.blob)
    yield "status.json", releases.status(docs)
    yield "index.json", releases.provider_version(docs)


def _document_key(document: Document) -> str:
    language = f"cdktf/{document.language}/" if document.language else ""
    page = f"{document.kind}/{document.slug}" if document.kind else "index"
    return f"{language}{page}.md"


def _module_release(
    docs: ReleaseDocs, read: Read, project: releases.Project
) -> Iterable[tuple[str, bytes]]:
    for role in PartRole:
        for part in releases.parts(docs, role):
            directory = f"{role.directory}/{part.slug}/" if role.directory else ""
            yield f"{directory}README.md", read(part.blob)
    yield "status.json", releases.status(docs)
    yield "index.json", releases.module_version(docs, project)
