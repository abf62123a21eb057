"""Policy files: yanked versions, blocked packages, aliases; rules that match nothing."""

import json

import pytest

from builder.metadata.codec import decode
from builder.metadata.policy import read_policy
from builder.model.address import Address
from builder.model.version import Version

KETTLE, CUP = Address.parse("acme/kettle"), Address.parse("acme/cup/aws")
OTHER, TEA = Address.parse("zeta/pot"), Address.parse("packages/tea")
KNOWN = {KETTLE, CUP, OTHER, TEA}


def policy(**files):
    names = {
        "yanks": "versions_blacklist.json",
        "blocks": "blocklist.json",
        "aliases": "aliases.json",
    }
    checked = read_policy((names[key], json.dumps(raw).encode()) for key, raw in files.items())
    return checked.value, [(one.code, one.message.split(":")[0]) for one in checked.issues]


def entry(address, *versions):
    return decode(address, {"versions": [{"version": v} for v in versions]}).value


def unmatched(rules):
    return [(one.code, one.message.split(":")[0]) for one in rules.unmatched(KNOWN)]


def test_no_files_are_no_policy():
    rules, issues = policy()
    assert not issues
    assert rules.applied(entry(KETTLE, "1.0.0")) == entry(KETTLE, "1.0.0")
    assert not unmatched(rules)


def test_a_blacklisted_version_is_yanked_and_must_not_be_added():
    rules, issues = policy(
        yanks={
            "providers": [
                {"namespace": "Acme", "name": "Kettle", "version": "v1.0.0", "reason": "leaks"},
                {
                    "namespace": "acme",
                    "name": "kettle",
                    "version": "7.0.0",
                    "reason": "not out yet",
                },
            ],
            "modules": [
                {
                    "namespace": "acme",
                    "name": "cup",
                    "target_system": "aws",
                    "version": "1.0",
                    "reason": "chipped",
                }
            ],
        }
    )
    assert not issues
    assert [r.yanked for r in rules.applied(entry(KETTLE, "1.1.0", "1.0.0")).releases] == [
        "",
        "leaks",
    ]
    assert [r.yanked for r in rules.applied(entry(CUP, "v1.0.0")).releases] == ["chipped"]
    assert rules.yanked(KETTLE, Version(7, 0, 0)) == "not out yet"
    assert rules.yanked(OTHER, Version(7, 0, 0)) == ""
    assert not unmatched(rules)  # a version that is not there is what the file is for


def test_the_reason_in_the_metadata_wins_over_the_blacklist():
    rules, _ = policy(
        yanks={
            "providers": [
                {"namespace": "acme", "name": "kettle", "version": "1.0.0", "reason": "b"}
            ]
        }
    )
    mine = decode(KETTLE, {"versions": [{"version": "1.0.0", "yanked": "a"}]}).value
    assert rules.applied(mine).releases[0].yanked == "a"


@pytest.mark.parametrize(
    ("key", "rule", "reason"),
    [
        ("providers", "acme/kettle", "why"),
        ("providers", "ACME/Kettle", "why"),
        ("providers", "acme/", "why"),
        ("providers", "acme/kettl", ""),
        ("providers", "acm/", ""),
        ("modules", "acme//", ""),
    ],
)
def test_providers_are_blocked_by_address_or_namespace(key, rule, reason):
    rules, issues = policy(blocks={key: {rule: "why"}})
    assert not issues
    assert rules.applied(entry(KETTLE)).blocked == reason


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("acme/cup/aws", "why"),
        ("acme/cup/", "why"),
        ("Acme//", "why"),
        ("acme/", "why"),
        ("acme/cup/gcp", ""),
    ],
)
def test_modules_are_blocked_by_address_name_or_namespace(rule, reason):
    assert policy(blocks={"modules": {rule: "why"}})[0].blocked(CUP) == reason


def test_the_most_exact_rule_gives_the_reason():
    rules, _ = policy(
        blocks={"modules": {"acme//": "all", "acme/cup/aws": "one"}, "packages": {"tea": "x"}}
    )
    assert rules.blocked(CUP) == "one"
    assert rules.blocked(Address.parse("acme/pot/aws")) == "all"
    assert rules.blocked(TEA) == "x"


def test_a_rule_without_a_reason_still_counts():
    rules, issues = policy(
        blocks={"providers": {"acme/kettle": None}},
        yanks={"providers": [{"namespace": "acme", "name": "kettle", "version": "1.0.0"}]},
    )
    assert rules.blocked(KETTLE) == "no reason is given"
    assert rules.yanked(KETTLE, Version(1, 0, 0)) == "no reason is given"
    assert [code for code, _ in issues] == ["META002", "META002"]


def test_a_namespace_alias_changes_whose_repositories_are_used():
    rules, issues = policy(aliases={"namespaces": {"Acme": "Zeta"}})
    assert not issues
    assert rules.applied(entry(KETTLE)).owner == "zeta"
    assert rules.applied(entry(CUP)).owner == ""  # modules are not concerned
    assert rules.applied(entry(OTHER)).owner == ""


