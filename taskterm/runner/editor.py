"""Text that the user changes in an editor of their own: a private copy to work on, the editor, and what came back."""

from __future__ import annotations

import os

from taskterm.core.display import visible
from taskterm.core.errors import RuleError


class Draft:
    """A private file that holds `text` while it is edited. It is removed by `close`, unless it was `kept`.

    `editor` is the command line of the user's editor (settings.program knows it). `name` is what the user sees in its
    title, such as `12-notes.md`.
    """

    def __init__(self, editor: str, name: str, text: str) -> None:
        import tempfile

        self._editor = editor
        self._folder = tempfile.mkdtemp(prefix="taskterm-")
        self.path = os.path.join(self._folder, name)
        self.kept = False
        self._before = text.encode("utf-8")
        with open(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(self._before)

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *failure: object) -> None:
        if not self.kept:
            import shutil

            shutil.rmtree(self._folder, ignore_errors=True)

    def edit(self) -> str:
        """Opens the editor, waits for its end, and answers the text as it is then.

        RuleError where no editor can be started, where it fails, or where what it left cannot be read.
        """
        import shlex
        import signal
        import subprocess
        import sys

        line = self._editor
        if not line:
            raise RuleError("there is no editor here", "set one: taskterm config set editor PROGRAM")
        try:
            words = shlex.split(line)
        except ValueError as error:
            raise RuleError(f"the editor {visible(line)!r} cannot be started: {error}", _CHOOSE) from None
        if not words:
            raise RuleError("the editor is an empty word", _CHOOSE)
        words[0] = os.path.expanduser(words[0])
        sys.stdout.flush()
        try:
            editor = subprocess.Popen([*words, self.path])
        except OSError as error:
            raise RuleError(f"the editor {visible(words[0])} cannot be started: {error.strerror}", _CHOOSE) from None
        # Ctrl+C is the editor's: where it ends it, what was saved before must not go with this program.
        heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            code = editor.wait()
        finally:
            signal.signal(signal.SIGINT, heard)
        if code:
            self.keep_if_changed()
            how = f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code}"
            raise RuleError(f"the editor {visible(words[0])} {how}; nothing was changed", self.where())
        return self.read()

    def read(self) -> str:
        """The text in the file. RuleError where there is none any more, or where it is not UTF-8."""
        try:
            with open(self.path, "rb") as file:
                return file.read().decode("utf-8")
        except OSError as error:
            raise RuleError(f"the editor left no file: {error.strerror}; nothing was changed") from None
        except UnicodeDecodeError:
            self.kept = True
            raise RuleError("the editor did not save UTF-8 text; nothing was changed", self.where()) from None

    def keep_if_changed(self) -> None:
        """The file stays where it no longer holds what it held at first."""
        try:
            with open(self.path, "rb") as file:
                self.kept = file.read() != self._before
        except OSError:
            self.kept = False

    def where(self) -> str:
        """Where to find what was typed, as a hint; empty where it is not kept."""
        return f"what you typed is in {self.path}" if self.kept else ""


_CHOOSE = "choose another: taskterm config set editor PROGRAM, or set VISUAL"
