"""What the files of the site cannot say themselves, as ready configuration for the usual hosts: headers by path.

The table RULES is the only place that knows the headers; each host's notation is written from it. `_headers` must lie at
the root of the site; the others are below `hosting/`, to be looked at and included by hand. All of them may be published
with the site: they hold nothing but what every answer shows.

The one header that clients cannot do without is X-Terraform-Get on `…/download` of modules: Terraform reads it and not
the body. Its value is the same for all modules, the page beside the object, so that no host needs to know more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from builder.api.docs_v1 import ROOT as DOCS
from builder.api.network_mirror import ROOT as MIRROR
from builder.api.registry_v1 import DISCOVERY, JSON, SOURCE_PAGE
from builder.api.registry_v1 import ROOT as REGISTRY
from builder.model.artifact import MEDIA_TYPES, Artifact, Output

HOSTING_VERSION = "1"  # raise it when other bytes are written
FOLDER = "hosting"
MINUTES, HOUR = "public, max-age=300", "public, max-age=3600"
X_TERRAFORM_GET = "X-Terraform-Get"


@dataclass(frozen=True, slots=True)
class Rule:
    """Headers for paths below the site's own. In `path`, `:name` stands for one segment and a final * for any number.
    Rules do not overlap: some hosts join the headers of all that fit. No `media`: by the suffix."""

    path: str
    cache: str
    media: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Everything but the content type and what holds for all paths."""
        return (("Cache-Control", self.cache), *self.extra)


_MODULE = f"{REGISTRY}/modules/:namespace/:name/:system"
RULES = (
    Rule(DISCOVERY, HOUR, JSON),
    Rule(f"{REGISTRY}/providers/:namespace/:name/versions", MINUTES, JSON),
    Rule(f"{REGISTRY}/providers/:namespace/:name/:version/download/:os/:arch", MINUTES, JSON),
    Rule(f"{_MODULE}/versions", MINUTES, JSON),
    Rule(f"{_MODULE}/:version/download", MINUTES, JSON, ((X_TERRAFORM_GET, f"./{SOURCE_PAGE}"),)),
    Rule(f"{_MODULE}/:version/{SOURCE_PAGE}", MINUTES),
    Rule(f"{MIRROR}/*", MINUTES, JSON),
    Rule(f"{DOCS}/*", HOUR),
)
EVERYWHERE = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
)


def render_hosting(prefix: str = "/") -> Iterator[Output]:
    """The configuration of each host. `prefix` is the path of the site at its host, with a slash at both ends."""
    yield Artifact(".nojekyll", b"", MEDIA_TYPES[".txt"])
    yield _text("_headers", headers_file(prefix))
    yield _text(f"{FOLDER}/nginx.conf", nginx(prefix))
    yield _text(f"{FOLDER}/caddy.conf", caddy(prefix))
    yield _text(f"{FOLDER}/cloudfront-request.js", cloudfront_request(prefix))
    yield _text(f"{FOLDER}/cloudfront-response.js", cloudfront_response(prefix))


def _text(path: str, text: str) -> Artifact:
    return Artifact(path, text.encode(), MEDIA_TYPES[".txt"])


def _pattern(prefix: str, path: str) -> str:
    """A rule's path as a regular expression."""
    segments = re.sub(r":[a-z]+", "[^/]+", path.replace(".", "[.]"))
    return f"^{re.escape(prefix)}{segments.replace('*', '.*')}$"


def headers_file(prefix: str) -> str:
    """`_headers` of Cloudflare Pages and Netlify."""
    lines = [f"{prefix}*", *(f"  {name}: {value}" for name, value in EVERYWHERE)]
    for rule in RULES:
        lines.append(prefix + rule.path)
        if rule.media:
            lines.append(f"  Content-Type: {rule.media}")
        lines += [f"  {name}: {value}" for name, value in rule.headers]
    return "\n".join([*lines, ""])


_NGINX = """# For a server block: root is the folder of the site.
#     server { root /srv/site; include /srv/site/hosting/nginx.conf; }
index index.html;
error_page 404 %(prefix)s404.html;
charset utf-8;
charset_types text/plain text/css text/markdown text/javascript application/x-ndjson;
types {
%(types)s
}
default_type application/octet-stream;
%(everywhere)s
location ^~ %(prefix)s.manifest/ { return 404; }
"""


