"""A client that people use reads our tree from a plain static file server: the npm package of OpenTofu's MCP server."""

import http.server
import threading
from functools import partial

import pytest

from builder.api.docs_v1 import render_catalog, render_package, render_release
from builder.model.address import Address, Kind
from builder.model.license import Outcome, Verdict


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
    npm_client, serve, provider, module, summary, texts, check
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

    read = npm_client(
        base,
        providers=["getProviderList"],
        modules=["getModuleList"],
        provider=["getProviderDetails", "acme", "garden"],
        build=["getProviderDetails", "acme", "build"],
        withheld=["getProviderDetails", "acme", "withheld"],
        module=["getModuleDetails", "acme", "vpc", "cloud"],
        resource=["getResourceDocs", "acme", "garden", "my_r"],
        dataSource=["getDataSourceDocs", "acme", "garden", "my_d", "v1.0.0"],
        buildResource=["getResourceDocs", "acme", "build", "my_r"],
        missing=["getResourceDocs", "acme", "garden", "none"],
    )
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
