"""The docs API's tree: keys, order, withheld content, stable bytes."""

import random
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.api.docs_v1 import API_VERSION, render_catalog, render_package, render_release
from builder.api.openapi import render_openapi
from builder.model.address import Address, Kind
from builder.model.artifact import CachePolicy, Redirect
from builder.model.docs import Status
from builder.model.document import DOC_KINDS, Document, Part, PartRole
from builder.model.license import LicenseFinding, Outcome, Verdict
from builder.model.summary import VersionSummary
from builder.model.version import Version

GARDEN = "registry/docs/providers/acme/garden"
VPC = "registry/docs/modules/acme/vpc/cloud"
REFUSED = Verdict(
    Outcome.REFUSE, "BUSL-1.1 is not allowed", (LicenseFinding("BUSL-1.1", 0.9, False, "LICENSE"),)
)
UNLICENSED = Verdict(Outcome.REFUSE, "no license was found")


def test_provider_version_has_all_object_keys(provider, texts, check):
    found = check(render_release(provider(), texts.read))
    pages = ["index.md", *(f"{kind.key}/my_{kind.letter}.md" for kind in DOC_KINDS)]
    pages += [f"cdktf/python/{page}" for page in pages]
    keys = {f"{GARDEN}/v1.2.0/{name}" for name in (*pages, "status.json", "index.json")}
    assert found.keys() == keys


def test_module_version_has_all_object_keys(module, texts, check):
    found = check(render_release(module(), texts.read))
    names = ["README.md", "modules/anet/README.md", "modules/b/README.md"]
    names += ["examples/full/README.md", "status.json", "index.json"]
    assert found.keys() == {f"{VPC}/v1.2.0/{name}" for name in names}


def test_pages_are_the_stored_bytes(provider, texts, check):
    text = b"\xef\xbb\xbf---\r\ntitle: <b>&\r\n---\r\n\xff"
    texts.by_blob["e" * 40] = text
    docs = provider(documents=(Document("guides", "Start", "docs/guides/Start.md", "e" * 40),))
    assert check(render_release(docs, texts.read))[f"{GARDEN}/v1.2.0/guides/start.md"] == text


def test_an_object_never_comes_before_what_it_names(provider, module, texts, summary, failed):
    for docs in (provider(), module()):
        paths = [output.path for output in render_release(docs, texts.read)]
        assert paths[-1].endswith("/index.json")
    outputs = list(render_package(summary("1.0.0", failed("2.0.0"))))
    assert outputs[-1].path == f"{GARDEN}/index.json"


def test_every_object_is_cached_like_the_existing_api(provider, module, texts, summary, failed):
    outputs = [*render_release(provider("1.0.0+b"), texts.read), *render_openapi()]
    outputs += [*render_release(module(), texts.read), *render_package(summary(failed("1.0.0")))]
    outputs += render_catalog([summary("1.0.0")])
    assert {output.cache for output in outputs} == {CachePolicy.API}


def test_names_keep_their_case_in_json_and_keys_do_not(provider, texts, check):
    found = check(render_release(provider("1.0.0-RC.1"), texts.read))
    index = found[f"{GARDEN}/v1.0.0-rc.1/index.json"]
    assert index["id"] == "v1.0.0-RC.1"
    assert index["docs"]["resources"][0]["name"] == "My_r"
    assert all(path == path.lower() for path in found)


def test_build_metadata_is_written_with_underscore_and_opens_under_its_id_too(provider, texts):
    docs = provider("0.6.3-1+4")
    outputs = list(render_release(docs, texts.read))
    objects = {o.path: o.body for o in outputs if not isinstance(o, Redirect)}
    moves = {o.path: o for o in outputs if isinstance(o, Redirect)}
    assert all(path.startswith(f"{GARDEN}/v0.6.3-1_4/") for path in objects)
    assert {move.to for move in moves.values()} == objects.keys()
    for path, move in moves.items():
        assert path == move.to.replace("v0.6.3-1_4", "v0.6.3-1+4")
        assert move.body == objects[move.to]  # hosts that cannot redirect serve the object itself


@pytest.mark.parametrize(
    ("fields", "reason", "incompatible"),
    [
        ({"blocked": "court order"}, "court order", False),
        ({"verdict": REFUSED}, "BUSL-1.1 is not allowed", True),
        ({"verdict": UNLICENSED}, "no license was found", True),
        ({"verdict": REFUSED, "blocked": "court order"}, "court order", True),
    ],
)
def test_withheld_provider_has_only_the_notice(
    provider, texts, check, fields, reason, incompatible
):
    notice = texts.add("# 451 Unavailable For Legal Reasons")
    docs = provider(replacement=notice, **fields)
    found = check(render_release(docs, texts.read))
    assert found.keys() == {
        f"{GARDEN}/v1.2.0/{n}" for n in ("index.md", "index.json", "status.json")
    }
    assert found[f"{GARDEN}/v1.2.0/index.md"] == texts.read(notice)
    index = found[f"{GARDEN}/v1.2.0/index.json"]
    assert index["docs"] == {kind.key: [] for kind in DOC_KINDS}
    assert index["cdktf_docs"] == {}
    assert index["incompatible_license"] is incompatible
    assert (index["status"], index["reason"]) == ("skipped", reason)
    spdx = [entry["spdx"] for entry in index["license"] or ()]
    assert spdx == [finding.spdx for finding in docs.verdict.findings]


