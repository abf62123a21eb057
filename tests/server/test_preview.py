"""The preview behaves as a static host: index documents, redirects, the 404 page, nothing out of the folder."""

import http.client
import threading
from collections.abc import Iterator

import pytest

from builder.emit.tree import SiteWriter
from builder.model.artifact import Artifact, Redirect
from builder.server.preview import PreviewServer


@pytest.fixture
def server(tmp_path) -> Iterator[PreviewServer]:
    (tmp_path / "secret.txt").write_text("secret")
    with SiteWriter(tmp_path / "site") as site:
        site.write(
            "site/pages",
            "k",
            [
                Artifact("index.html", b"home"),
                Artifact("404.html", b"not here"),
                Artifact(".well-known/terraform.json", b"{}"),
                Artifact("v1/versions", b"[]", "application/json"),
                Artifact("a b/index.html", b"blank"),
            ],
        )
        site.write(
            "providers/acme/garden",
            "k",
            [
                Artifact("providers/acme/garden/index.html", b"garden"),
                Redirect("providers/acme/old/index.html", "providers/acme/garden/"),
            ],
        )
        site.commit()
    with PreviewServer(tmp_path / "site", port=0) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(server: PreviewServer, path: str, method: str = "GET") -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read(), {k.lower(): v for k, v in answer.getheaders()}
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/", 200, b"home"),
        ("/index.html?x=1", 200, b"home"),
        ("/providers/acme/garden/", 200, b"garden"),
        ("/a%20b/", 200, b"blank"),
        ("/nothing", 404, b"not here"),
        ("/nothing/", 404, b"not here"),
        ("/.manifest/site.json", 404, b"not here"),
        ("/../secret.txt", 404, b"not here"),
        ("/%2e%2e/secret.txt", 404, b"not here"),
        ("/..%2fsecret.txt", 404, b"not here"),
        ("/%00", 404, b"not here"),
        ("/.well-known/terraform.json", 200, b"{}"),
    ],
)
def test_paths(server, path, status, body):
    assert ask(server, path)[:2] == (status, body)


def test_a_folder_without_slash_is_redirected(server):
    status, _, headers = ask(server, "/providers/acme/garden")
    assert (status, headers["location"]) == (302, "/providers/acme/garden/")


def test_redirects_of_the_manifest(server):
    status, _, headers = ask(server, "/providers/acme/old/")
    assert (status, headers["location"]) == (301, "/providers/acme/garden/")


def test_content_types_come_from_the_manifest(server):
    assert ask(server, "/v1/versions")[2]["content-type"] == "application/json"
    assert ask(server, "/")[2]["content-type"] == "text/html; charset=utf-8"


def test_headers_of_the_real_host(tmp_path):
    """They come with every answer, an error too."""
    policy = {"Content-Security-Policy": "default-src 'self'"}
    (tmp_path / "index.html").write_bytes(b"home")
    with PreviewServer(tmp_path, port=0, headers=policy) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        found = [ask(made, path)[2]["content-security-policy"] for path in ("/", "/nothing")]
        made.shutdown()
        thread.join()
    assert found == ["default-src 'self'"] * 2


def test_head_has_headers_only(server):
    status, body, headers = ask(server, "/", "HEAD")
    assert (status, body, headers["content-length"]) == (200, b"", "4")


def test_other_methods_are_refused(server):
    status, _, headers = ask(server, "/", "POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_a_rebuilt_site_is_served_at_once(server):
    with SiteWriter(server.site) as site:
        site.write("site/pages", "k2", [Artifact("index.html", b"new home")])
        site.commit()
    assert ask(server, "/")[1] == b"new home"
    assert ask(server, "/providers/acme/old/")[0] == 404


DOWNLOAD = "v1/modules/acme/net/aws/1.0.0/download"


@pytest.mark.parametrize(
    ("path", "body", "header"),
    [
        (
            DOWNLOAD,
            b'{"location":"git::https://f.example/r?ref=v1.0.0"}',
            "git::https://f.example/r?ref=v1.0.0",
        ),
        (DOWNLOAD, b'{"location":"x\\r\\nSet-Cookie: a=b"}', None),
        (DOWNLOAD, b'{"location":7}', None),
        (DOWNLOAD, b"[]", None),
        (DOWNLOAD, b"\xff", None),
        ("v1/providers/acme/net/aws/download", b'{"location":"x"}', None),
    ],
)
def test_modules_get_the_header_that_terraform_reads(server, path, body, header):
    with SiteWriter(server.site) as site:
        site.write("modules/acme/net/aws", "k", [Artifact(path, body, "application/json")])
        site.commit()
    status, _, headers = ask(server, f"/{path}")
    assert (status, headers.get("x-terraform-get")) == (200, header)
    assert ask(server, f"/{path}", "HEAD")[2].get("x-terraform-get") == header
