"""Provider references and requirements: names, aliases and the entries of required_providers."""

from __future__ import annotations

from dataclasses import dataclass

from builder.schema.hcl.evaluate import NotLiteral, key_of
from builder.schema.hcl.lexer import ID, TRAV
from builder.schema.hcl.tree import Expression, Leaf, Malformed, Object, Path, Tuple
from builder.schema.hcl.types import expression_of, quoted_text


@dataclass(frozen=True, slots=True)
class Requirement:
    """One mention of a provider. `entry`: in required_providers; else only a provider block."""

    name: str
    source: str = ""
    versions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    line: int = 0
    entry: bool = False


def reference(text: str, node: Expression) -> tuple[str, str] | None:
    """Name and alias of a provider: `aws`, `aws.x`, or the same in a string; None for anything else."""
    steps = _steps(text, node)
    if steps is None and (quoted := quoted_text(text, node)) is not None:
        try:
            steps = _steps(*expression_of(quoted))
        except (Malformed, RecursionError):
            return None
    return (steps[0], steps[1] if len(steps) > 1 else "") if steps else None


def _steps(text: str, node: Expression) -> list[str] | None:
    """The names of a traversal."""
    if isinstance(node, Leaf) and node.kind in (ID, TRAV):
        return text[node.start : node.end].split(".")
    if isinstance(node, Path) and (base := _steps(text, node.base)):
        names = [step for step in node.steps if isinstance(step, str) and step != "*"]
        return base + names if len(names) == len(node.steps) else None
    return None


def requirement_items(text: str, node: Expression) -> dict[str, Expression] | None:
    """The items of a requirement that is an object; None when it is something else."""
    if not isinstance(node, Object):
        return None
    found: dict[str, Expression] = {}
    for key, value in node.items:
        try:
            found[key_of(text, key)] = value
        except NotLiteral:
            continue  # a key that is no name is none of those that are read
    return found


def aliases_of(text: str, name: str, node: Expression) -> tuple[tuple[str, ...], list[int]]:
    """The aliases as name.alias, and the offsets of what is none."""
    if not isinstance(node, Tuple):
        return (), [node.start]
    good: list[str] = []
    bad: list[int] = []
    for item in node.items:
        found = reference(text, item)
        if found is None or found[0] != name:
            bad.append(item.start)
        elif found[1]:
            good.append(".".join(found))
    return tuple(good), bad
