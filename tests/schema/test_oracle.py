"""Verdicts on damaged files against `terraform fmt`, where that program is found."""

import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from builder.schema.hcl.reader import read_native

SAMPLE = """\
# comment
variable "a" {
  type = object({
    b = optional(list(string), ["x"]) # why
    c = map(any)
  })
  default = {
    b = ["y", "z"], c = {}
  }
  description = "d \\"q\\" ${upper("x")} $${y}"
}

/* block */
resource "aws_x" "this" {
  count = var.a == null ? 0 : length(var.a.b[*])
  name  = <<-EOT
    one ${var.a.b[0]}
    %{ if true ~} two %{ else } three %{ endif }
  EOT

  dynamic "d" {
    for_each = { for k, v in var.a.c : k => v... if v != "" }
    content { name = d.value }
  }
}

output "o" {
  value = [for x in aws_x.this : x.id if !(x.a && x.b)]
}
"""
INSERTED = [
    *"{}[]()\"=,.:?!%$#&|<>~`';@\\/*+-\n\r",
    *(
        "${",
        "%{",
        "<<EOT\n",
        "/*",
        "*/",
        "=>",
        "...",
        "::",
        "~}",
        "é",
        "\u200b",
        "“",
        "1e",
        "0.1.",
        "\\u12",
    ),
]
# Where it goes on after a fault it may name an earlier place, or the place where it went on.
OTHER_PLACE = ("Missing close bracket on index", "Missing false expression in conditional")


def damaged(seed):
    chance = random.Random(seed)
    at = chance.randrange(len(SAMPLE))
    if seed % 3 == 0:
        return SAMPLE[:at] + SAMPLE[at + 1 :]
    if seed % 3 == 1:
        return SAMPLE[:at] + chance.choice(INSERTED) + SAMPLE[at:]
    lines = SAMPLE.splitlines(keepends=True)
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return "".join(lines)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory) -> tuple[Path, dict[str, tuple[int, str]]]:
    """Files, and the first fault of each that has one: line and name."""
    program = shutil.which("terraform")
    if program is None:
        pytest.skip("the program terraform is not on this machine")
    folder = tmp_path_factory.mktemp("damaged")
    for seed in range(400):
        (folder / f"f{seed}.tf").write_text(damaged(seed), encoding="utf-8", newline="")
    command = [program, "fmt", "-write=false", "-list=false", "-no-color", str(folder)]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull},
    )
    found: dict[str, tuple[int, str]] = {}
    for part in run.stderr.split("Error: ")[1:]:
        place = re.search(r"on \S*?(f\d+\.tf) line (\d+)", part)
        if place:
            fault = (int(place[2]), part.split("\n")[0].strip())
            found[place[1]] = min(found.get(place[1], fault), fault, key=lambda f: f[0])
    assert found
    return folder, found


@pytest.mark.real
def test_the_verdict_is_the_same_and_nearly_always_the_fault(verdicts):
    folder, found = verdicts
    differing = []
    for file in sorted(folder.iterdir()):
        problems = read_native(file.read_bytes().decode()).problems
        ours = (problems[0].line, problems[0].summary) if problems else None
        theirs = found.get(file.name)
        assert (ours is None) == (theirs is None), (file.read_text(), ours, theirs)
        if ours != theirs and ours and ours[1] not in OTHER_PLACE:
            differing.append((file.name, ours, theirs))
    assert len(differing) <= len(found) // 100, differing
