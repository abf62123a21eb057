"""`regdocs check`: what the metadata says of itself, without asking any repository."""

from __future__ import annotations

from pathlib import Path

from builder.config import Config, is_url
from builder.errors import UsageError
from builder.license.policy import LicensePolicy
from builder.metadata.check import check
from builder.model.issue import Issue


def check_metadata(config: Config, *, fix: bool = False) -> tuple[Issue, ...]:
    """All issues of the metadata folder and the licence policy. Raises UsageError when it is not a folder here."""
    LicensePolicy.from_config(config.license)
    if is_url(config.metadata):
        raise UsageError(
            f"{config.metadata}: only a folder can be checked",
            hint="Check out the metadata repository.",
        )
    folder = Path(config.metadata)
    if not folder.is_dir():
        raise UsageError(
            f"{folder}: there is no such folder", hint="Correct plugins.registry.metadata."
        )
    return check(folder, fix=fix, policy=config.policy)
