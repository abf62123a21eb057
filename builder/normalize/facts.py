"""What one page says of itself: a pure function of its bytes and the limits, so it is kept by blob id."""

from __future__ import annotations

from collections.abc import Iterator

from builder.model.document import PageFacts
from builder.model.limits import Limits
from builder.normalize.frontmatter import FrontMatter, Region, find_region, parse

TOO_LARGE = "DOC006"
NOT_UTF8 = "DOC010"
BINARY = "DOC011"
FRONT_MATTER = frozenset(("DOC009", "DOC017"))

_BINARY_PROBE = 8192  # bytes in which a NUL means that the file is no text, as git decides it
_BOM = b"\xef\xbb\xbf"


def has(facts: PageFacts, code: str) -> bool:
    """True when the facts hold a problem of this code."""
    return any(problem[0] == code for problem in facts.problems)


def page_facts(data: bytes, limits: Limits) -> PageFacts:
    """Title, subcategory and description of a page, and what is odd about it. Never raises."""
    if b"\0" in data[:_BINARY_PROBE]:
        return PageFacts(problems=((BINARY, 0, "a NUL byte in the first 8 KiB: this is no text"),))
    region = find_region(data, limits.front_matter_bytes)
    usable = region.found and not region.overlong
    front = parse(region) if usable else FrontMatter()
    problems = (*_encoding(data), *_front_matter(data, region, front))
    return PageFacts(**front.values, problems=problems)


def _encoding(data: bytes) -> Iterator[tuple[str, int, str]]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        yield NOT_UTF8, line, f"byte 0x{byte:02X} is not UTF-8"


def _front_matter(
    data: bytes, region: Region, front: FrontMatter
) -> Iterator[tuple[str, int, str]]:
    """At most one problem: the first that explains what the author sees. Rules in the body that yield nothing are
    no problem."""
    opening = region.start - 1
    if data.startswith(_BOM) and data[len(_BOM) :].split(b"\n", 1)[0].strip() == b"---":
        yield "DOC017", 1, "a byte order mark before --- hides the front matter"
    elif not region.found:
        return
    elif region.overlong:
        yield "DOC017", region.overlong, "a line is too long: the page has no front matter"
    elif not region.at_top:
        if any(front.values.values()):
            yield "DOC017", opening, "text after --- is read as front matter, but not at the top"
    elif not region.closed:
        yield "DOC017", opening, "no second --- closes the front matter: it runs to the end"
    elif front.fault:
        yield "DOC009", front.line, front.fault
