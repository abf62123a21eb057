"""Raw metadata <-> Entry: versions, fields, faults, and what encoding must not lose."""

from dataclasses import replace

import pytest

from builder.metadata.codec import decode, dump, encode, load
from builder.model.address import Address
from builder.model.entry import Entry, Release, ReleaseError
from builder.model.version import Version

KETTLE = Address.parse("acme/kettle")
CUP = Address.parse("acme/cup/aws")


def said(checked):
    return [(one.code, one.message) for one in checked.issues]


def held(data):
    return load(data).value


def versions(entry):
    return [str(release.version) for release in entry.releases]


def module(*tags):
    return {"versions": [{"version": tag} for tag in tags]}


def test_a_provider_file_of_all_fields(release, target):
    raw = {
        "repository": "https://git.example.com/acme/kettles",
        "versions": [
            release(
                "1.0.0",
                targets=[target(h1=f"h1:{'A' * 43}=", size=7)],
                discovered="2026-08-13T23:44:28.121901857Z",
            )
        ],
        "versions_errors": [{"version": "0.9.0", "message": "no sums", "utc_time": "2026-01-01"}],
        "warnings": ["Deprecated <b>"],
        "description": "Boils water",
        "popularity": 4,
        "fork_count": 2,
        "house": {"color": "red"},
    }
    checked = decode(KETTLE, raw)
    entry = checked.value
    assert not checked.issues
    assert entry.repository == raw["repository"]
    assert entry.warnings == ("Deprecated <b>",)
    assert entry.errors == (ReleaseError("0.9.0", "no sums", "2026-01-01"),)
    assert (entry.description, entry.popularity, entry.fork_count) == ("Boils water", 4, 2)
    assert entry.extra == {"house": {"color": "red"}}
    (one,) = entry.releases
    assert (one.written, one.protocols, one.commit) == ("1.0.0", ("5.0",), "")
    assert one.discovered == "2026-08-13T23:44:28.121901857Z"
    assert (one.targets[0].os, one.targets[0].size) == ("linux", 7)
    assert one.targets[0].h1.startswith("h1:A")


def test_a_module_is_pinned_to_its_commit():
    raw = {
        "versions": [
            {"version": "v1.1.0", "commit": "a" * 40, "discovered": "2026-04-21T00:00:00Z"}
        ]
    }
    checked = decode(CUP, raw)
    assert not checked.issues
    assert checked.value.releases == (
        Release(Version(1, 1, 0), "v1.1.0", "a" * 40, "2026-04-21T00:00:00Z"),
    )


@pytest.mark.parametrize(
    ("tag", "canonical"),
    [
        ("0.1", "0.1.0"),
        ("v3", "3.0.0"),
        ("9001", "9001.0.0"),
        ("4.5.6-ss+alfa", "4.5.6-ss+alfa"),
        ("0.6.3-1+4", "0.6.3-1+4"),
        ("v1.0.0-RC1", "1.0.0-RC1"),
        ("v2.4.2+tar.gz-20240510", "2.4.2+tar.gz-20240510"),
    ],
)
def test_versions_become_canonical_and_the_tag_stays(tag, canonical):
    checked = decode(CUP, module(tag))
    assert not checked.issues
    assert [(str(r.version), r.written) for r in checked.value.releases] == [(canonical, tag)]


def test_releases_are_newest_first_whatever_the_file_says():
    entry = decode(CUP, module("0.1.0", "v2.0.0", "v2.0.0-rc.1", "1.0.0")).value
    assert versions(entry) == ["2.0.0", "2.0.0-rc.1", "1.0.0", "0.1.0"]


@pytest.mark.parametrize(
    "bad", ["latest", "", "1.2.3.4", "../../etc", "vv1.0.0", "1.0.0-", "1" * 300]
)
def test_what_is_no_version_is_left_out_and_reported(bad):
    checked = decode(CUP, module("v1.0.0", bad))
    assert versions(checked.value) == ["1.0.0"]
    assert [one.code for one in checked.issues] == ["META004"]
    assert checked.issues[0].message.startswith("versions[1].version: ")
    assert len(checked.issues[0].message) < 150


def test_of_equal_versions_the_tag_with_v_is_used():
    checked = decode(CUP, module("1.0.0", "v1.0.0", "v0.5.0", "0.5.0"))
    assert [r.written for r in checked.value.releases] == ["v1.0.0", "v0.5.0"]
    assert [(one.code, one.location.version) for one in checked.issues] == [
        ("META005", "1.0.0"),
        ("META005", "0.5.0"),
    ]
    assert (
        "versions[0].version: '1.0.0' is the same version as versions[1]"
        in checked.issues[0].message
    )


def test_a_providers_tag_shows_in_its_addresses_only(release):
    plain, with_v = release("3.7.4", tag="3.7.4"), release("3.7.4")
    for order in ([plain, with_v], [with_v, plain]):
        checked = decode(KETTLE, {"versions": order})
        assert ["/v3.7.4/" in r.shasums_url for r in checked.value.releases] == [True]
        assert [one.code for one in checked.issues] == ["META005"]


