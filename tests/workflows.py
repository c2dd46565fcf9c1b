"""One small workflow that many tests start: a build, a person's approval, a deployment that waits for it."""

RELEASE = """\
[workflow]
name = "release"
title = "Release the shop"

[params.version]
prompt = "Version to release"
pattern = '\\d+\\.\\d+'

[[task]]
key = "build"
title = "Build {version}"
  [[task.step]]
  run = 'echo "built $VERSION" | tee built.txt'

[[task]]
key = "approve"
title = "Approve {version}"
needs = ["build"]
assignee = "ana"

[[task]]
key = "deploy"
title = "Deploy {version}"
needs = ["approve"]
  [[task.step]]
  run = "cp built.txt deployed.txt"
"""
