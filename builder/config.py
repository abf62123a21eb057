"""Configuration is one file, mkdocs.yml: MkDocs' own keys, and ours under `plugins: - registry:`.

Everything wrong is reported at once with the key's full path. SCHEMA describes our section (JSON Schema 2020-12, for
editors too); the dataclasses hold the values with paths resolved against the file's folder.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import yaml_load

from builder.errors import UsageError
from builder.model.address import Address
from builder.model.entry import Release
from builder.model.limits import Limits

SECTION = "plugins.registry"
DEFAULT_HOSTS = ("registry.opentofu.org", "registry.terraform.io")


def config_schema() -> dict[str, Any]:
    """The JSON Schema of our section of mkdocs.yml."""
    text = resources.files("builder").joinpath("config.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@dataclass(frozen=True, slots=True)
class VersionRules:
    """Which versions get documentation: the newest N (0: all), with or without pre-releases."""

    newest: int = 0
    prereleases: bool = True

    def select(self, releases: tuple[Release, ...]) -> tuple[Release, ...]:
        """The releases that are documented, newest first. The newest stable one is always among them."""
        stable = [release for release in releases if release.version.is_stable]
        pool = list(releases) if self.prereleases or not stable else stable
        if not self.newest:
            return tuple(pool)
        kept = pool[: self.newest]
        if stable and stable[0] not in kept:
            kept = [*kept[: self.newest - 1], stable[0]]
        return tuple(kept)


@dataclass(frozen=True, slots=True)
class HtmlRules:
    """What becomes HTML: the newest N versions (0: all that are documented), in which style of links, and what else."""

    versions: int = 0
    links: str = "directory"  # or "file"
    cdktf: bool = False
    legacy_addresses: bool = False
    archives: bool = False
    engine: str = "auto"  # one of builder.markdown.ENGINES


@dataclass(frozen=True, slots=True)
class RegistryRules:
    """What clients install from: the registry protocol, and a network mirror for these host names."""

    enabled: bool = True
    mirror_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration. Paths are absolute."""

    file: Path
    site_name: str
    site_url: str  # "" or with a trailing slash
    site_description: str
    site_dir: Path
    docs_dir: Path
    metadata: str  # a path or a git URL
    metadata_ref: str = ""
    policy: Path | None = None
    repositories: str = "https://github.com/{namespace}/{repository}"
    links: Mapping[str, str] = field(default_factory=dict)
    mirrors: Mapping[str, str] = field(default_factory=dict)
    credential_helper: str = ""
    include: tuple[str, ...] = ()
    cache: Path = Path(".regdocs")
    jobs: int = 8
    limits: Limits = field(default_factory=Limits)
    license: Mapping[str, Any] = field(default_factory=dict)
    versions: VersionRules = field(default_factory=VersionRules)
    html: HtmlRules = field(default_factory=HtmlRules)
    hosts: tuple[str, ...] = DEFAULT_HOSTS
    public_host: str = ""
    registry: RegistryRules = field(default_factory=RegistryRules)
    templates: Path | None = None
    footer: str = ""  # MkDocs' own key `copyright`
    announcement: str = ""  # `announcement` below MkDocs' own key `extra`

    def includes(self, address: Address) -> bool:
        """True when `include` is empty or one of its patterns fits the address."""
        return not self.include or any(_fits(pattern, address) for pattern in self.include)


def _fits(pattern: str, address: Address) -> bool:
    lowered = pattern.lower().strip("/")
    return fnmatchcase(address.path, lowered) or fnmatchcase(address.display, lowered)


