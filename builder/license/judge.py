"""The verdict on a release: its license files against the policy. When in doubt it withholds and says why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from builder.errors import RegistryError
from builder.license.candidates import (
    POINTER_BYTES,
    candidates,
    governing,
    pointed_path,
    submodules,
)
from builder.license.findings import MATCHER_VERSION, FileFindings, Found, dump, examine, load
from builder.license.matcher import shared_matcher
from builder.license.overrides import Override, repository_path
from builder.license.policy import LicensePolicy
from builder.license.texts import LicenseTexts, load_texts, missing_texts
from builder.license.wording import version_of
from builder.model.address import Kind
from builder.model.issue import Checked, Issue, Location, issue
from builder.model.license import LicenseFinding, Outcome, Verdict
from builder.model.limits import Limits
from builder.model.snapshot import FileKind, Repository, Snapshot, TooLarge, TreeFile

NO_LICENSE = "no license found"
_EVIDENCE_FILES = 20  # beside the governing ones
RULES_VERSION = version_of("candidates.py", "judge.py")
_TOLD_FILES = 2  # in the reason of a verdict
_ISSUE = {Outcome.REFUSE: "LIC002", Outcome.REVIEW: "LIC003"}


@dataclass(frozen=True, slots=True)
class _FileVerdict:
    """One file: what it means (None: nothing recognized), why, and its rows."""

    path: str
    outcome: Outcome | None
    reason: str
    words: int
    rows: tuple[LicenseFinding, ...]

    @property
    def said(self) -> str:
        return f"{self.path}: {self.reason}"


class Judge:
    """Judges releases by one policy. `cache` keeps the findings of a text as JSON, keyed by blob id, data and matcher:
    a changed policy or override judges again without reading any text."""

    def __init__(
        self,
        policy: LicensePolicy,
        *,
        overrides: Iterable[Override] = (),
        cache: MutableMapping[str, str],
        texts: LicenseTexts | None = None,
    ) -> None:
        self._policy = policy
        self._overrides = {override.key: override for override in overrides}
        self._cache = cache
        if texts is None:
            self._texts, self._issues = load_texts()
        else:
            absent = () if texts.available else (missing_texts("there are no license texts"),)
            self._texts, self._issues = texts, absent

    @property
    def data(self) -> tuple[str, str]:
        """Version of the SPDX license list and SHA-256 of the data file; the program reports them."""
        return self._texts.version, self._texts.sha256

    def rules(self, repository: Repository) -> str:
        """A hash of everything a verdict depends on beside the repository's files: data, matcher, policy, and the
        decisions on texts of this repository."""
        path = repository_path(repository)
        overrides = [self._overrides[key] for key in sorted(self._overrides) if key[0] == path]
        inputs = (RULES_VERSION, self._finding_rules, self._policy.digest, overrides)
        return sha256(repr(inputs).encode()).hexdigest()

    @property
    def _finding_rules(self) -> str:
        """What the findings of a text depend on beside its bytes."""
        return f"{self._texts.sha256[:16]}:{MATCHER_VERSION}"

    def judge(self, snapshot: Snapshot, limits: Limits) -> Checked[Verdict]:
        """The verdict on a release, with an issue when it is withheld and one for each license file behind a link."""
        files = tuple(snapshot.tree.files())
        found = candidates(files)
        deciding = governing(snapshot.address.kind, found, files)
        if not self._texts.available:
            reason = "the license texts are not available, so nothing was recognized"
            verdict = Verdict(Outcome.REVIEW, reason, files=tuple(file.path for file in deciding))
            return Checked(verdict, self._issues)
        reader = _Reader(snapshot, limits, {file.path: file for file in files})
        judged = tuple(self._file(reader, file) for file in deciding)
        outcome, reason = self._combine(judged)
        own = self._own_parts(reader, found) if snapshot.address.kind is Kind.MODULE else ()
        evidence = (*judged, *self._evidence(reader, found, deciding))
        verdict = Verdict(
            outcome=outcome,
            reason=reason,
            findings=tuple(row for v in judged for row in v.rows if row.spdx),
            evidence=tuple(row for v in evidence for row in v.rows),
            files=tuple(dict.fromkeys(v.path for v in judged)),
            withheld_parts=own,
        )
        return Checked(verdict, tuple(_issues(snapshot, verdict, found)))

    def _combine(self, judged: Sequence[_FileVerdict]) -> tuple[Outcome, str]:
        """All governing files must be allowed; a short one with no license may stand beside allowed ones."""
        for outcome in (Outcome.REFUSE, Outcome.REVIEW):
            such = [v for v in judged if v.outcome is outcome]
            if such:
                return outcome, _joined(such)
        allowed = [v for v in judged if v.outcome is Outcome.ALLOW]
        if not allowed:
            return Outcome.REFUSE, NO_LICENSE
        long = [v for v in judged if v.outcome is None and v.words >= self._policy.pointer_words]
        if long:
            return Outcome.REVIEW, _joined(long)
        return Outcome.ALLOW, _joined([v for v in allowed if v.reason])

    def _own_parts(self, reader: _Reader, found: Sequence[TreeFile]) -> tuple[tuple[str, str], ...]:
        """The submodules that a license file of their own withholds."""
        withheld = []
        for folder, files in submodules(found).items():
            outcome, reason = self._combine([self._file(reader, file) for file in files])
            if outcome is not Outcome.ALLOW:
                withheld.append((folder, reason))
        return tuple(withheld)

    def _evidence(
        self, reader: _Reader, found: Sequence[TreeFile], deciding: Sequence[TreeFile]
    ) -> Iterator[_FileVerdict]:
        """The license files that do not govern."""
        rest = [f for f in found if f.kind is FileKind.FILE and f not in deciding]
        return (self._file(reader, file) for file in rest[:_EVIDENCE_FILES])

    def _file(self, reader: _Reader, file: TreeFile) -> _FileVerdict:
        """One file; when it has no license but names a path in the tree, the file there."""
        try:
            findings = self._findings(reader, file)
            if not findings.licenses and (target := reader.pointed(file)) is not None:
                file, findings = target, self._findings(reader, target)
        except TooLarge as error:
            return _unreadable(file, f"{error.size} bytes are over the limit")
        except (RegistryError, KeyError, OSError):
            return _unreadable(file, "the file cannot be read")
        override = self._overrides.get((reader.repository, findings.sha256))
        if override is not None:
            return self._decided(reader, file, findings, override)
        outcome, reason = self._policy.judge_file(findings)
        rows = tuple(self._row(reader, file, findings, row, reason) for row in findings.licenses)
        if not rows:
            rows = (_nothing(file.path, reason, findings.sha256),)
        return _FileVerdict(file.path, outcome, reason, findings.words, rows)

    def _row(
        self, reader: _Reader, file: TreeFile, findings: FileFindings, row: Found, reason: str
    ) -> LicenseFinding:
        """A license of a file. One that is not allowed does not make the others of the file incompatible."""
        if not self._policy.allows(row.spdx):
            reason = f"not in the allow list: {row.spdx}"
        elif reason.startswith("not in the allow list"):
            reason = self._policy.doubt(row)
        return LicenseFinding(
            spdx=row.spdx,
            confidence=row.confidence,
            compatible=not reason,
            file=file.path,
            link=reader.link(file),
            coverage=row.coverage,
            left_over_words=findings.left_over,
            reason=reason,
            sha256=findings.sha256,
        )

    def _decided(
        self, reader: _Reader, file: TreeFile, findings: FileFindings, override: Override
    ) -> _FileVerdict:
        """A file that a person decided on. What was recognized gives the numbers."""
        best = findings.licenses[0] if findings.licenses else None
        reason = f"decided by {override.by} on {override.date}: {override.reason}"
        row = LicenseFinding(
            spdx=override.spdx,
            confidence=best.confidence if best else 0.0,
            compatible=override.verdict is Outcome.ALLOW,
            file=file.path,
            link=reader.link(file),
            coverage=best.coverage if best else 0.0,
            left_over_words=findings.left_over,
            reason=reason,
            sha256=findings.sha256,
        )
        return _FileVerdict(file.path, override.verdict, reason, findings.words, (row,))

    def _findings(self, reader: _Reader, file: TreeFile) -> FileFindings:
        """The findings of a blob, from the cache when they are there."""
        key = f"{file.blob}:{self._finding_rules}"
        known = self._cache.get(key)
        if known is not None:
            try:
                return load(known)
            except ValueError:
                pass  # written by something else: find again
        findings = examine(reader.read(file), shared_matcher(self._texts))
        self._cache[key] = dump(findings)
        return findings


class _Reader:
    """The license files of one snapshot."""

    def __init__(self, snapshot: Snapshot, limits: Limits, files: dict[str, TreeFile]) -> None:
        self._snapshot, self._limits, self._files = snapshot, limits, files
        self.repository = repository_path(snapshot.repository)

    def read(self, file: TreeFile) -> bytes:
        return self._snapshot.tree.read(file, self._limits.license_bytes)

    def link(self, file: TreeFile) -> str:
        return self._snapshot.repository.blob_url(self._snapshot.tag, file.path)

    def pointed(self, file: TreeFile) -> TreeFile | None:
        """The regular file inside the tree that a short file names."""
        try:
            data = self._snapshot.tree.read(file, POINTER_BYTES)
        except TooLarge:
            return None
        target = self._files.get(pointed_path(file.path, data))
        return target if target is not None and target.kind is FileKind.FILE else None


def _nothing(path: str, reason: str, digest: str) -> LicenseFinding:
    """The evidence that a file was looked at in vain: a finding without an id."""
    return LicenseFinding("", 0.0, False, path, reason=reason, sha256=digest)


def _unreadable(file: TreeFile, reason: str) -> _FileVerdict:
    return _FileVerdict(file.path, Outcome.REVIEW, reason, 0, (_nothing(file.path, reason, ""),))


def _joined(judged: Sequence[_FileVerdict]) -> str:
    """What was said of these files, of the first two in words."""
    more = len(judged) - _TOLD_FILES
    said = "; ".join(verdict.said for verdict in judged[:_TOLD_FILES])
    return f"{said}; and {more} more" if more > 0 else said


def _issues(snapshot: Snapshot, verdict: Verdict, found: Sequence[TreeFile]) -> Iterator[Issue]:
    address, version = snapshot.address.path, str(snapshot.release.version)
    for file in found:
        beside = re.fullmatch(r"(?:docs|website|website/docs)/[^/]+|[^/]+", file.path)
        if file.kind is FileKind.SYMLINK and beside:
            message = f"{file.path} is a symbolic link; its target was not read as a license"
            yield issue("DOC005", Location(address, version, file.path), message)
    if verdict.reason == NO_LICENSE:
        yield issue("LIC001", Location(address, version), verdict.reason)
    elif not verdict.redistributable:
        first = next((row.file for row in verdict.evidence if not row.compatible), "")
        yield issue(_ISSUE[verdict.outcome], Location(address, version, first), verdict.reason)
    for folder, reason in verdict.withheld_parts:
        yield issue("LIC003", Location(address, version, folder), f"part is withheld: {reason}")
