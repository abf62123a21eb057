"""A small registry in a folder, for tests of whole builds: metadata files, git repositories and the configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.config import Config, config_of
from builder.model.address import Address, Kind
from builder.pipeline.build import BuildOptions, build_site
from builder.pipeline.report import Report
from builder.testing.repositories import Files, RepositoryMaker

FORGE = "https://forge.example/"
ISC = (
    "ISC License\n\nCopyright (c) 2026 Made Up\n\nPermission to use, copy, modify, and/or distribute this software for "
    "any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission "
    'notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH '
    "REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE "
    "AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING "
    "FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING "
    "OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.\n"
)


class RegistryMaker:
    """A registry below `root`: `metadata/`, `repositories/` (what the forge of all packages holds), `site/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.metadata = root / "metadata"
        self.metadata.mkdir(parents=True)
        self.section: dict[str, Any] = {
            "metadata": "metadata",
            "repositories": f"{FORGE}{{namespace}}/{{repository}}",
            "mirrors": {FORGE: "repositories/"},
            "cache": "cache",
        }

    @property
    def site(self) -> Path:
        """The built site."""
        return self.root / "site"

    def package(
        self,
        address: str,
        releases: Mapping[str, Files],
        *,
        licensed: bool = True,
        links: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> RepositoryMaker:
        """A provider (ns/name) or module (ns/name/system) with these tags; `facts` go into its metadata."""
        parsed = Address.parse(address)
        repository = RepositoryMaker(self.repository(address))
        for tag, files in releases.items():
            base: Files = {"LICENSE": ISC} if licensed else {}
            repository.release(tag, {**base, **files}, links=links)
        self.entry(address, *releases, **facts)
        assert parsed.kind is not Kind.PACKAGE
        return repository

    def repository(self, address: str) -> Path:
        """Where the repository of a package lies."""
        parsed = Address.parse(address)
        return self.root / "repositories" / parsed.namespace / parsed.repository_name

    def entry(self, address: str, *tags: str, **facts: Any) -> Path:
        """Write a metadata file that lists these tags; gives its path."""
        parsed = Address.parse(address)
        versions = [self._version(parsed, tag) for tag in tags]
        return self.file(
            self._entry_path(parsed), json.dumps({"versions": versions, **facts}, indent=2)
        )

    def _version(self, address: Address, tag: str) -> dict[str, Any]:
        if address.kind is Kind.MODULE:
            return {"version": tag}
        version = tag.removeprefix("v")
        name = f"{address.repository_name}_{version}"
        base = (
            f"{FORGE}{address.namespace}/{address.repository_name}/releases/download/{tag}/{name}"
        )
        target = {"os": "linux", "arch": "amd64", "filename": f"{name}_linux_amd64.zip"}
        return {
            "version": version,
            "protocols": ["5.0"],
            "shasums_url": f"{base}_SHA256SUMS",
            "shasums_signature_url": f"{base}_SHA256SUMS.sig",
            "targets": [{**target, "download_url": f"{base}_linux_amd64.zip", "shasum": "ab" * 32}],
        }

    @staticmethod
    def _entry_path(address: Address) -> str:
        first = address.namespace[0]
        parts = [address.kind.plural, first, address.namespace, address.name]
        return "/".join([*parts, address.system] if address.system else parts) + ".json"

    def file(self, path: str, content: str | bytes) -> Path:
        """Write any file of the metadata; gives its path."""
        file = self.metadata / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def config(self, **section: Any) -> Config:
        """The configuration, with further keys of our section."""
        merged = {**self.section, **section}
        raw = {
            "site_name": "Made-up registry",
            "docs_dir": "no-handbook",
            "plugins": [{"registry": merged}],
        }
        return config_of(raw, self.root / "mkdocs.yml")

    def build(
        self, *addresses: str, ingest: bool = True, site: str = "site", **section: Any
    ) -> Report:
        """Build into `site`."""
        config = replace(self.config(**section), site_dir=self.root / site)
        wanted = frozenset(Address.parse(address) for address in addresses)
        return build_site(config, BuildOptions(wanted, ingest=ingest))
