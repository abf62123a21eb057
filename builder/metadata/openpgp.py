"""The little of OpenPGP (RFC 4880) that key files need: armour off and on, packets apart, the primary key's id."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from hashlib import sha1

PUBLIC_KEY, USER_ID = 6, 13
_SECRET = {5, 7}  # packets of private keys
_ALLOWED = {2, 6, 12, 13, 14, 17}  # signature, keys, trust, user id, subkey, user attribute
_MPIS = {1: 2, 2: 2, 3: 2, 16: 3, 17: 4}  # public-key algorithm -> numbers in its key material
_OID = {18, 19, 22}  # elliptic curves: an object id, then one number
_MARK = re.compile(r"-----(BEGIN|END) PGP ([A-Z ]{1,40})-----", re.ASCII)
_HEADER = re.compile(r"[A-Za-z-]+: ?[^\n]*", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}", re.ASCII)
LINE = 64  # characters of a line of armour


def _crc24_row(byte: int) -> int:
    crc = byte << 16
    for _ in range(8):
        crc = (crc << 1) ^ (0x1864CFB if crc & 0x800000 else 0)
    return crc


_CRC24 = tuple(_crc24_row(byte) for byte in range(256))


class NotAKeyError(ValueError):
    """The bytes are not a public key that can be published; the message says why."""


def public_keys(data: bytes) -> list[bytes]:
    """The packets of each public key block in a key file: armoured, however damaged in transit, or binary.

    A byte order mark, no-break spaces, CR LF and blanks around lines are repaired. Raises NotAKeyError.
    """
    if b"-----BEGIN" not in data and data[:1] >= b"\x80" and not data.startswith(b"\xef\xbb\xbf"):
        return [data]
    written = data.decode("utf-8", "replace").replace("\ufeff", "").replace("\xa0", " ")
    blocks = _blocks([line.strip() for line in re.split(r"\r\n|\r|\n", written)])
    if any("PRIVATE" in label for label, _ in blocks):
        raise NotAKeyError("the file holds a private key: withdraw it and revoke the key")
    bodies = [lines for label, lines in blocks if label == "PUBLIC KEY BLOCK"]
    if not bodies:
        raise NotAKeyError("no complete public key block is in it")
    return [_unarmoured(lines) for lines in bodies]


def _blocks(lines: list[str]) -> list[tuple[str, list[str]]]:
    """(label, lines between the marks) of each armoured block; one without an end is not in it."""
    made = []
    label, start = "", 0
    for at, line in enumerate(lines):
        mark = _MARK.fullmatch(line) if line.startswith("-----") else None
        if mark is None:
            continue
        if mark[1] == "BEGIN":
            label, start = mark[2], at + 1
        elif label == mark[2]:
            made.append((label, lines[start:at]))
            label = ""
    return made


def _unarmoured(lines: list[str]) -> bytes:
    start = next(
        (i for i, line in enumerate(lines) if line and not _HEADER.fullmatch(line)), len(lines)
    )
    lines = lines[start:]
    checksum = ""
    while lines and (not lines[-1] or lines[-1].startswith("=")):
        checksum = lines.pop() or checksum
    text = "".join(lines)
    if not _BASE64.fullmatch(text):
        raise NotAKeyError("the armour holds characters that are not base64")
    try:
        data = base64.b64decode(text, validate=True)
        stated = base64.b64decode(checksum[1:], validate=True)
    except binascii.Error as error:
        raise NotAKeyError("the armour is cut off") from error
    if stated and int.from_bytes(stated, "big") != crc24(data):
        raise NotAKeyError("the checksum of the armour is wrong")
    return data


def armoured(data: bytes) -> str:
    """The canonical armour of a public key's packets, with a final newline."""
    text = base64.b64encode(data).decode()
    lines = [text[at : at + LINE] for at in range(0, len(text), LINE)]
    checksum = base64.b64encode(crc24(data).to_bytes(3, "big")).decode()
    begin, end = (f"-----{word} PGP PUBLIC KEY BLOCK-----" for word in ("BEGIN", "END"))
    return "\n".join([begin, "", *lines, f"={checksum}", end, ""])


