"""Laws of the readers and writers: hostile bytes never raise, what is loaded can be dumped, nothing unknown is lost."""

import json

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from builder.metadata.check import in_key_order, newest_version_first
from builder.metadata.codec import decode, dump, dump_yaml, encode, load, load_yaml
from builder.metadata.findings import Findings
from builder.metadata.keys import signing_keys
from builder.metadata.layout import address_of, key_owner, path_of
from builder.metadata.openpgp import armoured
from builder.metadata.package import community_entries
from builder.metadata.policy import POLICY_FILES, read_policy
from builder.model.address import Address
from builder.model.issue import Location

KETTLE, CUP, TEA = (Address.parse(t) for t in ("acme/kettle", "acme/cup/aws", "packages/tea"))
few = settings(max_examples=60, deadline=None)

texts = st.text(st.characters(codec="utf-8"), max_size=8)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(texts, v, max_size=3), max_leaves=8
)


def record(**known):
    """An object with some of the known fields, right or wrong, and unknown ones, in any order."""
    fields = {key: st.one_of(value, values) for key, value in known.items()}
    both = st.tuples(
        st.fixed_dictionaries({}, optional=fields), st.dictionaries(texts, values, max_size=2)
    )
    pairs = both.map(lambda two: list({**two[1], **two[0]}.items()))
    return pairs.flatmap(st.permutations).map(dict)


numbers = st.integers(0, 3).map(str)
versions = st.builds(
    "{}{}.{}.{}{}".format,
    st.sampled_from(["", "v"]),
    numbers,
    numbers,
    numbers,
    st.sampled_from(["", "-rc.1", "+b"]),
)
urls = st.builds("https://example.com/{}/x_SHA256SUMS".format, versions)
targets = record(
    os=st.sampled_from(["linux", "darwin"]),
    arch=st.sampled_from(["arm", "386"]),
    filename=st.just("x_linux_arm.zip"),
    download_url=st.just("https://example.com/v1.0.0/x_linux_arm.zip"),
    shasum=st.just("0" * 64),
    h1=st.just(f"h1:{'A' * 43}="),
    size=st.integers(0, 9),
)
releases = record(
    version=versions,
    protocols=st.just(["5.0"]),
    shasums_url=urls,
    shasums_signature_url=urls,
    targets=st.lists(targets, max_size=3),
    discovered=st.just("2026-04-21T00:00:00Z"),
    commit=st.just("a" * 40),
    yanked=st.just("bad"),
)
files = record(
    versions=st.lists(st.one_of(releases, values), max_size=5),
    repository=urls,
    warnings=st.lists(texts, max_size=2),
    versions_errors=st.lists(record(version=versions, message=texts, utc_time=texts), max_size=2),
)
packages = record(
    name=st.just("tea"),
    version=versions,
    schema_file_url=urls,
    publisher=texts,
    repo_url=urls,
    versions=st.lists(releases, max_size=3),
    featured=st.booleans(),
    updated_on=st.integers(0, 9),
)
anything = st.one_of(files, packages, st.dictionaries(texts, values, max_size=4))
addresses = st.sampled_from([KETTLE, CUP, TEA])


def held(data, read=load):
    return read(data).value


