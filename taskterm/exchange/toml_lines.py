"""On which line each key of a TOML text is written: read on if you name a mistake in a file by its line.

tomllib answers values without places. This scanner answers places without values, for texts which tomllib has
accepted; on any other text it still ends and answers what it recognised. It checks one thing only, how deep a text
nests, because tomllib needs the memory of its depth squared: run it first.
"""

import tomllib

Path = tuple[str | int, ...]

_DEEPEST = 64


class TooDeep(ValueError):
    """A text nests tables or lists deeper than any document that people write; `line` says where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def locate(text: str) -> dict[Path, int]:
    """Answer the line, counted from 1, of every key path of the TOML `text`.

    A path holds keys and positions: `("task", 1, "needs", 0)` is the first element of `needs` in the second
    `[[task]]`. A table is where its header is, or where a dotted key or the header of a child first names it; an
    array of tables is at its first header; an element of an array where it begins.
    Raises TooDeep for a path of more than 64 parts.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


class _Scanner:
    """A cursor over the text which notes a line for each key that it passes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.lines: dict[Path, int] = {}
        self.newest: dict[Path, int] = {}  # array of tables → position of its last element so far

    def document(self) -> None:
        table: Path = ()
        while self.blank():
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def forward(self, to: int) -> None:
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def blank(self) -> bool:
        """Pass white space, line ends and comments; False at the end of the text."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "#":
                self.rest_of_line()
            elif character in " \t\r\n":
                self.forward(self.at + 1)
            else:
                return True
        return False

    def spaces(self) -> str:
        """Pass spaces and tabs; answer the character that follows, empty at the end of the text."""
        while self.text[self.at : self.at + 1] in (" ", "\t"):
            self.at += 1
        return self.text[self.at : self.at + 1]

    def rest_of_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def header(self) -> Path:
        """Pass `[table]` or `[[array]]` and answer the path which the keys below it continue."""
        line = self.line
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        path: Path = ()
        parts = self.key()
        for part in parts[:-1]:
            path += (part,)
            self.lines.setdefault(path, line)
            if path in self.newest:  # a header speaks of the last element written so far
                path += (self.newest[path],)
        path += tuple(parts[-1:])
        if is_array:
            self.lines.setdefault(path, line)
            self.newest[path] = self.newest.get(path, -1) + 1
            path += (self.newest[path],)
        self.lines[path] = line
        self.rest_of_line()
        return path

    def pair(self, table: Path) -> None:
        """Pass `key = value`, noting the key and everything inside the value."""
        start, line, path = self.at, self.line, table
        for part in self.key():
            path += (part,)
            self.lines.setdefault(path, line)
        if self.spaces() == "=":
            self.at += 1
            self.value(path)
        elif self.at == start:
            self.forward(self.at + 1)  # not TOML: step over it, so that the scan ends

    def key(self) -> list[str]:
        """Pass a bare, quoted or dotted key and answer its parts."""
        parts: list[str] = []
        while True:
            if self.spaces() in ('"', "'"):
                parts.append(_unquoted(self.string()))
            else:
                start = self.at
                while self.at < len(self.text) and (self.text[self.at].isalnum() or self.text[self.at] in "-_"):
                    self.at += 1
                if self.at == start:
                    return parts
                parts.append(self.text[start : self.at])
            if len(parts) > _DEEPEST:
                raise TooDeep(self.line, f"a key of more than {_DEEPEST} parts")
            if self.spaces() != ".":
                return parts
            self.at += 1

    def value(self, path: Path) -> None:
        if len(path) > _DEEPEST:
            raise TooDeep(self.line, f"values inside more than {_DEEPEST} others")
        character = self.spaces()
        if character in ('"', "'"):
            self.string()
        elif character == "[":
            self.array(path)
        elif character == "{":
            self.inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def array(self, path: Path) -> None:
        self.at += 1
        position = 0
        while self.blank() and self.text[self.at] != "]":
            if self.text[self.at] in ",}":
                self.at += 1
                continue
            self.lines[(*path, position)] = self.line
            self.value((*path, position))
            position += 1
        self.at += 1

    def inline_table(self, path: Path) -> None:
        self.at += 1
        while self.blank() and self.text[self.at] != "}":
            if self.text[self.at] == ",":
                self.at += 1
            else:
                self.pair(path)
        self.at += 1

    def string(self) -> str:
        """Pass a string of any of the four kinds and answer it as written, quotes included."""
        start, quote = self.at, self.text[self.at]
        fence = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        at = start + len(fence)
        while at < len(self.text) and not self.text.startswith(fence, at):
            if fence == quote and self.text[at] == "\n":
                break  # not TOML: a string of one line that nobody closed
            at += 2 if quote == '"' and self.text[at] == "\\" else 1
        at += len(fence)
        while len(fence) == 3 and self.text[at : at + 1] == quote:  # up to two quotes may end the content itself
            at += 1
        self.forward(min(at, len(self.text)))
        return self.text[start : self.at]


def _unquoted(raw: str) -> str:
    try:
        return str(tomllib.loads(f"key = {raw}")["key"])
    except ValueError:
        return raw
