"""Rendering bodies, as a ratio to bare markdown-it-py on the same pages in the same run.

    python benchmarks/markdown.py REPOSITORY TAG [EVERY]

REPOSITORY is a git repository with provider documentation; every EVERY-th page of TAG is taken. Bare means: parse and
render to HTML with the same extensions, without front matter, dialect, links, highlighting and sanitising. Figures are
CPU seconds, the least of three rounds; cold means that no code block was colored before.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

from markdown_it import MarkdownIt

from builder.markdown import RENDER_VERSION, highlight, render
from builder.model.body import LinkState, Resolution

ROUNDS = 3


def pages(repository: str, tag: str, every: int) -> list[str]:
    """The texts of the documentation pages of a tag, in the order of their paths."""
    git = ["git", "-C", repository]
    listed = subprocess.run([*git, "ls-tree", "-r", "--name-only", tag], stdout=-1, check=True)
    paths = [p for p in listed.stdout.decode().split("\n") if p.endswith((".md", ".markdown"))]
    found = [p for p in sorted(paths) if p.startswith(("docs/", "website/docs/"))][::every]
    return [
        subprocess.run([*git, "show", f"{tag}:{path}"], stdout=-1, check=True).stdout.decode()
        for path in found
    ]


def seconds(work: Callable[[str], object], texts: list[str], before: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        before()
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - start)
    return best


def forget() -> None:
    highlight._memo = highlight._Memo(highlight.CACHED_CHARACTERS)


def main(repository: str, tag: str, every: str = "4") -> None:
    texts = pages(repository, tag, int(every))
    bare = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    def body(text: str) -> object:
        return render(text, resolve=lambda a: Resolution(LinkState.EXTERNAL, a), title="Page")

    body(texts[0])  # lexers and parsers are made once
    reference = seconds(bare.render, texts, lambda: None)
    print(f"{RENDER_VERSION}\n{len(texts)} pages of {tag}, {sum(map(len, texts)):,} characters")
    print(f"bare markdown-it-py  {reference:6.2f} s  {len(texts) / reference:6.0f} pages/s")
    for name, before in (("cold", forget), ("warm code blocks", lambda: None)):
        taken = seconds(body, texts, before)
        rate = len(texts) / taken
        print(f"{name:20} {taken:6.2f} s  {rate:6.0f} pages/s  {taken / reference:.2f} x bare")


if __name__ == "__main__":
    main(*sys.argv[1:])
