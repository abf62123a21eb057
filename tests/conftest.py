"""What every test may use."""

import os
import socket
from pathlib import Path

import pytest

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
