"""The resolver for each page of a release: its own language first, and in the site's style of links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container
from dataclasses import dataclass, field, replace

from builder.model.address import Address, Kind
from builder.model.body import LinkState, Resolution
from builder.model.docs import ReleaseDocs
from builder.pages.addresses import as_file, is_cdktf, language_path
from builder.pages.bodies import Resolve
from builder.pages.links import LinkHosts, PageTargets, Resolver
from builder.pages.site import Site

_OWN = (LinkState.FRAGMENT, LinkState.INTERNAL, LinkState.NOT_A_LINK)
_INSIDE = (LinkState.INTERNAL, LinkState.OTHER_VERSION, LinkState.OTHER_PACKAGE)


@dataclass(slots=True)
class Resolvers:
    """Called with a page's directory below the release's root; gives the resolver of its addresses."""

    site: Site
    docs: ReleaseDocs
    hosts: Collection[str]
    packages: Callable[[Address], bool]
    versions: Container[str]
    lasting: Callable[[str], bool] = lambda _: False
    _targets: dict[str, PageTargets] = field(default_factory=dict)

    def __call__(self, page: str) -> Resolve:
        """The resolver for one page."""
        found: Resolve = self._resolver("", page)
        if is_cdktf(page):
            language = page.split("/")[1]
            inner = page[len(language_path(language)) :].strip("/")
            found = _own_first(self._resolver(language, inner), found)
        return _with_files(found) if self.site.file_links else found

    def _resolver(self, language: str, page: str) -> Resolver:
        """Addresses as seen from a page; `page` lies below the pages of a language, "" those in HCL."""
        if language not in self._targets:
            self._targets[language] = self._pages(language)
        return Resolver(
            self.docs.address,
            self._targets[language],
            page,
            hosts=LinkHosts(registries=tuple(self.hosts)),
            packages=self.packages,
            versions=self.versions,
            lasting=self.lasting,
            repository=self.docs.repository,
        )

    def _pages(self, language: str) -> PageTargets:
        if self.docs.address.kind is Kind.MODULE:
            return PageTargets.of_parts(self.docs.parts)
        return PageTargets.of_documents(d for d in self.docs.documents if d.language == language)


def _own_first(own: Resolver, other: Resolve) -> Resolve:
    """Links of a page for a CDKTF language: to the pages of its language, else as any page of the release."""

    def resolve(written: str) -> Resolution:
        found = own(written)
        return found if found.state in _OWN else other(written)

    return resolve


def _with_files(resolve: Resolve) -> Resolve:
    """Addresses of directories of the site get the file that they mean."""

    def with_file(written: str) -> Resolution:
        found = resolve(written)
        if found.state not in _INSIDE or "://" in found.target:
            return found
        ends = [i for i in (found.target.find("?"), found.target.find("#")) if i >= 0]
        end = min(ends, default=len(found.target))
        target = as_file(found.target[:end]).removeprefix("./") + found.target[end:]
        return replace(found, target=target)

    return with_file
