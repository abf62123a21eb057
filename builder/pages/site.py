"""Facts that every page may use, out of the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from builder.pages.addresses import href

ASSETS = (
    "assets/v1"  # the number is that of the page contract: pages of v1 keep working beside a v2
)


@dataclass(frozen=True, slots=True)
class Site:
    """The site as a whole. Everything but `templates` and `engine` shows up on pages or in the shared assets.

    `url` is the public address with a trailing slash and is used for canonical links (and by 404.html, which is served
    at any depth); without it there are none. `handbook` is the path of the hand-written documentation, "" for none.
    The hosts are those of source addresses in snippets; "" stands for the tool's own default registry.
    """

    name: str
    url: str = ""
    description: str = ""
    handbook: str = ""  # "handbook/"
    footer: str = ""
    terraform_host: str = ""
    opentofu_host: str = ""
    picker_versions: int = 100  # versions offered in the picker; the rest is behind "all versions"
    templates: tuple[Path, ...] = ()  # an operator's template folders, searched before ours
    file_links: bool = False  # links name index.html, for stores without index documents
    cdktf: bool = False  # pages for CDKTF languages too
    archives: bool = False  # each version as an archive too
    engine: str = "auto"  # what reads Markdown
    announcement: str = ""  # one line: text and Markdown links

    def canonical(self, path: str) -> str:
        """The public address of a path of the site; "" when the site's address is not known."""
        return f"{self.url.rstrip('/')}/{quote(path, safe='/@')}" if self.url else ""

    def href(self, page: str, target: str) -> str:
        """The relative address of a path of the site seen from a page in the directory `page`, in the site's style."""
        return href(page, target, file_links=self.file_links)

    @property
    def digest(self) -> str:
        """A hash over all facts that change bytes of pages or assets (not over template files), but for those that are
        on no page of a release: the announcement."""
        facts = (
            *(self.name, self.url, self.description, self.handbook, self.footer),
            *(self.terraform_host, self.opentofu_host, self.picker_versions),
            *(self.file_links, self.cdktf, self.archives),
        )
        return sha256(repr(facts).encode()).hexdigest()