@pytest.mark.parametrize("missing", [{}, {"versions": None}, {"versions": []}])
def test_a_package_without_versions_is_an_entry(missing):
    checked = decode(CUP, missing)
    assert checked.value.releases == ()
    assert not checked.issues


def test_all_faults_of_a_file_are_told_at_once_and_the_rest_is_used(release, target):
    raw = {
        "repository": 5,
        "versions": [
            release("5.0.0"),
            release("4.0.0", shasums_url="ftp://example.com/x"),
            release("3.0.0", protocols="5.0"),
            release("2.0.0", targets=[target(), target("linux", "arm64", shasum="zz"), 7]),
            "1.0.0",
            {"protocols": ["5.0"]},
            release("0.9.0", targets=[target(size=-1, h1="nope")]),
        ],
        "versions_errors": {"version": "1"},
        "warnings": ["old", 3],
        "popularity": True,
    }
    checked = decode(KETTLE, raw, "providers/a/acme/kettle.json")
    assert versions(checked.value) == ["5.0.0", "2.0.0", "0.9.0"]
    assert len(checked.value.releases[1].targets) == 1
    assert checked.value.warnings == ("old",)
    assert {one.location.path for one in checked.issues} == {"providers/a/acme/kettle.json"}
    assert {one.location.address for one in checked.issues} == {"providers/acme/kettle"}
    assert sorted(message.split(": ")[0] for _, message in said(checked)) == [
        "popularity",
        "repository",
        "versions[1].shasums_url",
        "versions[2].protocols",
        "versions[3].targets[1].shasum",
        "versions[3].targets[2]",
        "versions[4]",
        "versions[5].version",
        "versions[6].targets[0].h1",
        "versions[6].targets[0].size",
        "versions_errors",
        "warnings[1]",
    ]
    assert {code for code, _ in said(checked)} == {"META002"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("os", "../../x"),
        ("os", "Linux"),
        ("arch", ["amd64"]),
        ("filename", "../x.zip"),
        ("filename", ".."),
        ("download_url", "file:///etc/passwd"),
        ("download_url", "javascript:alert(1)"),
        ("download_url", 'https://example.com/"onclick='),
        ("download_url", None),
        ("shasum", "0" * 63),
        ("shasum", "0 " * 32),
        ("shasum", 64),
    ],
)
def test_a_target_with_a_wrong_field_is_left_out(release, target, field, value):
    raw = {"versions": [release("1.0.0", targets=[target("windows"), {**target(), field: value}])]}
    checked = decode(KETTLE, raw)
    assert [t.os for t in checked.value.releases[0].targets] == ["windows"]
    assert [one.message.split(":")[0] for one in checked.issues] == [
        f"versions[0].targets[1].{field}"
    ]


def test_other_file_names_and_relative_addresses_are_fine(release, target):
    odd = target(filename="terraform-provider-kettle_v1.0.0_x4", download_url="/dl/kettle.zip")
    checked = decode(KETTLE, {"versions": [release(targets=[odd])]})
    assert not checked.issues
    assert checked.value.releases[0].targets[0].download_url == "/dl/kettle.zip"


def test_a_platform_counts_once(release, target):
    raw = {"versions": [release(targets=[target(), target(filename="other.zip")])]}
    checked = decode(KETTLE, raw)
    assert [t.filename for t in checked.value.releases[0].targets] == [target()["filename"]]
    assert said(checked) == [
        ("META002", "versions[0].targets[1]: linux_amd64 occurs twice; the first one is used")
    ]


def test_a_broken_pin_is_never_taken_for_no_pin():
    checked = decode(CUP, {"versions": [{"version": "v1.0.0", "commit": "main"}]})
    assert checked.value.releases == ()
    assert [one.message.split(":")[0] for one in checked.issues] == ["versions[0].commit"]


@pytest.mark.parametrize(
    ("yanked", "reason", "odd"),
    [
        ("broken", "broken", False),
        ({"reason": "broken"}, "broken", False),
        (None, "", False),
        (False, "", False),
        (True, "no reason is given", True),
        ("", "no reason is given", True),
        ({}, "no reason is given", True),
    ],
)
def test_a_version_is_yanked_with_a_reason(yanked, reason, odd):
    checked = decode(CUP, {"versions": [{"version": "v1.0.0", "yanked": yanked}]})
    assert checked.value.releases[0].yanked == reason
    assert [one.code for one in checked.issues] == ["META002"] * odd


@pytest.mark.parametrize(
    "url", ["-uhelp", "ext::sh -c x", "ext::sh", "https://example.com/a b", "x\ny", "fd::17"]
)
def test_a_repository_that_could_run_something_is_refused(url):
    checked = decode(CUP, {"repository": url, **module("v1.0.0")})
    assert checked.value.repository == ""
    assert [one.code for one in checked.issues] == ["META002"]


