"""What the release runs, one module a step: python -m tools.NAME, in the folder above."""
