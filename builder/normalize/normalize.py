"""The room's door: one release in, its documents or parts out."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field

from builder.model.address import Kind
from builder.model.document import Document, PageFacts, Part
from builder.model.issue import Checked
from builder.model.limits import Limits
from builder.model.snapshot import Snapshot
from builder.normalize.module import module_parts
from builder.normalize.provider import provider_documents
from builder.normalize.report import Report
from builder.normalize.work import Work

# Part of the key under which results are kept: raise it whenever the same snapshot would give another result.
NORMALIZE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Normalized:
    """The documents of a provider or the parts of a module, and the texts made for those that cannot be shown."""

    documents: tuple[Document, ...] = ()  # sorted by language, kind and name
    parts: tuple[Part, ...] = ()  # the root, then submodules and examples by name
    texts: Mapping[str, bytes] = field(default_factory=dict)  # by blob id


def normalize(
    snapshot: Snapshot, limits: Limits, memo: MutableMapping[str, PageFacts]
) -> Checked[Normalized]:
    """Read a provider's pages or a module's READMEs. `memo` keeps facts by blob id, so that each blob is parsed once
    over all versions; use one memo with one set of limits. Never raises for odd input. Other kinds give nothing."""
    work = Work(snapshot, limits, memo, Report(snapshot))
    documents: tuple[Document, ...] = ()
    parts: tuple[Part, ...] = ()
    if snapshot.address.kind is Kind.PROVIDER:
        documents = provider_documents(work)
    elif snapshot.address.kind is Kind.MODULE:
        parts = module_parts(work)
    texts = dict(sorted(work.texts.items()))
    return Checked(Normalized(documents, parts, texts), work.report.issues())


def outline(snapshot: Snapshot, limits: Limits) -> Checked[Normalized]:
    """What of a withheld release may be named: a module's parts with the paths of their READMEs, whose `blob` is ""
    until a replacement text is put there. No content is read."""
    work = Work(snapshot, limits, {}, Report(snapshot))
    parts: tuple[Part, ...] = ()
    if snapshot.address.kind is Kind.MODULE:
        parts = module_parts(work, read=False)
    texts = dict(sorted(work.texts.items()))
    return Checked(Normalized(parts=parts, texts=texts), work.report.issues())
