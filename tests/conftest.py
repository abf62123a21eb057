"""What every test may use."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The gate tries the same examples every time, so that a change fails by its own fault only;
# HYPOTHESIS_PROFILE=default searches at random, and what it finds becomes a pinned example.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))

ROOT = Path(__file__).parent.parent


def pytest_configure(config):
    """Tests never wait for git to ask, never see the user's configuration and never leave loopback."""
    os.environ.update(
        GIT_TERMINAL_PROMPT="0", GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1"
    )
    os.environ["NO_PROXY"] = "localhost,127.0.0.1"
    os.environ["NO_MKDOCS_2_WARNING"] = "1"


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch):
    connect = socket.socket.connect

    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in {"127.0.0.1", "localhost", "::1", "local"}:
            raise AssertionError(f"a test tried to reach {host}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real registry data that lies beside the project on some machines; the test is skipped elsewhere."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("real registry data is not on this machine (../shared/data)")
    return folder


CLIENT, CLIENT_VERSION = "@opentofu/opentofu-mcp-server", "0.1.5"
NPM_INSTALL = ("install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0")


@pytest.fixture(scope="session")
def npm_client(request) -> Callable[..., dict[str, Any]]:
    """Calls of an npm client of the docs API that people use: npm_client(base, name=[method, *arguments]) gives what
    each call read. The test is skipped when the client cannot be had."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        pytest.skip("node and npm are not installed")
    folder = Path(request.config.cache.mkdir(f"docs-client-{CLIENT_VERSION}"))
    if not (folder / "node_modules" / CLIENT / "package.json").exists():
        install = [npm, *NPM_INSTALL, "--prefix", str(folder), f"{CLIENT}@{CLIENT_VERSION}"]
        try:
            subprocess.run(install, check=True, capture_output=True, text=True, timeout=180)
        except subprocess.SubprocessError as error:
            pytest.skip(f"npm cannot install {CLIENT}: {getattr(error, 'stderr', '') or error}")

    def call(base: str, **calls: list[str]) -> dict[str, Any]:
        script = ROOT / "tests/api/client.mjs"
        vector = ["node", str(script), str(folder), base, json.dumps(calls)]
        done = subprocess.run(vector, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        read: dict[str, Any] = json.loads(done.stdout)
        return read

    return call
