"""Module schemas: speed, agreement with the language's own program, and what is kept of broken files.

    python benchmarks/module_schema.py speed REPOSITORY...      400 files: ratios to tree-sitter-hcl and python-hcl2
    python benchmarks/module_schema.py history REPOSITORY       all tags, cold, against one checkout for each tag
    python benchmarks/module_schema.py oracle REPOSITORY...     every .tf blob of all tags against `terraform fmt`
    python benchmarks/module_schema.py recovery REPOSITORY...   one deleted delimiter in each of 600 files
    python benchmarks/module_schema.py hostile                  inputs of 0.5 and 1 MB: growth of the time

REPOSITORY is a bare git repository. tree-sitter, tree-sitter-hcl and python-hcl2 are installed by hand; what is missing
is skipped with the reason. Figures are ratios within one run; seconds are CPU seconds, the least of three rounds.
"""

from __future__ import annotations

import importlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from builder.git.command import Git
from builder.git.objects import ObjectReader
from builder.model.schema import ModuleSchema, SchemaLimits
from builder.model.snapshot import FileKind, TreeFile
from builder.schema.hcl.reader import read_native
from builder.schema.module.describe import describe
from builder.schema.module.facts import FileFacts, document_of, file_facts
from builder.schema.module.files import listing

ROUNDS = 3


class TagTree:
    """A tag's tree through git, as the pipeline sees it."""

    def __init__(self, reader: ObjectReader, entries: list[TreeFile]) -> None:
        self.reader, self.entries = reader, entries

    def files(self) -> list[TreeFile]:
        return self.entries

    def read(self, file: TreeFile, limit: int) -> bytes:
        return self.reader.read(file.blob, limit)


def git(repository: str, *args: str) -> str:
    run = subprocess.run(["git", "-C", repository, *args], stdout=-1, check=True)
    return run.stdout.decode("utf-8", "replace")


def tags(repository: str) -> list[str]:
    return git(repository, "tag").split()


def entries(repository: str, tag: str) -> list[TreeFile]:
    found = []
    for line in git(repository, "ls-tree", "-rz", tag).split("\0")[:-1]:
        meta, _, path = line.partition("\t")
        mode, _, blob = meta.split()
        kind = {"120000": FileKind.SYMLINK, "160000": FileKind.SUBMODULE}.get(mode, FileKind.FILE)
        found.append(TreeFile(path, blob, kind))
    return sorted(found)


def blobs(repositories: list[str]) -> Iterator[tuple[str, bytes]]:
    """Every distinct .tf blob of all tags."""
    for repository in repositories:
        found: set[str] = set()
        for tag in tags(repository):
            files = (f for f in entries(repository, tag) if f.path.endswith((".tf", ".tofu")))
            found.update(f.blob for f in files if f.kind is FileKind.FILE)
        reader = ObjectReader(Path(repository), Git())
        for blob in sorted(found):
            yield blob, reader.read(blob, 50_000_000)
        reader.close()


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


# -- speed


def visit(tree: object) -> int:
    """The number of nodes of a tree-sitter tree, each visited."""
    cursor = tree.walk()  # type: ignore[attr-defined]
    count = 0
    while True:
        count += bool(cursor.node.type)
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while cursor.goto_parent():
            if cursor.goto_next_sibling():
                break
        else:
            return count


