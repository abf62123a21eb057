"""Progress is handed in: the pipeline says what it does, the front door decides how it looks."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the story of a build. Called from one thread."""

    def begin(self, what: str, total: int) -> None:
        """A stage of `total` steps begins."""
        ...

    def step(self, label: str) -> None:
        """One step is done; `label` names it."""
        ...

    def end(self) -> None:
        """The stage is over."""
        ...

    def note(self, text: str) -> None:
        """Something worth a line."""
        ...


class Silent:
    """Says nothing."""

    def begin(self, what: str, total: int) -> None:
        """Nothing."""

    def step(self, label: str) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""


SILENT = Silent()
