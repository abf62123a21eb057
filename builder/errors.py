"""The exception tree; the branch decides the exit code (0 is done, and odd input is an issue, not an exception).

RegistryError                 4  our own bug when it is raised bare
├── ContentError              1  the content is wrong: someone must mend it
├── UsageError                2  the call or the configuration is wrong
└── RemoteError               3  the outside world failed: try again later
"""

from __future__ import annotations


class RegistryError(Exception):
    """Base of everything regdocs raises on purpose. `hint` says what to do."""

    exit_code = 4

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class ContentError(RegistryError):
    """The metadata or a repository holds something that cannot be used at all."""

    exit_code = 1


class UsageError(RegistryError):
    """The command line or mkdocs.yml is wrong."""

    exit_code = 2


class RemoteError(RegistryError):
    """A repository, store or service could not be reached; nothing already good is lost."""

    exit_code = 3
