"""Archives built to harm: nothing leaves the store, nothing is exhausted, the good members stay."""

import gzip
import io
import stat
import tarfile
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from builder.ingest.archive import ArchiveError, UnpackedArchive
from builder.model.limits import Limits
from builder.model.snapshot import FileKind, TooLarge
from builder.testing.repositories import make_tar, make_zip


def tar_of(*members, mode="w:gz"):
    """A tar archive of (TarInfo or name, bytes)."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:
        for member, data in members:
            info = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def zip_of(*members):
    """A zip archive of (ZipInfo or name, bytes), duplicates and all."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members:
            info = member if isinstance(member, zipfile.ZipInfo) else zipfile.ZipInfo(member)
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def special(name, kind, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def unpacked(folder, data, name="a.tar.gz", **limits):
    folder.mkdir(exist_ok=True)
    archive = folder / name
    archive.write_bytes(data)
    return UnpackedArchive(archive, folder / "unpacked", Limits(**limits))


def outside(folder):
    """Every file below the folder that is not in the store."""
    return [p for p in folder.rglob("*") if "unpacked" not in p.parts and p.name[:2] != "a."]


HOSTILE = [
    "/etc/passwd",
    "../outside",
    "x/../../outside",
    "x/..",
    "..",
    "x//y",
    "x/./y",
    "C:\\evil",
    "c:evil",
    "x\\..\\..\\evil",
    "new\nline",
    "bell\x07",
    "d/" * 101 + "deep",
]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(("make", "file"), [(tar_of, "a.tar.gz"), (zip_of, "a.zip")])
def test_hostile_names_are_refused_and_the_rest_is_kept(tmp_path, name, make, file):
    tree = unpacked(tmp_path / "w", make((name, b"evil"), ("README.md", b"good")), file)
    assert [f.path for f in tree.files()] == ["README.md"]
    assert [fault.code for fault in tree.faults] == ["ARC001"]
    assert outside(tmp_path / "w") == []


def test_links_are_listed_with_their_target_and_nothing_is_made(tmp_path):
    tree = unpacked(
        tmp_path,
        tar_of(
            (special("link", tarfile.SYMTYPE, "/etc/passwd"), b""),
            (special("up", tarfile.SYMTYPE, "../../x"), b""),
            ("README.md", b"good"),
        ),
    )
    files = {file.path: file for file in tree.files()}
    assert files["link"].kind is FileKind.SYMLINK
    assert tree.read(files["link"], 100) == b"/etc/passwd"
    assert files["up"].kind is FileKind.SYMLINK
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_links_in_zip_archives_are_listed_too(tmp_path):
    info = zipfile.ZipInfo("link")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    tree = unpacked(tmp_path, zip_of((info, b"../target"), ("a", b"1")), "a.zip")
    assert [(f.path, f.kind) for f in tree.files()] == [("a", "file"), ("link", "symlink")]


@pytest.mark.parametrize(
    "kind",
    [tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE],
    ids=["hardlink", "character", "block", "pipe"],
)
def test_hard_links_and_devices_are_refused(tmp_path, kind):
    data = tar_of(("a", b"1"), (special("odd", kind, "a"), b""))
    tree = unpacked(tmp_path, data)
    assert [f.path for f in tree.files()] == ["a"]
    assert [(f.path, f.message) for f in tree.faults] == [("odd", "it is not a plain file")]


def test_devices_in_zip_archives_and_encrypted_members_are_refused(tmp_path):
    device, secret = zipfile.ZipInfo("device"), zipfile.ZipInfo("secret")
    device.external_attr = (stat.S_IFCHR | 0o600) << 16
    data = bytearray(zip_of((device, b""), (secret, b"text"), ("a", b"1")))
    where = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[where + 8] |= 1  # the flag in the directory
    tree = unpacked(tmp_path, bytes(data), "a.zip")
    assert [f.path for f in tree.files()] == ["a"]
    assert {f.path for f in tree.faults} == {"device", "secret"}


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (["a", "a"], ["a"]),
        (["a/README.md", "a/readme.md", "b"], ["a/README.md", "b"]),
        (["Docs/a.md", "docs/b.md", "x"], ["Docs/a.md", "x"]),
        (["a", "a/b"], ["a"]),
        (["a/b", "a"], ["a/b"]),
        (["é", "e\u0301"], ["é"]),
        (["straße", "STRASSE"], ["straße"]),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("make", "file"), [(tar_of, "a.tar.gz"), (zip_of, "a.zip")])
