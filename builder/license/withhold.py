"""What readers see in place of documentation that may not be shown: why, what still works, what the author can do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from builder.model.address import Kind
from builder.model.docs import ReleaseDocs
from builder.model.document import Part
from builder.model.license import LicenseFinding, Outcome
from builder.model.snapshot import blob_id

HEADING = "# 451 Unavailable for Legal Reasons"
BLOCKED = "blocked"  # the values of Part.replaced
WITHHELD = "license not accepted"
UNDECIDED = "license not yet decided"

FOREIGN_WORDS = 60  # of license texts that a page quotes, at most
_ROWS = 30  # of the table of findings, at most
_QUOTED = re.compile(r"“([^”]*)”")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#!|~&@$^=]|:(?=//)|(?<=www)\.|^[-+]|^\d+[.)](?=\s|$))")
_BLANKS = re.compile(r"\s+")
_SAFE_LINK = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_NOUN = {Kind.PROVIDER: "provider", Kind.MODULE: "module", Kind.PACKAGE: "package"}


def withhold(docs: ReleaseDocs) -> tuple[ReleaseDocs, Mapping[str, bytes]]:
    """The release without what may not be shown, and the replacement texts by blob id.

    Blocked comes before the license. A module keeps its parts, each with a replacement text (a missing README stays
    missing); anything else loses its documents. A release that may be shown comes back as it is, but for parts of a
    module that a license of their own withholds.
    """
    texts: dict[str, bytes] = {}
    if docs.address.kind is Kind.MODULE:
        parts = tuple(_part(docs, part, texts) for part in docs.parts)
        return (replace(docs, parts=parts), texts) if texts else (docs, texts)
    if not docs.withheld:
        return docs, texts
    return replace(
        docs, documents=(), parts=(), replacement=_keep(texts, _release_page(docs))
    ), texts


def _part(docs: ReleaseDocs, part: Part, texts: dict[str, bytes]) -> Part:
    """The part as it may be shown."""
    own = dict(docs.verdict.withheld_parts)
    reason = own.get(f"{part.role.directory}/{part.name}", "")
    if not part.readme or not (docs.withheld or reason):
        return part
    if docs.blocked:
        why = BLOCKED
    elif docs.withheld and docs.verdict.outcome is Outcome.REVIEW:
        why = UNDECIDED
    else:
        why = WITHHELD
    page = _release_page(docs, part) if docs.withheld else _part_page(docs, part, reason)
    return replace(part, blob=_keep(texts, page), replaced=why)


def _keep(texts: dict[str, bytes], lines: Iterator[str]) -> str:
    data = ("\n".join(lines).strip() + "\n").encode()
    blob = blob_id(data)
    texts[blob] = data
    return blob


def _release_page(docs: ReleaseDocs, part: Part | None = None) -> Iterator[str]:
    yield from (HEADING, "")
    if docs.blocked:
        noun = _NOUN[docs.address.kind]
        yield f"The content of this {noun} is blocked in this registry, so it is not shown. The reason given:"
        yield ""
        yield from (f"> {_text(line)}" for line in docs.blocked.splitlines() if line.strip())
        yield ""
    else:
        yield from _license_reason(docs)
    yield from _still_usable(docs, part)
    yield from _remedy(docs)


def _part_page(docs: ReleaseDocs, part: Part, reason: str) -> Iterator[str]:
    """A submodule with a license of its own in a module that may be shown."""
    yield from (HEADING, "")
    yield "This part of the module has a license file of its own that does not allow showing its text here:"
    yield ""
    yield f"- {_text(reason, quote=_Quotation())}"
    yield ""
    yield from _still_usable(docs, part)
    yield from _remedy(docs)


def _license_reason(docs: ReleaseDocs) -> Iterator[str]:
    verdict, noun = docs.verdict, _NOUN[docs.address.kind]
    version = _text(str(docs.version))
    if verdict.outcome is Outcome.REVIEW:
        yield f"It is not yet decided whether the documentation of version {version} of this {noun} may be shown here."
        yield "Its license could not be recognized with certainty; a person has to look at it."
    elif verdict.findings:
        yield f"The documentation of version {version} of this {noun} is not shown, because its license is not"
        yield "accepted for redistribution in this registry."
    else:
        yield f"The documentation of version {version} of this {noun} is not shown, because no license was found"
        yield "that allows redistributing it."
    yield ""
    yield from ("## What was looked at", "")
    yield from _table(docs)


def _table(docs: ReleaseDocs) -> Iterator[str]:
    """One row for each license of each file that governs; a file without one has a row too."""
    files = docs.verdict.files
    if not files:
        yield "No license file was found, neither in the root of the repository nor beside the documentation."
        yield ""
        return
    quote = _Quotation()
    yield "| file | license | confidence | other words | result |"
    yield "| --- | --- | --- | --- | --- |"
    rows = [(file, row) for file in files for row in _rows_of(docs, file)]
    for file, row in rows[:_ROWS]:
        yield f"| {_file_link(docs, file)} | {_cells(row, quote)} |"
    yield ""
    if len(rows) > _ROWS:
        yield from (f"{len(rows) - _ROWS} more rows are left out.", "")


def _rows_of(docs: ReleaseDocs, file: str) -> Sequence[LicenseFinding | None]:
    rows = [row for row in docs.verdict.findings if row.file == file]
    return rows or [row for row in docs.verdict.evidence if row.file == file][:1] or [None]


def _cells(row: LicenseFinding | None, quote: _Quotation) -> str:
    if row is None or not row.spdx:
        reason = row.reason if row else "no license recognized"
        return f"none | | | {_text(reason, quote=quote)}"
    result = "accepted" if row.compatible and not row.reason else _text(row.reason, quote=quote)
    spdx, share = _text(row.spdx), f"{row.confidence:.0%}"
    return f"{spdx} | {share} | {row.left_over_words} | {result}"


def _still_usable(docs: ReleaseDocs, part: Part | None) -> Iterator[str]:
    noun = _NOUN[docs.address.kind]
    yield from ("## What still works", "")
    yield f"The entry of this {noun} stays in the registry with all its versions, and installing it works as before."
    tree = _link("the repository at this version", docs.repository.tree_url(docs.tag))
    if part is not None and part.path:
        readme = _link(f"its file {part.path}", docs.repository.blob_url(docs.tag, part.path))
        yield f"Read {readme} in the repository, or see {tree}."
    else:
        yield f"Its own documentation is in {tree}."
    yield ""


def _remedy(docs: ReleaseDocs) -> Iterator[str]:
    if docs.blocked:
        yield from ("## What the author can do", "")
        yield "Ask the operator of this registry about the reason given above."
        return
    yield from ("## What the author can do", "")
    place = "`LICENSE` or `docs/LICENSE`" if docs.address.kind is Kind.PROVIDER else "`LICENSE`"
    yield f"- Put the unmodified text of a license that this registry accepts into {place}, with nothing added, and"
    yield "  publish a new version or move the tag."
    yield "- Or open a request with the operator of this registry: a decision on exactly this license text can be"
    yield "  recorded as an override."


class _Quotation:
    """Counts the foreign words of one page; those over the limit are left out."""

    def __init__(self) -> None:
        self._room = FOREIGN_WORDS

    def limit(self, match: re.Match[str]) -> str:
        words = match.group(1).split()
        kept = words[: max(0, self._room)]
        self._room -= len(kept)
        return f"“{' '.join(kept)}{' …' if len(kept) < len(words) else ''}”"


def _text(foreign: str, quote: _Quotation | None = None) -> str:
    """Foreign text on one line with everything escaped that Markdown would act on."""
    line = _BLANKS.sub(" ", foreign).strip()
    if quote is not None:
        line = _QUOTED.sub(quote.limit, line)
    return _SPECIAL.sub(_escaped, "".join(filter(str.isprintable, line)))


def _escaped(match: re.Match[str]) -> str:
    """The last character is the one that acts: what comes before it is the number of a list item."""
    found = match.group()
    return f"{found[:-1]}\\{found[-1]}"


def _link(label: str, url: str) -> str:
    """A Markdown link; only the label when the address is none of the web."""
    url = url.replace(" ", "%20").replace("|", "%7C").replace("\\", "%5C")
    return f"[{_text(label)}](<{url}>)" if _SAFE_LINK.fullmatch(url) else _text(label)


def _file_link(docs: ReleaseDocs, file: str) -> str:
    return _link(file, docs.repository.blob_url(docs.tag, file))
