"""The real terraform installs from a built registry: what has to work works, and what must not fails as it is known to.

Numbers of rules are those of the client rules in the registry protocol's notes.
"""

import json
import re
from pathlib import Path

import pytest

from builder.api.registry_v1 import SOURCE_PAGE

HOST = "registry.demo.test"


def flat(said: str) -> str:
    """What the client said, without its frames and line breaks."""
    return re.sub(r"[\s│╷╵]+", " ", said)


# --- providers


def test_the_newest_stable_version_is_installed_and_its_signature_checked(client, built):
    """Requests as rule 19 names them: withdrawn, unstable and unreadable versions are not even asked for."""
    said = client.provider(f"{HOST}/acme/demo")
    assert said.startswith("1.2.0\n")
    assert "self-signed, key ID" in said
    base = "/v1/providers/acme/demo"
    assert built.requests == [
        f"GET {base}/versions",
        f"GET {base}/1.2.0/download/{platform_path(client)}",
    ]
    kinds = [request.rpartition("_")[2] for request in built.forge.requests]
    assert kinds[:2] == ["SHA256SUMS", "SHA256SUMS.sig"]
    assert [r.split()[0] for r in built.forge.requests] == ["GET", "GET", "HEAD", "GET"]


def platform_path(client) -> str:
    path: Path = next((client.folder / ".terraform/providers").glob("*/*/*/*/*"))
    return path.name.replace("_", "/", 1)


def test_warnings_are_shown(client):
    """Rule 21."""
    assert "Move to acme/better." in client.provider(f"{HOST}/acme/demo")


@pytest.mark.parametrize(
    ("constraint", "chosen"),
    [
        ("1.1.0", "1.1.0"),  # written 1.1 in the metadata: rule 2
        ("~> 1.1", "1.2.0"),
        (">= 1.0, < 1.2", "1.1.0"),
        ("> 1.2.0", ""),  # 1.3.0 is withdrawn, 2.0.0-RC1 a pre-release
        ("1.3.0", ""),
        ("2.0.0-RC1", "2.0.0-RC1"),  # in its own letter case: rule 3
    ],
)
def test_constraints(client, constraint, chosen):
    said = client.provider(f"{HOST}/acme/demo", constraint)
    assert said.startswith(f"{chosen}\n" if chosen else "Initializing"), said
    assert chosen or "no available releases match the given constraints" in flat(said)


@pytest.mark.parametrize("version", ["1.0.0", "1.0.0+b1"])
def test_build_metadata_is_told_apart_and_asked_for_as_it_is(client, built, version):
    """Rule 5. Without an exact constraint the client takes either: to it they are equal."""
    assert client.provider(f"{HOST}/acme/meta", version).startswith(f"{version}\n")
    assert any(f"/{version}/download/" in request for request in built.requests)


@pytest.mark.parametrize("address", ["acme/blocked", "old/demo", "Acme/Demo"])
def test_blocked_packages_aliases_and_any_letter_case_can_be_installed(client, address):
    said = client.provider(f"{HOST}/{address}")
    assert re.match(r"1\.\d\.0\n", said), said


def test_a_damaged_key_and_a_wrong_one_before_the_right_one_do_no_harm(client):
    """Rule 16: as the file is, the damaged one would make the provider unusable."""
    assert client.provider(f"{HOST}/twokeys/demo").startswith("1.2.0\n")


def test_the_key_is_published_in_canonical_armor(built):
    """Its file has a byte order mark and CR LF."""
    path = next((built.site / "v1/providers/acme/demo/1.2.0").glob("download/*/*"))
    (key,) = json.loads(path.read_bytes())["signing_keys"]["gpg_public_keys"]
    assert key["ascii_armor"].startswith("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n")
    assert "\r" not in key["ascii_armor"]
    assert re.fullmatch("[0-9A-F]{16}", key["key_id"])


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("nokey/demo", "authentication signature from unknown issuer"),  # rule 15
        ("wrongkey/demo", "authentication signature from unknown issuer"),
        ("acme/wrong", "checksum list has unexpected SHA-256 hash"),  # rule 12
        ("acme/far", "does not have a package available for your current platform"),  # rule 20
        ("acme/unknown", "does not have a provider named"),
    ],
)
def test_what_must_fail_fails_as_known(client, address, message):
    assert message in flat(client.provider(f"{HOST}/{address}"))


def test_a_lock_file_of_another_archive_is_told(client, built):
    """Rule 22: the same version with another content does not slip in."""
    assert client.provider(f"{HOST}/acme/demo").startswith("1.2.0\n")
    lock = client.folder / ".terraform.lock.hcl"
    lock.write_text(re.sub(r'"(h1|zh):[^"]+"', f'"zh:{"0" * 64}"', lock.read_text()))
    (client.folder / ".terraform").rename(client.folder / "away")
    said = flat(client.provider(f"{HOST}/acme/demo"))
    assert "doesn't match any of the checksums previously recorded" in said


