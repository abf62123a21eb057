"""The measure: real and constructed license texts with the verdict they must get, when they are on this machine.

The rows name origins and hashes, no texts. Constructed rows are made from the SPDX texts. The texts of the others are
looked for by SHA-1 in the folder that REGDOCS_LICENSE_TEXTS names; rows whose text is not there are counted.
"""

import html
import json
import os
import re
import sys
import textwrap
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

import pytest

from builder.license.findings import examine
from builder.license.templates import plain_id
from builder.license.words import words
from builder.model.license import Outcome

pytestmark = pytest.mark.real

RIGHT, ROWS = 1_373, 1_385  # of the whole file, at least
IDS_RIGHT = 0.99  # of the rows with a declared license
NEVER = {"not", "without", "no", "any", "sell", "modify", "free"}
SAID = {"allow": "allowed", "refuse": "refused"}
CHOICES = {"Apache-2.0", "MIT", "ISC"}

BAD_SENTENCES = {
    "no-sell": "The software may not be sold or offered as a hosted service without a separate agreement.",
    "non-commercial": "Use is granted for non-commercial purposes only.",
}
COMMONS = (
    '"Commons Clause" License Condition v1.0\n\nThe grant of rights under the License does not include, and the '
    "License does not grant to you, the right to sell the Software.\n\n"
)
README = "# Garden\n\nWaters the beds.\n\n## License\n\nThis project is licensed under the MIT license.\n"


def paragraphs(text):
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def headings(spdx, text):
    shown = (f"## {part}" if len(part) < 60 else part for part in paragraphs(text))
    return f"# {spdx} License\n\n" + "\n\n".join(shown)


def first_share(text, share):
    listed = text.split()
    return " ".join(listed[: int(len(listed) * share)])


FORMS = {
    "plain": lambda _, t: t,
    "copyright-line": lambda _, t: f"Copyright (c) 2019-2024 Example Gardens GmbH\n\n{t}",
    "latin1-name": lambda _, t: f"Copyright © 2021 Jürgen Müller, José Núñez\n\n{t}",
    "crlf": lambda _, t: t.replace("\n", "\r\n"),
    "rewrapped-60": lambda _, t: "\n\n".join(textwrap.fill(p, 60) for p in paragraphs(t)),
    "one-line-paragraphs": lambda _, t: "\n\n".join(paragraphs(t)),
    "markdown": headings,
    "html": lambda _, t: f"<html><body><pre>{html.escape(t)}</pre></body></html>",
    "commented": lambda _, t: "\n".join(f"# {line}" for line in t.splitlines()),
    "curly-quotes": lambda _, t: re.sub(r'"([^"]*)"', r"“\1”", t).replace("'", "’"),
    "first-half": lambda _, t: first_share(t, 0.5),
    "first-70%": lambda _, t: first_share(t, 0.7),
    "no-sell": lambda _, t: f"{t}\n\n{BAD_SENTENCES['no-sell']}\n",
    "non-commercial": lambda _, t: f"{t}\n\n{BAD_SENTENCES['non-commercial']}\n",
    "commons-clause": lambda _, t: COMMONS + t,
}


def tampered(case, text):
    if case == "mit-not-evil":
        condition = "The Software shall be used for Good, not Evil.\n\nThe above copyright notice"
        return text("MIT").replace("The above copyright notice", condition, 1)
    if case == "bsd3-academic":
        return text("BSD-3-Clause").replace(
            "permitted provided", "permitted for academic use only provided"
        )
    whole = text("Apache-2.0")
    start, end = whole.index("3. Grant of Patent License"), whole.index("4. Redistribution")
    return whole[:start] + whole[end:]


def constructed(case, text):
    """The text of a constructed row; None for the license files of real repositories."""
    head, _, rest = case.partition("/")
    if head == "dual":
        one, other = rest.split("+")
        choice = (
            f"This project is dual licensed under {one} OR {other}.\n\n" if other in CHOICES else ""
        )
        return f"{choice}{text(one)}\n\n{'-' * 40}\n\n{text(other)}"
    if head == "refuse":
        return text(rest)
    if head == "none":
        return {"name-only": "Apache License 2.0\n", "readme": README}[rest]
    if head == "notice":
        whole = text("Apache-2.0")
        notice = whole[whole.index("Licensed under the Apache License, Version") :]
        return f"Copyright 2020 Example Gardens GmbH\n\n{notice}"
    if head == "tamper":
        return tampered(rest, text)
    return None if head.startswith("real-") else FORMS[rest](head, text(head))


@dataclass
class Tally:
    """One group of rows."""

    rows: int = 0
    right: int = 0
    refused: int = 0
    allowed: int = 0
    absent: int = 0


