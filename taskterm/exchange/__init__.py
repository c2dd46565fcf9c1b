"""Outside formats, one module each: what comes in is validated here before anything else sees it."""