def speed(*repositories: str) -> None:
    every = [data for _, data in blobs(list(repositories))]
    chosen = random.Random(3).sample(every, min(400, len(every)))
    size = sum(map(len, chosen)) / len(chosen)
    print(f"{len(chosen)} of {len(every)} distinct files, {size:,.0f} bytes on average")
    facts = seconds(lambda: [file_facts(data, is_json=False) for data in chosen])
    rows = {"our parse": seconds(lambda: [document_of(d, is_json=False) for d in chosen])}
    try:
        sitter, grammar = map(importlib.import_module, ("tree_sitter", "tree_sitter_hcl"))
        parser = sitter.Parser(sitter.Language(grammar.language()))
        rows["tree-sitter-hcl, parse"] = seconds(lambda: [parser.parse(d) for d in chosen])
        rows["… with a visit of all nodes"] = seconds(
            lambda: [visit(parser.parse(d)) for d in chosen]
        )
    except ImportError as missing:
        print(f"tree-sitter-hcl skipped: {missing}")
    try:
        hcl2 = importlib.import_module("hcl2")
        part = chosen[:40]
        ours = seconds(lambda: [document_of(d, is_json=False) for d in part])
        took = seconds(lambda: [quietly(hcl2.loads, d.decode("utf-8", "replace")) for d in part], 1)
        rows["python-hcl2, 40 files scaled"] = took * rows["our parse"] / ours
    except ImportError as missing:
        print(f"python-hcl2 skipped: {missing}")
    print(f"{facts / len(chosen) * 1000:8.2f} ms a file  x 1.00  our extraction, parse included")
    for name, took in rows.items():
        print(f"{took / len(chosen) * 1000:8.2f} ms a file  x {took / facts:.2f}  {name}")


def quietly(work: Callable[[str], object], text: str) -> object:
    try:
        return work(text)
    except Exception as error:  # noqa: BLE001 - it raises what it likes on files it cannot read
        return error


# -- all versions of a module


def directories(files: list[TreeFile]) -> list[str]:
    """The root, and what lies directly below modules/ and examples/."""
    found = {""}
    for file in files:
        head, _, rest = file.path.partition("/")
        if head in ("modules", "examples") and "/" in rest:
            found.add(f"{head}/{rest.partition('/')[0]}")
    return sorted(found)


def history(repository: str) -> None:
    memo: dict[str, FileFacts] = {}
    schemas: dict[str, ModuleSchema] = {}
    reader = ObjectReader(Path(repository), Git())
    start, count, variables = time.perf_counter(), 0, 0
    names = tags(repository)
    for tag in names:
        tree = TagTree(reader, entries(repository, tag))
        found = listing(tree)
        for directory in directories(tree.entries):
            checked = describe(tree, directory, SchemaLimits(), memo, schemas=schemas, found=found)
            count += 1
            variables += len(checked.value.variables)
    ours = time.perf_counter() - start
    reader.close()
    print(
        f"{len(names)} tags, {count} directories, {len(memo)} distinct files, {len(schemas)} distinct directories,"
        f" {variables} variables: {ours:.1f} s"
    )
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for tag in names:
            git(repository, f"--work-tree={folder}", "checkout", "-f", "-q", tag, "--", ".")
        checkouts = time.perf_counter() - start
    print(f"{checkouts:.1f} s for the checkouts alone, x {checkouts / ours:.1f}")
    if program := shutil.which("terraform"):
        start = time.perf_counter()
        for _ in range(10):
            subprocess.run([program, "version"], capture_output=True, check=True)
        starts = (time.perf_counter() - start) / 10 * count
        print(f"{starts:.0f} s of process starts, one for each directory, x {starts / ours:.0f}")


# -- agreement and recovery


def verdicts(folder: Path) -> dict[str, tuple[int, str]]:
    """The first fault of each file of a folder, as `terraform fmt` tells it: line and name."""
    command = ["terraform", "fmt", "-write=false", "-list=false", "-no-color", str(folder)]
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=-1, check=False)
    found: dict[str, tuple[int, str]] = {}
    for part in run.stderr.decode("utf-8", "replace").split("Error: ")[1:]:
        if place := re.search(r"on \S*?([0-9a-f]{40})\.tf line (\d+)", part):
            fault = (int(place[2]), part.split("\n")[0].strip())
            found[place[1]] = min(found.get(place[1], fault), fault, key=lambda f: f[0])
    return found