def test_no_namespace_is_mapped_by_itself():
    assert policy()[0].owner(Address.parse("hashicorp/aws")) == ""


def test_aliases_are_followed_to_a_file():
    rules, issues = policy(
        aliases={"providers": {"old/kettle": "older/kettle", "older/kettle": "acme/kettle"}}
    )
    resolved = rules.resolved(KNOWN)
    assert not [*issues, *resolved.issues]
    assert resolved.value == {
        Address.parse("old/kettle"): KETTLE,
        Address.parse("older/kettle"): KETTLE,
    }


def test_an_alias_entry_has_the_releases_of_its_target():
    rules, _ = policy(
        aliases={"namespaces": {"acme": "zeta"}, "providers": {"old/kettle": "acme/kettle"}},
        blocks={"providers": {"old/kettle": "moved"}},
    )
    old = rules.alias_entry(Address.parse("old/kettle"), rules.applied(entry(KETTLE, "1.0.0")))
    assert (old.canonical, old.owner, old.blocked) == (KETTLE, "zeta", "moved")
    assert [str(r.version) for r in old.releases] == ["1.0.0"]


def test_aliases_without_use_are_reported():
    rules, _ = policy(
        aliases={
            "providers": {
                "acme/kettle": "zeta/pot",
                "old/a": "old/b",
                "old/b": "old/a",
                "old/c": "gone/gone",
                "old/d": "zeta/pot",
            }
        }
    )
    resolved = rules.resolved(KNOWN)
    assert resolved.value == {Address.parse("old/d"): OTHER}
    assert [(one.code, one.message) for one in resolved.issues] == [
        ("META007", "providers['acme/kettle']: acme/kettle has a file of its own, which is used"),
        ("META007", "providers['old/a']: the alias leads in a circle"),
        ("META007", "providers['old/b']: the alias leads in a circle"),
        ("META007", "providers['old/c']: there is no provider gone/gone"),
    ]


def test_rules_that_match_nothing_are_reported():
    rules, _ = policy(
        yanks={
            "providers": [{"namespace": "acme", "name": "gone", "version": "1.0.0", "reason": "x"}],
            "modules": [
                {
                    "namespace": "acme",
                    "name": "cup",
                    "target_system": "gcp",
                    "version": "1.0.0",
                    "reason": "x",
                }
            ],
        },
        blocks={
            "providers": {"acme/": "x", "gone/": "x", "acme/gone": "x"},
            "modules": {"acme//": "x", "gone//": "x"},
            "packages": {"coffee": "x"},
        },
        aliases={"namespaces": {"gone": "acme", "acme": "zeta"}},
    )
    assert unmatched(rules) == [
        ("META007", "providers[0]"),
        ("META007", "modules[0]"),
        ("META007", "providers['gone/']"),
        ("META007", "providers['acme/gone']"),
        ("META007", "modules['gone//']"),
        ("META007", "packages['coffee']"),
        ("META007", "namespaces['gone']"),
    ]


def test_all_faults_of_policy_files_are_told_and_the_rest_counts():
    rules, issues = policy(
        yanks={
            "providers": [
                5,
                {"namespace": "acme", "name": "../x", "version": "1.0.0", "reason": "x"},
                {"namespace": "acme", "name": "kettle", "version": "new", "reason": "x"},
                {"namespace": "acme", "name": "kettle", "version": "1.0.0", "reason": "good"},
            ],
            "modules": "none",
        },
        blocks={
            "providers": ["acme/"],
            "modules": {"a/b/c/d": "x", "": "x", "../x/": "x", "acme//": "y"},
        },
        aliases={
            "namespaces": {"acme": 3, "a b": "c", "zeta": "acme"},
            "providers": {"a": "b/c", "b/c": None, "x/y": "acme/kettle"},
        },
    )
    assert issues == [
        ("META002", "providers[0]"),
        ("META002", "providers[1]"),
        ("META004", "providers[2].version"),
        ("META002", "modules"),
        ("META002", "providers"),
        ("META002", "modules['a/b/c/d']"),
        ("META002", "modules['']"),
        ("META002", "modules['../x/']"),
        ("META002", "namespaces['acme']"),
        ("META002", "namespaces['a b']"),
        ("META002", "providers['a']"),
        ("META002", "providers['b/c']"),
    ]
    assert rules.yanked(KETTLE, Version(1, 0, 0)) == "good"
    assert rules.blocked(CUP) == "y"
    assert rules.owner(OTHER) == "acme"
    assert list(rules.resolved(KNOWN).value) == [Address.parse("x/y")]


def test_a_broken_policy_file_is_reported_and_the_others_count():
    checked = read_policy(
        [
            ("versions_blacklist.json", b"{"),
            ("mine/blocklist.json", b'{"providers": {"acme/": "x"}}'),
        ]
    )
    assert [(one.code, one.location.path) for one in checked.issues] == [
        ("META001", "versions_blacklist.json")
    ]
    assert checked.value.blocked(KETTLE) == "x"
