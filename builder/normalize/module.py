"""The parts of a module: its root, its submodules and examples, each with its README."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from builder.model.document import Part, PartRole
from builder.model.snapshot import FileKind, TreeFile
from builder.normalize.facts import BINARY, FRONT_MATTER, TOO_LARGE, has
from builder.normalize.names import key_fault, name_fault, part_key
from builder.normalize.paths import is_safe
from builder.normalize.replacements import TOO_LARGE as TOO_LARGE_REASON
from builder.normalize.replacements import no_readme, unreadable_readme
from builder.normalize.work import Work

README = "README.md"  # exactly this name
LISTED = (PartRole.SUBMODULE, PartRole.EXAMPLE)


def module_parts(work: Work, *, read: bool = True) -> tuple[Part, ...]:
    """The root, then submodules and examples by name. Without `read` the READMEs are only named."""
    files = {file.path: file for file in sorted(work.snapshot.tree.files())}
    wanted = [(PartRole.ROOT, "")]
    wanted += [(role, name) for role in LISTED for name in part_names(role, files, work)]
    if len(wanted) > work.limits.pages:
        message = f"{len(wanted):,} parts, more than {work.limits.pages:,}; the last are left out"
        work.report.add("DOC013", "", message)
    readmes: dict[str, list[TreeFile]] = {}  # by directory, in any spelling
    for path, file in files.items():
        directory, _, filename = path.rpartition("/")
        if filename.lower() == README.lower():
            readmes.setdefault(directory, []).append(file)
    return tuple(
        _part(role, name, readmes, work, read=read) for role, name in wanted[: work.limits.pages]
    )


def part_names(role: PartRole, files: Mapping[str, TreeFile], work: Work) -> list[str]:
    """The directories directly below modules/ or examples/ that are listed, sorted, each slug once."""
    groups: dict[str, list[str]] = {}
    for name in sorted(_directories(role.directory, files, work)):
        path = f"{role.directory}/{name}"
        if name == "autogen" or name.startswith("test"):
            hint = "Rename it if its readers are users of the module."
            work.report.add("DOC002", path, "templates and tests are not listed", hint=hint)
            continue
        slug = Part(role, name, "").slug
        address, version = work.snapshot.address, work.snapshot.release.version
        fault = name_fault(name) or key_fault(part_key(address, version, role.directory, slug))
        if fault:
            work.report.add("DOC001", path, fault)
            continue
        groups.setdefault(slug, []).append(name)
    for *losers, winner in groups.values():
        for loser in losers:
            code = "DOC008" if loser.lower() == winner.lower() else "DOC007"
            used = f"{role.directory}/{winner} is used"
            work.report.add(code, f"{role.directory}/{loser}", used)
    return sorted(group[-1] for group in groups.values())


def _directories(parent: str, files: Mapping[str, TreeFile], work: Work) -> Iterator[str]:
    """The names of the directories directly below `parent`; links are reported, plain files are nobody's part."""
    if special := files.get(parent):
        work.skip_special(parent, special.kind)
        if special.kind is FileKind.FILE:
            hint = "Make it a directory with one directory for each of them."
            work.report.add("DOC003", parent, f"it is a file, so there are no {parent}", hint=hint)
    seen: set[str] = set()
    for path, file in files.items():
        if not path.startswith(f"{parent}/"):
            continue
        if not is_safe(path):
            work.report.add("DOC015", path, "the path has empty parts or steps")
            continue
        name, slash, _ = path[len(parent) + 1 :].partition("/")
        if not slash:
            work.skip_special(path, file.kind)
        if (slash or file.kind is FileKind.SUBMODULE) and name not in seen:
            seen.add(name)
            yield name


def _part(
    role: PartRole, name: str, readmes: Mapping[str, list[TreeFile]], work: Work, *, read: bool
) -> Part:
    """One part with its README, or with the text that stands in for it."""
    directory = f"{role.directory}/{name}" if name else ""
    place = f"`{directory}`" if name else "the root of the repository"
    present = readmes.get(directory, [])
    file = next((f for f in present if f.path.rpartition("/")[2] == README), None)
    if file is None or file.kind is not FileKind.FILE:
        for other in present:
            _report_unread(role, other, work)
        return Part(role, name, work.keep(no_readme(place)))
    if not read:
        return Part(role, name, "", readme=True, path=file.path)
    return _read_part(Part(role, name, file.blob, readme=True, path=file.path), file, place, work)


def _report_unread(role: PartRole, file: TreeFile, work: Work) -> None:
    """A README that is a link, or is spelled in another way than the one that is read."""
    if file.kind is not FileKind.FILE:
        work.skip_special(file.path, file.kind)
    else:
        hint = f"Rename it to {README}."
        message = f"only {README} in this spelling is read"
        work.report.add("DOC003", file.path, message, hint=hint, within=role.directory)


def _read_part(part: Part, file: TreeFile, place: str, work: Work) -> Part:
    """The part when its README is a text that can be shown, else one with a replacement text."""
    facts = work.facts(file)
    if facts is not None:
        # READMEs have no metadata: rules in their text are only rules.
        within = part.role.directory
        work.report.add_problems(file.path, facts, without=FRONT_MATTER, within=within)
    if facts is None or has(facts, BINARY):
        text = unreadable_readme(work.snapshot, place, file.path)
        return Part(part.role, part.name, work.keep(text))
    if has(facts, TOO_LARGE):
        blob = work.keep_too_large(file.path)
        return replace(part, blob=blob, replaced=TOO_LARGE_REASON)
    return part
