"""Limits on foreign input, as data: what is over a limit becomes an issue, never a failure of the rest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Each limit can be set in mkdocs.yml under `limits:`."""

    page_bytes: int = 1_048_576  # bytes of one Markdown page or README
    license_bytes: int = 1_000_000  # bytes of one licence file
    pages: int = 50_000  # pages of one version
    files: int = 500_000  # entries of one tree
    front_matter_bytes: int = 65_536  # bytes of one line before the end marker
    archive_bytes: int = 2_147_483_648  # bytes of an unpacked archive
    repository_bytes: int = 8_589_934_592  # bytes of one repository's packs in the cache
    fetch_seconds: int = 900  # for one repository
