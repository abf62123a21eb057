"""One release: snapshot -> verdict -> documents -> what may be kept. The only order in which these rooms are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256

from builder.config import Config
from builder.errors import RegistryError
from builder.ingest.source import tree_issues
from builder.license.judge import Judge
from builder.license.withhold import withhold
from builder.model.address import Address, Kind
from builder.model.docs import ReleaseDocs, Status
from builder.model.document import PageFacts, Part
from builder.model.entry import Entry, Release
from builder.model.issue import Checked, Issue, Location, issue
from builder.model.snapshot import Snapshot, TooLarge, TreeFile
from builder.model.summary import VersionSummary
from builder.normalize.normalize import NORMALIZE_VERSION, Normalized, normalize, outline
from builder.pages.render import page_names
from builder.pipeline.removed import PageSets, set_name
from builder.schema.module.describe import SCHEMA_VERSION, describe
from builder.schema.module.facts import FileFacts
from builder.schema.module.files import listing
from builder.store import ReleaseHead, Store, Typed, encode

MAKE_VERSION = "1"  # of the rules in this file


class ModuleFacts:
    """What the files of one module say, by blob id: shared by its versions, and let go with it. They are not kept in
    the store, because they hold prose that a later license may withhold."""

    def __init__(self) -> None:
        self._address: Address | None = None
        self._memo: dict[str, FileFacts] = {}

    def of(self, address: Address) -> dict[str, FileFacts]:
        """The facts of this module's files so far."""
        if address != self._address:
            self._address, self._memo = address, {}
        return self._memo


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes and keeps ReleaseDocs. One for a whole build."""

    config: Config
    store: Store
    judge: Judge
    module_facts: ModuleFacts = field(default_factory=ModuleFacts)

    def key(self, entry: Entry, release: Release, snapshot: Snapshot) -> str:
        """A name for all inputs of a release's docs: when it is known, the docs are as they would be made now."""
        inputs = (
            (MAKE_VERSION, NORMALIZE_VERSION, SCHEMA_VERSION),
            self.judge.rules(snapshot.repository),
            (
                entry.address.path,
                str(release.version),
                snapshot.tag,
                snapshot.commit,
                snapshot.published,
            ),
            encode(snapshot.repository),
            (entry.blocked, release.yanked, entry.warnings),
            sorted(asdict(self.config.limits).items()),
        )
        return sha256(repr(inputs).encode()).hexdigest()

    def make(self, entry: Entry, release: Release, snapshot: Snapshot, key: str) -> ReleaseHead:
        """Judge, normalize and keep one release; the head tells what was kept. Raises RegistryError when it failed."""
        limits = self.config.limits
        verdict = self.judge.judge(snapshot, limits)
        shown = verdict.value.redistributable and not entry.blocked
        made = self._normalized(snapshot) if shown else outline(snapshot, limits)
        where = Location(entry.address.path, str(release.version))
        docs = ReleaseDocs(
            address=entry.address,
            version=release.version,
            tag=snapshot.tag,
            commit=snapshot.commit,
            published=snapshot.published,
            repository=snapshot.repository,
            verdict=verdict.value,
            documents=made.value.documents,
            parts=made.value.parts,
            blocked=entry.blocked,
            yanked=release.yanked,
            warnings=entry.warnings,
        )
        described = self._described(docs, snapshot) if shown else Checked(docs)
        docs, replaced = withhold(described.value)
        texts = {**made.value.texts, **replaced}
        listed = tree_issues(snapshot)  # known now that the tree was read
        odd = (*made.issues, *described.issues, *listed)
        issues = (*verdict.issues, *odd, *_policy_issues(docs, where))
        docs = replace(docs, issues=_placed(issues, where))
        before = self.store.release(entry.address, str(release.version)) if docs.withheld else None
        with self.store.transaction():
            if before is not None and not before.withheld:
                self.store.forget_texts(before.blobs)
            self._keep_texts(docs, snapshot, texts)
            head = ReleaseHead(key, summary_of(docs), docs.issues)
            self.store.put_release(docs, head)
            PageSets(self.store).keep(page_names(docs))
        return head

    def _normalized(self, snapshot: Snapshot) -> Checked[Normalized]:
        """Only for releases that may be shown: the memo keeps titles and descriptions, which are prose. A module's
        parts may have a license of their own, so theirs are not kept."""
        if snapshot.address.kind is Kind.MODULE:
            return normalize(snapshot, self.config.limits, {})
        limits = self.config.limits
        space = f"facts/{NORMALIZE_VERSION}/{limits.front_matter_bytes}/{limits.page_bytes}"
        with self.store.transaction():
            return normalize(snapshot, limits, Typed(self.store.memo(space), PageFacts))

    def _described(self, docs: ReleaseDocs, snapshot: Snapshot) -> Checked[ReleaseDocs]:
        """A module's parts with the schemas of their files, but for parts that a license of their own withholds."""
        if not docs.parts:
            return Checked(docs)
        withheld = {directory for directory, _ in docs.verdict.withheld_parts}
        found = listing(snapshot.tree)
        issues: list[Issue] = []
        parts: list[Part] = []
        memo = self.module_facts.of(docs.address)
        for part in docs.parts:
            if part.directory in withheld:
                parts.append(part)
                continue
            checked = describe(snapshot.tree, part.directory, memo=memo, found=found)
            parts.append(replace(part, schema=checked.value))
            issues += checked.issues
        return Checked(replace(docs, parts=tuple(parts)), tuple(issues))

    def _keep_texts(
        self, docs: ReleaseDocs, snapshot: Snapshot, texts: Mapping[str, bytes]
    ) -> None:
        paths = {document.blob: document.path for document in docs.documents}
        paths |= {part.blob: part.path for part in docs.parts}
        for blob in self.store.missing(docs.blobs):
            if blob in texts:
                self.store.put_blob(blob, texts[blob])
                continue
            try:
                data = snapshot.tree.read(
                    TreeFile(paths[blob], blob), self.config.limits.page_bytes
                )
            except TooLarge as error:
                raise RegistryError(f"{paths[blob]}: {error}") from error
            self.store.put_blob(blob, data)


