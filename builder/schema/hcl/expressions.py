"""Expressions and templates: tokens to nodes. Raises Malformed at the first fault, named as the language's tools name it."""

from __future__ import annotations

from builder.schema.hcl.lexer import (
    BAD,
    CHEREDOC,
    CQUOTE,
    DIRECTIVE,
    EOF,
    ID,
    INTERPOLATION,
    LIT,
    MAX_DEPTH,
    NL,
    NUM,
    OHEREDOC,
    OQUOTE,
    SEQEND,
    STR,
    TOO_DEEP,
    TRAV,
    Tokens,
)
from builder.schema.hcl.tree import (
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    Leaf,
    Malformed,
    Object,
    Paren,
    Path,
    Sequence,
    Template,
    Text,
    Tuple,
    Unary,
)

PRECEDENCE = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!="), 3),
    **dict.fromkeys(("<", ">", "<=", ">="), 4),
    **dict.fromkeys("+-", 5),
    **dict.fromkeys("*/%", 6),
}
_LEAVES = frozenset((ID, TRAV, NUM, STR))
_CONTINUES = frozenset((".", "[", "(", "::", "?", *PRECEDENCE))
_FOR = "Invalid 'for' expression"
_NO_END = "It is not closed before the end of the file; brackets may be nested wrongly before it."


