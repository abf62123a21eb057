"""mkdocs.yml: every fault at once with its key's full path; paths relative to the file; defaults as documented."""

from pathlib import Path

import pytest

from builder.config import config_schema, documented_keys, limit_names, load_config
from builder.errors import UsageError
from builder.model.address import Address
from builder.model.entry import Release
from builder.model.version import Version


def write(folder: Path, text: str) -> Path:
    file = folder / "mkdocs.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_paths_are_relative_to_the_file(tmp_path):
    config = load_config(
        write(
            tmp_path,
            "site_name: R\nsite_url: https://r.example/x\nplugins:\n  - registry:\n      metadata: meta\n"
            "      mirrors:\n        https://a.example/: 'directory:repos/'\n        https://b.example/: clones/\n"
            "        https://c.example/: https://proxy.example/\n",
        )
    )
    assert config.metadata == str(tmp_path / "meta")
    assert config.site_dir == tmp_path / "site"
    assert config.site_url == "https://r.example/x/"
    assert dict(config.mirrors) == {
        "https://a.example/": f"directory:{tmp_path}/repos/",
        "https://b.example/": f"{tmp_path}/clones/",
        "https://c.example/": "https://proxy.example/",
    }


def test_all_faults_at_once_with_full_paths(tmp_path):
    file = write(
        tmp_path,
        "plugins:\n  - search\n  - registry:\n      metadat: x\n      jobs: 0\n      limits: {page_byte: 1}\n"
        "      versions: {newest: many}\n",
    )
    with pytest.raises(UsageError) as caught:
        load_config(file)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{file}: ") for line in lines)
    text = "\n".join(lines)
    assert "site_name: a text is required" in text
    assert "plugins.registry: 'metadata' is a required property" in text
    assert "plugins.registry.metadat: unknown key; did you mean metadata?" in text
    assert "plugins.registry.jobs: 0 is less than the minimum of 1" in text
    assert "plugins.registry.limits.page_byte: unknown key; did you mean page_bytes?" in text
    assert "plugins.registry.versions.newest: 'many' is not of type 'integer'" in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "not valid YAML"),
        ("site_name: R\n", "plugins.registry: missing"),
        ("", "site_name: a text is required"),
    ],
)
def test_unusable_files_are_told(tmp_path, text, message):
    with pytest.raises(UsageError, match=message):
        load_config(write(tmp_path, text))


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="no such file") as caught:
        load_config(tmp_path / "mkdocs.yml")
    assert "regdocs new" in caught.value.hint


def test_environment_variables_are_resolved(tmp_path, monkeypatch):
    monkeypatch.setenv("META", "https://git.example/meta.git")
    config = load_config(
        write(tmp_path, "site_name: R\nplugins:\n  registry:\n    metadata: !ENV META\n")
    )
    assert config.metadata == "https://git.example/meta.git"


def test_every_limit_is_a_key_with_the_same_default():
    from builder.model.limits import Limits

    properties = config_schema()["properties"]["limits"]["properties"]
    assert {name: row["default"] for name, row in properties.items()} == {
        name: getattr(Limits(), name) for name in limit_names()
    }


def test_every_key_has_a_description():
    assert all(description for _, _, description in documented_keys())


def releases(*texts: str) -> tuple[Release, ...]:
    return tuple(Release(v, t) for t in texts if (v := Version.parse(t)))


@pytest.mark.parametrize(
    ("newest", "prereleases", "expected"),
    [
        (0, True, ["2.0.0-rc.1", "1.1.0", "1.0.0"]),
        (0, False, ["1.1.0", "1.0.0"]),
        (1, True, ["1.1.0"]),
        (2, True, ["2.0.0-rc.1", "1.1.0"]),
        (1, False, ["1.1.0"]),
    ],
)
def test_version_rules_keep_the_newest_stable(newest, prereleases, expected):
    from builder.config import VersionRules

    rules = VersionRules(newest, prereleases)
    chosen = rules.select(releases("2.0.0-rc.1", "1.1.0", "1.0.0"))
    assert [str(release.version) for release in chosen] == expected


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("hashicorp/*", True),
        ("providers/hashicorp/aws", True),
        ("Hashicorp/AWS", True),
        ("modules/*", False),
    ],
)
def test_include_patterns(tmp_path, pattern, fits):
    file = write(
        tmp_path,
        f"site_name: R\nplugins:\n  registry:\n    metadata: m\n    include: ['{pattern}']\n",
    )
    assert load_config(file).includes(Address.parse("hashicorp/aws")) is fits