def load_config(path: Path) -> Config:
    """Read mkdocs.yml. Raises UsageError with one line per fault when anything is wrong."""
    if not path.is_file():
        raise UsageError(
            f"{path}: there is no such file",
            hint="Call regdocs in a folder with mkdocs.yml, name one with -f, or make one: regdocs new DIR",
        )
    try:
        with path.open("rb") as stream:
            raw: object = yaml_load(stream)
    except (ConfigurationError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not valid YAML: {error}") from error
    return config_of(raw if isinstance(raw, dict) else {}, path)


def config_of(raw: Mapping[str, Any], path: Path) -> Config:
    """The configuration from MkDocs' raw keys; `path` is the file they are from. Raises UsageError as load_config."""
    section = registry_section(raw.get("plugins"))
    faults = [*_top_faults(raw), *_section_faults(section)]
    if faults:
        raise UsageError("\n".join(f"{path}: {fault}" for fault in faults))
    return _build(raw, section or {}, path.resolve())


def registry_section(plugins: object) -> dict[str, Any] | None:
    """Our section out of MkDocs' `plugins`, which is a list or a mapping; None when it is not there."""
    if isinstance(plugins, Mapping):
        plugins = [{name: value} for name, value in plugins.items()]
    for plugin in plugins if isinstance(plugins, list) else []:
        if plugin == "registry":
            return {}
        if isinstance(plugin, Mapping) and "registry" in plugin:
            return dict(plugin["registry"] or {})
    return None


def other_plugins(path: Path) -> list[Any]:
    """MkDocs' `plugins` of the file without ours, for building the handbook alone."""
    with path.open("rb") as stream:
        plugins = yaml_load(stream).get("plugins") or []
    if isinstance(plugins, Mapping):
        plugins = [{name: value} for name, value in plugins.items()]
    return [
        p for p in plugins if p != "registry" and not (isinstance(p, Mapping) and "registry" in p)
    ]


def _top_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(raw.get("site_name"), str):
        yield "site_name: a text is required"
    for key in ("site_url", "site_description", "site_dir", "docs_dir"):
        if not isinstance(raw.get(key) or "", str):
            yield f"{key}: must be a text"
    extra = raw.get("extra") or {}
    if not isinstance(extra, Mapping):
        yield "extra: must be a mapping"
    elif not isinstance(extra.get("announcement") or "", str):
        yield "extra.announcement: must be a text"


def _section_faults(section: dict[str, Any] | None) -> Iterator[str]:
    if section is None:
        yield f"{SECTION}: missing; add `- registry: {{metadata: PATH}}` below `plugins:`"
        return
    validator = jsonschema.Draft202012Validator(config_schema())
    errors = sorted(validator.iter_errors(section), key=lambda e: [str(p) for p in e.absolute_path])
    for error in errors:
        yield from _fault_lines(error)


def _fault_lines(error: jsonschema.ValidationError) -> Iterator[str]:
    where = ".".join([SECTION, *(str(part) for part in error.absolute_path)])
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        schema = error.schema if isinstance(error.schema, Mapping) else {}
        known = sorted(schema.get("properties", {}))
        for key in sorted(str(k) for k in error.instance if k not in known):
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known)}"
            yield f"{where}.{key}: unknown key; {hint}"
    else:
        yield f"{where}: {error.message}"


def _build(raw: Mapping[str, Any], section: dict[str, Any], file: Path) -> Config:
    root = file.parent

    def inside(value: str) -> Path:
        return (root / value).resolve()

    url = str(raw.get("site_url") or "")
    metadata = str(section["metadata"])
    simple = {
        name: section[name]
        for name in (
            "metadata_ref",
            "repositories",
            "links",
            "jobs",
            "license",
            "public_host",
            "credential_helper",
        )
        if name in section
    }
    return Config(
        file=file,
        site_name=str(raw["site_name"]),
        site_url=url and url.rstrip("/") + "/",
        site_description=str(raw.get("site_description") or ""),
        site_dir=inside(str(raw.get("site_dir") or "site")),
        docs_dir=inside(str(raw.get("docs_dir") or "docs")),
        metadata=metadata if is_url(metadata) else str(inside(metadata)),
        mirrors={p: _rooted(t, root) for p, t in section.get("mirrors", {}).items()},
        include=tuple(section.get("include", ())),
        policy=inside(section["policy"]) if "policy" in section else None,
        templates=inside(section["templates"]) if "templates" in section else None,
        footer=str(raw.get("copyright") or ""),
        announcement=str((raw.get("extra") or {}).get("announcement") or ""),
        cache=inside(section.get("cache", ".regdocs")),
        limits=Limits(**section.get("limits", {})),
        versions=VersionRules(**section.get("versions", {})),
        html=HtmlRules(**section.get("html", {})),
        registry=_registry_rules(section),
        hosts=tuple(host.lower() for host in section.get("hosts", DEFAULT_HOSTS)),
        **simple,
    )


def _registry_rules(section: Mapping[str, Any]) -> RegistryRules:
    """The mirror answers for the registry's own host name unless told otherwise."""
    rules = section.get("registry", {})
    own = section.get("public_host")
    hosts = rules.get("mirror_hosts", [own] if own else [])
    return RegistryRules(rules.get("enabled", True), tuple(sorted({h.lower() for h in hosts})))


def is_url(text: str) -> bool:
    """True for what git takes as an address: a scheme, or user@host:path."""
    head = text.split("/", 1)[0]
    return "://" in text or ("@" in head and ":" in head)


def _rooted(target: str, root: Path) -> str:
    """A mirror's target; paths after `directory:` and plain paths are relative to the file's folder."""
    scheme, colon, rest = target.partition(":")
    if scheme == "directory" and colon:
        return f"directory:{(root / rest).resolve()}{'/' if rest.endswith('/') else ''}"
    if is_url(target):
        return target
    return f"{(root / target).resolve()}{'/' if target.endswith('/') else ''}"


def documented_keys() -> list[tuple[str, str, str]]:
    """(key path, default, description) of every key of our section, in the schema's order: the handbook's table."""

    def rows(schema: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str, str]]:
        for key, value in schema.get("properties", {}).items():
            default = json.dumps(value["default"]) if "default" in value else ""
            yield f"{prefix}{key}", default, value["description"]
            yield from rows(value, f"{prefix}{key}.")

    return list(rows(config_schema(), ""))


def limit_names() -> tuple[str, ...]:
    """The names of all limits."""
    return tuple(f.name for f in fields(Limits))
