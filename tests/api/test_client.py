"""A client that people use reads our tree from a plain static file server: the npm package of OpenTofu's MCP server."""

import http.server
import json
import shutil
import subprocess
import threading
from functools import partial
from pathlib import Path

import pytest

from builder.api.docs_v1 import render_catalog, render_package, render_release
from builder.model.address import Address, Kind
from builder.model.license import Outcome, Verdict

PACKAGE = "@opentofu/opentofu-mcp-server"
VERSION = "0.1.5"
INSTALL = ("install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0")


@pytest.fixture(scope="module")
def client(request) -> Path:
    """A folder with the package installed, kept in pytest's cache; the test is skipped when it cannot be had."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        pytest.skip("node and npm are not installed")
    folder = Path(request.config.cache.mkdir(f"docs-client-{VERSION}"))
    installed = folder / "node_modules" / PACKAGE / "package.json"
    if not installed.exists():
        try:
            subprocess.run(
                [npm, *INSTALL, "--prefix", folder, f"{PACKAGE}@{VERSION}"],
                check=True,
                capture_output=True,
                text=True,
                timeout=180,
            )
        except subprocess.SubprocessError as error:
            pytest.skip(f"npm cannot install {PACKAGE}: {getattr(error, 'stderr', '') or error}")
    return folder


class Server(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and notes what is asked for."""

    requests: list[str]

    def log_message(self, *args):
        self.requests.append(self.path)


@pytest.fixture
def serve(tmp_path):
    """Write outputs below a folder of a static server; gives its base URL and the paths that were asked for."""
    requests: list[str] = []
    handler = partial(type("Noting", (Server,), {"requests": requests}), directory=tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def start(outputs):
        for output in outputs:
            file = tmp_path / "base" / output.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(output.body)
        return f"http://127.0.0.1:{server.server_port}/base", requests

    yield start
    server.shutdown()
    thread.join()
    server.server_close()


def test_npm_client_lists_and_reads_everything(
    client, serve, provider, module, summary, texts, check
):
    withheld = provider(
        address=Address.of(Kind.PROVIDER, "acme", "withheld"),
        verdict=Verdict(Outcome.REFUSE, "no license was found"),
        replacement=texts.add("# 451"),
    )
    build = provider("0.6.3-1+4", address=Address.of(Kind.PROVIDER, "acme", "build"))
    packages = [
        summary("1.0.0", "1.2.0"),
        summary("0.6.3-1+4", address=build.address),
        summary("1.2.0", address=withheld.address),
        summary("1.2.0", kind=Kind.MODULE),
    ]
    outputs = [*render_catalog(packages)]
    for package in packages:
        outputs += render_package(package)
    for docs in (provider("1.0.0"), provider(), build, withheld, module()):
        outputs += render_release(docs, texts.read)
    base, requests = serve(outputs)

    script = Path(__file__).with_name("client.mjs")
    done = subprocess.run(
        ["node", script, client, base], capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    names = [entry["addr"]["display"] for entry in read["providers"]["providers"]]
    assert names == ["acme/build", "acme/garden", "acme/withheld"]
    assert [m["addr"]["target"] for m in read["modules"]["modules"]] == ["cloud"]
    assert read["provider"]["latestVersion"]["id"] == "v1.2.0"
    assert read["provider"]["latestVersion"]["docs"]["resources"][0]["name"] == "My_r"
    assert read["build"]["latestVersion"]["id"] == "v0.6.3-1+4"
    assert read["withheld"]["latestVersion"]["docs"]["datasources"] == []
    assert read["module"]["versions"][0]["id"] == "v1.2.0"
    assert (read["resource"], read["dataSource"]) == ("resources", "datasources")
    assert read["buildResource"] == "resources"
    assert read["missing"] == "API request failed: 404 File not found"
    assert all(path.startswith("/base/registry/docs/") for path in requests)
