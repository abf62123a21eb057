"""Signing keys: damaged armour is repaired, what is not a public key is never published."""

import base64
import shutil
import subprocess
from hashlib import sha1

import pytest

from builder.metadata import keys
from builder.metadata.keys import signing_keys
from builder.metadata.openpgp import NotAKeyError, armoured, crc24, key_id, packets, public_keys


def packet(tag, body):
    return bytes([0xC0 | tag, 0xFF]) + len(body).to_bytes(4, "big") + body


def number(value, bits):
    return bits.to_bytes(2, "big") + value.to_bytes((bits + 7) // 8, "big")


# A public key has no more structure than this; its numbers need not be a working key to have an id.
BODY = (
    b"\x04"
    + (1_700_000_000).to_bytes(4, "big")
    + b"\x01"
    + number(2**511 + 9, 512)
    + number(65537, 17)
)
ED25519 = b"\x04\x65\x00\x00\x00\x16\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01" + number(
    2**262 + 5, 263
)
USER = packet(13, b"Acme Kettles <kettles@example.com>")
KEY = packet(6, BODY) + USER
ID = sha1(b"\x99" + len(BODY).to_bytes(2, "big") + BODY).hexdigest()[-16:].upper()


def read(*files):
    checked = signing_keys((f"keys/a/acme/{i}.asc", data) for i, data in enumerate(files))
    return [key.key_id for key in checked.value], [one.message for one in checked.issues]


def test_the_id_is_the_end_of_the_fingerprint():
    assert read(armoured(KEY).encode()) == ([ID], [])
    assert key_id(packet(6, ED25519) + USER) != ID


def test_armour_is_canonical_with_its_checksum():
    text = armoured(KEY)
    lines = text.splitlines()
    assert lines[0] == "-----BEGIN PGP PUBLIC KEY BLOCK-----"
    assert lines[1] == ""
    assert lines[-1] == "-----END PGP PUBLIC KEY BLOCK-----"
    assert max(map(len, lines)) == 64
    assert text.endswith("-----\n")
    assert base64.b64decode("".join(lines[2:-2])) == KEY
    assert base64.b64decode(lines[-2][1:]) == crc24(KEY).to_bytes(3, "big")


def test_the_checksum_is_that_of_the_standard():
    assert crc24(b"123456789") == 0x21CF02


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("-----\n\n", "-----\n\xa0\n", 1),
        lambda text: text.replace("-----\n\n", "-----\n", 1),
        lambda text: text.replace("-----\n\n", "-----\nVersion: 1\nComment: a: b\n\n", 1),
        lambda text: text.rstrip("\n"),
        lambda text: "Our key:\n\n" + text + "\nthanks\n",
        lambda text: "\n".join(f"  {line} " for line in text.splitlines()),
        lambda text: "\n".join(line for line in text.splitlines() if not line.startswith("=")),
        lambda text: text.replace("\n=", "\n\n="),
    ],
    ids=[
        *("crlf", "cr", "bom", "nbsp", "no blank line", "headers"),
        *("no final newline", "text around", "indented", "no checksum", "blank before checksum"),
    ],
)
def test_damage_in_transit_is_repaired(damage):
    checked = signing_keys([("a.asc", damage(armoured(KEY)).encode())])
    assert not checked.issues
    assert [(key.ascii_armor, key.key_id) for key in checked.value] == [(armoured(KEY), ID)]


def test_binary_keys_and_old_packet_headers_are_read():
    old = b"\x99" + len(BODY).to_bytes(2, "big") + BODY + USER
    assert read(old, KEY) == ([ID, ID], [])
    tiny = bytes([0x98, len(BODY)]) + BODY + bytes([0xC0 | 13, 3]) + b"abc"
    assert read(tiny)[0] == [ID]
    long = b"\x9a" + len(BODY).to_bytes(4, "big") + BODY + bytes([0xCD, 192, 8]) + b"u" * 200
    assert read(long)[0] == [ID]


def test_several_blocks_are_several_keys_and_the_same_key_counts_once():
    other = packet(6, ED25519) + USER
    both = armoured(KEY) + armoured(other)
    assert read(both.encode(), armoured(KEY).encode()) == ([ID, key_id(other)], [])


