"""Real provider documentation: nothing swallowed, nothing lost, links resolved or reported."""

import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from builder.markdown import render
from builder.model.address import Address, Kind
from builder.model.body import Body, LinkState
from builder.model.document import DOC_KINDS, KIND_BY_KEY, Document
from builder.pages.links import LinkHosts, PageTargets, Resolver

HOSTS = LinkHosts(registries=("registry.opentofu.org", "registry.terraform.io"))
DIRECTORIES = {directory: kind.key for kind in DOC_KINDS for directory in kind.directories}


def git(repository: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def cloned(shared_data, tmp_path_factory):
    def clone(name: str) -> Path:
        bundle = shared_data / "repos" / f"{name}.bundle"
        if not bundle.is_file():
            pytest.skip(f"{bundle} is not on this machine")
        target: Path = tmp_path_factory.mktemp("real") / name
        git(Path.cwd(), "clone", "-q", "--bare", str(bundle), str(target))
        return target

    return clone


def documents(repository: Path, tag: str) -> dict[str, Document]:
    """The pages of a tag by path, without CDKTF."""
    found = {}
    for line in git(repository, "ls-tree", "-r", "-z", tag).decode().split("\0"):
        _, _, path = line.partition("\t")
        parts = path.removeprefix("website/").split("/")
        if parts[0] != "docs" or not path.endswith((".md", ".markdown")):
            continue
        name = parts[-1].split(".html")[0].removesuffix(".markdown").removesuffix(".md")
        blob = line.split()[2]
        if len(parts) == 2:
            found[path] = Document("", name, path, blob)
        elif len(parts) == 3 and parts[1] in DIRECTORIES:
            found[path] = Document(DIRECTORIES[parts[1]], name, path, blob)
    return found


def sources(repository: Path, blobs: list[str]) -> dict[str, str]:
    data = git(repository, "cat-file", "--batch", stdin="\n".join(blobs).encode())
    found, position = {}, 0
    for blob in blobs:
        end = data.index(b"\n", position)
        size = int(data[position:end].split()[2])
        found[blob] = data[end + 1 : end + 1 + size].decode("utf-8", "replace")
        position = end + size + 2
    return found


def bodies(
    address: Address, pages: Mapping[str, Document], texts: Mapping[str, str]
) -> Iterator[tuple[str, Body]]:
    targets = PageTargets.of_documents(pages.values())
    for path, document in pages.items():
        page = f"{KIND_BY_KEY[document.kind].segment}/{document.slug}" if document.kind else ""
        resolve = Resolver(address, targets, page, hosts=HOSTS, packages=lambda _: False)
        yield path, render(texts[document.blob], resolve=resolve, title=document.name)


def check_page(path: str, body: Body) -> None:
    soup = BeautifulSoup(body.html, "html.parser")
    ids = Counter(str(element["id"]) for element in soup.find_all(id=True))
    assert [name for name, number in ids.items() if number > 1] == [], path
    assert len(soup.find_all("h1")) == 1, path
    assert not soup.find_all(["script", "img", "style"]), path
    for link in soup.select('a[href^="#"]'):
        assert str(link["href"])[1:] in {"", *body.anchors}, (path, link)
    shown = [line for line in soup.get_text().split("\n") if line.startswith("## ")]
    code = "".join(element.get_text() for element in soup.select("pre"))
    assert [line for line in shown if line not in code] == [], path


@pytest.mark.real
def test_google_s_newest_version(cloned):
    """12,553 headings, none swallowed and none made of front matter; at least 98.5 % of the links inside the provider lead to a page."""
    repository = cloned("terraform-provider-google")
    pages = documents(repository, "v7.45.0")
    texts = sources(repository, sorted({d.blob for d in pages.values()}))
    headings = 0
    states: Counter[LinkState] = Counter()
    address = Address.of(Kind.PROVIDER, "hashicorp", "google")
    for number, (path, body) in enumerate(bodies(address, pages, texts)):
        headings += len(body.toc)
        states.update(k.resolution.state for k in body.links if not k.written.startswith("#"))
        if number % 8 == 0:  # reading a page back takes longer than rendering it
            check_page(path, body)
    assert len(pages) == 1765
    assert headings == 12_553
    assert states[LinkState.INTERNAL] >= 1_700
    resolved = states[LinkState.INTERNAL]
    assert resolved / (resolved + states[LinkState.BROKEN]) >= 0.985


@pytest.mark.real
def test_random_in_all_versions(cloned):
    """Every internal link leads to a page of its version or is reported with its line."""
    repository = cloned("terraform-provider-random")
    address = Address.of(Kind.PROVIDER, "hashicorp", "random")
    tags = git(repository, "tag").decode().split()
    rendered = 0
    for tag in tags:
        pages = documents(repository, tag)
        there = {"", *PageTargets.of_documents(pages.values()).pages}
        texts = sources(repository, sorted({d.blob for d in pages.values()}))
        for path, body in bodies(address, pages, texts):
            rendered += 1
            check_page(path, body)
            for link in body.links:
                assert link.line > 0, (tag, path, link)
                if link.resolution.state is LinkState.INTERNAL:
                    target = link.resolution.target.split("#")[0].replace("../", "").strip("./")
                    assert target in there, (tag, path, link)
                elif link.resolution.state is LinkState.BROKEN:
                    assert link.resolution.message, (tag, path, link)
    assert rendered > 300