def test_a_second_init_asks_for_the_versions_only(client, built):
    """Rule 19, and the reason why a withdrawn version stops those who have locked it."""
    client.provider(f"{HOST}/acme/demo")
    built.requests.clear()
    client.provider(f"{HOST}/acme/demo", "", "-upgrade")
    assert built.requests == ["GET /v1/providers/acme/demo/versions"]


def test_discovery_over_https(client, secure):
    """Rules 6 and 7: the document at its well-known place, with the media type that clients insist on."""
    port, authority = secure
    client.configuration = "# nothing: the services are discovered\n"
    client.environment = {"SSL_CERT_FILE": str(authority)}
    assert client.provider(f"localhost:{port}/acme/demo").startswith("1.2.0\n")


@pytest.mark.parametrize("address", ["acme/demo", "nokey/demo", "old/demo"])
def test_the_network_mirror_needs_no_keys(client, secure, built, address):
    port, authority = secure
    url = f"https://localhost:{port}/mirror/"
    client.configuration = f'provider_installation {{\n  network_mirror {{ url = "{url}" }}\n}}\n'
    client.environment = {"SSL_CERT_FILE": str(authority)}
    said = client.provider(f"{HOST}/{address}")
    assert said.startswith("1.2.0\n"), said
    assert "verified checksum" in said
    assert not built.requests  # nothing but the mirror was asked


def test_the_network_mirror_refuses_an_archive_with_another_content(
    client, secure, tmp_path, built
):
    """A host that serves something else under the same name is found out by the hash."""
    port, authority = secure
    file = next(built.forge.folder.glob("blocked/1.0.0/*.zip"))
    before = file.read_bytes()
    url = f"https://localhost:{port}/mirror/"
    client.configuration = f'provider_installation {{\n  network_mirror {{ url = "{url}" }}\n}}\n'
    client.environment = {"SSL_CERT_FILE": str(authority)}
    try:
        file.write_bytes(next(built.forge.folder.glob("meta/1.0.0/*.zip")).read_bytes())
        said = flat(client.provider(f"{HOST}/acme/blocked"))
    finally:
        file.write_bytes(before)
    assert "doesn't match" in said


# --- modules


@pytest.mark.parametrize(
    ("source", "version", "label"),
    [
        ("acme/net/aws", "", "v1.2"),
        ("acme/net/aws", "1.2.0", "v1.2"),  # the tag is v1.2: rule 2
        ("acme/net/aws", "1.1.0", "v1.1.0"),
        ("acme/net/aws", "2.0.0-Beta", "v2.0.0-Beta"),  # rule 3
        ("acme/net/aws", "0.9.0", "v0.9.0 as it was"),  # pinned; the tag was moved since
        ("acme/net/aws", "0.8.0+b1", "v0.8.0+b1"),  # rule 5
        ("acme/net/aws", "~> 0.8.0", "v0.8.0+b1"),  # beats 0.8.0
        ("Acme/Net/aws", "", "v1.2"),  # as the repository writes itself: rule 4
    ],
)
def test_modules(client, source, version, label):
    assert client.module(f"{HOST}/{source}", version) == label


def test_a_submodule(client):
    main = f'module "it" {{\n  source = "{HOST}/acme/net/aws//modules/leaf"\n}}\n'
    assert client.init(main).returncode == 0
    assert (client.folder / ".terraform/modules/it/modules/leaf/LEAF").read_text() == "v1.2"


def test_module_requests(client, built):
    """Rule 19: the list, then one object."""
    client.module(f"{HOST}/acme/net/aws")
    base = "GET /v1/modules/acme/net/aws"
    assert built.requests == [f"{base}/versions", f"{base}/1.2.0/download"]


def test_unknown_modules_fail(client):
    assert "Module not found" in client.module(f"{HOST}/acme/nothing/aws")


@pytest.mark.parametrize("version", ["1.1.0", "0.9.0", "0.8.0+b1", "2.0.0-Beta"])
def test_one_header_for_all_modules_is_all_that_a_host_needs(client, ruled_host, version):
    """A host with the rules of `_headers` only: the header names the page beside the object, which names the module."""
    client.services = ruled_host
    assert client.module(f"{HOST}/acme/net/aws", version).startswith(f"v{version}")


def test_without_the_header_modules_can_be_named_by_their_page(client, plain_host):
    """A host without any rule: registry sources fail, the page works as a source."""
    client.services = plain_host
    assert "failed to get download URL" in flat(client.module(f"{HOST}/acme/net/aws", "1.1.0"))
    page = f"{plain_host}v1/modules/acme/net/aws/1.1.0/{SOURCE_PAGE}"
    assert client.module(page) == "v1.1.0"


def test_providers_need_no_rule_at_all(client, plain_host):
    """Rule 6: objects of unknown type are read as well."""
    client.services = plain_host
    assert client.provider(f"{HOST}/acme/demo").startswith("1.2.0\n")