def nginx(prefix: str) -> str:
    """Lines for a server block. The quotes keep braces and blanks together."""
    everywhere = [f'add_header {name} "{value}" always;' for name, value in EVERYWHERE]
    types = {media.partition(";")[0]: "" for media in MEDIA_TYPES.values()}
    for suffix, media in MEDIA_TYPES.items():
        types[media.partition(";")[0]] += f" {suffix[1:]}"
    text = _NGINX % {
        "prefix": prefix,
        "types": "\n".join(f"    {media}{suffixes};" for media, suffixes in types.items()),
        "everywhere": "\n".join(everywhere),
    }
    for rule in RULES:
        lines = [*everywhere, *(f'add_header {n} "{v}";' for n, v in rule.headers)]
        if rule.media:
            lines += ["types { }", f"default_type {rule.media};"]
        body = "".join(f"    {line}\n" for line in lines)
        text += f'location ~ "{_pattern(prefix, rule.path)}" {{\n{body}}}\n'
    return text


def caddy(prefix: str) -> str:
    """Lines for a site block of a Caddyfile."""
    lines = [
        "# For a site block: root is the folder of the site.",
        "#     registry.example.com { root * /srv/site",
        "#         import /srv/site/hosting/caddy.conf",
        "#         file_server }",
        "header {",
        *(f'\t{name} "{value}"' for name, value in EVERYWHERE),
        "}",
    ]
    for number, rule in enumerate(RULES, 1):
        media = [("Content-Type", rule.media)] if rule.media else []
        lines += [
            f"@regdocs{number} path_regexp {_pattern(prefix, rule.path)}",
            f"header @regdocs{number} {{",
            *(f'\t{name} "{value}"' for name, value in (*media, *rule.headers)),
            "}",
        ]
    missing = ["handle_errors {", f"\trewrite * {prefix}404.html", "\tfile_server", "}", ""]
    return "\n".join([*lines, *missing])


_REQUEST = """// CloudFront function for viewer requests, in front of an object store that is read through its REST endpoint.
function handler(event) {
  var request = event.request;
  var uri = request.uri;
  // Object stores take a + in a path for a blank; clients write the + of build metadata as it is.
  uri = uri.replace(/[+]/g, '%2B');
  // Clients ask for modules as their users write them; the objects are lower-case but for the version.
  var module = uri.match(new RegExp(MODULES));
  if (module) uri = module[1] + module[2].toLowerCase() + module[3];
  if (uri.endsWith('/')) uri += 'index.html';
  request.uri = uri;
  return request;
}
"""


def cloudfront_request(prefix: str) -> str:
    """Paths as the object store wants them."""
    pattern = f"^({re.escape(prefix)}{REGISTRY}/modules/)([^/]+/[^/]+/[^/]+)(/.*)$"
    return _REQUEST.replace("MODULES", json.dumps(pattern))


_RESPONSE = """// CloudFront function for viewer responses. Content types are those of the objects.
function handler(event) {
  var uri = event.request.uri;
  var headers = event.response.headers;
EVERYWHERE
  var rules = [
RULES
  ];
  for (var i = 0; i < rules.length; i++) {
    if (new RegExp(rules[i][0]).test(uri)) {
      for (var name in rules[i][1]) headers[name] = { value: rules[i][1][name] };
      break;
    }
  }
  return event.response;
}
"""


def cloudfront_response(prefix: str) -> str:
    """Headers by path."""
    everywhere = "\n".join(
        f"  headers['{name}'] = {{ value: '{value}' }};" for name, value in _lowered(EVERYWHERE)
    )
    rules = ",\n".join(
        f"    {json.dumps([_pattern(prefix, rule.path), dict(_lowered(rule.headers))])}"
        for rule in RULES
    )
    return _RESPONSE.replace("EVERYWHERE", everywhere).replace("RULES", rules)


def _lowered(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((name.lower(), value) for name, value in headers)
