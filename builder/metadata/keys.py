"""Signing keys: every key file becomes one or several keys in canonical armour; what cannot be decoded is reported and
never published, since one undecodable key makes clients refuse the provider (registry protocol §2.7, §3.6 row 16)."""

from __future__ import annotations

from collections.abc import Iterable

from builder.metadata.openpgp import NotAKeyError, armoured, key_id, public_keys
from builder.model.entry import SigningKey
from builder.model.issue import Checked, Issue, Location, issue

MAX_KEY = 1_048_576  # bytes of one key file


def signing_keys(files: Iterable[tuple[str, bytes]]) -> Checked[tuple[SigningKey, ...]]:
    """The keys in (path, bytes) of key files, in the order given, each once. Issues: META008."""
    made: dict[str, SigningKey] = {}
    issues: list[Issue] = []
    for path, data in files:
        try:
            if len(data) > MAX_KEY:
                raise NotAKeyError(f"{len(data)} bytes, more than {MAX_KEY}")
            for packets in public_keys(data):
                key = SigningKey(armoured(packets), key_id(packets), path)
                made.setdefault(key.ascii_armor, key)
        except NotAKeyError as error:
            issues.append(issue("META008", Location(path=path), str(error)))
    return Checked(tuple(made.values()), tuple(issues))