@pytest.mark.parametrize(
    "url", ["https://example.com/x.git", "git@example.com:x/y", "ssh://git@[::1]/x", "../cups"]
)
def test_other_repositories_are_left_to_the_reader_of_sources(url):
    assert decode(CUP, {"repository": url}).value.repository == url


# -- encoding ---------------------------------------------------------------------------------------------------------


def test_encoding_what_was_read_changes_nothing(release, target):
    raw = {
        "warnings": [],
        "versions": [
            release("0.1.0", note="kept"),
            release("2.0.0", yanked={"reason": "bad", "by": "me"}),
            {"version": "latest"},
            "odd",
            release("2.0.0", tag="2.0.0"),
            release("1.0.0", targets=[target(extra=1), {"os": "?"}]),
        ],
        "mine": 1,
    }
    assert dump(encode(decode(KETTLE, raw).value, raw)) == dump(raw)


def test_a_new_version_goes_before_the_next_older_one_and_nothing_else_moves(release):
    old = [release("2.0.0", note="kept"), "odd", release("1.0.0")]
    raw = {"versions": old, "mine": 1}
    entry = decode(KETTLE, raw).value
    new = replace(entry.releases[0], version=Version(1, 5, 0), written="1.5.0")
    made = encode(replace(entry, releases=(entry.releases[0], new, entry.releases[1])), raw)
    assert made["versions"][:2] == old[:2]
    assert made["versions"][2]["version"] == "1.5.0"
    assert made["versions"][3] == old[2]
    assert made["mine"] == 1
    assert list(made["versions"][2]) == list(old[0])[:5]


def test_a_removed_version_does_not_come_back_as_its_twin(release):
    raw = {"versions": [release("2.0.0"), release("1.0.0"), release("1.0.0", tag="1.0.0")]}
    entry = decode(KETTLE, raw).value
    made = encode(replace(entry, releases=entry.releases[:1]), raw)
    assert [item["version"] for item in made["versions"]] == ["2.0.0"]


def test_a_record_that_could_not_be_read_is_mended_in_place(release):
    raw = {"versions": [release("2.0.0", protocols=5, note="kept"), release("1.0.0")]}
    entry = decode(KETTLE, raw).value
    good = decode(KETTLE, {"versions": [release("2.0.0")]}).value.releases[0]
    made = encode(replace(entry, releases=(good, *entry.releases)), raw)
    assert made["versions"][0] == {**release("2.0.0"), "note": "kept"}
    assert len(made["versions"]) == 2


def test_fields_are_changed_in_place_added_in_order_and_removed(release, target):
    raw = {
        "versions": [release(targets=[target(extra=1), {"os": "?"}])],
        "mine": 1,
        "warnings": ["x"],
    }
    entry = decode(KETTLE, raw).value
    one = entry.releases[0]
    sized = replace(one.targets[0], size=9)
    more = replace(one.targets[0], os="windows")
    made = encode(
        replace(
            entry,
            repository="https://example.com/r",
            warnings=(),
            errors=(ReleaseError("0.1.0", "no sums"),),
            description="Boils",
            releases=(replace(one, targets=(more, sized), yanked="bad", protocols=()),),
            extra={"new": 2},
        ),
        raw,
    )
    assert list(made) == ["repository", "versions", "versions_errors", "description", "new"]
    version = made["versions"][0]
    assert list(version) == ["version", "shasums_url", "shasums_signature_url", "targets", "yanked"]
    assert version["targets"] == [
        target("windows", filename=more.filename, download_url=more.download_url),
        target(extra=1, size=9),
        {"os": "?"},
    ]
    assert made["versions_errors"] == [{"version": "0.1.0", "message": "no sums"}]


def test_errors_keep_their_unknown_fields_and_unread_items():
    raw = {"versions": [], "versions_errors": [{"version": "1", "message": "m", "by": "x"}, "odd"]}
    entry = decode(KETTLE, raw).value
    more = ReleaseError("2", "n", "2026-01-01T00:00:00Z")
    made = encode(replace(entry, errors=(more, *entry.errors)), raw)
    assert made["versions_errors"] == [
        {"version": "2", "message": "n", "utc_time": "2026-01-01T00:00:00Z"},
        {"version": "1", "message": "m", "by": "x"},
        "odd",
    ]


def test_a_new_file_has_the_registrys_key_order(release):
    entry = decode(KETTLE, {"warnings": ["w"], "versions": [release()]}).value
    assert encode(entry, {}) == {"versions": [release()], "warnings": ["w"]}
    assert list(encode(entry, {})) == ["versions", "warnings"]
    assert dump(encode(Entry(KETTLE), {})) == b'{\n  "versions": []\n}'


def test_reading_what_was_written_gives_the_entry(release, target):
    raw = {
        "versions": [
            release("2.0.0", yanked="x"),
            release("1.0.0+b.1", discovered="2026-04-21T00:00:00Z"),
        ]
    }
    entry = decode(KETTLE, raw).value
    assert decode(KETTLE, held(dump(encode(entry, {})))).value == entry
