"""ReleaseDocs as JSON: version indexes and status objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from builder.api.codec import Object, dump, float32, present, sealed, timestamp
from builder.model.docs import ReleaseDocs, Status
from builder.model.document import DOC_KINDS, Document, Part, PartRole
from builder.model.issue import Issue
from builder.model.license import LicenseFinding
from builder.model.schema import ModuleSchema
from builder.model.summary import VersionSummary

Project = Callable[[ModuleSchema], Object]  # the schema room's own form of a schema for this API


def shown(docs: ReleaseDocs) -> tuple[Document, ...]:
    """The documents that readers get, in a fixed order; none of a withheld release."""
    if docs.withheld:
        return ()
    return tuple(sorted(docs.documents, key=lambda d: (*d.sort_key, d.path)))


def parts(docs: ReleaseDocs, role: PartRole) -> tuple[Part, ...]:
    """The parts of one role, by name. Withheld releases list them too; their texts are replaced."""
    found = (part for part in docs.parts if part.role is role)
    return tuple(sorted(found, key=lambda part: (part.name, part.path)))


def provider_version(docs: ReleaseDocs) -> bytes:
    """The object ProviderVersion."""
    documents = shown(docs)
    languages = sorted({document.language for document in documents} - {""})
    return sealed(
        {
            "id": docs.version.docs_id,
            "published": timestamp(docs.published),
            "docs": _lists(docs, documents, ""),
            "cdktf_docs": {language: _lists(docs, documents, language) for language in languages},
            "license": _licenses(docs) or None,
            "incompatible_license": not docs.verdict.redistributable,
            "link": docs.repository.tree_url(docs.tag),
            **_additions(docs),
        }
    )


def module_version(docs: ReleaseDocs, project: Project) -> bytes:
    """The object ModuleVersion, with its submodules and examples."""
    root = next(iter(parts(docs, PartRole.ROOT)), Part(PartRole.ROOT, "", ""))
    return sealed(
        {
            "id": docs.version.docs_id,
            "published": timestamp(docs.published),
            **_part(docs, root, project),
            "link": docs.repository.tree_url(docs.tag),
            "vcs_repository": docs.repository.url,
            "licenses": _licenses(docs) or None,
            "incompatible_license": not docs.verdict.redistributable,
            "examples": {p.name: _part(docs, p, project) for p in parts(docs, PartRole.EXAMPLE)},
            "submodules": {
                p.name: _part(docs, p, project) for p in parts(docs, PartRole.SUBMODULE)
            },
            **_additions(docs),
        }
    )


def status(docs: ReleaseDocs) -> bytes:
    """The object VersionStatus: what was read and decided, and everything odd; it answers why a page is missing."""
    verdict = docs.verdict
    return dump(
        {
            "id": docs.version.docs_id,
            "published": timestamp(docs.published),
            "status": docs.status,
            "reason": docs.reason,
            "tag": docs.tag,
            "commit": docs.commit,
            "link": docs.repository.tree_url(docs.tag),
            "license": {
                "outcome": verdict.outcome,
                "reason": verdict.reason,
                "files": list(verdict.files),
                "evidence": [_license(finding) for finding in verdict.evidence],
            },
            "counts": _counts(docs),
            "issues": [_issue(found) for found in sorted(docs.issues, key=lambda i: i.sort_key)],
            **present(
                blocked_reason=docs.blocked, yanked=docs.yanked, warnings=list(docs.warnings)
            ),
        }
    )


def missing_status(version: VersionSummary) -> bytes:
    """The object VersionStatus of a version without documents: only its status and reason are known."""
    return dump(
        {
            "id": version.version.docs_id,
            "published": timestamp(version.published),
            "status": version.status,
            "reason": version.reason,
            "tag": version.tag,
            "issues": [],
            **present(yanked=version.yanked),
        }
    )


def _additions(docs: ReleaseDocs) -> Object:
    """What every version index has beyond the existing API."""
    return {
        "status": docs.status,
        "tag": docs.tag,
        "commit": docs.commit,
        **present(reason=docs.reason, yanked=docs.yanked, warnings=list(docs.warnings)),
    }


def _lists(docs: ReleaseDocs, documents: Iterable[Document], language: str) -> Object:
    """The object Docs of one language ("" for the provider's own pages)."""
    mine = [document for document in documents if document.language == language]
    index = next((document for document in mine if not document.kind), None)
    return {
        **present(index=index and _doc_item(docs, index)),
        **{
            kind.key: [_doc_item(docs, d) for d in mine if d.kind == kind.key] for kind in DOC_KINDS
        },
    }


def _doc_item(docs: ReleaseDocs, document: Document) -> Object:
    return {
        "name": document.name,
        "edit_link": docs.repository.blob_url(docs.tag, document.path),
        "title": document.title or document.name,
        "subcategory": document.subcategory,
        "description": document.description,
        "hash": document.blob,
        **(present(status=Status.SKIPPED, reason=document.replaced) if document.replaced else {}),
    }


def _part(docs: ReleaseDocs, part: Part, project: Project) -> Object:
    """The fields that the module itself, its submodules and its examples share."""
    link = docs.repository.blob_url(docs.tag, part.path) if part.readme and part.path else ""
    return {
        "readme": part.readme,
        "edit_link": link,
        **interface(part, project),
        "readme_hash": part.blob,
        **present(readme_reason=part.replaced),
    }


def interface(part: Part, project: Project) -> Object:
    """The fields of a module directory that its configuration files fill: inputs, outputs and what it needs. Examples
    list neither providers nor dependencies nor resources. Withheld parts have no schema, so nothing is in theirs."""
    made = project(part.schema) if part.schema is not None else {}
    names = _EXAMPLE_FIELDS if part.role is PartRole.EXAMPLE else _INTERFACE_FIELDS
    return {name: made.get(name, empty) for name, empty in names.items()}


_EXAMPLE_FIELDS: Object = {"variables": {}, "outputs": {}, "schema_error": ""}
_INTERFACE_FIELDS: Object = {
    **_EXAMPLE_FIELDS,
    **dict.fromkeys(("providers", "dependencies", "resources"), ()),
    **dict.fromkeys(("provider_configs", "required_core"), ()),
}


def _licenses(docs: ReleaseDocs) -> list[Object]:
    """The findings by file in governing order, then confidence descending, then id."""
    order = {file: place for place, file in enumerate(docs.verdict.files)}
    findings = sorted(
        docs.verdict.findings,
        key=lambda f: (order.get(f.file, len(order)), f.file, -f.confidence, f.spdx),
    )
    return [_license(finding) for finding in findings]


def _license(finding: LicenseFinding) -> Object:
    return {
        "spdx": finding.spdx,
        "confidence": float32(finding.confidence),
        "is_compatible": finding.compatible,
        "file": finding.file,
        **present(link=finding.link),
        "coverage": float32(finding.coverage),
        "left_over_words": finding.left_over_words,
        **present(reason=finding.reason, sha256=finding.sha256),
    }


def _counts(docs: ReleaseDocs) -> Object:
    """How many pages of each kind, or directories of each role, the version shows."""
    found = Counter(document.kind or "index" for document in shown(docs))
    found.update(part.role.value for part in docs.parts)
    return dict(sorted(found.items()))


def _issue(found: Issue) -> Object:
    return {
        "code": found.code,
        "severity": found.severity,
        "path": found.location.path,
        "line": found.location.line,
        "message": found.message,
        "hint": found.hint,
    }