def test_names_that_collide_keep_the_first(tmp_path, names, kept, make, file):
    data = make(*((name, b"%d" % n) for n, name in enumerate([*names, "LICENSE"])))
    tree = unpacked(tmp_path, data, file)
    assert [f.path for f in tree.files()] == sorted([*kept, "LICENSE"])
    assert len(tree.faults) == len(names) - len(kept)
    first = next(f for f in tree.files() if f.path == kept[0])
    assert tree.read(first, 10) == b"0"


def test_a_name_that_is_not_utf8_is_refused(tmp_path):
    tree = unpacked(tmp_path, tar_of(("n\udcff", b"1"), ("a", b"1")))
    assert [f.path for f in tree.files()] == ["a"]
    assert "UTF-8" in tree.faults[0].message


def test_a_zip_name_with_a_nul_character_is_refused(tmp_path):
    data = zip_of(("good.mdX../x", b"1"), ("a", b"2")).replace(b"good.mdX", b"good.md\0")
    tree = unpacked(tmp_path, data, "a.zip")
    assert [f.path for f in tree.files()] == ["a"]
    assert "NUL" in tree.faults[0].message


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"repo-1/README.md": "", "repo-1/docs/a.md": ""}, ["README.md", "docs/a.md"]),
        ({"repo-1/repo-1/a": ""}, ["repo-1/a"]),
        (
            {"docs/index.md": "", "docs/resources/a.md": ""},
            ["docs/index.md", "docs/resources/a.md"],
        ),
        ({"a": "", "repo/b": ""}, ["a", "repo/b"]),
        ({"./a": "", "./repo/b": ""}, ["a", "repo/b"]),
        ({}, []),
    ],
)
@pytest.mark.parametrize(("make", "file"), [(make_tar, "a.tgz"), (make_zip, "a.zip")])
def test_the_single_top_folder_of_a_forge_is_stripped(tmp_path, files, expected, make, file):
    assert [f.path for f in unpacked(tmp_path, make(files), file).files()] == expected


def test_a_bomb_by_ratio_is_refused(tmp_path):
    data = make_zip({"zeros": bytes(80_000_000)})
    assert len(data) < 100_000
    with pytest.raises(ArchiveError, match="ratio"):
        unpacked(tmp_path, data, "a.zip")
    with pytest.raises(ArchiveError, match="ratio"):
        unpacked(tmp_path, gzip.compress(tar_of(("zeros", bytes(80_000_000)), mode="w:")))
    assert list((tmp_path / "unpacked").iterdir()) == []


def test_an_archive_over_the_size_limit_is_refused(tmp_path):
    data = make_tar({"a": "x" * 600, "b": "x" * 600})
    assert unpacked(tmp_path, data, archive_bytes=1202).faults == ()
    with pytest.raises(ArchiveError, match="limit"):
        unpacked(tmp_path, data, archive_bytes=1199)


def test_names_count_as_size(tmp_path):
    data = make_tar({f"{n}/{'folder/' * 50}": "" for n in range(20)} | {"a": "1"})
    with pytest.raises(ArchiveError, match="limit"):
        unpacked(tmp_path, data, archive_bytes=20_000)


def test_a_link_with_a_target_of_absurd_length_is_refused(tmp_path):
    data = tar_of((special("link", tarfile.SYMTYPE, "x" * 4097), b""), ("a", b"1"))
    assert [f.path for f in unpacked(tmp_path, data).files()] == ["a"]


def test_too_many_members_are_refused(tmp_path):
    data = make_tar({str(n): "" for n in range(11)})
    assert len(unpacked(tmp_path, data, files=11).files()) == 11
    with pytest.raises(ArchiveError, match="more than 10 members"):
        unpacked(tmp_path, data, files=10)


def test_a_header_of_absurd_length_is_refused_without_holding_it(tmp_path):
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 32
    with pytest.raises(ArchiveError, match="absurd"):
        unpacked(tmp_path, gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(10_000)))