def private(body):
    return armoured(body).replace("PUBLIC", "PRIVATE").encode()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no complete public key block"),
        (b"not a key", "no complete public key block"),
        (armoured(KEY)[:-40].encode(), "no complete public key block"),
        (armoured(KEY).replace("=", "!", 1).encode(), "not base64"),
        (
            armoured(KEY).replace("\n=", "\n=AAAA\n=", 1).replace("=AAAA\n", "").encode()[:60]
            + b"\n-----END PGP PUBLIC KEY BLOCK-----",
            "",
        ),
        (armoured(KEY + b"\x00").encode(), "not made of OpenPGP packets"),
        (armoured(KEY[:-1]).encode(), "cut off"),
        (armoured(packet(6, BODY)).encode(), "no user id"),
        (armoured(USER + packet(6, BODY)).encode(), "does not begin with a public key"),
        (armoured(KEY + packet(11, b"x")).encode(), "do not belong to a key"),
        (armoured(packet(6, b"\x03" + BODY[1:]) + USER).encode(), "version 4"),
        (armoured(packet(6, b"") + USER).encode(), "version 4"),
        (armoured(packet(6, BODY[:-1]) + USER).encode(), "cut off"),
        (armoured(packet(6, BODY + b"\x00") + USER).encode(), "cut off"),
        (armoured(packet(6, ED25519[:7]) + USER).encode(), "cut off"),
        (armoured(packet(6, b"\x04\x00") + USER).encode(), "cut off"),
        (armoured(packet(5, BODY) + USER).encode(), "private key"),
        (armoured(KEY + packet(7, BODY)).encode(), "private key"),
        (private(KEY), "private key"),
        (armoured(KEY).encode() + private(KEY), "private key"),
        (b"\xc6\xe1" + KEY, "cut off"),
        (b"\xc6", "cut off"),
        (b"\x9b" + KEY, "cut off"),
    ],
)
def test_what_clients_could_not_decode_is_left_out(data, why):
    found, messages = read(data, armoured(KEY).encode())
    assert found == [ID]
    assert len(messages) == 1
    assert why in messages[0]


def test_a_wrong_checksum_is_refused():
    text = armoured(KEY)
    wrong = "=AAAA" if f"\n{'=AAAA'}\n" not in text else "=AAAB"
    lines = [wrong if line.startswith("=") else line for line in text.splitlines()]
    assert read("\n".join(lines).encode()) == ([], ["the checksum of the armour is wrong"])


def test_files_over_the_limit_are_not_decoded(monkeypatch):
    monkeypatch.setattr(keys, "MAX_KEY", 10)
    assert read(armoured(KEY).encode())[0] == []


def test_packets_end_where_the_bytes_end():
    assert [(tag, len(body)) for tag, body in packets(KEY)] == [(6, len(BODY)), (13, 34)]
    with pytest.raises(NotAKeyError):
        list(packets(KEY + b"\x80"))


REAL = {
    "b/buildkite/buildkite/provider-1730452518.asc": "C6FC9052CB51F770",
    "c/ciscodevnet/provider-1725310631.asc": "8975F23EBA0D1B93",
    "c/ciscodevnet/provider-1725456907.asc": "817ED05B1A758063",
    "c/claranet/20230515-argocd.asc": "3370C0F3BB9F688B",
    "d/docker/docker/provider-1734011823.asc": "D4FDDD188AC08592",
    "n/newrelic/86BE01DA9B1DA1FCF8281409DC9FC6B1FCE47986.asc": "DC9FC6B1FCE47986",
    "o/opentofu/20231115.asc": "0C0AF313E5FD9F80",
    "s/spacelift-io/20230908.asc": "E302FB5AA29D88F7",
}


@pytest.mark.real
@pytest.mark.parametrize("path", REAL)
def test_real_keys_have_their_id_and_gpg_agrees(shared_data, tmp_path, path):
    data = (shared_data / "opentofu-registry/keys" / path).read_bytes()
    (key,) = signing_keys([(path, data)]).value
    assert key.key_id == REAL[path]
    assert public_keys(key.ascii_armor.encode()) == public_keys(data)
    if shutil.which("gpg"):
        shown = subprocess.run(
            ["gpg", "--homedir", str(tmp_path), "--with-colons", "--show-keys"],
            input=key.ascii_armor.encode(),
            capture_output=True,
            check=True,
        )
        assert shown.stdout.decode().split(":")[4] == key.key_id
