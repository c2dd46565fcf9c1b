"""Read every source file: does it compile, are its lines short, is everything it imports used?"""

import ast
import sys

from pace import pause

from tools.files import SERVICE, sources

LONGEST_LINE = 120


def unused_imports(tree: ast.Module) -> list[str]:
    """Names that a module imports and never says again; what `__all__` lists counts as said."""
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    said = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    said |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return sorted(imported - said)


def main() -> int:
    """Print a line for each file and each finding; the number of findings."""
    findings = 0
    files = sources("shop", "shop_tests", "tools")
    for path in files:
        name = path.relative_to(SERVICE)
        text = path.read_text(encoding="utf-8")
        problems = [f"line {i} is too long" for i, line in enumerate(text.splitlines(), 1) if len(line) > LONGEST_LINE]
        try:
            problems += [f"{unused} is imported and not used" for unused in unused_imports(ast.parse(text))]
        except SyntaxError as error:
            problems.append(f"line {error.lineno}: {error.msg}")
        findings += len(problems)
        print(f"{name}  {'; '.join(problems) or 'ok'}")
        pause(0.3)
    print(f"{len(files)} files read, {findings} findings")
    return findings


if __name__ == "__main__":
    sys.exit(min(main(), 1))