def crc24(data: bytes) -> int:
    """The checksum of armour (RFC 4880 §6.1)."""
    crc = 0xB704CE
    for byte in data:
        crc = ((crc << 8) & 0xFFFFFF) ^ _CRC24[(crc >> 16) ^ byte]
    return crc


def key_id(data: bytes) -> str:
    """The 64-bit id of the primary key, 16 upper-case hex digits: the end of its version 4 fingerprint.

    Raises NotAKeyError for anything that clients would not read as a public key with a user id.
    """
    found = list(packets(data))
    if any(tag in _SECRET for tag, _ in found):
        raise NotAKeyError("the file holds a private key: withdraw it and revoke the key")
    if not found or found[0][0] != PUBLIC_KEY:
        raise NotAKeyError("it does not begin with a public key")
    if odd := sorted({tag for tag, _ in found} - _ALLOWED):
        raise NotAKeyError(f"it holds packets that do not belong to a key: {odd}")
    if USER_ID not in {tag for tag, _ in found}:
        raise NotAKeyError("the key has no user id")
    body = found[0][1]
    if body[:1] != b"\x04":
        raise NotAKeyError(f"only keys of version 4 are read, not {body[0] if body else 'none'}")
    _check_material(body)
    framed = b"\x99" + len(body).to_bytes(2, "big") + body
    return sha1(framed, usedforsecurity=False).hexdigest()[-16:].upper()


def _check_material(body: bytes) -> None:
    """The numbers of the key must fill the packet exactly; unknown algorithms are taken as they are."""
    if len(body) < 6 or len(body) > 0xFFFF:
        raise NotAKeyError("the public key is cut off")
    algorithm, at = body[5], 6
    numbers = _MPIS.get(algorithm, 0)
    if algorithm in _OID:
        at, numbers = at + 1 + (body[6] if len(body) > 6 else 0), 1
    for _ in range(numbers):
        bits = int.from_bytes(body[at : at + 2], "big")
        at += 2 + (bits + 7) // 8
    if numbers and (at > len(body) or (at != len(body) and algorithm != 18)):
        raise NotAKeyError("the public key is cut off")


def packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(tag, body) of each packet. Raises NotAKeyError when the bytes are no packets."""
    at = 0
    while at < len(data):
        first = data[at]
        if not first & 0x80:
            raise NotAKeyError("it is not made of OpenPGP packets")
        tag, at, length = _new_header(data, at) if first & 0x40 else _old_header(data, at)
        if length < 0 or at + length > len(data):
            raise NotAKeyError("a packet is cut off")
        yield tag, data[at : at + length]
        at += length


def _new_header(data: bytes, at: int) -> tuple[int, int, int]:
    """(tag, where the body begins, its length or -1)."""
    tag, rest = data[at] & 0x3F, data[at + 1 : at + 6]
    if not rest or 224 <= rest[0] < 255:  # partial lengths are for data, not for keys
        return tag, at, -1
    if rest[0] < 192:
        return tag, at + 2, rest[0]
    if rest[0] < 224:
        return tag, at + 3, ((rest[0] - 192) << 8) + rest[1] + 192 if len(rest) > 1 else -1
    return tag, at + 6, int.from_bytes(rest[1:5], "big") if len(rest) == 5 else -1


def _old_header(data: bytes, at: int) -> tuple[int, int, int]:
    """(tag, where the body begins, its length or -1)."""
    tag, size = (data[at] & 0x3C) >> 2, (1, 2, 4, 0)[data[at] & 3]
    length = data[at + 1 : at + 1 + size]
    return tag, at + 1 + size, int.from_bytes(length, "big") if len(length) == size > 0 else -1
