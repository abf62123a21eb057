"""The store gives back what was put, survives damage, and keeps transactions whole."""

import sqlite3

import pytest

from builder.model.address import Address
from builder.model.docs import ReleaseDocs
from builder.model.document import Document, PageFacts, Part, PartRole
from builder.model.issue import Location, issue
from builder.model.license import LicenseFinding, Outcome, Verdict
from builder.model.snapshot import Repository, blob_id
from builder.model.summary import VersionSummary
from builder.model.version import Version
from builder.store import ReleaseHead, Store, StoreError, Typed, decode, encode

ADDRESS = Address.parse("acme/garden")


def docs(version: str = "1.0.0-rc.1+b2") -> ReleaseDocs:
    parsed = Version.parse(version)
    assert parsed
    finding = LicenseFinding("MIT", 0.99, True, "LICENSE", reason="ü", sha256="ab")
    return ReleaseDocs(
        address=ADDRESS,
        version=parsed,
        tag="v" + version,
        commit="c" * 40,
        published="2026-01-01T00:00:00Z",
        repository=Repository("https://forge.example/acme/terraform-provider-garden"),
        verdict=Verdict(Outcome.ALLOW, "", (finding,), (), ("LICENSE",)),
        documents=(Document("resources", "Bed", "docs/resources/Bed.md", "d" * 40, title="T"),),
        parts=(Part(PartRole.ROOT, "", "e" * 40, readme=True),),
        warnings=("careful",),
        issues=(issue("DOC009", Location(ADDRESS.path, "1.0.0", "docs/x.md", 3), "odd"),),
    )


HEAD = ReleaseHead(
    "key", VersionSummary(Version(1, 0, 0, "rc.1", "b2"), "2026-01-01T00:00:00Z"), docs().issues
)


def test_a_release_comes_back_equal(tmp_path):
    with Store(tmp_path) as store:
        store.put_release(docs(), HEAD)
    with Store(tmp_path) as store:
        assert store.release(ADDRESS, "1.0.0-rc.1+b2") == docs()
        assert store.heads(ADDRESS) == {"1.0.0-rc.1+b2": HEAD}
        store.drop_releases(ADDRESS)
        assert store.release(ADDRESS, "1.0.0-rc.1+b2") is None


def test_blobs_and_what_is_missing(tmp_path):
    with Store(tmp_path) as store:
        store.put_blob(blob_id(b"x"), b"x")
        assert store.read_blob(blob_id(b"x")) == b"x"
        assert store.missing([blob_id(b"x"), "b", "a"]) == ["a", "b"]
        with pytest.raises(StoreError, match="not in the store"):
            store.read_blob("a")


def test_missing_handles_more_ids_than_one_statement_takes(tmp_path):
    with Store(tmp_path) as store:
        assert len(store.missing(str(n) for n in range(3000))) == 3000


def fail_inside(store: Store) -> None:
    with store.transaction():
        store.put_blob("a", b"1")
        raise RuntimeError


def test_a_failed_transaction_leaves_nothing(tmp_path):
    with Store(tmp_path) as store:
        with pytest.raises(RuntimeError):
            fail_inside(store)
        assert store.missing(["a"]) == ["a"]


@pytest.mark.parametrize("damage", [b"not a database at all, but long enough to be read" * 40, b""])
def test_a_damaged_file_costs_time_only(tmp_path, damage):
    with Store(tmp_path) as store:
        store.put_blob("a", b"1")
    (tmp_path / "store.sqlite3").write_bytes(damage)
    said: list[str] = []
    with Store(tmp_path, on_damage=said.append) as store:
        assert store.missing(["a"]) == ["a"]
        store.put_blob("a", b"1")
    assert len(said) == (1 if damage else 0)


def test_another_format_is_put_aside(tmp_path):
    Store(tmp_path).close()
    db = sqlite3.connect(tmp_path / "store.sqlite3")
    db.execute("PRAGMA user_version=999")
    db.close()
    said: list[str] = []
    Store(tmp_path, on_damage=said.append).close()
    assert "format 999" in said[0]


def test_damaged_values_count_as_absent(tmp_path):
    with Store(tmp_path) as store:
        store.put_release(docs(), HEAD)
        store._db.execute("UPDATE release SET docs = x'00', head = x'00'")
        assert store.heads(ADDRESS) == {}
        assert store.release(ADDRESS, "1.0.0-rc.1+b2") is None
        store.put_blob("a", b"1")
        store._db.execute("UPDATE blob SET data = x'00'")
        with pytest.raises(StoreError, match="cannot be read"):
            store.read_blob("a")
        facts = Typed(store.memo("facts"), PageFacts)
        facts["a"] = PageFacts("T", "S", "D", (("DOC009", 1, "m"),))
        assert facts["a"] == PageFacts("T", "S", "D", (("DOC009", 1, "m"),))
        store.memo("facts")["a"] = b"[1]"
        assert "a" not in facts


def test_a_memo_is_a_mapping(tmp_path):
    with Store(tmp_path) as store:
        memo = store.memo("one")
        memo["b"], memo["a"] = b"2", b"1"
        store.memo("two")["c"] = b"3"
        assert list(memo) == ["a", "b"]
        assert len(memo) == 2
        del memo["a"]
        assert dict(memo) == {"b": b"2"}


def test_encoding_is_stable_and_reads_back():
    assert encode(docs()) == encode(docs())
    assert decode(ReleaseDocs, encode(docs())) == docs()