def test_unblocked_provider_shows_its_pages_again(provider, texts, check):
    notice = texts.add("# 451")
    before = check(render_release(provider(), texts.read))
    check(render_release(provider(blocked="court order", replacement=notice), texts.read))
    assert check(render_release(provider(), texts.read)) == before


def test_withheld_module_lists_its_parts_with_an_empty_schema(module, texts, check):
    notice = texts.add("# 451")
    parts = tuple(replace(p, blob=notice, replaced="withheld") for p in module().parts)
    found = check(render_release(module(verdict=REFUSED, parts=parts), texts.read))
    index = found[f"{VPC}/v1.2.0/index.json"]
    assert index["readme"] is True
    assert index["edit_link"].endswith("/blob/v1.2.0/README.md")
    assert index["incompatible_license"] is True
    assert list(index["submodules"]) == ["A Net", "b"]
    for part in (index, *index["submodules"].values(), *index["examples"].values()):
        assert part["variables"] == part["outputs"] == {}
        assert part["readme_reason"] == "withheld"
    readmes = [body for path, body in found.items() if path.endswith("README.md")]
    assert readmes == [b"# 451"] * 4


def test_version_without_documents_says_why_in_its_status(summary, failed, check):
    found = check(render_package(summary("1.0.0", failed("2.0.0+b", "the tag is missing"))))
    status = found[f"{GARDEN}/v2.0.0_b/status.json"]
    assert (status["id"], status["status"]) == ("v2.0.0+b", "failed")
    assert status["reason"] == "the tag is missing"
    assert f"{GARDEN}/v1.0.0/status.json" not in found  # comes with the release


def test_lists_are_sorted_by_address_and_hold_the_full_objects(summary, check):
    addresses = [("b", "a"), ("a", "z"), ("a-b", "c"), ("a", "b-c"), ("a", "b")]
    providers = [summary("1.0.0", address=Address.of(Kind.PROVIDER, *parts)) for parts in addresses]
    module = summary("1.0.0", "2.0.0-rc1", kind=Kind.MODULE)
    package = summary("1.0.0", address=Address.of(Kind.PACKAGE, "random"))
    found = check(render_catalog([*providers, module, package]))
    entries = found["registry/docs/providers/index.json"]["providers"]
    assert [(e["addr"]["namespace"], e["addr"]["name"]) for e in entries] == sorted(addresses)
    own = check(render_package(providers[0]))["registry/docs/providers/b/a/index.json"]
    assert entries[-1] == own
    assert found["registry/docs/modules/index.json"]["modules"] == [
        check(render_package(module))[f"{VPC}/index.json"]
    ]
    short = found["registry/docs/modules/latest.json"]["modules"][0]
    assert short["latest_stable"]["index"] == "modules/acme/vpc/cloud/v1.0.0/index.json"


def test_removed_version_and_submodule_are_in_no_object(summary, module, texts):
    after = [*render_package(summary("1.0.0")), *render_catalog([summary("1.0.0")])]
    assert not [output.path for output in after if b"2.0.0" in output.body]
    less = module(parts=tuple(part for part in module().parts if part.name != "b"))
    paths = {output.path for output in render_release(less, texts.read)}
    assert paths == {o.path for o in render_release(module(), texts.read)} - {
        f"{VPC}/v1.2.0/modules/b/README.md"
    }


def test_empty_registry_has_empty_lists(check):
    found = check(render_catalog([]))
    assert found["registry/docs/providers/index.json"]["providers"] == []
    assert found["registry/docs/modules/index.json"]["modules"] == []


def test_pulumi_packages_have_no_objects_here(provider, texts, summary):
    address = Address.of(Kind.PACKAGE, "random")
    assert not list(render_release(provider(address=address), texts.read))
    assert not list(render_package(summary("1.0.0", address=address)))