def test_a_size_that_lies_costs_the_member_only(tmp_path):
    data = bytearray(zip_of(("liar", b"x" * 5000), ("a", b"1")))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        where = data.index(mark) + offset
        data[where : where + 4] = (4000).to_bytes(4, "little")
    tree = unpacked(tmp_path, bytes(data), "a.zip")
    assert [f.path for f in tree.files()] == ["a"]
    assert [f.path for f in tree.faults] == ["liar"]


def test_a_damaged_member_costs_the_member_only(tmp_path):
    data = bytearray(zip_of(("bad", bytes(range(256)) * 20), ("a", b"1")))
    data[60] ^= 0xFF
    tree = unpacked(tmp_path, bytes(data), "a.zip")
    assert [f.path for f in tree.files()] == ["a"]
    assert "damaged" in tree.faults[0].message
    (store,) = (tmp_path / "unpacked").iterdir()
    assert sorted(path.name for path in store.iterdir()) == ["blobs", "index.json"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar"])
@pytest.mark.parametrize("data", [b"", b"nonsense" * 200, b"\x1f\x8b", b"PK\x03\x04"])
def test_what_is_no_archive_cannot_be_read(tmp_path, name, data):
    with pytest.raises(ArchiveError):
        unpacked(tmp_path, data, name)


@pytest.mark.parametrize("cut", [30, 200, -20])
def test_a_truncated_archive_is_refused_as_a_whole(tmp_path, cut):
    files = {f"{n}.md": f"{n}" * 300 for n in range(30)}
    with pytest.raises(ArchiveError):
        unpacked(tmp_path, make_tar(files)[:cut])
    with pytest.raises(ArchiveError):
        unpacked(tmp_path, make_zip(files)[:cut], "a.zip")


def test_an_archive_is_unpacked_once_and_again_when_the_store_is_damaged(tmp_path):
    data = make_zip({"a": "text", "b": "x"})
    first = unpacked(tmp_path, data, "a.zip")
    (index,) = (tmp_path / "unpacked").rglob("index.json")
    before = index.stat().st_mtime_ns
    assert unpacked(tmp_path, data, "a.zip").files() == first.files()
    assert index.stat().st_mtime_ns == before
    index.write_text("{")
    again = unpacked(tmp_path, data, "a.zip")
    assert again.files() == first.files()
    assert again.read(again.files()[0], 4) == b"text"
    with pytest.raises(TooLarge):
        again.read(again.files()[0], 3)


NAMES = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=30),
    st.lists(
        st.sampled_from(["..", ".", "", "a", "B", "b", "c:", "\\"]), min_size=1, max_size=5
    ).map("/".join),
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(NAMES, st.binary(max_size=20)), max_size=6))
@example([("a/../../b", b"")])
@example([("\0", b"")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_name_ever_leaves_the_store(tmp_path_factory, members):
    """Whatever members are called, what is kept is safe and has its bytes, and nothing appears elsewhere."""
    members = [(name, data) for name, data in members if name]
    for make, file in ((tar_of, "a.tar.gz"), (zip_of, "a.zip")):
        folder = tmp_path_factory.mktemp("names")
        tree = unpacked(folder / "w", make(*members), file)
        kept = [f.path for f in tree.files()]
        assert len({path.casefold() for path in kept}) == len(kept)
        for entry in tree.files():
            assert not {"", ".", ".."} & set(entry.path.split("/"))
            assert tree.read(entry, 100) in [data for _, data in members]
        assert outside(folder / "w") == []
        assert list(folder.iterdir()) == [folder / "w"]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(["a.zip", "a.tar", "a.tar.gz"]), st.integers(0, 3))
def test_any_bytes_are_read_or_refused(tmp_path_factory, noise, file, where):
    good = (
        make_zip({"a": "1", "b/c": "2"})
        if file == "a.zip"
        else make_tar({"a": "1"}, gzip=file != "a.tar")
    )
    cut = len(good) * where // 3
    try:
        tree = unpacked(tmp_path_factory.mktemp("noise"), good[:cut] + noise + good[cut:], file)
    except ArchiveError:
        return
    assert all(file.path for file in tree.files())
