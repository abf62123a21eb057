"""The command line as a user calls it: exit codes, messages, formats, no traceback ever."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml

from builder.testing.registry import RegistryMaker

GARDEN = {"docs/index.md": "# Garden\n", "docs/resources/bed.md": "# bed\n\nA bed.\n"}


@pytest.fixture
def registry(tmp_path: Path) -> RegistryMaker:
    made = RegistryMaker(tmp_path / "registry")
    made.package("acme/garden", {"v1.0.0": GARDEN})
    configure(made)
    return made


def configure(made: RegistryMaker, **section: object) -> None:
    raw = {
        "site_name": "Made-up",
        "docs_dir": "no-handbook",
        "plugins": [{"registry": {**made.section, **section}}],
    }
    (made.root / "mkdocs.yml").write_text(yaml.safe_dump(raw))


def call(folder: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "builder.cli", *args],
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done


def test_build_ends_with_the_counts(registry):
    done = call(registry.root, "build")
    assert done.returncode == 0
    assert re.fullmatch(
        r"built 1 release \(0 unchanged\), \d+ files, [\d.]+ s", done.stderr.splitlines()[-1]
    )
    again = call(registry.root, "build")
    assert re.fullmatch(
        r"built 1 release \(1 unchanged\), \d+ files, nothing new, [\d.]+ s",
        again.stderr.splitlines()[-1],
    )


def test_the_site_can_be_put_elsewhere(registry, tmp_path):
    assert call(registry.root, "build", "-d", str(tmp_path / "there")).returncode == 0
    assert (tmp_path / "there/index.html").exists()


def test_a_missing_configuration_says_what_to_do(tmp_path):
    done = call(tmp_path, "build")
    assert done.returncode == 2
    assert "mkdocs.yml: there is no such file" in done.stderr
    assert "regdocs new" in done.stderr


def test_configuration_faults_are_told_at_once(registry):
    configure(registry, metadta="x", jobs=0)
    done = call(registry.root, "build")
    assert done.returncode == 2
    assert "plugins.registry.metadta: unknown key; did you mean metadata?" in done.stderr
    assert "plugins.registry.jobs: 0 is less than the minimum of 1" in done.stderr


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["build", "--nonsense"], 2, "No such option"),
        (["build", "a/b/c/d"], 2, "is not an address"),
        (["build", "acme/unknown"], 1, "not in the metadata"),
        (["serve"], 2, "there is no built site"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_wrong_calls(registry, args, code, words):
    done = call(registry.root, *args)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr


@pytest.fixture
def odd(registry: RegistryMaker) -> RegistryMaker:
    registry.entry("acme/garden", "v2.0.0", "v1.0.0")
    return registry


def test_issues_as_text(odd):
    done = call(odd.root, "build")
    assert done.returncode == 0
    assert done.stdout.startswith("warning GIT002 providers/acme/garden@2.0.0: there is no tag")
    assert done.stderr.splitlines()[-1].split(", ")[2:4] == ["1 failed", "1 warning"]


def test_strict_fails_on_warnings_but_writes_the_site(odd):
    done = call(odd.root, "build", "--strict")
    assert done.returncode == 1
    assert (odd.site / "index.html").exists()


def test_issues_as_json(odd):
    rows = json.loads(call(odd.root, "build", "--format", "json").stdout)
    told = [(row["code"], row["severity"], row["version"]) for row in rows]
    assert told == [("GIT002", "warning", "2.0.0"), ("REG003", "note", "")]
    assert {row["address"] for row in rows} == {"providers/acme/garden"}


def test_issues_for_github(odd):
    out = call(odd.root, "build", "--format", "github").stdout
    assert out.startswith(
        "::warning title=GIT002 providers/acme/garden::there is no tag 2.0.0 or v2.0.0"
    )


def test_malformed_metadata_fails_with_1_and_the_rest_is_built(registry):
    registry.file("providers/b/bad/bad.json", "{")
    done = call(registry.root, "build")
    assert done.returncode == 1
    assert "META001" in done.stdout
    assert (registry.site / "providers/acme/garden/latest/docs/resources/bed/index.html").exists()


def test_check_tells_and_fixes(registry):
    file = registry.metadata / "providers/a/acme/garden.json"
    good = file.read_text()
    file.write_text(good.replace('"versions"', ' "versions"') + "\n")
    assert call(registry.root, "check").returncode == 0
    assert "META010" in call(registry.root, "check", "-v").stdout
    assert call(registry.root, "check", "--fix").returncode == 0
    assert file.read_text() == good


def test_no_color_and_no_control_characters(registry):
    registry.file("providers/b/bad/\x1b[31mbad.json", "{")
    done = call(registry.root, "build", NO_COLOR="1")
    assert "\x1b" not in done.stdout + done.stderr


def test_new_makes_a_repository_that_builds(tmp_path):
    made = call(tmp_path, "new", "shop", "--name", 'The "Shop"')
    assert made.returncode == 0
    folder = tmp_path / "shop"
    assert ".github/workflows/registry.yml" in made.stdout
    workflow = yaml.safe_load((folder / ".github/workflows/registry.yml").read_text())
    assert "regdocs build" in str(workflow["jobs"]["build"]["steps"])
    assert call(folder, "check", "--strict").returncode == 0
    done = call(folder, "build", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The Shop" in (folder / "site/index.html").read_text()
    assert (folder / "site/handbook/index.html").exists()
    assert call(tmp_path, "new", "shop").returncode == 2


def test_serve_serves_and_ends_on_interrupt(registry):
    call(registry.root, "build")
    child = subprocess.Popen(
        [sys.executable, "-m", "builder.cli", "serve", "-a", "127.0.0.1:0"],
        cwd=registry.root,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", child.stderr.readline())
        assert found
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(
            found[0] + "providers/acme/garden/latest/docs/resources/bed/", timeout=10
        ) as answer:
            assert b"A bed." in answer.read()
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=10)
        assert child.returncode == 130
        assert "Traceback" not in told
    finally:
        child.kill()
        child.communicate()


def test_mkdocs_build_gives_the_same_site(registry):
    (registry.root / "pages").mkdir()
    (registry.root / "pages/index.md").write_text("# Handbook\n\nRead me.\n")
    text = (registry.root / "mkdocs.yml").read_text()
    (registry.root / "mkdocs.yml").write_text(
        text.replace("no-handbook", "pages") + "theme: {name: material, font: false}\n"
    )
    assert call(registry.root, "build", "-d", "one").returncode == 0
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", "two"],
        cwd=registry.root,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    from builder.emit.manifest import read_manifest

    one, two = read_manifest(registry.root / "one"), read_manifest(registry.root / "two")
    assert [i for i in one.items() if i not in set(two.items())] == []
    assert one.digest == two.digest
    assert "Read me." in (registry.root / "two/handbook/index.html").read_text()
