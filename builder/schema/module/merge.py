"""The facts of files to the schema of a directory: declarations joined, overrides applied argument by argument."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from builder.model.schema import (
    Diagnostic,
    ModuleCall,
    ModuleOutput,
    ModuleSchema,
    ProviderRequirement,
    Resource,
    Variable,
)
from builder.schema.module.facts import IGNORED, FileFacts
from builder.schema.module.providers import Requirement

Declared = TypeVar("Declared", Variable, ModuleOutput, ModuleCall, Resource)

_OWN_NAME = {  # argument -> the fields it decides, where they are not of the same name
    "type": ("type", "type_source", "type_cty", "fields"),
    "default": ("default", "default_source", "required"),
    "validation": ("validations",),
    "provider": ("provider", "alias"),
}
_WORDS = {
    Variable: ("variable", "Missing base variable declaration to override"),
    ModuleOutput: ("output", "Missing base output definition to override"),
    ModuleCall: ("module call", "Missing module call to override"),
    Resource: ("resource", "Missing resource to override"),
}


@dataclass(slots=True)
class Merger:
    """Takes the files of one directory in order and gives its schema."""

    directory: str
    comments: bool = False  # comments above blocks stand in for descriptions, and may hide blocks
    variables: dict[str, Variable] = field(default_factory=dict)
    outputs: dict[str, ModuleOutput] = field(default_factory=dict)
    calls: dict[str, ModuleCall] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    providers: dict[str, ProviderRequirement] = field(default_factory=dict)
    configs: set[str] = field(default_factory=set)
    core: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, path: str, facts: FileFacts, *, override: bool) -> None:
        """Join the facts of the next file."""
        self.diagnostics += (
            Diagnostic(path, p.line, p.summary, p.detail, p.error) for p in facts.problems
        )
        if self.comments:
            facts = _commented(facts)
        self.join(self.variables, _keyed(facts.variables), path, override=override)
        self.join(self.outputs, _keyed(facts.outputs), path, override=override)
        self.join(self.calls, _keyed(facts.calls), path, override=override)
        resources = [(found.address, found) for found in facts.resources]
        self.join(self.resources, resources, path, override=override)
        for requirement in facts.requirements:
            self.require(requirement, path, override=override)
        self.configs.update(facts.provider_configs)
        if override and facts.required_core:
            self.core.clear()
        self.core += facts.required_core

    def join(
        self,
        known: dict[str, Declared],
        found: Iterable[tuple[str, Declared]],
        path: str,
        *,
        override: bool,
    ) -> None:
        for name, item in found:
            word, missing = _WORDS[type(item)]
            placed = replace(item, path=path)
            base = known.get(name)
            if not override and base is not None:
                where = f"It is declared at {base.path}:{base.line} too; the last one counts."
                self.tell(placed, f"Duplicate {word} declaration", where, error=False)
                del known[name]
            elif override and base is not None:
                placed = _merged(base, placed)
            elif override:
                self.tell(placed, missing, f"There is no {name} that could be overridden.")
            known[name] = placed

    def tell(
        self,
        item: Variable | ModuleOutput | ModuleCall | Resource,
        summary: str,
        detail: str,
        *,
        error: bool = True,
    ) -> None:
        self.diagnostics.append(Diagnostic(item.path, item.line, summary, detail, error))

    def require(self, found: Requirement, path: str, *, override: bool) -> None:
        """Join one mention of a provider."""
        known = self.providers.get(found.name, ProviderRequirement(found.name))
        if override and found.entry:
            known = ProviderRequirement(found.name)
        if found.source and known.source and found.source != known.source:
            detail = f"{found.name} is {known.source} elsewhere; the first one counts."
            summary = "Multiple provider source attributes"
            self.diagnostics.append(Diagnostic(path, found.line, summary, detail))
        self.providers[found.name] = ProviderRequirement(
            found.name,
            known.source or found.source,
            known.versions + found.versions,
            known.aliases + tuple(a for a in found.aliases if a not in known.aliases),
        )

    def schema(self) -> ModuleSchema:
        """Everything that was joined."""
        for resource in self.resources.values():
            self.providers.setdefault(resource.provider, ProviderRequirement(resource.provider))
        return ModuleSchema(
            self.directory,
            tuple(replace(v, order=i) for i, v in enumerate(self.variables.values())),
            tuple(replace(o, order=i) for i, o in enumerate(self.outputs.values())),
            tuple(found for _, found in sorted(self.providers.items())),
            tuple(sorted(self.configs)),
            tuple(self.core),
            tuple(self.calls.values()),
            tuple(sorted(self.resources.values(), key=lambda r: (r.mode, r.type, r.name))),
            tuple(
                sorted(set(self.diagnostics), key=lambda d: (d.path, d.line, d.summary, d.detail))
            ),
        )


def _keyed(found: Iterable[Declared]) -> list[tuple[str, Declared]]:
    return [(item.name, item) for item in found]


def _merged(base: Declared, over: Declared) -> Declared:
    """The base with the arguments that the override sets. It stays where the base is."""
    names = {name for given in over.arguments for name in _OWN_NAME.get(given, (given,))}
    fields = set(base.__dataclass_fields__) - {"name", "path", "line", "arguments", "order"}
    changes = {name: getattr(over, name) for name in sorted(names & fields)}
    arguments = tuple(sorted({*base.arguments, *over.arguments}))
    return replace(base, **changes, arguments=arguments)


def _commented(facts: FileFacts) -> FileFacts:
    """The facts without the blocks that a comment hides; comments stand in for descriptions that are missing."""
    comments = {(kind, name): text for kind, name, text in facts.comments}

    def comment(kind: str, name: str) -> str:
        return comments.get((kind, name), "")

    variables = [(v, comment("variable", v.name)) for v in facts.variables]
    outputs = [(o, comment("output", o.name)) for o in facts.outputs]
    resources = [
        (r, comment(_BLOCK.get(r.mode, r.mode), f"{r.type}.{r.name}")) for r in facts.resources
    ]
    return replace(
        facts,
        variables=tuple(
            replace(v, description=v.description or text)
            for v, text in variables
            if IGNORED not in text
        ),
        outputs=tuple(
            replace(o, description=o.description or text)
            for o, text in outputs
            if IGNORED not in text
        ),
        calls=tuple(c for c in facts.calls if IGNORED not in comment("module", c.name)),
        resources=tuple(r for r, text in resources if IGNORED not in text),
    )


_BLOCK = {"managed": "resource"}
