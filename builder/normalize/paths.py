"""Paths of a tree as foreign input."""

from __future__ import annotations


def is_safe(path: str) -> bool:
    """True when no part of the path is empty or a step (`.`, `..`): git writes no other, but a forged tree can."""
    return not any(part in {"", ".", ".."} for part in path.split("/"))
