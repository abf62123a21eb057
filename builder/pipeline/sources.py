"""What a build begins with: the metadata (a folder, or a repository to be fetched) and the licence policy beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from builder.config import Config, is_url
from builder.errors import ContentError, RemoteError, UsageError
from builder.git.command import Git
from builder.git.worktree import refresh_worktree
from builder.ingest.settings import IngestSettings
from builder.license.judge import Judge
from builder.license.overrides import Override, parse_overrides
from builder.license.policy import LicensePolicy
from builder.metadata.repository import MetadataRepository
from builder.model.address import Address
from builder.model.entry import Catalog
from builder.pipeline.progress import Progress
from builder.pipeline.report import Report
from builder.store import Store, damaged

T = TypeVar("T")

OVERRIDES = "licences.overrides.json"  # in the metadata's root


def ingest_settings(config: Config, *, offline: bool) -> IngestSettings:
    """How repositories are fetched."""
    return IngestSettings(
        cache=config.cache,
        mirrors=config.mirrors,
        limits=config.limits,
        offline=offline,
        credential_helper=config.credential_helper,
    )


def metadata_folder(config: Config, *, ingest: bool) -> Path:
    """Where the metadata lies on this machine, fetched first when it is a URL. Raises UsageError or RemoteError."""
    if not is_url(config.metadata):
        folder = Path(config.metadata)
        if not folder.is_dir():
            raise UsageError(
                f"{folder}: there is no such folder", hint="Correct plugins.registry.metadata."
            )
        return folder
    place = ingest_settings(config, offline=not ingest).place(config.metadata)
    if place.path is not None and (place.path / ".git").is_dir():
        return place.path
    url = place.url or str(place.path)
    folder = (
        config.cache / "metadata" / sha256(f"{url} {config.metadata_ref}".encode()).hexdigest()[:16]
    )
    if ingest:
        seconds = config.limits.fetch_seconds
        refresh_worktree(
            url, config.metadata_ref, folder, Git(config.credential_helper), seconds=seconds
        )
    elif not folder.is_dir():
        raise RemoteError(
            f"{config.metadata} is not in the cache", hint="Build once without --no-ingest."
        )
    return folder


def refuse_unknown(wanted: Collection[Address], known: Collection[Address]) -> None:
    """Raise ContentError when an address that was asked for is not in the metadata."""
    if missing := sorted(set(wanted) - set(known)):
        names = ", ".join(address.path for address in missing)
        raise ContentError(
            f"not in the metadata: {names}", hint="Add it to the metadata, or correct the address."
        )


def on_sound_store(config: Config, progress: Progress, work: Callable[[], T]) -> T:
    """Do work that uses the store. When the store is found damaged on the way, it is done again on an empty one: the
    store is a cache, so that costs time only."""
    try:
        return work()
    except Exception as error:
        if not damaged(error):
            raise
        progress.note(f"the store in {config.cache} is damaged ({error}); it is made again")
        Store.put_aside(config.cache)
        return work()


def open_metadata(
    folder: Path, config: Config, report: Report, *, repository: MetadataRepository | None = None
) -> Catalog:
    """The catalog of what `include` lets through; other metadata files are not even read. `repository` is that of the
    folder, when the caller has it already. Raises UsageError."""
    repository = repository or MetadataRepository(folder, policy=config.policy)
    wanted = None
    if config.include:
        known = {*repository.paths(), *repository.aliases.value}
        wanted = frozenset(address for address in known if config.includes(address))
    read = repository.read(wanted)
    report.issues |= set(read.issues)
    return read.value


def read_overrides(folder: Path, config: Config, report: Report) -> tuple[Override, ...]:
    """The operator's decisions on single license texts: of the metadata, then of `policy`."""
    overrides: list[Override] = []
    for place in filter(None, (folder, config.policy)):
        if (place / OVERRIDES).is_file():
            parsed = parse_overrides((place / OVERRIDES).read_bytes())
            report.issues |= set(parsed.issues)
            overrides += parsed.value
    return tuple(overrides)


def license_judge(config: Config, overrides: tuple[Override, ...], store: Store) -> Judge:
    """The judge with the policy of the configuration. Its findings are kept in the store."""
    policy = LicensePolicy.from_config(config.license)
    return Judge(policy, overrides=overrides, cache=store.texts("licenses"))
