"""completion: prints the script that teaches a shell to complete taskterm's words; cli/complete.py answers it."""

from __future__ import annotations

import os

from taskterm.cli.options import Command, Given
from taskterm.cli.session import Session
from taskterm.core.errors import UsageError
from taskterm.core.wording import closest, shown

SHELLS = ("bash", "zsh", "fish")
_INSTALL = {
    "bash": "echo 'source <(taskterm completion bash)' >> ~/.bashrc",
    "zsh": "echo 'source <(taskterm completion zsh)' >> ~/.zshrc",
    "fish": "taskterm completion fish > ~/.config/fish/completions/taskterm.fish",
}


def completion(session: Session, given: Given) -> int:
    """Prints one script."""
    words = given.all_words()
    if len(words) != 1 or words[0] not in SHELLS:
        raise _unknown(words)
    folder = os.path.join(os.path.dirname(os.path.dirname(__file__)), "completions")
    with open(os.path.join(folder, f"taskterm.{words[0]}"), encoding="utf-8") as file:
        script = file.read()
    if session.json:
        session.data({"shell": words[0], "script": script})
        return 0
    for line in script.splitlines():
        session.say(line)
    if session.terminal:
        session.note(f"this is the script; to use it: {_INSTALL[words[0]]}")
    return 0


def _unknown(words: list[str]) -> UsageError:
    hint = f"for example: taskterm completion {os.path.basename(os.environ.get('SHELL', '')) or 'bash'}"
    if not words:
        return UsageError("the shell is missing: bash, zsh or fish", hint if hint.endswith(SHELLS) else "")
    if len(words) > 1 and words[0] in SHELLS:
        return UsageError(f"{shown(words[1])} is one word too many", f"write: taskterm completion {words[0]}")
    meant = closest(words[0], SHELLS, 0.5)
    guess = f"; did you mean {meant}?" if meant else ""
    return UsageError(f"there is no completion for {shown(words[0])}{guess}", "there is one for bash, zsh and fish")


COMMANDS = {
    "completion": Command(
        "completion",
        "bash | zsh | fish",
        "print the script that completes words, ids and names in your shell",
        completion,
        examples=(
            ("completion bash > ~/.local/share/bash-completion/completions/taskterm", "bash, with bash-completion"),
            ("completion zsh > ~/.zfunc/_taskterm", "zsh, where ~/.zfunc is in your fpath before compinit"),
            ("completion fish > ~/.config/fish/completions/taskterm.fish", "fish reads it by itself"),
        ),
        notes=("Or let the shell ask for it whenever it starts:", f"  {_INSTALL['bash']}", f"  {_INSTALL['zsh']}"),
    ),
}
