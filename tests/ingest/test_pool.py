"""Many repositories at once: each failure costs only itself, and stopping stops everything."""

import threading
import time

from builder.ingest.pool import Job, open_all
from builder.ingest.settings import IngestSettings
from builder.model.limits import Limits
from builder.testing.git_servers import git_daemon, silent_server
from builder.testing.repositories import make_repository


def test_good_repositories_are_given_whatever_happens_to_the_others(tmp_path):
    for n in range(4):
        make_repository(tmp_path / "served" / f"good-{n}", {"v1": {"a": str(n)}})
    (tmp_path / "file").write_text("in the way")
    settings = IngestSettings(
        tmp_path / "cache", limits=Limits(fetch_seconds=3), tries=2, retry_seconds=0.01
    )
    seen = []
    with git_daemon(tmp_path / "served") as url, silent_server() as silent:
        jobs = [Job(f"good-{n}", f"{url}good-{n}") for n in range(4)]
        jobs += [Job("gone", f"{url}gone"), Job("slow", f"{silent}slow"), Job("bad", "--bad")]
        results = {}
        progress = lambda *told: seen.append(told)  # noqa: E731
        for result in open_all(jobs, settings, workers=3, on_progress=progress):
            results[result.key] = result
            if result.view is not None:
                assert list(result.view.tags()) == ["v1"]
                result.view.close()
    assert {key for key, result in results.items() if result.error is None} == {
        f"good-{n}" for n in range(4)
    }
    found = {key: getattr(result.error, "code", "") for key, result in results.items()}
    assert (found["gone"], found["slow"], found["bad"]) == ("GIT001", "GIT003", "GIT001")
    assert [(done, total) for done, total, _ in seen] == [(n, 7) for n in range(1, 8)]


def test_wanted_tags_are_handed_on(tmp_path):
    make_repository(tmp_path / "served" / "a", {"v1": {"a": "1"}, "v2": {"a": "2"}})
    with git_daemon(tmp_path / "served") as url:
        job = Job("a", f"{url}a", frozenset({"v2"}))
        (result,) = open_all([job], IngestSettings(tmp_path / "cache"))
    assert result.view is not None
    assert list(result.view.tags()) == ["v2"]
    result.view.close()


def test_an_unusable_cache_is_an_error_of_each_job(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    make_repository(tmp_path / "served" / "a", {"v1": {"a": "1"}})
    with git_daemon(tmp_path / "served") as url:
        (result,) = open_all([Job("a", f"{url}a")], IngestSettings(tmp_path / "cache"))
    assert result.view is None
    assert result.error is not None


def test_stopping_ends_transfers_that_run(tmp_path):
    make_repository(tmp_path / "served" / "good", {"v1": {"a": "1"}})
    settings = IngestSettings(tmp_path / "cache", limits=Limits(fetch_seconds=600))
    with git_daemon(tmp_path / "served") as url, silent_server() as silent:
        jobs = [Job(f"slow-{n}", f"{silent}{n}") for n in range(3)] + [Job("good", f"{url}good")]
        results = open_all(jobs, settings, workers=4)
        first = next(results)
        assert first.key == "good"
        assert first.view is not None
        first.view.close()
        started = time.monotonic()
        results.close()  # type: ignore[attr-defined]
        assert time.monotonic() - started < 300
    assert not [t for t in threading.enumerate() if t.name.startswith("fetch")]


def test_no_jobs_is_no_work(tmp_path):
    assert list(open_all([], IngestSettings(tmp_path))) == []
