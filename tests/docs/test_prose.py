"""What the README, the handbook and the example say: links lead somewhere, commands exist, nothing foreign is named."""

import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import normpath
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "content" / "handbook"
EXAMPLE = sorted(
    path
    for folder in ("registry", "repositories")
    for path in (ROOT / "content" / folder).rglob("*")
    if path.is_file()
)
PAGES = sorted([*HANDBOOK.rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
URL = re.compile(r"(?:https?|ssh|git)://[^\s\"'`)>|]+")
HOSTS = re.compile(
    r"(?:[a-z0-9-]+\.)*example\.com|github\.com|keepachangelog\.com|semver\.org|json-schema\.org"
)
MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:home|root|Users|tmp|work|mnt)/\w")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    """A page without its code blocks."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """The ids of a page's headings, as MkDocs makes them, and those written by hand."""
    text = prose(path)
    headings = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    slugs = {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", h).strip().lower()) for h in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)"', text))


def broken_links(page: Path) -> Iterator[str]:
    for target in LINK.findall(prose(page)):
        parts = urlsplit(target)
        if parts.scheme:
            continue
        file = page.parent / parts.path if parts.path else page
        if not file.exists() or (parts.fragment and parts.fragment not in anchors(file)):
            yield target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_to_files_and_headings_that_exist(page):
    assert list(broken_links(page)) == []


@pytest.mark.parametrize("page", sorted(HANDBOOK.rglob("*.md")), ids=name)
def test_the_handbook_links_to_nothing_outside_its_folder(page):
    """MkDocs builds the folder by itself: a link out of it would be broken on the site."""
    inside = page.relative_to(HANDBOOK).parent.as_posix()
    local = [t for t in LINK.findall(prose(page)) if not urlsplit(t).scheme]
    assert [t for t in local if normpath(f"{inside}/{t}").startswith("..")] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_has_one_title_and_closed_code_blocks(page):
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(re.findall(r"^# ", prose(page), re.MULTILINE)) == 1
    assert text.count("\n```") % 2 == 0


def test_only_hosts_that_are_ours_to_name_are_named():
    """Example names, the forge of the conventions, and the sites of formats; no package index, no other registry."""
    foreign = {
        (name(path), host)
        for path in [*PAGES, *EXAMPLE]
        for url in URL.findall(path.read_text(encoding="utf-8"))
        if not HOSTS.fullmatch(host := urlsplit(url.rstrip(".,;:")).hostname or "")
    }
    assert foreign == set()


def test_no_path_of_a_machine_is_named():
    found = [n for n in [*PAGES, *EXAMPLE] if MACHINE_PATH.search(n.read_text(encoding="utf-8"))]
    assert [name(path) for path in found] == []


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_make_targets_that_are_named_exist(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z]+)\b(?=[`\s]* *(?:[`|&\n]|ARGS))", text))
    assert named
    assert named <= make_targets()


def test_the_readme_names_every_make_target():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {t for t in make_targets() if f"`make {t}`" not in text} == {"help"}


def test_verbs_that_the_readme_and_the_handbook_use_are_documented():
    """Every `regdocs VERB` in any page has its section in cli.md."""
    documented = set(
        re.findall(
            r"^### `regdocs ([a-z]+)", (HANDBOOK / "cli.md").read_text("utf-8"), re.MULTILINE
        )
    )
    used = {
        verb
        for page in PAGES
        for code in CODE.findall(page.read_text("utf-8"))
        for verb in re.findall(r"(?:^|[`/])regdocs ([a-z]+)", code, re.MULTILINE)
    }
    assert {"build", "check", "new", "serve"} <= used
    assert used <= documented


def test_the_lock_file_holds_no_addresses():
    assert URL.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")) == []