def test_shuffled_input_gives_the_same_bytes(provider, module, texts, summary, failed, odd):
    licenses = tuple(LicenseFinding(n, 0.9, True, f) for n in ("MIT", "ISC") for f in ("B", "A"))
    verdict = Verdict(Outcome.ALLOW, "", licenses, licenses, ("B", "A"))
    later = replace(odd, code="DOC001")

    def rendered(shuffle):
        def mixed(items):
            items = list(items)
            shuffle(items)
            return tuple(items)

        plain, vpc = provider(verdict=verdict, issues=mixed((odd, later))), module()
        plain = replace(plain, documents=mixed(plain.documents))
        plain = replace(plain, verdict=replace(verdict, findings=mixed(licenses)))
        vpc = replace(vpc, parts=mixed(vpc.parts))
        garden = summary("1.0.0", "2.0.0-rc1", failed("0.1.0"))
        aliases = mixed(Address.of(Kind.PROVIDER, n, "garden") for n in "abc")
        garden = replace(garden, versions=mixed(garden.versions), reverse_aliases=aliases)
        outputs = [*render_release(plain, texts.read), *render_release(vpc, texts.read)]
        outputs += render_package(garden)
        outputs += render_catalog(mixed((garden, summary("1.0.0", kind=Kind.MODULE))))
        return outputs

    first = rendered(lambda items: None)
    for seed in range(20):
        assert rendered(random.Random(seed).shuffle) == first


SOME_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
PAGE_NAMES = st.from_regex(r"[A-Za-z0-9._@-]{1,20}", fullmatch=True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(PAGE_NAMES.map(str.lower), st.tuples(SOME_TEXT, SOME_TEXT, SOME_TEXT)),
    st.sampled_from(DOC_KINDS),
    SOME_TEXT,
)
def test_any_titles_and_names_of_pages_give_valid_objects(
    provider, texts, check, names, kind, reason
):
    documents = tuple(
        Document(kind.key, n, f"docs/{t}", texts.add(n), "", t, s, d, r)
        for n, (t, s, d) in names.items()
        for r in ("", reason)[:1]
    )
    found = check(render_release(provider(documents=documents, yanked=reason), texts.read))
    index = found[f"{GARDEN}/v1.2.0/index.json"]
    assert [item["name"] for item in index["docs"][kind.key]] == sorted(names)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(PAGE_NAMES.map(str.lower), SOME_TEXT), SOME_TEXT)
def test_any_names_of_module_parts_give_valid_objects(module, texts, check, names, reason):
    parts = tuple(
        Part(role, name, texts.add(text[:1]), bool(text), text, reason)
        for role in (PartRole.SUBMODULE, PartRole.EXAMPLE)
        for name, text in names.items()
    )
    found = check(render_release(module(parts=(*module().parts[:1], *parts)), texts.read))
    index = found[f"{VPC}/v1.2.0/index.json"]
    assert list(index["submodules"]) == list(index["examples"]) == sorted(names)


@st.composite
def versions(draw):
    numbers = st.integers(0, 3)
    suffix = st.sampled_from(["", "rc1", "rc.2", "beta", "1"])
    drawn = draw(st.sets(st.builds(Version, numbers, numbers, numbers, suffix, suffix), max_size=8))
    return [
        VersionSummary(
            *(version, draw(st.sampled_from(["", "2024-01-01T00:00:00Z"])), draw(SOME_TEXT)),
            *(draw(st.sampled_from(list(Status))), draw(SOME_TEXT), draw(st.booleans())),
            yanked=draw(st.sampled_from(["", "leaks keys"])),
        )
        for version in sorted(drawn, key=str)
    ]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions(), SOME_TEXT, SOME_TEXT, st.sampled_from([Kind.PROVIDER, Kind.MODULE]))
def test_any_package_gives_valid_objects(summary, check, versions, text, blocked, kind):
    package = summary(
        *versions, kind=kind, description=text, warnings=(text,), blocked=blocked, link=text
    )
    found = check(render_package(package))
    check(render_catalog([package]))
    index = found[f"registry/docs/{package.address.path}/index.json"]
    newest_first = sorted((v.version for v in versions if v.has_docs), reverse=True)
    assert [entry["id"] for entry in index["versions"]] == [v.docs_id for v in newest_first]
    stable = [v.version for v in versions if v.has_docs and v.version.is_stable and not v.yanked]
    if stable:
        assert index["latest_stable"] == max(stable).docs_id


GOLDEN = {
    "2": "39319d76f24144164323154bcbbe9fe52b68f23eff438a639b3bd10963799d5e"
}  # API_VERSION -> digest


def test_other_bytes_need_another_api_version(provider, module, texts, summary, failed, odd):
    """What was rendered before is kept as long as API_VERSION stays: raise it and add a row when the output changes."""
    old = summary("1.0.0", "2.0.0-rc1+b", failed("3.0.0"), warnings=("deprecated",))
    outputs = [
        *render_release(provider("2.0.0+b", issues=(odd,), yanked="broken"), texts.read),
        *render_release(provider(verdict=REFUSED, replacement=texts.add("451")), texts.read),
        *render_release(module(blocked="court order"), texts.read),
        *render_package(old),
        *render_package(summary("1.0.0", kind=Kind.MODULE)),
        *render_catalog([old]),
    ]
    state = sha256(b"".join(b"%s\0%s\0" % (o.path.encode(), o.body) for o in outputs))
    assert state.hexdigest() == GOLDEN[API_VERSION]
