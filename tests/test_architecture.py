"""House rules as tests: import ranks, pure rooms, homes of libraries, sizes. Reads the syntax tree only, so that lazy
and TYPE_CHECKING imports count too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "builder"
FILES = sorted(ROOT.rglob("*.py"))

RANK = {
    **dict.fromkeys(("model", "errors"), 0),
    **dict.fromkeys(("config", "net", "git", "store", "markdown", "plugins"), 1),
    **dict.fromkeys(
        (
            *("metadata", "update", "ingest", "normalize", "license", "schema"),
            *("api", "pages", "search", "emit", "publish"),
        ),
        2,
    ),
    "pipeline": 3,
    **dict.fromkeys(("server", "mkdocs_plugin"), 4),
    "cli": 5,  # starts the server
}
FREE = {"testing"}  # shipped beside the rooms; may use any of them, none of them may use it
PURE = {"model", "normalize", "license", "schema", "api", "pages", "search", "markdown"}
IMPURE_MODULES = {
    *("subprocess", "socket", "urllib.request", "http.client", "requests", "shutil", "tempfile"),
}
HOMES = {  # third-party library -> rooms that may import it
    "boto3": {"publish"},
    "botocore": {"publish"},
    "bs4": {"testing", "pipeline"},
    "click": {"cli"},
    "filelock": {"git", "pipeline", "emit"},
    "jinja2": {"pages"},
    "jsonschema": {"config", "api", "testing"},
    "licenseid": {"license"},
    "markdown_it": {"markdown"},
    "markupsafe": {"pages", "markdown"},
    "mkdocs": {"config", "mkdocs_plugin", "pipeline"},
    "nh3": {"markdown"},
    "pygments": {"markdown"},
    "pyromark": {"markdown"},
    "tenacity": {"git", "net"},
    "tqdm": {"cli"},
    "whoosh": {"search"},
    "yaml": {"config", "metadata", "normalize"},
}
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60


def room_of(path: Path) -> str:
    part = path.relative_to(ROOT).parts[0]
    return part.removesuffix(".py")


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_file_keeps_the_house_rules(path):
    room = room_of(path)
    tree = parsed(path)
    faults = []
    for name in imports(tree):
        top, *rest = name.split(".")
        if top == "builder" and rest and room not in FREE and room != "__init__":
            faults += import_faults(room, rest[0])
        elif room in PURE and (name in IMPURE_MODULES or top in IMPURE_MODULES):
            faults.append(f"{room} is pure and imports {name}")
        elif room not in HOMES.get(top, {room}):
            faults.append(f"{top} has no home in {room}")
    faults += [f"prints in line {line}" for line in prints(tree) if room != "cli"]
    faults += sizes(path, tree)
    assert not faults


def import_faults(room: str, other: str) -> list[str]:
    if other == room:
        return []
    if other in FREE:
        return [f"{room} may not import {other}"]
    mine, theirs = RANK[room], RANK[other]
    return [] if theirs < mine or (mine == theirs <= 1) else [f"{room} may not import {other}"]


def prints(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "print"
        ):
            yield node.lineno


def sizes(path: Path, tree: ast.Module) -> Iterator[str]:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > MAX_FILE_LINES:
        yield f"{lines} lines, more than {MAX_FILE_LINES}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield f"{node.name} has {length} lines, more than {MAX_FUNCTION_LINES}"


def test_every_room_has_a_rank():
    rooms = {room_of(path) for path in FILES} - FREE - {"__init__"}
    assert rooms <= RANK.keys()
