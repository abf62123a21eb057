"""The pages of a provider: where they lie, which of several wins, and what their front matter says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from builder.model.document import Document
from builder.model.snapshot import FileKind, TreeFile
from builder.normalize.facts import BINARY, TOO_LARGE, has
from builder.normalize.layouts import CDKTF, DOC_ROOTS, SUFFIXES, Area, Place, locate, suggestion
from builder.normalize.names import key_fault, name_fault, page_key, page_name
from builder.normalize.paths import is_safe
from builder.normalize.replacements import TOO_LARGE as TOO_LARGE_REASON
from builder.normalize.work import Work

INDEX = "index"  # the name of the overview page


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may become a page."""

    place: Place
    name: str
    file: TreeFile

    @property
    def key(self) -> tuple[str, str, str]:
        """What exists only once: language, kind and name without letter case."""
        return (self.place.language, self.place.kind, self.name.lower())

    @property
    def rank(self) -> tuple[int, str]:
        """The highest wins: the order of the directories, then the bytes of the file name."""
        return (self.place.order, self.file.path.rpartition("/")[2])


def provider_documents(work: Work) -> tuple[Document, ...]:
    """The pages, sorted by language, kind and name."""
    files = sorted(work.snapshot.tree.files())
    root = find_root(files, work)
    if not root:
        work.report.add("DOC014", "", f"neither {'/ nor '.join(DOC_ROOTS)}/ exists")
        return ()
    chosen = choose(candidates(files, root, work), work)
    if not chosen:
        hint = f"Put an index.md and kind directories into {root}/, or remove {root}/."
        work.report.add("DOC014", root, f"{root}/ is used and holds no page", hint=hint)
    limit = work.limits.pages
    if len(chosen) > limit:
        message = f"{len(chosen):,} pages, more than {limit:,}; the last are left out"
        work.report.add("DOC013", root, message)
    found = (_document(candidate, work) for candidate in chosen[:limit])
    return tuple(document for document in found if document is not None)


def find_root(files: Sequence[TreeFile], work: Work) -> str:
    """The documentation root, "" when there is none. The first that exists is taken, even when it holds no page."""
    special = {file.path: file.kind for file in files if file.kind is not FileKind.FILE}
    for root in DOC_ROOTS:
        for path in dict.fromkeys((root.partition("/")[0], root)):
            work.skip_special(path, special.get(path, FileKind.FILE))
        if any(file.path.startswith(f"{root}/") for file in files):
            if root != DOC_ROOTS[-1]:
                _note_shadowed(files, root, work)
            return root
        if special.get(root) is FileKind.SUBMODULE:
            return (
                root  # a checkout has an empty directory here, and the first that exists is taken
            )
    return ""


def _note_shadowed(files: Iterable[TreeFile], root: str, work: Work) -> None:
    """Say so when the other root has kind directories with pages too. Its index.md alone may be for developers."""
    other = DOC_ROOTS[-1]
    pages = sum(_would_be_page(file.path, other) for file in files)
    if pages:
        message = f"{_files(pages)} not read, because {root}/ exists and is used instead"
        hint = f"Move the pages to {root}/, or remove {root}/."
        work.report.add("DOC002", other, message, hint=hint)


def _would_be_page(path: str, root: str) -> bool:
    if not path.startswith(f"{root}/") or page_name(path.rpartition("/")[2]) is None:
        return False
    return locate(path.removeprefix(f"{root}/")).area is Area.PAGE


def candidates(files: Iterable[TreeFile], root: str, work: Work) -> Iterator[Candidate]:
    """The files of the root that may become pages; every other one is reported, a directory's as one."""
    left_out: Counter[tuple[str, str]] = Counter()
    for file in files:
        if not file.path.startswith(f"{root}/"):
            continue
        if not is_safe(file.path):
            work.report.add("DOC015", file.path, "the path has empty parts or steps")
            continue
        place = locate(file.path.removeprefix(f"{root}/"))
        if place.area is Area.UNKNOWN:
            left_out["DOC002", place.directory] += 1
        elif place.area is Area.NESTED:
            left_out["DOC004", place.directory] += 1
        elif candidate := _consider(file, place, work):
            yield candidate
    for (code, directory), count in left_out.items():
        meant = suggestion(directory) if code == "DOC002" else ""
        asked = f"; did you mean {meant}/?" if meant else ""
        work.report.add(code, f"{root}/{directory}", f"{_files(count)} not read{asked}")


def _files(count: int) -> str:
    return "1 file is" if count == 1 else f"{count:,} files are"


def _consider(file: TreeFile, place: Place, work: Work) -> Candidate | None:
    """The candidate that a file is, or None with an issue that says why not."""
    special = file.kind is not FileKind.FILE
    name = page_name(file.path.rpartition("/")[2])
    if file.kind is FileKind.SUBMODULE or (place.area is Area.DIRECTORY and special):
        work.skip_special(file.path, file.kind)
    elif name is None:
        work.report.add("DOC003", file.path, f"its name ends in none of {', '.join(SUFFIXES)}")
    elif place.area is Area.STRAY:
        _report_stray(file, place, work)
    elif fault := name_fault(name):
        work.report.add("DOC001", file.path, fault)
    elif special:
        work.skip_special(file.path, file.kind)
    else:
        return Candidate(place, INDEX if place.area is Area.INDEX else name, file)
    return None


def _report_stray(file: TreeFile, place: Place, work: Work) -> None:
    """A Markdown file that lies beside the overview page: no registry lists it."""
    wanted = "language directories" if place.directory == CDKTF else "the overview page, index.md,"
    message = f"directly in this directory only {wanted} can be read"
    hint = "Move it into a kind directory, such as guides/."
    work.report.add("DOC003", file.path, message, hint=hint)


def choose(found: Iterable[Candidate], work: Work) -> tuple[Candidate, ...]:
    """One candidate for each name, sorted; the others are reported with the winner's path."""
    address, version = work.snapshot.address, work.snapshot.release.version
    groups: dict[tuple[str, str, str], list[Candidate]] = {}
    for candidate in sorted(found, key=lambda entry: entry.rank):
        fault = key_fault(page_key(address, version, *candidate.key))
        if fault:
            work.report.add("DOC001", candidate.file.path, fault)
        else:
            groups.setdefault(candidate.key, []).append(candidate)
    for *losers, winner in groups.values():
        for loser in losers:
            code = "DOC007" if loser.name == winner.name else "DOC008"
            work.report.add(code, loser.file.path, f"{winner.file.path} is used")
    winners = [group[-1] for group in groups.values()]
    return tuple(sorted(winners, key=lambda c: (c.place.language, c.place.kind, c.name)))


def _document(candidate: Candidate, work: Work) -> Document | None:
    """The page of a candidate, or None when it is no text or cannot be read."""
    file, name, place = candidate.file, candidate.name, candidate.place
    facts = work.facts(file)
    if facts is None:
        return None
    work.report.add_problems(file.path, facts)
    if has(facts, BINARY):
        return None
    large = has(facts, TOO_LARGE)
    return Document(
        kind=place.kind,
        name=name,
        path=file.path,
        blob=work.keep_too_large(file.path) if large else file.blob,
        language=place.language,
        title=facts.title or name,
        subcategory=facts.subcategory,
        description=facts.description,
        replaced=TOO_LARGE_REASON if large else "",
    )
