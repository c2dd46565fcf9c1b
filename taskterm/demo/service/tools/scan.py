"""Look for what must not be shipped: secrets in the text, calls that run other code. scan secrets|calls"""

import ast
import re
import sys
from collections.abc import Iterator

from pace import pause

from tools.files import SERVICE, sources

SECRETS = {
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "password": re.compile(r"(?i)\b(password|secret|token)\s*=\s*['\"][^'\"]{6,}"),
}
CALLS = {"eval", "exec", "os.system", "os.popen", "pickle.loads", "subprocess.getoutput"}


def secrets(text: str) -> Iterator[str]:
    """What looks like a secret, line by line."""
    for number, line in enumerate(text.splitlines(), 1):
        for name, pattern in SECRETS.items():
            if pattern.search(line):
                yield f"line {number} looks like a {name}"


def calls(text: str) -> Iterator[str]:
    """Calls that run whatever they are given."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS:
            yield f"line {node.lineno} calls {ast.unparse(node.func)}"


def main(kind: str) -> int:
    """Print a line for each file and each finding; the number of findings."""
    look = {"secrets": secrets, "calls": calls}[kind]
    files, findings = sources("shop"), 0
    for path in files:
        problems = list(look(path.read_text(encoding="utf-8")))
        findings += len(problems)
        print(f"{kind}  {path.relative_to(SERVICE)}  {'; '.join(problems) or 'clean'}")
        pause(0.6)
    print(f"{len(files)} files scanned for {kind}, {findings} findings")
    return findings


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1]), 1))
