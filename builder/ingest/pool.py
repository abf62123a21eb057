"""Many repositories at once: each failure costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Event

from builder.errors import RegistryError, RemoteError
from builder.ingest.settings import IngestSettings
from builder.ingest.source import open_repository
from builder.ingest.view import RepositoryView


@dataclass(frozen=True, slots=True)
class Job:
    """One repository to open: a key for reports, its address, and the tags that are wanted (None: all)."""

    key: str
    url: str
    wanted: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The outcome of one job: a view, which its receiver closes, or the error."""

    job: Job
    view: RepositoryView | None
    error: RegistryError | None = None

    @property
    def key(self) -> str:
        """The key of the job."""
        return self.job.key


# Finished jobs, all jobs, the one that just finished.
Progress = Callable[[int, int, Opened], None]


def open_all(
    jobs: Collection[Job],
    settings: IngestSettings,
    *,
    workers: int = 4,
    on_progress: Progress | None = None,
) -> Iterator[Opened]:
    """Open all repositories, `workers` at a time, and give each as it is ready, in the order of completion.

    Closing the iterator ends running transfers and closes what was not received.
    """
    cancelled = Event()
    pool = ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="fetch")
    futures: set[Future[Opened]] = {pool.submit(_open, job, settings, cancelled) for job in jobs}
    total = len(futures)
    done = 0
    try:
        for future in as_completed(list(futures)):
            futures.discard(future)
            result = future.result()
            done += 1
            if on_progress is not None:
                on_progress(done, total, result)
            yield result
    finally:
        if done < total:
            cancelled.set()
        pool.shutdown(wait=True, cancel_futures=True)
        for future in futures:
            if not future.cancelled() and future.exception() is None:
                _close(future.result())


def _open(job: Job, settings: IngestSettings, cancelled: Event) -> Opened:
    try:
        view = open_repository(job.url, settings, wanted=job.wanted, cancelled=cancelled)
    except RegistryError as error:
        return Opened(job, None, error)
    except OSError as error:
        return Opened(job, None, RemoteError(f"{job.key}: {error.strerror or error}"))
    return Opened(job, view)


def _close(result: Opened) -> None:
    if result.view is not None:
        result.view.close()
