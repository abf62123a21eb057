"""`regdocs new DIR`: an operator's repository, ready to build, from the templates in templates/new/."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from builder.errors import UsageError
from builder.pages.environment import template_folder

# Names that tools would take for their own in a source tree are stored without the dot.
_RENAMED = {"gitignore": ".gitignore", "github": ".github", "gitkeep": ".gitkeep"}


def new_repository(folder: Path, name: str) -> Iterator[Path]:
    """Write the files and give their paths. Raises UsageError when the folder holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder", hint="Name a new one.")
    facts = {"@NAME@": _quoted(name), "@VERSION@": version("regdocs")}
    for source, target in _files(template_folder() / "new", folder):
        text = source.read_text(encoding="utf-8")
        for mark, value in facts.items():
            text = text.replace(mark, value)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        yield target


def _files(source: Path, target: Path) -> Iterator[tuple[Path, Path]]:
    for child in sorted(source.iterdir()):
        place = target / _RENAMED.get(child.name, child.name)
        if child.is_dir():
            yield from _files(child, place)
        else:
            yield child, place


def _quoted(name: str) -> str:
    """The name as it may stand in a double-quoted YAML text, a Markdown heading and a shell comment."""
    return "".join(char for char in name if char.isprintable() and char not in '"\\`$<>')
