"""The JSON of the docs API: compact, keys in the order given, the same value always the same bytes."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable
from hashlib import sha256

from builder.model.snapshot import UNKNOWN_TIME

Object = dict[str, object]

# Between quotes only: a page may carry the JSON inside a script element, and old JavaScript ends lines at U+2028.
_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
_SURROGATE = re.compile("[\ud800-\udfff]")


def dump(value: object) -> bytes:
    """The value as UTF-8 JSON without blanks. `<`, `>` and `&` are written as escapes; halves of surrogate pairs, which
    stand for undecodable bytes, become U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _SURROGATE.sub("\ufffd", text.translate(_ESCAPES)).encode()


def sealed(value: Object) -> bytes:
    """The object's JSON with `hash` as its last key: the SHA-256 of the JSON without that key. It changes if and only
    if something in the object changes."""
    return _seal(dump(value))


def sealed_list(key: str, objects: Iterable[bytes]) -> bytes:
    """The object with one key, a list of objects that are JSON already, and `hash`."""
    return _seal(b'{"%s":[%s]}' % (key.encode(), b",".join(objects)))


def _seal(body: bytes) -> bytes:
    return b'%s,"hash":"%s"}' % (body[:-1], sha256(body).hexdigest().encode())


def float32(value: float) -> float:
    """The nearest 32-bit float with the fewest decimal digits that name it, as the existing API writes shares."""
    packed = struct.pack("f", value)
    return next(
        short
        for digits in range(1, 18)
        if struct.pack("f", short := float(f"{struct.unpack('f', packed)[0]:.{digits}g}")) == packed
    )


def timestamp(time: str) -> str:
    """A time as the API shows it: never empty."""
    return time or UNKNOWN_TIME


def present(**values: object) -> Object:
    """Only the values that say something: keys whose presence is "not when empty"."""
    return {key: value for key, value in values.items() if value}
