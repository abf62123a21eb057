"""What every step of normalizing one release shares."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field

from builder.errors import RemoteError
from builder.model.document import PageFacts
from builder.model.limits import Limits
from builder.model.snapshot import FileKind, Snapshot, TooLarge, TreeFile, blob_id
from builder.normalize.facts import TOO_LARGE, page_facts
from builder.normalize.replacements import too_large
from builder.normalize.report import Report


@dataclass(slots=True)
class Work:
    """One release with its limits, the facts known by blob, and what comes of it: issues and generated texts."""

    snapshot: Snapshot
    limits: Limits
    memo: MutableMapping[str, PageFacts]
    report: Report
    texts: dict[str, bytes] = field(default_factory=dict)

    def facts(self, file: TreeFile) -> PageFacts | None:
        """The facts of a file, which is parsed once for each blob; None when it cannot be read (DOC012)."""
        facts = self.memo.get(file.blob)
        if facts is not None:
            return facts
        try:
            data = self.snapshot.tree.read(file, self.limits.page_bytes)
        except TooLarge as error:  # not kept: a raised limit must find the page again
            message = f"{error.size:,} bytes, more than {self.limits.page_bytes:,}"
            return PageFacts(problems=((TOO_LARGE, 0, message),))
        except (RemoteError, KeyError) as error:
            self.report.add("DOC012", file.path, f"it cannot be read: {error}")
            return None
        facts = self.memo[file.blob] = page_facts(data, self.limits)
        return facts

    def keep(self, text: bytes) -> str:
        """Keep a generated text; its blob id."""
        blob = blob_id(text)
        self.texts[blob] = text
        return blob

    def keep_too_large(self, path: str) -> str:
        """Keep the text in place of a file over the limit; its blob id."""
        return self.keep(too_large(self.snapshot, path, self.limits))

    def skip_special(self, path: str, kind: FileKind) -> None:
        """Report a symbolic link or a submodule; nothing for a regular file."""
        if kind is FileKind.SYMLINK:
            self.report.add("DOC005", path, "nothing is read through the link")
        elif kind is FileKind.SUBMODULE:
            self.report.add("DOC016", path, "its files are in another repository")