def find_text(row, folder, text):
    """The bytes of a row's file, or None when they are not on this machine."""
    case = row["origin"].get("case", "")
    if "sha1" not in row and (made := constructed(case, text)) is not None:
        return made.encode()
    if folder is None:
        return None
    path = folder / row.get("sha1", case.replace("/", "__"))
    data = path.read_bytes() if path.is_file() else None
    if data is not None and "sha1" in row:
        assert sha1(data, usedforsecurity=False).hexdigest() == row["sha1"], path
    return data


def expected_ids(row):
    return {
        plain_id(part)
        for part in re.split(r"[\s()]+", row["expected"] or "")
        if part not in {"", "AND", "OR"}
    }


@pytest.fixture(scope="module")
def folder():
    named = os.environ.get("REGDOCS_LICENSE_TEXTS")
    return Path(named) if named else None


def test_evaluation(shared_data, folder, matcher, policy, text, capsys):
    lines = (shared_data / "licence-eval-dev.jsonl").read_text(encoding="utf-8").splitlines()
    tallies: dict[str, Tally] = defaultdict(Tally)
    ids: Counter[bool] = Counter()
    wrong = []
    for row in map(json.loads, lines):
        tally = tallies[row["id"].partition("/")[0]]
        data = find_text(row, folder, text)
        if data is None:
            tally.absent += 1
            continue
        findings = examine(data, matcher)
        outcome, reason = policy.judge_file(findings)
        verdict = "allow" if outcome is Outcome.ALLOW else "refuse"
        found = {one.spdx for one in findings.licenses}
        tally.rows += 1
        tally.right += verdict == row["verdict"]
        tally.allowed += verdict == "allow" != row["verdict"]
        tally.refused += verdict == "refuse" != row["verdict"]
        if "npm" in row["origin"]:
            ids[found == expected_ids(row)] += 1
        if verdict != row["verdict"]:
            said = reason or f"nothing against {', '.join(sorted(found))}"
            wrong.append(
                f"wrongly {SAID[verdict]}: {row['id']}, expected {row['expected']}: {said}"
            )
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *wrong, *table(tallies), declared(ids), ""]))
    total = summed(tallies)
    assert total.allowed == 0
    assert total.rows >= 146  # the constructed ones
    assert total.right >= (RIGHT if total.rows == ROWS else RIGHT / ROWS * total.rows)
    assert ids[True] >= IDS_RIGHT * ids.total()


@pytest.fixture
def whole(folder):
    """For checks that take a minute: they run with the texts only."""
    if folder is None:
        pytest.skip("REGDOCS_LICENSE_TEXTS is not set")


def summed(tallies):
    total = Tally()
    for tally in tallies.values():
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
    return total


def declared(ids):
    return f"ids right where declared: {ids[True]} of {ids.total()}"


def table(tallies):
    yield f"{'group':<14}{'rows':>6}{'right':>7}{'wrongly refused':>17}{'wrongly allowed':>17}{'no text':>9}"
    for group, tally in [*tallies.items(), ("all", summed(tallies))]:
        yield (
            f"{group:<14}{tally.rows:>6}{tally.right:>7}{tally.refused:>17}{tally.allowed:>17}{tally.absent:>9}"
        )


@pytest.mark.usefixtures("whole")
def test_every_text_of_the_list_is_recognized(matcher, texts):
    wrong = {}
    for spdx, (text, *_) in texts.texts.items():
        result = matcher.match(words(text))
        names = {plain_id(name) for match in result.matches for name in match.template.ids}
        if plain_id(spdx) not in names:
            wrong[spdx] = names
    assert not wrong


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("replacement", [(), ("quux",), ("software",), ("sell",)], ids=" ".join)
def test_every_word_of_every_short_allowed_license(matcher, policy, look, capsys, replacement):
    """Delete or replace each single word; prints the share that is still allowed, and of which words."""
    passed: Counter[str] = Counter()
    total = 0
    for template in matcher.templates:
        if not policy.allows(template.spdx) or template.size >= 200:
            continue
        for place, word in enumerate(template.words):
            changed = [*template.words[:place], *replacement, *template.words[place + 1 :]]
            if tuple(changed) != template.words:
                total += 1
                passed[word] += policy.judge_file(look(" ".join(changed)))[0] is Outcome.ALLOW
    still = sorted(word for word, count in passed.items() if count)
    with capsys.disabled():
        said = f"{' '.join(replacement) or 'nothing'} for a word: {sum(passed.values())} of {total} still allowed"
        sys.stdout.write(f"\n{said}: {' '.join(still)}\n")
    assert not NEVER.intersection(still)
    assert sum(passed.values()) <= 0.2 * total
