"""One widget per file; each is a pure projection of the picture it is shown."""
