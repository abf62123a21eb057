"""Text to tokens. The scanner knows when line ends count and where templates end, so the parser needs no modes.

Tokens are two lists of the same length: kinds and spans (start, end). A kind is the operator or bracket itself, or one
of the names below. Line ends are dropped where they mean nothing (inside parentheses, brackets and sequences); comments
are dropped everywhere. The first thing that no token begins with ends the scan as a token BAD: the parser cannot get
past it, so nothing behind it matters. (HCL native syntax specification, "Lexical elements" and "Template expressions".)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from builder.schema.hcl.tree import Malformed

ID, TRAV, NUM, STR = "id", "trav", "num", "str"
NL, EOF, BAD = "nl", "eof", "bad"
OQUOTE, CQUOTE, OHEREDOC, CHEREDOC = '"', 'q"', "<<", ">>"
LIT = "lit"  # a literal piece of a template
INTERPOLATION, DIRECTIVE, SEQEND = "${", "%{", "}$"

MAX_DEPTH = 120  # levels of blocks, brackets and templates; real modules reach 40

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*+(?![^\x00-\x7f])"
_COMMENT = r"(?:\#|//)[^\n]*+"
_CODE = re.compile(
    rf"""[ \t]*+(?:
    ({_NAME})((?:\.{_NAME})++)?+              # 1, 2: a name, and names behind dots
    |((?:{_COMMENT})?+\r?\n(?:[ \t]*+(?:{_COMMENT})?+\r?\n)*+)   # 3: line ends
    |(<<-?[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\-\x80-\U0010ffff]*+\r?\n)   # 4: a heredoc begins
    |(==|!=|>=|<=|&&|\|\||::|\.\.\.|=>|[=.,*?:<>!+\-%]|/(?![*/]))   # 5
    |([\[({{])                                # 6
    |([\])}}])                                # 7
    |("(?:[^"\\$%\n\r]++|\\[nrt"\\]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{{4}}|\$\$\{{|%%\{{|\$(?!\{{)|%(?!\{{))*+")   # 8
    |([0-9](?:\.*+(?:[0-9]++|[eE][+-]?[0-9]))*+)   # 9
    |{_COMMENT}                               # the last line
    |(\Z)                                     # 10
    |(.)                                      # 11: everything that needs a closer look
    )""",
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(
    r'((?:[^"\\$%\n\r]++|\\[^\n\r]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))++)|([$%]\{~?)|(")|([\n\r])|(.)|(\Z)',
    re.DOTALL,
)
_SEQUENCE = re.compile(r"\$\$\{|%%\{|([$%]\{~?)")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{0,4}|U[0-9a-fA-F]{0,8}|.)", re.DOTALL)
_RETURN = re.compile(r"\r(?!\n)")
_GOOD_NUMBER = re.compile(r"[0-9]++(?:\.[0-9]*+)?+(?:[eE][+-]?[0-9]{1,4}+)?+")
_FOR = re.compile(rf"(?:[ \t\r\n]|{_COMMENT}|/\*[^*]{{0,1000}}+\*/)*+for(?![A-Za-z0-9_-])")

_HEADER = frozenset((ID, STR, CQUOTE))
_UNSUPPORTED = {
    **dict.fromkeys("&|^~", ("Unsupported operator", "Bitwise operators are not supported.")),
    **dict.fromkeys("'", ("Invalid character", "Strings are written between double quotes.")),
    **dict.fromkeys("`;", ("Invalid character", "This character has no meaning here.")),
}
_UNKNOWN = ("Invalid character", "This character is not used within the language.")
_NEWLINE = (
    "Invalid multi-line string",
    "A quoted string ends on the line it begins on; write a heredoc for several lines.",
)
TOO_DEEP = ("Configuration nested too deeply", f"More than {MAX_DEPTH} levels are not read.")


@dataclass(slots=True)
class _Open:
    """A template that is being scanned: its heredoc marker ("" for quotes) and what was open when a sequence began."""

    end: re.Match[str] | None = None  # where the heredoc ends
    heredoc: re.Pattern[str] | None = None
    searched: int = -1  # where the search for the end began
    newlines: int = 0


@dataclass(slots=True)
class Tokens:
    """The tokens of a text. `bad` tells what the BAD token is; `problems` are faults that hide nothing else."""

    text: str
    kinds: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    bad: tuple[str, str] = _UNKNOWN
    problems: list[Malformed] = field(default_factory=list)


def tokenize(
    text: str, start: int = 0, end: int | None = None, *, line_ends: bool = True
) -> Tokens:
    """The tokens of the text between two offsets; the last one is EOF. `line_ends` tells whether they count outside
    brackets: in a file they do, in an expression by itself they do not."""
    scanner = _Scanner(text, len(text) if end is None else end)
    scanner.newlines = [line_ends]
    position = start
    while position >= 0:
        position = scanner.template(position) if scanner.inside else scanner.code(position)
    scanner.add(EOF, scanner.end, scanner.end)
    return scanner.out


def valid_name(text: str) -> int:
    """The length of the name that the text begins with (Unicode identifiers, and dashes); 0 for none."""
    if not text[:1].isidentifier():
        return 0
    return next(
        (i for i, c in enumerate(text) if c != "-" and not f"a{c}".isidentifier()), len(text)
    )


class _Scanner:
    """One scan. `code` and `template` each go on from a position and give the next one, or -1 at the end."""

    def __init__(self, text: str, end: int) -> None:
        self.text = text
        self.end = end
        self.out = Tokens(text)
        self.inside = False  # a template, and not a sequence in it
        self.templates: list[_Open] = []
        self.newlines = [True]  # whether line ends count, by open bracket
        self.braces = 0
        self.levels: list[int] = []  # braces that were open when each open sequence began
        self.no_comment_end = False
        self.lone_return = -1  # the next carriage return that no line feed follows

    def add(self, kind: str, start: int, end: int) -> None:
        self.out.kinds.append(kind)
        self.out.spans.append((start, end))

    def fail(self, start: int, why: tuple[str, str]) -> int:
        self.out.bad = why
        self.add(BAD, start, start + 1)
        return -1

    def code(self, position: int) -> int:
        """Everything outside templates, up to the next template, the end of a sequence, or the end."""
        kinds, spans = self.out.kinds, self.out.spans
        keep = self.newlines[-1]
        for match in _CODE.finditer(self.text, position, self.end):
            group = match.lastindex
            if group == 1 or group == 8:
                kinds.append(ID if group == 1 else STR)
                spans.append(match.span(group))
            elif group == 5:
                kinds.append(match[5])
                spans.append(match.span(5))
            elif group == 3:
                if keep:
                    kinds.append(NL)
                    spans.append(match.span(3))
            elif group == 2:
                kinds.append(TRAV)
                spans.append((match.start(1), match.end()))
            elif group == 11:
                return self.symbol(match)
            elif group is not None:
                if self.other(match, group):
                    return match.end()
                keep = self.newlines[-1]
        return -1

    def other(self, match: re.Match[str], group: int) -> bool:
        """The less frequent tokens. True when a template goes on behind this one."""
        start, end = match.span(group)
        if group == 6:
            self.open(match[6], end)
            self.add(match[6], start, end)
        elif group == 7:
            return self.close(match[7], start, end)
        elif group == 9:
            if not _GOOD_NUMBER.fullmatch(match[9]):
                detail = "It cannot be read as a number."
                self.out.problems.append(Malformed(start, "Invalid number literal", detail))
            self.add(NUM, start, end)
        elif group == 4:
            self.begin(OHEREDOC, start, end)
            return True
        return False

    def open(self, bracket: str, end: int) -> None:
        keep = False
        if bracket == "{":
            self.braces += 1
            keep = self.is_body() or not _FOR.match(self.text, end, self.end)
        self.newlines.append(keep)

    def is_body(self) -> bool:
        """Whether the brace that comes now opens a block: it stands behind a name or a label."""
        kinds = self.out.kinds
        if not kinds or kinds[-1] not in _HEADER:
            return False
        start, end = self.out.spans[-1]
        return kinds[-1] != ID or self.text[start:end] not in ("in", "if")

    def close(self, bracket: str, start: int, end: int) -> bool:
        """A closing bracket; True when it ended a sequence, so that its template goes on."""
        if bracket == "}" and self.levels and self.levels[-1] == self.braces:
            return self.end_sequence(start, end)
        self.braces -= bracket == "}"
        self.add(bracket, start, end)
        if len(self.newlines) > 1:
            self.newlines.pop()
        return False

    def end_sequence(self, start: int, end: int) -> bool:
        self.add(SEQEND, start, end)
        self.braces -= 1
        self.levels.pop()
        del self.newlines[self.templates[-1].newlines :]
        self.inside = True
        return True

    def symbol(self, match: re.Match[str]) -> int:
        """A character that begins no common token: a comment, a quote, `~}`, a name beyond ASCII, or a fault."""
        start, character = match.start(11), match[11]
        following = self.text[start + 1 : start + 2]
        if character == "/" and following == "*":
            return self.comment(start)
        if character == '"':
            self.begin(OQUOTE, start, start + 1)
            return start + 1
        if character == "~" and following == "}":
            return self.tilde(start)
        if match[11].isidentifier():
            return self.name(start)
        return self.fail(start, _UNSUPPORTED.get(character, _UNKNOWN))

    def tilde(self, start: int) -> int:
        """`~}` ends a sequence, and nothing else."""
        if self.levels and self.levels[-1] == self.braces:
            self.end_sequence(start, start + 2)
        else:
            self.braces -= 1
            self.add(SEQEND, start, start + 2)
        return start + 2

    def comment(self, start: int) -> int:
        end = -1 if self.no_comment_end else self.text.find("*/", start + 2, self.end)
        if end >= 0:
            return end + 2
        self.no_comment_end = True
        self.add("/", start, start + 1)
        self.add("*", start + 1, start + 2)
        return self.fail(
            start + 1, ("Invalid expression", "A comment that begins here never ends.")
        )

    def name(self, start: int) -> int:
        """A name with letters beyond ASCII. It is never joined with what follows."""
        found = re.compile(r"[A-Za-z0-9_\-\x80-\U0010ffff]++").match(self.text, start, self.end)
        length = valid_name(found[0]) if found else 0
        self.add(ID, start, start + length)
        return start + length

    def begin(self, kind: str, start: int, end: int) -> None:
        """A template begins: what follows is not code."""
        if len(self.templates) >= MAX_DEPTH:
            self.fail(start, TOO_DEEP)
            self.end = end  # nothing behind it is read
            return
        self.add(kind, start, end)
        opened = _Open()
        if kind == OHEREDOC:
            marker = re.escape(self.text[start + 2 : end].rstrip().removeprefix("-"))
            opened.heredoc = re.compile(rf"^[^\S\n]*+{marker}[^\S\n]*+\n", re.MULTILINE)
        self.templates.append(opened)
        self.inside = True

    def template(self, position: int) -> int:
        """A template from here to its next sequence, or its end."""
        opened = self.templates[-1]
        if opened.heredoc is not None:
            return self.heredoc(opened, position)
        match = _QUOTED.match(self.text, position, self.end)
        assert match is not None  # some group matches everything
        start, end = match.span()
        if match.lastindex == 1:
            if "\\" in match[1]:
                self.check_escapes(start, end)
            self.add(LIT, start, end)
        elif match.lastindex == 2:
            self.sequence(match[2], start, end)
        elif match.lastindex == 3:
            self.finish(CQUOTE, start, end)
        elif match.lastindex == 6:
            return -1
        else:
            return self.fail(start, _NEWLINE if match.lastindex == 4 else _UNKNOWN)
        return end

    def check_escapes(self, start: int, end: int) -> None:
        for found in _ESCAPE.finditer(self.text, start, end):
            code = found[1]
            if unescape(code) is None:
                detail = f"\\{code} is not an escape sequence."
                self.out.problems.append(
                    Malformed(found.start(), "Invalid escape sequence", detail)
                )

    def heredoc(self, opened: _Open, position: int) -> int:
        """The lines of a heredoc, up to its next sequence or its end marker."""
        assert opened.heredoc is not None
        stale = opened.end is not None and opened.end.start() < position
        if opened.searched < 0 or stale:
            opened.end = opened.heredoc.search(self.text, position, self.end)
            opened.searched = position
        stop = opened.end.start() if opened.end else self.end
        if self.lone_return < position:
            found = _RETURN.search(self.text, position, self.end)
            self.lone_return = found.start() if found else self.end
        for match in _SEQUENCE.finditer(self.text, position, min(stop, self.lone_return)):
            if match[1]:
                if match.start() > position:
                    self.add(LIT, position, match.start())
                self.sequence(match[1], match.start(), match.end())
                return match.end()
        if self.lone_return < stop:
            return self.fail(self.lone_return, _UNKNOWN)
        if stop > position:
            self.add(LIT, position, stop)
        if opened.end is None:
            return -1
        end = opened.end.end()
        self.finish(CHEREDOC, stop, end - 1)
        if self.newlines[-1]:
            self.add(NL, end - 1, end)
        return end

    def sequence(self, opener: str, start: int, end: int) -> None:
        self.add(opener[:2], start, end)
        self.braces += 1
        self.levels.append(self.braces)
        self.templates[-1].newlines = len(self.newlines)
        self.newlines.append(False)
        self.inside = False

    def finish(self, kind: str, start: int, end: int) -> None:
        """The template ends; what holds it goes on."""
        self.add(kind, start, end)
        self.templates.pop()
        self.inside = False


_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def unescape(code: str) -> str | None:
    """What stands for the code behind a backslash, or None when it is no escape sequence."""
    if code[0] not in "uU":
        return _SIMPLE.get(code)
    if len(code) != (5 if code[0] == "u" else 9):
        return None
    number = int(code[1:], 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else None


_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|\$\$\{|%%\{", re.DOTALL)


def literal(text: str, *, quoted: bool) -> str:
    """The characters that a literal piece of a template stands for; bad escapes stand for their letters."""
    if quoted and "\\" in text:
        return _ESCAPED.sub(_replace, text)
    return text.replace("$${", "${").replace("%%{", "%{")


def _replace(match: re.Match[str]) -> str:
    code = match[1]
    if code is None:
        return match[0][1:]
    found = unescape(code)
    return code if found is None else found