def summary_of(docs: ReleaseDocs) -> VersionSummary:
    """A release in short."""
    counts = Counter(
        document.kind or "index" for document in docs.documents if not document.language
    )
    counts.update(f"cdktf/{d.language}" for d in docs.documents if d.language)
    counts.update(part.role.value for part in docs.parts)
    return VersionSummary(
        version=docs.version,
        published=docs.published,
        tag=docs.tag,
        status=docs.status,
        reason=docs.reason,
        withheld=docs.withheld,
        yanked=docs.yanked,
        licenses=tuple(dict.fromkeys(finding.spdx for finding in docs.verdict.findings)),
        counts=dict(sorted(counts.items())),
        page_set=set_name(page_names(docs)),
    )


def failed(release: Release, reason: str, *, status: Status = Status.FAILED) -> VersionSummary:
    """A release without documentation, and why."""
    return VersionSummary(
        release.version,
        "",
        status=status,
        reason=reason,
        has_docs=False,
        has_pages=False,
        yanked=release.yanked,
    )


def _policy_issues(docs: ReleaseDocs, where: Location) -> list[Issue]:
    found = []
    if docs.blocked:
        found.append(issue("POL001", where, f"blocked: {docs.blocked}"))
    if docs.yanked:
        found.append(issue("POL002", where, f"yanked: {docs.yanked}"))
    return found


def _placed(issues: tuple[Issue, ...], where: Location) -> tuple[Issue, ...]:
    """Issues with the release filled in where a room did not know it, each once, sorted."""
    placed = {
        replace(
            found,
            location=replace(
                found.location,
                address=found.location.address or where.address,
                version=found.location.version or where.version,
            ),
        )
        for found in issues
    }
    return tuple(sorted(placed, key=lambda found: found.sort_key))
