"""License texts from the dependency's data, and releases made of dictionaries."""

from collections.abc import Callable

import pytest

from builder.license.findings import FileFindings, examine
from builder.license.judge import Judge
from builder.license.matcher import Matcher, shared_matcher
from builder.license.policy import LicensePolicy
from builder.license.texts import LicenseTexts, load_texts
from builder.model.address import Address
from builder.model.docs import ReleaseDocs
from builder.model.entry import Release
from builder.model.issue import Checked
from builder.model.license import Verdict
from builder.model.limits import Limits
from builder.model.snapshot import MemoryTree, Repository, Snapshot
from builder.model.version import Version

LIMITS = Limits()


@pytest.fixture(scope="session")
def texts() -> LicenseTexts:
    return load_texts()[0]


@pytest.fixture(scope="session")
def matcher(texts) -> Matcher:
    return shared_matcher(texts)


@pytest.fixture(scope="session")
def policy() -> LicensePolicy:
    return LicensePolicy.from_config()


@pytest.fixture(scope="session")
def text(texts) -> Callable[[str], str]:
    """The SPDX text of an id; plain names of the GPL family too."""

    def of(spdx: str) -> str:
        found: str = (texts.texts.get(spdx) or texts.texts[f"{spdx}-only"])[0]
        return found

    return of


@pytest.fixture(scope="session")
def look(matcher) -> Callable[[str], FileFindings]:
    """Findings in a text."""
    return lambda written: examine(written.encode(), matcher)


def release(files, address="acme/garden", links=None, version="1.2.0") -> Snapshot:
    """A release with these files at tag v1.2.0."""
    where, number = Address.parse(address), Version.parse(version)
    assert number is not None
    return Snapshot(
        address=where,
        release=Release(number, version),
        repository=Repository(f"https://forge.example/Acme/{where.repository_name}"),
        tree=MemoryTree.of(files, links),
        tag=f"v{version}",
        commit="0" * 40,
        published="2024-05-06T07:08:09Z",
    )


@pytest.fixture(scope="session")
def snapshot() -> Callable[..., Snapshot]:
    return release


@pytest.fixture
def judge(policy) -> Callable[..., Checked[Verdict]]:
    """The verdict on a release with these files, as `release` takes them."""

    def of(files, *args, overrides=(), cache=None, rules=policy, limits=LIMITS, **more):
        store = {} if cache is None else cache
        return Judge(rules, overrides=overrides, cache=store).judge(
            release(files, *args, **more), limits
        )

    return of


@pytest.fixture(scope="session")
def docs_of() -> Callable[..., ReleaseDocs]:
    """ReleaseDocs of a snapshot and a verdict."""

    def of(snapshot, verdict, **more) -> ReleaseDocs:
        return ReleaseDocs(
            address=snapshot.address,
            version=snapshot.release.version,
            tag=snapshot.tag,
            commit=snapshot.commit,
            published=snapshot.published,
            repository=snapshot.repository,
            verdict=verdict,
            **more,
        )

    return of
