/* The page for addresses that are none: says what is known of the package in the address, and what comes nearest.
 *
 * Reads versions.json and nav.json of the package, as they lie beside its pages. Without it (or when a request fails) the
 * page's own text and links remain.
 */
(() => {
  "use strict";

  const SITE = "__SITE__";

  const box = document.getElementById("__missing");
  // The page is shown at any depth, also in copies of the site elsewhere: the root is where the lists begin.
  const match = /^(.*?\/)((providers)\/[^/]+\/[^/]+|(modules)\/[^/]+\/[^/]+\/[^/]+)(?:\/(.*))?$/.exec(location.pathname);
  if (!box || !match) return;
  const [, root, name, isProvider, , rest = ""] = match;
  const parts = rest.replace(/(^|\/)index\.html$/, "").split("/").filter(Boolean);
  const asFile = SITE.fileLinks || /\/index\.html$/.test(location.pathname);
  const inner = isProvider ? "docs/" : "";
  const segment = /^(latest$|v?\d)/.test(parts[0] || "") ? parts[0].replace(/^v(?=\d)/, "") : "";
  const page = segment ? parts.slice(isProvider && parts[1] === "docs" ? 2 : 1).join("/") : "";
  const title = decoded(name.split("/").slice(1).join("/"));

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  function address(path) {
    return root + path + (asFile && path.endsWith("/") ? "index.html" : "");
  }

  async function json(path) {
    try {
      const answer = await fetch(root + path);
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async function exists(path) {
    try {
      return (await fetch(`${root}${path}index.html`, { method: "HEAD" })).ok;
    } catch {
      return false;
    }
  }

  function link(path, label) {
    const node = document.createElement("a");
    node.href = address(path);
    node.textContent = label;
    return node;
  }

  function say(text, links) {
    const line = document.createElement("p");
    line.textContent = text;
    const list = document.createElement("ul");
    for (const node of links) {
      const item = document.createElement("li");
      item.append(node);
      list.append(item);
    }
    box.replaceChildren(line, ...(links.length ? [list] : []));
  }

  /** The numbers of a version, for the distance between two of them. */
  function numbers(version) {
    return version.split(/[-+_]/)[0].split(".").map((part) => Number(part) || 0);
  }

  function distance(one, two) {
    const [a, b] = [numbers(one), numbers(two)];
    return Math.abs((a[0] || 0) - (b[0] || 0)) * 1e12 + Math.abs((a[1] || 0) - (b[1] || 0)) * 1e6 + Math.abs((a[2] || 0) - (b[2] || 0));
  }

  const releaseRoot = (name_, of) => `${name_}/${of}/${inner}`;

  /** Pages of the same name in another place of a version: [page, label]. */
  function sameName(nav) {
    const slug = decoded(page.split("/").pop() || "").toLowerCase();
    const kinds = SITE.kinds || {};
    const found = [];
    for (const group of Object.values(nav || {}))
      for (const [letter, items] of Object.entries(group))
        for (const item of items) {
          const own = Array.isArray(item) ? item[0] : item;
          const short = own.replace(/^[a-z0-9]+_/, "");
          if (kinds[letter] && slug && (own === slug || short === slug || own === slug.replace(/^[a-z0-9]+_/, "")))
            found.push([`${kinds[letter][0]}/${own}`, `${own} (${kinds[letter][1].toLowerCase()})`]);
        }
    return found;
  }

  async function withinPackage(versions) {
    const shown = versions.versions.filter((entry) => entry.pages);
    const wanted = segment === "latest" ? versions.latest : decoded(segment).replace(/_/g, "+");
    const known = versions.versions.find((entry) => entry.version === wanted);
    const links = [];
    if (segment && !known) {
      if (page && (await exists(`${releaseRoot(name, "latest")}${page}/`)))
        links.push(link(`${releaseRoot(name, "latest")}${page}/`, `This page in ${versions.latest}, the newest version`));
      const near = [...shown].sort((a, b) => distance(a.version, wanted) - distance(b.version, wanted)).slice(0, 3);
      for (const entry of near) links.push(link(releaseRoot(name, entry.segment || entry.version), `Version ${entry.version}`));
      links.push(link(`${name}/versions/`, "All versions"));
      return say(`${title} has no version ${wanted}. The nearest are:`, links);
    }
    if (known && !known.pages) return say(`Version ${wanted} of ${title} has no pages here.`, [link(`${name}/versions/`, "All versions")]);
    if (known) {
      const nav = await json(`${releaseRoot(name, segment)}nav.json`);
      for (const [path, label] of sameName(nav)) links.push(link(`${releaseRoot(name, segment)}${path}/`, label));
      if (segment !== "latest" && page && (await exists(`${releaseRoot(name, "latest")}${page}/`)))
        links.push(link(`${releaseRoot(name, "latest")}${page}/`, `This page in ${versions.latest}, the newest version`));
      links.push(link(releaseRoot(name, segment), `All pages of version ${wanted}`), link(`${name}/versions/`, "All versions"));
      return say(`Version ${wanted} of ${title} has no such page.`, links);
    }
    say(`${title} has no such page.`, [link(`${name}/`, title), link(`${name}/versions/`, "All versions")]);
  }

  async function start() {
    const versions = await json(`${name}/versions.json`);
    if (versions) return withinPackage(versions);
    const [kind, namespace] = name.split("/");
    const links = (await exists(`${kind}/${namespace}/`)) ? [link(`${kind}/${namespace}/`, `What ${decoded(namespace)} has here`)] : [];
    say(`There is no ${kind.slice(0, -1)} ${title} in this registry.`, links);
  }

  start();
})();