class ExpressionParser:
    """Reads expressions from tokens; `at` is the index of the next token."""

    def __init__(self, tokens: Tokens) -> None:
        self.text = tokens.text
        self.tokens = tokens
        self.kinds = tokens.kinds
        self.spans = tokens.spans
        self.at = 0
        self.depth = 0
        self.problems = tokens.problems

    # -- faults

    def fault(self, index: int, summary: str, detail: str = "") -> Malformed:
        """A fault at a token. What is no token at all is named by the scanner."""
        if self.kinds[index] == BAD:
            summary, detail = self.tokens.bad
        return Malformed(self.spans[index][0], summary, detail)

    def unclosed(self, opener: int, summary: str) -> Malformed:
        """Something began at `opener` and the file ended."""
        return Malformed(self.spans[opener][0], summary, _NO_END)

    def note(self, offset: int, summary: str, detail: str = "") -> None:
        """A fault that hides nothing else."""
        self.problems.append(Malformed(offset, summary, detail))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fault(self.at, *TOO_DEEP)

    def word(self, index: int) -> str:
        """The text of a token."""
        start, end = self.spans[index]
        return self.text[start:end]

    # -- expressions

    def expression(self) -> Expression:
        at = self.at
        kind = self.kinds[at]
        if kind in _LEAVES and self.kinds[at + 1] not in _CONTINUES:
            self.at = at + 1
            start, end = self.spans[at]
            return Leaf(kind, start, end)
        self.deeper()
        found = self.term()
        if self.kinds[self.at] in PRECEDENCE:
            found = self.operators(found, 1)
        if self.kinds[self.at] == "?":
            found = self.conditional(found)
        self.depth -= 1
        return found

    def operators(self, left: Expression, lowest: int) -> Expression:
        """Operands and operators behind `left`, down to the precedence `lowest`."""
        kinds = self.kinds
        while (precedence := PRECEDENCE.get(kinds[self.at], 0)) >= lowest:
            operands, operators = [left], []
            while PRECEDENCE.get(kinds[self.at]) == precedence:
                operators.append(kinds[self.at])
                self.at += 1
                right = self.term()
                if PRECEDENCE.get(kinds[self.at], 0) > precedence:
                    right = self.operators(right, precedence + 1)
                operands.append(right)
            left = Binary(left.start, operands[-1].end, operands, operators)
        return left

    def conditional(self, condition: Expression) -> Expression:
        self.at += 1
        then = self.expression()
        if self.kinds[self.at] != ":":
            detail = "A conditional is written as condition ? value : other value."
            raise self.fault(self.at, "Missing false expression in conditional", detail)
        self.at += 1
        otherwise = self.expression()
        return Conditional(condition.start, otherwise.end, condition, then, otherwise)

    def term(self) -> Expression:
        at = self.at
        kind = self.kinds[at]
        if kind in _LEAVES:
            self.at = at + 1
            if kind == ID and self.kinds[self.at] in ("(", "::"):
                found: Expression = self.call(at)
            else:
                found = Leaf(kind, *self.spans[at])
        elif kind in _BRACKETED:
            found = _BRACKETED[kind](self, at)
        elif kind == EOF:
            raise self.fault(at, "Missing expression", "The file ends where a value is expected.")
        else:
            raise self.fault(at, "Invalid expression", "A value is expected here.")
        return self.steps(found) if self.kinds[self.at] in (".", "[") else found

    def unary(self, at: int) -> Expression:
        self.deeper()
        self.at = at + 1
        operand = self.term()
        self.depth -= 1
        return Unary(self.spans[at][0], operand.end, self.kinds[at], operand)

    def paren(self, at: int) -> Expression:
        self.at = at + 1
        inner = self.expression()
        if self.kinds[self.at] != ")":
            detail = "A closing parenthesis is expected here."
            raise self.fault(self.at, "Unbalanced parentheses", detail)
        self.at += 1
        return Paren(self.spans[at][0], self.spans[self.at - 1][1], inner)

    # -- steps from a value

    def steps(self, base: Expression) -> Expression:
        """`.name`, `.0`, `.*`, `[…]` and `[*]` behind a value."""
        steps: list[str | Expression | None] = []
        kinds = self.kinds
        splat = False
        while (kind := kinds[self.at]) in (".", "["):
            self.at += 1
            if kind == "[":
                steps.append(self.index())
                splat = False
                continue
            step = kinds[self.at]
            if step == "*":
                if splat:
                    raise self.fault(self.at, "Nested splat expression not allowed")
                steps.append("*")
                splat = True
            elif step in (ID, TRAV):
                steps.extend(self.word(self.at).split("."))
            elif step == NUM:
                steps.append(self.legacy_index())
            else:
                detail = "An attribute name is required after a dot."
                raise self.fault(self.at, "Invalid attribute name", detail)
            self.at += 1
        return Path(base.start, self.spans[self.at - 1][1], base, steps)

    def legacy_index(self) -> Expression:
        start, end = self.spans[self.at]
        if "." in self.text[start:end]:
            detail = "Two indexes in a row are written in brackets."
            self.note(start, "Invalid legacy index syntax", detail)
        return Leaf(NUM, start, end)

    def index(self) -> Expression | None:
        """What is between the brackets; None for a splat. The opening bracket is read already."""
        summary = "Missing close bracket on index"
        key: Expression | None = None
        if self.kinds[self.at] == "*":
            summary = "Missing close bracket on splat index"
            self.at += 1
        else:
            key = self.expression()
        if self.kinds[self.at] != "]":
            raise self.fault(self.at, summary, "A closing bracket is expected here.")
        self.at += 1
        return key

    # -- calls and collections

    def call(self, at: int) -> Expression:
        """A function call; the name at `at` is read already."""
        name = self.function_name(at)
        start = self.spans[at][0]
        self.at += 1
        arguments: list[Expression] = []
        expand = False
        while self.kinds[self.at] != ")":
            arguments.append(self.expression())
            separator = self.kinds[self.at]
            self.at += 1
            if separator == ")":
                return Call(start, self.spans[self.at - 1][1], name, arguments, expand)
            if separator == "...":
                expand = True
                if self.kinds[self.at] != ")":
                    raise self.fault(self.at - 1, "Missing closing parenthesis")
            elif separator == EOF:
                raise self.unclosed(at, "Unterminated function call")
            elif separator != ",":
                detail = "Arguments are separated by commas."
                raise self.fault(self.at - 1, "Missing argument separator", detail)
        self.at += 1
        return Call(start, self.spans[self.at - 1][1], name, arguments, expand)

    def function_name(self, at: int) -> str:
        """The name with its namespaces, up to the opening parenthesis."""
        while self.kinds[self.at] == "::":
            if self.kinds[self.at + 1] == TRAV:
                raise self.fault(self.at + 1, "Missing open parenthesis")
            if self.kinds[self.at + 1] != ID:
                raise self.fault(self.at + 1, "Missing function name")
            self.at += 2
        if self.kinds[self.at] != "(":
            raise self.fault(self.at, "Missing open parenthesis")
        return "".join(self.word(index) for index in range(at, self.at))

    def tuple(self, at: int) -> Expression:
        self.at = at + 1
        if self.is_for():
            return self.comprehension(at, "]")
        kinds = self.kinds
        items: list[Expression] = []
        while kinds[self.at] != "]":
            items.append(self.expression())
            following = kinds[self.at]
            if following == ",":
                self.at += 1
            elif following == EOF:
                raise self.unclosed(at, "Unterminated tuple constructor expression")
            elif following != "]":
                detail = "Items are separated by commas."
                raise self.fault(self.at, "Missing item separator", detail)
        self.at += 1
        return Tuple(self.spans[at][0], self.spans[self.at - 1][1], items)

    def object(self, at: int) -> Expression:
        self.at = at + 1
        if self.is_for():
            return self.comprehension(at, "}")
        kinds = self.kinds
        items: list[tuple[Expression, Expression]] = []
        while True:
            kind = kinds[self.at]
            if kind == NL:
                self.at += 1
                continue
            if kind == "}":
                break
            key = self.expression()
            if kinds[self.at] not in ("=", ":"):
                raise self.separator_fault(at)
            self.at += 1
            items.append((key, self.expression()))
            following = kinds[self.at]
            if following in (",", NL):
                self.at += 1
            elif following == EOF:
                raise self.unclosed(at, "Unterminated object constructor expression")
            elif following != "}":
                detail = "Attributes are separated by line ends or commas."
                raise self.fault(self.at, "Missing attribute separator", detail)
        self.at += 1
        return Object(self.spans[at][0], self.spans[self.at - 1][1], items)

    def separator_fault(self, opener: int) -> Malformed:
        kind = self.kinds[self.at]
        if kind == EOF:
            return self.unclosed(opener, "Unterminated object constructor expression")
        if kind in (NL, ","):
            return self.fault(self.at, "Missing attribute value", "A value with = is expected.")
        detail = "An equals sign is expected; names with dots or blanks are written in quotes."
        return self.fault(self.at, "Missing key/value separator", detail)

    # -- for

    def is_for(self) -> bool:
        kind = self.kinds[self.at]
        return kind in (ID, TRAV) and self.word(self.at).partition(".")[0] == "for"

    def comprehension(self, at: int, closer: str) -> Expression:
        """`[for …]` or `{for …}`; the opener at `at` is read already."""
        if self.kinds[self.at] == TRAV:
            raise self.fault(self.at, _FOR, "A name is expected behind for.")
        self.at += 1
        self.names(_FOR)
        parts = [self.expression()]
        if self.kinds[self.at] != ":":
            raise self.fault(self.at, _FOR, "A colon is expected behind the collection.")
        self.at += 1
        parts.append(self.expression())
        keyed = self.kinds[self.at] == "=>"
        if keyed:
            self.at += 1
            parts.append(self.expression())
        grouped = self.kinds[self.at] == "..."
        dots = self.spans[self.at][0]
        self.at += grouped
        if self.kinds[self.at] == ID and self.word(self.at) == "if":
            self.at += 1
            parts.append(self.expression())
        if self.kinds[self.at] != closer:
            raise self.fault(self.at, _FOR, "The expression ends before this.")
        self.at += 1
        if closer == "]" and keyed:
            self.note(parts[1].start, _FOR, "A tuple has no keys.")
        elif closer == "]" and grouped:
            self.note(dots, _FOR, "A tuple has no groups.")
        elif closer == "}" and not keyed:
            self.note(parts[1].start, _FOR, "An object needs a key, written key => value.")
        return For(self.spans[at][0], self.spans[self.at - 1][1], parts)

    def names(self, summary: str) -> None:
        """`value in` or `key, value in`."""
        for separator in (",", ""):
            if self.kinds[self.at] != ID:
                raise self.fault(self.at, summary, "A name is expected here.")
            self.at += 1
            if self.kinds[self.at] != separator:
                break
            self.at += 1
        if self.kinds[self.at] != ID or self.word(self.at) != "in":
            raise self.fault(self.at, summary, "The word in is expected here.")
        self.at += 1

    # -- templates

    def template(self, at: int) -> Expression:
        """A quoted string with sequences, or a heredoc."""
        start = self.spans[at][0]
        quoted = self.kinds[at] == OQUOTE
        closer = CQUOTE if quoted else CHEREDOC
        opener = OQUOTE if quoted else self.text[start : start + 3]
        self.at = at + 1
        parts: list[Text | Sequence] = []
        while (kind := self.kinds[self.at]) != closer:
            if kind == LIT:
                parts.append(Text(*self.spans[self.at]))
                self.at += 1
            elif kind == INTERPOLATION:
                parts.append(self.interpolation(at, closer))
            elif kind == DIRECTIVE:
                parts.append(self.directive())
            else:
                detail = "The string is not closed."
                raise self.fault(self.at, "Unterminated template string", detail)
        self.balance(parts, self.spans[self.at][0])
        self.at += 1
        opener = opener if opener in (OQUOTE, "<<-") else OHEREDOC
        return Template(start, self.spans[self.at - 1][1], opener, parts)

    def interpolation(self, template: int, closer: str) -> Sequence:
        at = self.at
        self.at += 1
        value = self.expression()
        kind = self.kinds[self.at]
        if kind == SEQEND:
            return self.sequence(at, value)
        unclosed = kind == EOF or (closer == CQUOTE and kind in (OQUOTE, CQUOTE, STR))
        if unclosed:
            raise self.unclosed(template + 1, "Unclosed template interpolation sequence")
        detail = "A closing brace is expected. A literal ${ is written $${."
        raise self.fault(self.at, "Extra characters after interpolation expression", detail)

    def sequence(self, opener: int, value: Expression | None, keyword: str = "") -> Sequence:
        """The sequence whose closing brace is next."""
        (start, after), (before, end) = self.spans[opener], self.spans[self.at]
        self.at += 1
        return Sequence(start, end, value, keyword, after - start == 3, end - before == 2)

    def directive(self) -> Sequence:
        at = self.at
        self.at += 1
        if self.kinds[self.at] != ID:
            raise self.fault(self.at, "Invalid template directive", "A keyword is expected here.")
        keyword = self.word(self.at)
        if keyword not in ("if", "else", "endif", "for", "endfor"):
            raise self.fault(self.at, "Invalid template control keyword")
        self.at += 1
        value: Expression | None = None
        if keyword == "for":
            self.names("Invalid 'for' directive")
        if keyword in ("if", "for"):
            value = self.expression()
        if self.kinds[self.at] != SEQEND:
            raise self.fault(self.at, f"Extra characters in {keyword} marker")
        return self.sequence(at, value, keyword)

    def balance(self, parts: list[Text | Sequence], end: int) -> None:
        """Notes the first directive that has no partner."""
        open_ = []
        for part in parts:
            keyword = part.keyword if isinstance(part, Sequence) else ""
            if keyword in ("if", "for"):
                open_.append(keyword)
            elif keyword == "else" and open_[-1:] == ["if"]:
                open_[-1] = "else"
            elif keyword and not _closes(keyword, open_):
                self.note(part.start, f"Unexpected {keyword} directive")
                return
        if open_:
            self.note(end, "Unexpected end of template", "A directive is not ended.")


def _closes(keyword: str, open_: list[str]) -> bool:
    """Whether the keyword ends the innermost directive, which is then gone."""
    wanted = {"endif": ("if", "else"), "endfor": ("for",)}.get(keyword, ())
    return bool(open_) and open_.pop() in wanted


_BRACKETED = {
    "(": ExpressionParser.paren,
    "[": ExpressionParser.tuple,
    "{": ExpressionParser.object,
    "-": ExpressionParser.unary,
    "!": ExpressionParser.unary,
    OQUOTE: ExpressionParser.template,
    OHEREDOC: ExpressionParser.template,
}
