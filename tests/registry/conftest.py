"""A registry that was really built, its archives on a forge of our own, and the real clients that install from it.

One site serves all tests of a session. Everything runs on loopback and is stopped with the session.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from builder.server.preview import PreviewServer
from builder.testing.registry import RegistryMaker
from builder.testing.repositories import RepositoryMaker, make_zip

HOST = "registry.demo.test"
MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
OS, ARCH = platform.system().lower(), MACHINES.get(platform.machine(), platform.machine())
NEEDED = ("terraform", "gpg", "openssl", "git")


@pytest.fixture(scope="session", autouse=True)
def _programs():
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        pytest.skip(f"not on this machine: {', '.join(missing)}")


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    """The server, answering in a thread of its own until the end."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def recording(handler: Any, requests: list[str]) -> Any:
    """The handler, noting the method and path of each request."""

    class Recording(handler):  # type: ignore[misc]
        def parse_request(self) -> bool:
            good: bool = super().parse_request()
            requests.append(f"{self.command} {self.path}")
            return good

        def log_message(self, *args: Any) -> None:
            pass

    return Recording


class Signer:
    """A throw-away OpenPGP key in a home of its own."""

    def __init__(self, home: Path, name: str, algorithm: str = "ed25519") -> None:
        self.home = home
        home.mkdir(mode=0o700)
        self._gpg("--quick-gen-key", f"{name} <{name}@example.org>", algorithm, "sign", "never")
        self.public = self._gpg("--armor", "--export")

    def _gpg(self, *args: str, given: bytes = b"") -> bytes:
        vector = ["gpg", "--homedir", str(self.home), "--batch", "--quiet", "--no-tty"]
        options = ["--pinentry-mode", "loopback", "--passphrase", ""]
        done = subprocess.run([*vector, *options, *args], input=given, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def sign(self, data: bytes) -> bytes:
        """A binary detached signature."""
        return self._gpg("--detach-sign", given=data)

    def close(self) -> None:
        """Stop the agent that gpg started."""
        env = {**os.environ, "GNUPGHOME": str(self.home)}
        subprocess.run(["gpgconf", "--kill", "gpg-agent"], env=env, capture_output=True)


@pytest.fixture(scope="session")
def signers() -> Iterator[tuple[Signer, Signer]]:
    """The author's key, and another one."""
    with tempfile.TemporaryDirectory(prefix="gpg") as folder:  # short: sockets have short names
        made = (Signer(Path(folder, "a"), "author", "rsa2048"), Signer(Path(folder, "b"), "other"))
        yield made
        for signer in made:
            signer.close()


@dataclass
class Forge:
    """What the authors publish: archives, checksum lists and signatures, by name."""

    folder: Path
    signer: Signer
    url: str
    requests: list[str] = field(default_factory=list)

    def release(
        self, name: str, version: str, *, program: str = "", **facts: Any
    ) -> dict[str, Any]:
        """Publish an archive for this machine; gives the item of `versions` in the metadata."""
        stem = f"terraform-provider-{name}_{version}"
        filename = f"{stem}_{OS}_{ARCH}.zip"
        archive = make_zip({program or f"terraform-provider-{name}_v{version}": f"{version}\n"})
        digest = hashlib.sha256(archive).hexdigest()
        sums = f"{digest}  {filename}\n".encode()
        folder = self.folder / name / version
        folder.mkdir(parents=True, exist_ok=True)
        (folder / filename).write_bytes(archive)
        (folder / f"{stem}_SHA256SUMS").write_bytes(sums)
        (folder / f"{stem}_SHA256SUMS.sig").write_bytes(self.signer.sign(sums))
        base = f"{self.url}{name}/{version.replace('+', '%2B')}"
        target = {
            "os": OS,
            "arch": ARCH,
            "filename": filename,
            "download_url": f"{base}/{filename.replace('+', '%2B')}",
            "shasum": digest,
            "h1": directory_hash(
                {f"terraform-provider-{name}_v{version}": f"{version}\n".encode()}
            ),
            "size": len(archive),
        }
        sums_url = f"{base}/{stem.replace('+', '%2B')}_SHA256SUMS"
        return {
            "version": version,
            "protocols": ["5.0"],
            "shasums_url": sums_url,
            "shasums_signature_url": f"{sums_url}.sig",
            "targets": [target],
            **facts,
        }


def directory_hash(members: dict[str, bytes]) -> str:
    """The h1 of an archive's content, worked out as the specification words it."""
    lines = (f"{hashlib.sha256(members[n]).hexdigest()}  {n}\n" for n in sorted(members))
    return f"h1:{base64.b64encode(hashlib.sha256(''.join(lines).encode()).digest()).decode()}"


@pytest.fixture(scope="session")
def forge(tmp_path_factory, signers) -> Iterator[Forge]:
    """The forge, reachable while the session lasts."""
    folder = tmp_path_factory.mktemp("forge")
    requests: list[str] = []
    handler = functools.partial(
        recording(SimpleHTTPRequestHandler, requests), directory=str(folder)
    )
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        yield Forge(folder, signers[0], f"http://127.0.0.1:{server.server_port}/", requests)


@dataclass
class Built:
    """The built registry and where it is served."""

    maker: RegistryMaker
    forge: Forge
    url: str
    requests: list[str]
    report: Any

    @property
    def site(self) -> Path:
        """The site's folder."""
        return self.maker.site


def provider(
    maker: RegistryMaker, address: str, versions: list[dict[str, Any]], **facts: Any
) -> None:
    """Write a provider's metadata file."""
    maker.file(
        f"providers/{address[0]}/{address}.json", json.dumps({"versions": versions, **facts})
    )


@pytest.fixture(scope="session")
def modules(tmp_path_factory) -> dict[str, str]:
    """A git repository per module: its address for clients, and the commit of what v0.9.0 once was."""
    root = tmp_path_factory.mktemp("git")
    maker = RepositoryMaker(root / "Acme" / "terraform-aws-Net")
    for tag in ("v1.2", "v1.1.0", "v2.0.0-Beta", "v0.9.0", "v0.8.0", "v0.8.0+b1"):
        maker.release(tag, files_of(tag))
    pinned = maker.release("v0.9.0", files_of("v0.9.0 as it was"))
    maker.tag("v0.9.0", maker.commit(files_of("v0.9.0 after the tag was moved"), parent=pinned))
    return {"url": f"file://{maker.folder}", "pinned": pinned}


def files_of(label: str) -> dict[str, str]:
    """A module that says which one it is."""
    return {"LABEL": label, "main.tf": "", "modules/leaf/LEAF": label, "modules/leaf/main.tf": ""}


@pytest.fixture(scope="session")
def built(tmp_path_factory, forge, signers, modules) -> Iterator[Built]:
    """A registry with a package for each case, built without asking any repository, and served by the preview."""
    maker = RegistryMaker(tmp_path_factory.mktemp("registry") / "r")
    author, other = (signer.public for signer in signers)
    r = forge.release
    provider(
        maker,
        "acme/demo",
        [
            r("demo", "2.0.0-RC1"),
            r("demo", "1.3.0", yanked="It deletes what it should read."),
            r("demo", "1.2.0"),
            {**r("demo", "1.1.0"), "version": "1.1"},
            {**r("demo", "0.0.1"), "version": "latest"},
        ],
        warnings=["Move to acme/better."],
    )
    provider(maker, "acme/meta", [r("meta", "1.0.0"), r("meta", "1.0.0+b1")])
    provider(maker, "acme/blocked", [r("blocked", "1.0.0")])
    provider(maker, "twokeys/demo", [r("demo", "1.2.0")])
    provider(maker, "nokey/demo", [r("demo", "1.2.0")])
    provider(maker, "wrongkey/demo", [r("demo", "1.2.0")])
    elsewhere = r("far", "1.0.0")
    elsewhere["targets"][0] |= {"os": "plan9", "arch": "mips"}
    provider(maker, "acme/far", [elsewhere])
    wrong = r("wrong", "1.0.0")
    wrong["targets"][0]["shasum"] = "0" * 64
    provider(maker, "acme/wrong", [wrong])
    maker.file("keys/a/acme/key.asc", b"\xef\xbb\xbf" + author.replace(b"\n", b"\r\n"))
    maker.file("keys/t/twokeys/1-damaged.asc", author[: len(author) // 2])
    maker.file("keys/t/twokeys/2-other.asc", other)
    maker.file("keys/t/twokeys/3-author.asc", author)
    maker.file("keys/w/wrongkey/key.asc", other)
    aliases = {"providers": {"old/demo": "acme/demo"}}
    maker.file("aliases.json", json.dumps(aliases))
    maker.file("blocklist.json", json.dumps({"providers": {"acme/blocked": "Removed on request."}}))
    tags = ["v2.0.0-Beta", "v1.2", "v1.1.0", "v0.8.0", "v0.8.0+b1"]
    versions = [{"version": tag} for tag in tags]
    versions.append({"version": "v0.9.0", "commit": modules["pinned"]})
    maker.file(
        "modules/a/acme/net/aws.json",
        json.dumps({"repository": modules["url"], "versions": versions}),
    )
    report = maker.build(ingest=False, public_host=HOST)
    requests: list[str] = []
    with PreviewServer(maker.site, port=0) as server:
        server.RequestHandlerClass = recording(server.RequestHandlerClass, requests)
        with serving(server):
            yield Built(maker, forge, server.address, requests, report)


@dataclass
class Client:
    """A real client in an empty working directory."""

    folder: Path
    services: str  # base address of the site
    environment: dict[str, str] = field(default_factory=dict)
    configuration: str = ""  # of the command line; empty: the services of HOST without discovery

    def init(self, main: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Run `terraform init` on this configuration."""
        (self.folder / "main.tf").write_text(main)
        config = self.folder.parent / f"{self.folder.name}.tfrc"
        config.write_text(self.configuration or self._host())
        home = self.folder.parent / "home"
        home.mkdir(exist_ok=True)
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "TF_CLI_CONFIG_FILE": str(config),
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "TF_REGISTRY_CLIENT_TIMEOUT": "5",
            "TF_REGISTRY_DISCOVERY_RETRY": "0",
            "NO_PROXY": "*",
            "GIT_CONFIG_GLOBAL": os.devnull,
            **self.environment,
        }
        vector = ["terraform", "init", "-no-color", "-input=false", *options]
        return subprocess.run(
            vector, cwd=self.folder, env=env, capture_output=True, text=True, timeout=60
        )

    def _host(self) -> str:
        services = [
            f'    "{kind}.v1" = "{self.services}v1/{kind}/"' for kind in ("providers", "modules")
        ]
        return "\n".join([f'host "{HOST}" {{', "  services = {", *services, "  }", "}", ""])

    def provider(self, source: str, constraint: str = "", *options: str) -> str:
        """Install a provider; gives the version that was chosen, or what the client said instead."""
        version = f', version = "{constraint}"' if constraint else ""
        entry = f'    it = {{ source = "{source}"{version} }}'
        done = self.init(f"terraform {{\n  required_providers {{\n{entry}\n  }}\n}}\n", *options)
        if done.returncode:
            return done.stdout + done.stderr
        found = sorted((self.folder / ".terraform/providers").glob("*/*/*/*"))
        return f"{found[-1].name}\n{done.stdout}"

    def module(self, source: str, version: str = "") -> str:
        """Install a module; gives what its LABEL says, or what the client said instead."""
        line = f'  version = "{version}"\n' if version else ""
        done = self.init(f'module "it" {{\n  source = "{source}"\n{line}}}\n')
        if done.returncode:
            return done.stdout + done.stderr
        return (self.folder / ".terraform/modules/it/LABEL").read_text()


@pytest.fixture
def client(tmp_path, built) -> Client:
    """A client that is told where HOST's services are."""
    built.requests.clear()
    built.forge.requests.clear()
    folder = tmp_path / "work"
    folder.mkdir()
    return Client(folder, built.url)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """A throw-away authority's certificate, and a certificate with key for localhost that it signed."""
    folder = tmp_path_factory.mktemp("tls")
    config = folder / "openssl.cnf"
    config.write_text(
        "[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\n"
        "[host]\nsubjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n"
    )

    def openssl(*args: str) -> None:
        done = subprocess.run(["openssl", *args], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    new = (
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    )
    openssl(
        *new,
        "-config",
        "openssl.cnf",
        "-extensions",
        "ca",
        "-subj",
        "/CN=authority",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
    )
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-extensions", "host", "-subj", "/CN=localhost")
    openssl(*new, "-config", "openssl.cnf", *signed, "-keyout", "host.key", "-out", "host.pem")
    (folder / "both.pem").write_bytes(
        (folder / "host.pem").read_bytes() + (folder / "host.key").read_bytes()
    )
    return folder / "ca.pem", folder / "both.pem"


@pytest.fixture(scope="session")
def secure(built, certificate) -> Iterator[tuple[int, Path]]:
    """The same site over https on localhost: its port, and the authority to trust."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1])
    with PreviewServer(built.site, port=0) as server:
        server.RequestHandlerClass = recording(server.RequestHandlerClass, [])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with serving(server):
            yield server.server_port, certificate[0]


class RuledHost(SimpleHTTPRequestHandler):
    """A host that knows nothing but files and the rules of the site's `_headers`, as Cloudflare Pages and Netlify do."""

    def end_headers(self) -> None:
        for name, value in ruled(Path(self.directory), self.path):
            self.send_header(name, value)
        super().end_headers()

    def guess_type(self, path: Any) -> str:
        given = dict(ruled(Path(self.directory), self.path)).get("Content-Type")
        return given or super().guess_type(path)


def ruled(site: Path, path: str) -> Iterator[tuple[str, str]]:
    """The headers that `_headers` has for a path."""
    fits = False
    for line in (site / "_headers").read_text().splitlines():
        if line.startswith("/"):
            pattern = re.sub(r":\w+", "[^/]+", re.escape(line).replace(r"\*", ".*"))
            fits = re.fullmatch(pattern, path.partition("?")[0]) is not None
        elif fits:
            name, _, value = line.strip().partition(": ")
            yield name, value


@pytest.fixture(scope="session")
def ruled_host(built) -> Iterator[str]:
    """The same site on a host with the rules of `_headers`."""
    with hosted(RuledHost, built.site) as url:
        yield url


@pytest.fixture(scope="session")
def plain_host(built) -> Iterator[str]:
    """The same site on a host that has no rules: Python's own."""
    with hosted(SimpleHTTPRequestHandler, built.site) as url:
        yield url


@contextmanager
def hosted(handler: Any, folder: Path) -> Iterator[str]:
    """A folder on a host of this kind; gives its address."""
    made = functools.partial(recording(handler, []), directory=str(folder))
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), made)) as server:
        yield f"http://127.0.0.1:{server.server_port}/"
