"""Lighthouse on five kinds of page, against the targets for weight and speed.

    python benchmarks/lighthouse.py SITE [PAGE…]

SITE is a built site. PAGEs are addresses below it; without any, pages of the example registry are taken. The site is served
on loopback with gzip, as a host on the internet serves it. Lighthouse comes from npm into `.pytest_cache`; it and Chromium
(CHROME_PATH, else the one on PATH) have to be there. Performance is the median of three runs: it is measured on a simulated
slow phone, and noisy on a machine that does other work. Ends with 1 when a target is missed.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

VERSION = "12.8.2"
CACHE = Path(__file__).parent.parent / ".pytest_cache" / f"lighthouse-{VERSION}"
RUNS = 3
PAGES = (
    "",
    "providers/",
    "providers/fernhill/greenhouse/",
    "providers/fernhill/greenhouse/latest/docs/resources/bed/",
    "modules/fernhill/plot/greenhouse/latest/",
)
TARGETS = {
    "performance": 98,
    "accessibility": 100,
    "best-practices": 100,
    "seo": 100,
    "CLS": 0,
    "KiB": 60,
    "requests": 7,
    "nodes": 1500,
}
AT_LEAST = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


class Compressing(SimpleHTTPRequestHandler):
    """A static host with gzip."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), 6, mtime=0)
        self.send_response(200)
        kind = self.guess_type(path)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if "text" in kind else kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "public, max-age=3600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(site: Path) -> Iterator[str]:
    def handler(*args: Any) -> Compressing:
        return Compressing(*args, directory=str(site))

    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def program() -> Path:
    """Lighthouse, installed on first use."""
    found = CACHE / "node_modules/lighthouse/cli/index.js"
    if not found.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts")
        command = ["npm", "install", *quiet, "--prefix", str(CACHE), f"lighthouse@{VERSION}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return found


def run(url: str) -> dict[str, Any]:
    """Lighthouse's own report."""
    chromium = os.environ.get("CHROME_PATH") or shutil.which("chromium") or "chromium"
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = ["node", str(program()), url, "--quiet", f"--chrome-flags={FLAGS}"]
        command += ["--output=json", f"--output-path={report.name}"]
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chromium})
        found: dict[str, Any] = json.load(report)
    return found


def figures(report: dict[str, Any]) -> dict[str, float]:
    audits = report["audits"]
    scores = {
        name: round(100 * category["score"]) for name, category in report["categories"].items()
    }
    # What comes out of the browser's cache (the logo as the tab's icon) is no request.
    requests = audits["network-requests"]["details"]["items"]
    return {
        **scores,
        "CLS": round(audits["cumulative-layout-shift"]["numericValue"], 3),
        "KiB": round(audits["total-byte-weight"]["numericValue"] / 1024, 1),
        "requests": sum(r.get("transferSize", 0) > 0 for r in requests),
        "nodes": int(audits["dom-size"]["numericValue"]),
    }


def missed(found: dict[str, float]) -> list[str]:
    return [
        name
        for name, target in TARGETS.items()
        if (found[name] < target if name in AT_LEAST else found[name] > target)
    ]


def faults(report: dict[str, Any]) -> Iterator[str]:
    """The audits that cost points, but for those of performance."""
    for name in AT_LEAST[1:]:
        for row in report["categories"][name]["auditRefs"]:
            audit = report["audits"][row["id"]]
            if row["weight"] and audit["score"] not in (None, 1):
                yield f"  {name}: {audit['title']}: {json.dumps(audit.get('details', {}).get('items'))[:300]}"


def main(site: str, *pages: str) -> int:
    failed = False
    print("page", *TARGETS, sep="\t")
    with serving(Path(site)) as address:
        for page in pages or PAGES:
            reports = [run(address + page) for _ in range(RUNS)]
            found = figures(reports[-1])
            found["performance"] = median(figures(r)["performance"] for r in reports)
            lost = missed(found)
            failed = failed or bool(lost)
            print(f"/{page}", *found.values(), *(f"missed: {name}" for name in lost), sep="\t")
            for fault in faults(reports[-1]):
                print(fault)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
