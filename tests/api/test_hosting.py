"""Configuration of hosts: every object is met by exactly one rule, and what can be run here is run."""

import json
import re
import shutil
import subprocess

import pytest

from builder.api.hosting import (
    RULES,
    caddy,
    cloudfront_request,
    cloudfront_response,
    headers_file,
    nginx,
    render_hosting,
)
from builder.api.network_mirror import render_mirror
from builder.api.registry_v1 import render_discovery, render_registry
from builder.model.address import Address
from builder.model.artifact import Artifact, CachePolicy
from builder.model.entry import Entry, Release, Target
from builder.model.version import Version

VERSION = Version(1, 0, 0, build="b1")
TARGET = Target("linux", "amd64", "x.zip", "https://f.example/x.zip", "ab" * 32, "h1:x", 1)
PROVIDER = Entry(
    Address.parse("acme/demo"),
    (
        Release(
            VERSION, "1.0.0+b1", shasums_url="/s", shasums_signature_url="/s.sig", targets=(TARGET,)
        ),
    ),
)
MODULE = Entry(Address.parse("acme/net/aws"), (Release(VERSION, "v1.0.0+b1"),))
NAMES = {":namespace", ":name", ":system", ":version", ":os", ":arch"}


def objects() -> list[Artifact]:
    outputs = [
        *render_discovery(),
        *render_registry(PROVIDER),
        *render_registry(MODULE, repository="https://f.example/Acme/terraform-aws-net"),
        *render_mirror(PROVIDER, ["r.example"]),
    ]
    return [output for output in outputs if isinstance(output, Artifact)]


def rules_of(path: str) -> list[int]:
    """The rules that fit, by the meaning of the notation."""

    def fits(pattern: str) -> bool:
        if pattern.endswith("/*"):
            return path.startswith(pattern[:-1])
        pairs = list(zip(pattern.split("/"), path.split("/"), strict=False))
        same = all(word == part or word in NAMES for word, part in pairs)
        return same and pattern.count("/") == path.count("/")

    return [number for number, rule in enumerate(RULES) if fits(rule.path)]


def test_every_object_is_met_by_one_rule_that_says_its_media_type():
    met = {path: rules_of(path) for path in (made.path for made in objects())}
    assert {len(rules) for rules in met.values()} == {1}
    for made in objects():
        (number,) = met[made.path]
        assert RULES[number].media == ("" if made.path.endswith(".html") else made.media)
        assert made.cache is CachePolicy.PROTOCOL
    used = {number for rules in met.values() for number in rules}
    assert [rule.path for n, rule in enumerate(RULES) if n not in used] == ["registry/docs/*"]


def test_only_module_downloads_have_the_header_and_it_leads_to_the_page():
    (rule,) = (rule for rule in RULES if rule.extra)
    assert rule.extra == (("X-Terraform-Get", "./source.html"),)
    downloads = {made.path for made in objects() if RULES[rules_of(made.path)[0]] is rule}
    assert downloads == {
        p for p in (o.path for o in objects()) if re.search(r"modules/.*/download$", p)
    }
    pages = {made.path for made in objects() if made.path.endswith("/source.html")}
    assert {path.replace("/download", "/source.html") for path in downloads} == pages


def test_files():
    made = {output.path: output for output in render_hosting() if isinstance(output, Artifact)}
    assert sorted(made) == [
        ".nojekyll",
        "_headers",
        "hosting/caddy.conf",
        "hosting/cloudfront-request.js",
        "hosting/cloudfront-response.js",
        "hosting/nginx.conf",
    ]
    assert {output.media_type for output in made.values()} == {"text/plain; charset=utf-8"}


@pytest.mark.parametrize("write", [headers_file, nginx, caddy, cloudfront_response])
def test_the_path_of_the_site_is_in_every_rule(write):
    """No rule is about the root of a host that others share."""
    plain, below = write("/"), write("/sub/")
    assert below.count("/sub/") >= len(RULES)
    assert below.replace("/sub/", "/") == plain


def test_the_headers_file_keeps_the_limits_of_its_hosts():
    """Cloudflare Pages: 100 rules, 2,000 characters a line, one splat a rule."""
    lines = headers_file("/").splitlines()
    rules = [line for line in lines if line.startswith("/")]
    assert len(rules) <= 100
    assert max(map(len, lines)) <= 2000
    assert max(rule.count("*") for rule in rules) == 1


# --- CloudFront functions, run by node


def called(source: str, *events: object) -> list[dict[str, object]]:
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed")
    script = f"{source}\nconsole.log(JSON.stringify({json.dumps(events)}.map(handler)));"
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    made: list[dict[str, object]] = json.loads(done.stdout)
    return made


REQUESTS = {
    "/v1/providers/acme/demo/1.0.0+b1/download/linux/amd64": "/v1/providers/acme/demo/1.0.0%2Bb1/download/linux/amd64",
    "/v1/modules/Acme/Net/aws/versions": "/v1/modules/acme/net/aws/versions",
    "/v1/modules/Acme/Net/aws/1.0.0-RC1/download": "/v1/modules/acme/net/aws/1.0.0-RC1/download",
    "/v1/providers/acme/demo/1.0.0-RC1/download/linux/amd64": "/v1/providers/acme/demo/1.0.0-RC1/download/linux/amd64",
    "/providers/acme/demo/": "/providers/acme/demo/index.html",
    "/": "/index.html",
}


def test_cloudfront_requests():
    made = called(cloudfront_request("/"), *({"request": {"uri": uri}} for uri in REQUESTS))
    assert [one["uri"] for one in made] == list(REQUESTS.values())


def test_cloudfront_responses():
    paths = ["/v1/modules/a/n/aws/1.0.0/download", "/v1/providers/a/n/versions", "/index.html"]
    events = [{"request": {"uri": p}, "response": {"headers": {}}} for p in paths]
    download, listed, page = (one["headers"] for one in called(cloudfront_response("/"), *events))
    everywhere = {
        "access-control-allow-origin": {"value": "*"},
        "access-control-allow-methods": {"value": "GET, HEAD, OPTIONS"},
    }
    cache = {"cache-control": {"value": "public, max-age=300"}}
    assert page == everywhere
    assert listed == {**everywhere, **cache}
    assert download == {**everywhere, **cache, "x-terraform-get": {"value": "./source.html"}}