def oracle(*repositories: str) -> None:
    if shutil.which("terraform") is None:
        print("skipped: the program terraform is not on this machine")
        return
    for repository in repositories:
        with tempfile.TemporaryDirectory() as name:
            ours: dict[str, tuple[int, str]] = {}
            total = 0
            for blob, data in blobs([repository]):
                (Path(name) / f"{blob}.tf").write_bytes(data)
                problems = document_of(data, is_json=False).problems
                total += 1
                if problems:
                    ours[blob] = (problems[0].line, problems[0].summary)
            theirs = verdicts(Path(name))
        both = ours.keys() & theirs.keys()
        same = sum(ours[blob] == theirs[blob] for blob in both)
        print(
            f"{repository}: {total} blobs, {len(theirs)} bad; false alarms {len(ours.keys() - theirs.keys())},"
            f" missed {len(theirs.keys() - ours.keys())}; same line and name {same} of {len(both)}"
        )


def names(text: str) -> set[tuple[str, str]]:
    kinds = ("variable", "output")
    found = read_native(text).body.blocks
    return {(b.type, b.labels[0]) for b in found if b.type in kinds and len(b.labels) == 1}


def recovery(*repositories: str) -> None:
    chance = random.Random(5)
    every = [data for _, data in blobs(list(repositories))]
    chance.shuffle(every)
    files = total = kept = invented = 0
    for data in every:
        text = data.decode("utf-8", "replace")
        before = names(text)
        if len(before) < 3 or read_native(text).problems:
            continue
        at = chance.choice([i for i, c in enumerate(text) if c in '{}[]()"='])
        broken = text[:at] + text[at + 1 :]
        if not read_native(broken).problems:
            continue
        after = names(broken)
        files += 1
        total += len(before)
        kept += len(before & after)
        invented += len(after - before)
        if files == 600:
            break
    print(f"{files} files, {total} blocks: {kept / total:.2%} kept, {invented} invented")


# -- hostile inputs

HOSTILE: dict[str, Callable[[int], str]] = {
    "open parentheses": lambda n: "a = " + "(" * n,
    "open blocks": lambda n: "a {\n" * (n // 4),
    "open sequences": lambda n: "a = " + '"${' * (n // 3),
    "|| chain": lambda n: "a = b" + " || c" * (n // 5) + "\n",
    "attribute chain": lambda n: "a = b" + ".c" * (n // 2) + "\n",
    "variables": lambda n: "".join(f'variable "v{i}" {{}}\n' for i in range(n // 21)),
    "one string": lambda n: 'variable "a" {\n  default = "' + "x" * n + '"\n}\n',
    "one heredoc": lambda n: (
        'variable "a" {\n  default = <<-E\n' + "  line\n" * (n // 7) + "E\n}\n"
    ),
    "escapes": lambda n: 'variable "a" {\n  default = "' + "\\n" * (n // 2) + '"\n}\n',
    "$ run": lambda n: 'variable "a" {\n  default = "' + "$" * n + '"\n}\n',
    "one comment": lambda n: "#" + "x" * n,
    "open comments": lambda n: "/*" * (n // 2),
    "NUL": lambda n: "\0" * n,
    "broken blocks": lambda n: 'variable "a" {\n  type = (\n}\n' * (n // 29),
    "a bad line before good blocks": lambda n: (
        "!\n" + 'variable "a" {\n  type = string\n}\n' * (n // 33)
    ),
    "wide default": lambda n: (
        'variable "a" {\n  default = [\n' + "{ b = 1 },\n" * (n // 11) + "]\n}\n"
    ),
}


def hostile() -> None:
    for name, make in HOSTILE.items():
        took = []
        for size in (500_000, 1_000_000):
            data = make(size).encode()
            took.append(seconds(lambda data=data: file_facts(data, is_json=False), 1))  # type: ignore[misc]
        growth = took[1] / took[0] if took[0] > 0.01 else 0
        print(f"{took[1]:6.2f} s  x {growth:4.1f} for twice the text  {name}")


if __name__ == "__main__":
    commands: dict[str, Callable[..., None]] = {
        "speed": speed,
        "history": history,
        "oracle": oracle,
        "recovery": recovery,
        "hostile": hostile,
    }
    commands[sys.argv[1]](*sys.argv[2:])