@few
@given(st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_without_raising(data):
    for read in (load, load_yaml):
        checked = read(data)
        assert checked.value is not None or checked.issues
        if checked.value is not None and not checked.issues:
            for address in (KETTLE, CUP, TEA):
                decode(address, checked.value)


@few
@given(st.text(alphabet="abc:-[]{}#'\"|>&*!?%@`,0 \n\t~", max_size=40))
def test_any_yaml_like_text_is_read_without_raising(text):
    raw = held(text.encode(), load_yaml)
    if raw is not None:
        made = dump_yaml(raw, text.encode())
        assert held(made, load_yaml) == raw
        assert dump_yaml(raw, made) == made


@few
@given(st.dictionaries(st.text(max_size=5), values, max_size=5))
def test_what_is_dumped_loads_to_the_same_and_dumps_to_the_same_bytes(raw):
    data = dump(raw)
    loaded = held(data)
    assert json.dumps(loaded) == json.dumps(raw)
    assert dump(loaded) == data


plain = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | texts
plain_values = st.recursive(
    plain, lambda v: st.lists(v, max_size=2) | st.dictionaries(texts, v, max_size=2), max_leaves=4
)
mappings = st.dictionaries(texts, plain_values, max_size=4)


@few
@given(mappings, mappings)
def test_yaml_written_over_any_other_file_holds_what_was_written(raw, other):
    made = dump_yaml(raw, dump_yaml(other))
    assert held(made, load_yaml) == raw
    assert dump_yaml(raw, made) == made


@few
@given(addresses, anything)
def test_encoding_what_was_decoded_changes_nothing(address, raw):
    assume(raw)  # an empty object is what a new file is made from
    assert dump(encode(decode(address, raw).value, raw)) == dump(raw)


@few
@given(addresses, anything)
def test_a_new_file_gives_the_same_entry(address, raw):
    entry = decode(address, raw).value
    again = decode(address, encode(entry, {})).value
    assert again == entry


@few
@given(st.sampled_from([KETTLE, CUP]), files, files)
def test_encoding_another_entry_gives_that_entry_and_keeps_unknown_fields(address, raw, other):
    entry = decode(address, other).value
    made = encode(entry, raw)
    again = decode(address, made).value
    unread = {r.version for r in again.releases} - {r.version for r in entry.releases}
    assert not unread
    assert [r for r in again.releases if r.version in {o.version for o in entry.releases}] == list(
        entry.releases
    )
    assert (again.warnings, again.repository, again.extra) == (
        entry.warnings,
        entry.repository,
        entry.extra,
    )


@few
@given(addresses, anything)
def test_canonical_form_loses_nothing_and_is_stable(address, raw):
    made = newest_version_first(in_key_order(address.kind, raw))
    assert newest_version_first(in_key_order(address.kind, made)) == made
    assert list(in_key_order(address.kind, made)) == list(made)
    assert made.keys() == raw.keys()
    one, other = decode(address, raw).value, decode(address, made).value
    assert [r.version for r in one.releases] == [r.version for r in other.releases]


@few
@given(
    st.sampled_from(POLICY_FILES),
    st.binary(max_size=80) | values.map(lambda v: json.dumps(v).encode()),
)
def test_any_policy_file_is_read_without_raising(name, data):
    read_policy([(name, data)])


rule_keys = st.text(alphabet="ab/.-A ", max_size=8) | texts
rules = st.dictionaries(rule_keys, st.one_of(values, rule_keys), max_size=3)
kinds = ("providers", "modules", "packages", "namespaces")


@few
@given(st.fixed_dictionaries({}, optional={kind: st.one_of(rules, values) for kind in kinds}))
def test_any_rules_are_judged_without_raising(raw):
    for name in POLICY_FILES:
        policy = read_policy([(name, json.dumps(raw).encode())]).value
        list(policy.unmatched({KETTLE, CUP, TEA}))
        resolved = policy.resolved({KETTLE}).value
        assert set(resolved.values()) <= {KETTLE}
        policy.applied(decode(CUP, {"versions": [{"version": "v1.0.0"}]}).value)


@few
@given(
    st.dictionaries(
        st.just("include"), values | st.lists(record(repoSlug=texts, schemaFile=texts), max_size=3)
    )
)
def test_any_community_list_is_read_without_raising(raw):
    list(community_entries(raw, Findings(Location())))


@few
@given(st.binary(max_size=120) | st.binary(max_size=120).map(lambda b: armoured(b).encode()))
def test_any_key_file_is_read_without_raising(data):
    checked = signing_keys([("a.asc", data)])
    assert checked.value or checked.issues


@few
@given(st.text(alphabet="abcXYZ019/._- \u212a\x00", max_size=40) | st.text(max_size=20))
def test_any_path_is_judged_without_raising(path):
    for prefix in ("", "providers/a/", "modules/a/a/", "packages/", "keys/a/a/"):
        key_owner(prefix + path)
        address = address_of(prefix + path)
        if address is not None:
            assert address_of(path_of(address)) == address
            assert ".." not in path_of(address).split("/")
