"""The facts of one file: a function of its bytes and syntax, so they are kept by blob id. Positions are lines only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from builder.model.schema import (
    ModuleCall,
    ModuleOutput,
    Resource,
    Validation,
    Variable,
)
from builder.schema.hcl.evaluate import NotLiteral, dump, evaluate, text_of
from builder.schema.hcl.json_syntax import read_json
from builder.schema.hcl.printer import canonical
from builder.schema.hcl.reader import LABELS, read_native, told
from builder.schema.hcl.text import decoded
from builder.schema.hcl.tree import (
    Attribute,
    Block,
    Body,
    Document,
    Expression,
    Problem,
    Tuple,
    Value,
)
from builder.schema.module.providers import Requirement, aliases_of, reference, requirement_items
from builder.schema.module.typing import Typed, typed

FACTS_VERSION = "1"  # of the reader and the rules in this folder
_LABEL_NAMES = {1: ("name",), 2: ("type", "name")}
IGNORED = "terraform-docs-ignore"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one file declares, in source order. `comments` are (block type, labels joined by dots, text above it): those
    of variables and outputs, and those that hide their block."""

    variables: tuple[Variable, ...] = ()
    outputs: tuple[ModuleOutput, ...] = ()
    calls: tuple[ModuleCall, ...] = ()
    resources: tuple[Resource, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    provider_configs: tuple[str, ...] = ()
    required_core: tuple[str, ...] = ()
    comments: tuple[tuple[str, str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    size: int = 0  # bytes


def document_of(data: bytes, *, is_json: bool) -> Document:
    """The bytes of a module file as a document. Never raises."""
    text, bad = decoded(data)
    document = read_json(text) if is_json else read_native(text)
    return bad.told(document) if bad else document


def file_facts(data: bytes, *, is_json: bool) -> FileFacts:
    """The facts of a file. Never raises."""
    return _Extractor(document_of(data, is_json=is_json)).facts(len(data))


class _Extractor:
    """Collects the facts of one document."""

    def __init__(self, document: Document) -> None:
        self.source = document.source
        self.text = document.source.text
        self.body = document.body
        self.problems = list(document.problems)
        self.variables: list[Variable] = []
        self.outputs: list[ModuleOutput] = []
        self.calls: list[ModuleCall] = []
        self.resources: list[Resource] = []
        self.requirements: list[Requirement] = []
        self.configs: list[str] = []
        self.core: list[str] = []
        self.comments: list[tuple[str, str, str]] = []

    def facts(self, size: int) -> FileFacts:
        for block in self.body.blocks:
            read = _READERS.get(block.type)
            if read is not None and self.labels_fit(block):
                self.comment(block)
                read(self, block)
        return FileFacts(
            tuple(self.variables),
            tuple(self.outputs),
            tuple(self.calls),
            tuple(self.resources),
            tuple(self.requirements),
            tuple(self.configs),
            tuple(self.core),
            tuple(self.comments),
            told(sorted(set(self.problems))),
            size,
        )

    # -- problems and values

    def note(self, offset: int, summary: str, detail: str = "", *, error: bool = True) -> None:
        self.problems.append(Problem(self.source.line(offset), summary, detail, error))

    def labels_fit(self, block: Block) -> bool:
        wanted = LABELS[block.type]
        if len(block.labels) == wanted:
            return True
        if len(block.labels) > wanted:
            self.note(block.start, f"Extraneous label for {block.type}")
        else:
            missing = _LABEL_NAMES[wanted][len(block.labels)]
            self.note(block.start, f"Missing {missing} for {block.type}")
        return False

    def value(self, attribute: Attribute) -> tuple[Value, bool]:
        """The literal value and True; None and False when there is none, which is then noted."""
        try:
            return evaluate(self.text, attribute.value), True
        except NotLiteral as why:
            if why.summary:
                self.note(why.offset, why.summary, error=why.error)
            return None, False

    def string(self, body: Body, name: str) -> str:
        """A string argument; scalars are converted, null and what is no string count as not set."""
        attribute = body.attributes.get(name)
        if attribute is None:
            return ""
        value, _ = self.value(attribute)
        found = text_of(value)
        if found is None and value is not None:
            self.note(attribute.value.start, "Unsuitable value type", "A string is required.")
        return found or ""

    def flag(self, body: Body, name: str, *, default: bool = False) -> bool:
        """A bool argument; the strings for bools count."""
        attribute = body.attributes.get(name)
        if attribute is None:
            return default
        value, _ = self.value(attribute)
        found = _FLAGS.get(text_of(value) or "")
        if found is None and value is not None:
            self.note(attribute.value.start, "Unsuitable value type", "A bool is required.")
        return default if found is None else found

    def printed(self, node: Expression) -> str:
        return canonical(self.text, node)

    def place(self, block: Block) -> tuple[int, tuple[str, ...]]:
        """The line of a block, and the names that it sets."""
        given = {*block.body.attributes, *(inner.type for inner in block.body.blocks)}
        return self.source.line(block.start), tuple(sorted(given))

    def comment(self, block: Block) -> None:
        found = comment_above(self.text, block.start)
        if IGNORED in found or (found and block.type in ("variable", "output")):
            self.comments.append((block.type, ".".join(block.labels), found))

    # -- blocks

    def variable(self, block: Block) -> None:
        body = block.body
        line, given = self.place(block)
        type_ = self.typed(body)
        default, default_source = self.default(body)
        found = Variable(
            block.labels[0],
            type=type_.text,
            type_source=type_.source,
            type_cty=type_.cty,
            fields=type_.fields,
            default=default,
            default_source=default_source,
            required="default" not in body.attributes,
            description=self.string(body, "description"),
            sensitive=self.flag(body, "sensitive"),
            nullable=self.flag(body, "nullable", default=True),
            ephemeral=self.flag(body, "ephemeral"),
            const=self.flag(body, "const"),
            deprecated=self.string(body, "deprecated"),
            validations=tuple(map(self.validation, _blocks(body, "validation"))),
            line=line,
            arguments=given,
        )
        self.variables.append(found)

    def typed(self, body: Body) -> Typed:
        if "type" not in body.attributes:
            return Typed()
        found = typed(self.text, body.attributes["type"].value)
        if found.fault is not None:
            self.note(found.fault, "Invalid type specification", error=False)
        return found

    def default(self, body: Body) -> tuple[str | None, str]:
        """The default as JSON, and its source where it is no scalar or no literal."""
        attribute = body.attributes.get("default")
        if attribute is None:
            return None, ""
        value, known = self.value(attribute)
        if known and not isinstance(value, list | dict):
            return dump(value), ""
        return dump(value) if known else None, self.printed(attribute.value)

    def validation(self, block: Block) -> Validation:
        condition = block.body.attributes.get("condition")
        message = block.body.attributes.get("error_message")
        return Validation(
            self.printed(condition.value) if condition else "",
            self.text_or_source(message) if message else "",
        )

    def text_or_source(self, attribute: Attribute) -> str:
        """A literal string, or the source of what is none. Nothing is noted: it may be an expression."""
        try:
            return text_of(evaluate(self.text, attribute.value)) or ""
        except NotLiteral:
            return self.printed(attribute.value)

    def output(self, block: Block) -> None:
        body = block.body
        line, given = self.place(block)
        value, after = body.attributes.get("value"), body.attributes.get("depends_on")
        found = ModuleOutput(
            block.labels[0],
            description=self.string(body, "description"),
            value=self.printed(value.value) if value else "",
            sensitive=self.flag(body, "sensitive"),
            ephemeral=self.flag(body, "ephemeral"),
            deprecated=self.string(body, "deprecated"),
            depends_on=tuple(map(self.printed, _items(after))),
            line=line,
            arguments=given,
        )
        self.outputs.append(found)

    def call(self, block: Block) -> None:
        line, given = self.place(block)
        source = self.expression_or_string(block.body, "source")
        version = self.expression_or_string(block.body, "version")
        found = ModuleCall(block.labels[0], source, version, line=line, arguments=given)
        self.calls.append(found)

    def expression_or_string(self, body: Body, name: str) -> str:
        """A string argument that may be an expression: then its source."""
        attribute = body.attributes.get(name)
        try:
            if attribute is not None:
                evaluate(self.text, attribute.value)
        except NotLiteral:
            return self.printed(attribute.value) if attribute else ""
        return self.string(body, name)

    def resource(self, block: Block) -> None:
        kind, name = block.labels
        attribute = block.body.attributes.get("provider")
        provider: tuple[str, str] | None = (kind.partition("_")[0], "")
        if attribute is not None:
            provider = reference(self.text, attribute.value)
            if provider is None:
                detail = "A provider's name is expected, with an alias behind a dot or without."
                self.note(attribute.value.start, "Invalid provider reference", detail)
        mode = "managed" if block.type == "resource" else block.type
        line, given = self.place(block)
        local, alias = provider or ("", "")
        self.resources.append(Resource(mode, kind, name, local, alias, line=line, arguments=given))

    def provider(self, block: Block) -> None:
        name = block.labels[0]
        version, alias = self.string(block.body, "version"), self.string(block.body, "alias")
        line = self.source.line(block.start)
        versions = (version,) if version else ()
        self.requirements.append(Requirement(name, versions=versions, line=line, entry=False))
        self.configs.append(f"{name}.{alias}" if alias else name)

    def terraform(self, block: Block) -> None:
        if core := self.string(block.body, "required_version"):
            self.core.append(core)
        for inner in _blocks(block.body, "required_providers"):
            for attribute in inner.body.attributes.values():
                self.requirement(attribute, self.source.line(inner.start))

    def requirement(self, attribute: Attribute, line: int) -> None:
        items = requirement_items(self.text, attribute.value)
        if items is None:
            value, known = self.value(attribute)
            if known and isinstance(value, str):
                found = Requirement(attribute.name, versions=(value,), line=line, entry=True)
                self.requirements.append(found)
            elif known:
                detail = "A version constraint or an object with source and version is expected."
                self.note(attribute.start, "Invalid required_providers object", detail)
            return
        body = Body({name: Attribute(name, node.start, node) for name, node in items.items()})
        version = self.string(body, "version")
        self.requirements.append(
            Requirement(
                attribute.name,
                self.string(body, "source"),
                (version,) if version else (),
                self.aliases(attribute.name, items.get("configuration_aliases")),
                line,
                entry=True,
            )
        )

    def aliases(self, name: str, node: Expression | None) -> tuple[str, ...]:
        if node is None:
            return ()
        good, bad = aliases_of(self.text, name, node)
        for offset in bad:
            detail = f"Aliases of {name} are expected, written {name}.alias."
            self.note(offset, "Invalid configuration_aliases value", detail)
        return good


_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_READERS: dict[str, Callable[[_Extractor, Block], None]] = {
    "variable": _Extractor.variable,
    "output": _Extractor.output,
    "module": _Extractor.call,
    "resource": _Extractor.resource,
    "data": _Extractor.resource,
    "ephemeral": _Extractor.resource,
    "provider": _Extractor.provider,
    "terraform": _Extractor.terraform,
}


def _blocks(body: Body, kind: str) -> list[Block]:
    return [block for block in body.blocks if block.type == kind]


def _items(attribute: Attribute | None) -> list[Expression]:
    """The items of an argument that is a tuple."""
    return attribute.value.items if attribute and isinstance(attribute.value, Tuple) else []


def comment_above(text: str, start: int) -> str:
    """The `#` and `//` lines directly above an offset at the beginning of a line, joined by blanks."""
    found: list[str] = []
    end = text.rfind("\n", 0, start)
    while end > 0 and len(found) < 100:
        begin = text.rfind("\n", 0, end) + 1
        line = text[begin:end].strip()
        if not line.startswith(("#", "//")):
            break
        found.insert(0, line.lstrip("#/").strip())
        end = begin - 1
    return " ".join(filter(None, found))
