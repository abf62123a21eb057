"""Files of native syntax: tokens to blocks and arguments.

A block joins its parent before its content is read, so that a broken block keeps what came before the fault.
"""

from __future__ import annotations

from builder.schema.hcl.expressions import ExpressionParser
from builder.schema.hcl.lexer import (
    CQUOTE,
    EOF,
    ID,
    LIT,
    NL,
    OQUOTE,
    STR,
    TRAV,
    literal,
)
from builder.schema.hcl.tree import (
    Attribute,
    Block,
    Body,
    Malformed,
)

OLD_BRACE = "Opening brace on its own line"
NEEDED = "Argument or block definition required"
_BAD_BLOCK = "Invalid block definition"
_BAD_LINE = "Invalid single-argument block definition"


class FileParser(ExpressionParser):
    """Reads bodies from tokens."""

    def body(self, body: Body, end: str, opener: int) -> None:
        """Arguments and blocks up to `end`, which is read too."""
        kinds = self.kinds
        while (kind := kinds[self.at]) != end:
            if kind == NL:
                self.at += 1
            elif kind == ID:
                if kinds[self.at + 1] == "=":
                    self.attribute(body)
                    self.end_of_argument()
                else:
                    self.block(body)
            elif kind in (OQUOTE, STR):
                raise self.fault(self.at, "Invalid argument name", "Names are not quoted.")
            elif kind == EOF:
                raise self.unclosed(opener, "Unclosed configuration block")
            else:
                raise self.fault(self.at, NEEDED)
        self.at += 1

    def attribute(self, body: Body) -> None:
        start, end = self.spans[self.at]
        name = self.text[start:end]
        self.at += 2
        value = self.expression()
        if name in body.attributes:
            detail = f"The argument {name} was set before."
            self.note(start, "Attribute redefined", detail)
        else:
            body.attributes[name] = Attribute(name, start, value)

    def end_of_argument(self) -> None:
        kind = self.kinds[self.at]
        if kind == NL:
            self.at += 1
        elif kind == ",":
            raise self.fault(self.at, "Unexpected comma after argument", "Write a line end.")
        elif kind != EOF:
            raise self.fault(self.at, "Missing newline after argument", "Write a line end.")

    def block(self, parent: Body) -> None:
        at = self.at
        kinds = self.kinds
        if kinds[at + 1] == TRAV:
            raise self.fault(at + 1, _BAD_BLOCK, "A label or a { is expected.")
        if kinds[at + 1] not in (ID, STR, OQUOTE, "{", NL):
            raise self.fault(at, NEEDED, "A value is given with =, a block with braces.")
        self.at += 1
        labels = self.labels()
        if kinds[self.at] == NL and kinds[self.at + 1] == "{":
            self.old_brace(at)
        elif kinds[self.at] != "{":
            summary = NEEDED if self.at == at + 1 else _BAD_BLOCK
            raise self.fault(at if summary is NEEDED else self.at, summary, "A { is expected.")
        opener = self.at
        self.at += 1
        block = Block(self.word(at), labels, self.spans[at][0], Body())
        parent.blocks.append(block)
        self.deeper()
        if kinds[self.at] in (NL, EOF, "}"):
            self.body(block.body, "}", opener)
        else:
            self.single_line(block.body, opener)
        self.depth -= 1
        if kinds[self.at] == NL:
            self.at += 1
        elif kinds[self.at] != EOF:
            detail = "A block ends with a line end."
            raise self.fault(self.at, "Missing newline after block definition", detail)

    def old_brace(self, at: int) -> None:
        """The brace on the line after the header: the language before version 0.12 allowed it."""
        detail = "The opening brace belongs on the line of the block's name."
        self.problems.append(Malformed(self.spans[at][0], OLD_BRACE, detail))
        self.at += 1

    def labels(self) -> list[str]:
        labels = []
        while (kind := self.kinds[self.at]) in (ID, STR, OQUOTE):
            if kind == ID:
                labels.append(self.word(self.at))
                self.at += 1
            elif kind == STR:
                labels.append(literal(self.word(self.at)[1:-1], quoted=True))
                self.at += 1
            else:
                labels.append(self.quoted_label())
        return labels

    def quoted_label(self) -> str:
        """A label with an odd escape in it. Sequences are not allowed."""
        self.at += 1
        pieces = []
        while self.kinds[self.at] == LIT:
            pieces.append(literal(self.word(self.at), quoted=True))
            self.at += 1
        if self.kinds[self.at] == EOF:
            raise self.fault(self.at, "Unterminated string literal")
        if self.kinds[self.at] != CQUOTE:
            detail = "Sequences are not allowed in a label."
            raise self.fault(self.at, "Invalid string literal", detail)
        self.at += 1
        return "".join(pieces)

    def single_line(self, body: Body, opener: int) -> None:
        """A block with one argument, all on one line."""
        at = self.at
        if self.kinds[at] != ID:
            raise self.fault(at, NEEDED)
        following = self.kinds[at + 1]
        if following in (ID, STR, OQUOTE, "{"):
            raise self.fault(at, "Argument definition required", "Only one argument fits here.")
        if following != "=":
            raise self.fault(at, NEEDED, "A value is given with =.")
        self.attribute(body)
        kind = self.kinds[self.at]
        if kind == EOF:
            raise self.unclosed(opener, "Unclosed configuration block")
        if kind != "}":
            detail = "A block on one line holds one argument and ends on that line."
            raise self.fault(self.at, _BAD_LINE, detail)
        self.at += 1
