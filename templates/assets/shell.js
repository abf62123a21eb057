/* The shell around every page: header, navigation, version picker, footer, copy buttons.
 *
 * Loaded in the head before the body is parsed. Pages are complete without it: whatever fails here (no network, a file:
 * address, an old browser) leaves the article and its breadcrumbs readable. Everything it needs it takes from the page's
 * data-root and data-package, from the page's own address, and from nav.json, version.json and versions.json.
 * Page contract, version 1.
 */
(() => {
  "use strict";

  const SITE = "__SITE__";
  const html = document.documentElement;
  // The handbook, whose pages are made by another theme, says it beside the script.
  const root = new URL(html.dataset.root || document.currentScript.dataset.root || "./", location.href);
  const asFile = SITE.fileLinks || location.pathname.endsWith("/index.html"); // a store without index documents
  const storage = `regdocs:${root.pathname}`;
  const here = place();

  /* ---- where we are ---------------------------------------------------------------------------------------------- */

  function place() {
    const found = { package: html.dataset.package || "", segment: "", page: "", language: "" };
    const start = `${root.pathname}${found.package}/`;
    if (!found.package || !location.pathname.startsWith(start)) return found;
    const rest = location.pathname.slice(start.length).replace(/index\.html$/, "").replace(/\/$/, "");
    const [segment, ...parts] = rest.split("/");
    if (!/^(latest$|\d)/.test(segment)) return found;
    if (found.package.startsWith("providers/")) parts.shift(); // docs
    const language = parts[0] === "cdktf" && (SITE.languages || {})[parts[1]] ? parts.splice(0, 2)[1] : "";
    return { ...found, segment, page: parts.map(decoded).join("/"), language };
  }

  function decoded(part) {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  }

  function releaseRoot(segment, language = here.language) {
    const inner = here.package.startsWith("providers/") ? "/docs/" : "/";
    return `${here.package}/${segment}${inner}${language ? `cdktf/${language}/` : ""}`;
  }

  /** The address of a directory of the site; completed where the server has no index documents. */
  function to(path) {
    const url = new URL(path.split("/").map(encodeURIComponent).join("/"), root);
    if (asFile && url.pathname.endsWith("/")) url.pathname += "index.html";
    return url.href;
  }

  async function json(path) {
    try {
      const answer = await fetch(new URL(path, root));
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  /* ---- small pieces ---------------------------------------------------------------------------------------------- */

  function el(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value !== null && value !== false) node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null));
    return node;
  }

  function icon(d) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": true }))
      svg.setAttribute(key, value);
    path.setAttribute("d", d);
    svg.append(path);
    return svg;
  }

  const ICONS = {
    menu: "M4 6h16M4 12h16M4 18h16",
    moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
    sun: "M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m11.4 0 1.4 1.4M4.9 4.9l1.4 1.4M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0z",
  };

  function stored(area, name, value) {
    try {
      if (value === undefined) return area().getItem(`${storage}:${name}`);
      if (value === null) area().removeItem(`${storage}:${name}`);
      else area().setItem(`${storage}:${name}`, value);
    } catch {
      /* storage is switched off: nothing is remembered */
    }
    return null;
  }
  const local = () => localStorage;
  const session = () => sessionStorage;

  /* ---- colour scheme: before the first paint --------------------------------------------------------------------- */

  const prefersDark = () => matchMedia("(prefers-color-scheme: dark)").matches;
  const isDark = () => (html.dataset.scheme ? html.dataset.scheme === "dark" : prefersDark());
  const wanted = stored(local, "scheme");
  if (wanted === "dark" || wanted === "light") html.dataset.scheme = wanted;

  function schemeButton() {
    const button = el("button", { class: "rg-icon", type: "button", onclick: flip });
    function show() {
      const label = isDark() ? "Use light colors" : "Use dark colors";
      button.setAttribute("aria-label", label);
      button.title = label;
      button.replaceChildren(icon(isDark() ? ICONS.sun : ICONS.moon));
    }
    function flip() {
      const next = isDark() ? "light" : "dark";
      const same = (next === "dark") === prefersDark();
      if (same) delete html.dataset.scheme;
      else html.dataset.scheme = next;
      stored(local, "scheme", same ? null : next);
      show();
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    show();
    return button;
  }

  /* ---- header, banner, footer: put in while the page is parsed, so that nothing moves ------------------------------ */

  function siteLink(path, label) {
    const page = location.pathname.replace(/index\.html$/, "");
    const target = new URL(path, root).pathname;
    return el("a", { href: to(path), "aria-current": page === target ? "page" : page.startsWith(target) && "true" }, label);
  }

  function header() {
    const menu =
      here.segment &&
      el("button", { class: "rg-icon rg-menu", type: "button", "aria-label": "Navigation", "aria-controls": "nav",
        "aria-expanded": "false", onclick: () => drawer(!html.classList.contains("rg-drawer")) }, icon(ICONS.menu));
    const logo = el("img", { src: new URL("assets/v1/logo.svg", root).href, alt: "", width: 28, height: 28 });
    return el(
      "header",
      { class: "rg-top" },
      menu || null,
      el("a", { class: "rg-brand", href: to("") }, logo, el("span", {}, SITE.name || "Registry")),
      el("nav", { class: "rg-site", "aria-label": "Site" }, siteLink("providers/", "Providers"),
        siteLink("modules/", "Modules"), SITE.handbook ? siteLink(SITE.handbook, "Handbook") : null),
      schemeButton(),
    );
  }

  /** Pages of versions do not hold the announcement, so that a new one changes none of them; the others do. */
  function announcement() {
    const pieces = SITE.announcement || [];
    if (!pieces.length || document.querySelector(".rg-announcement")) return null;
    return el("p", { class: "rg-announcement" }, ...pieces.map(([label, path]) => (path ? el("a", { href: anywhere(path) }, label) : label)));
  }

  function anywhere(path) {
    if (/^https?:/i.test(path)) return path;
    const [, plain, tail] = /^([^?#]*)(.*)$/.exec(path);
    return to(plain) + tail;
  }

  /** Versions with a number have a line that says which; what it says more is known later, its height is not. */
  function banner() {
    if (!here.segment || here.segment === "latest") return null;
    const version = here.segment.replace(/_/g, "+");
    return el("div", { class: "rg-banner", role: "status" }, el("p", {}, `You are reading version ${version}.`));
  }

  function footer() {
    const hint = el("p", { class: "rg-hint" }, "Press ", el("kbd", {}, "?"), " for the keys of this page.");
    return el("footer", { class: "rg-end" }, el("p", {}, SITE.footer || SITE.name || ""), hint);
  }

  function define(name, build) {
    customElements.define(
      name,
      class extends HTMLElement {
        connectedCallback() {
          this.replaceWith(...build().filter((node) => node !== null));
        }
      },
    );
  }
  define("rg-top", () => {
    const parts = [announcement(), header(), banner()];
    html.classList.replace("no-js", "js");
    return parts;
  });
  define("rg-end", () => [footer()]);
  define("rg-scheme", () => [schemeButton()]); // the handbook's header is in its pages

  /* ---- navigation ------------------------------------------------------------------------------------------------ */

  const KINDS = SITE.kinds || {}; // letter -> [segment, label]

  /** nav.json as a flat list in display order: {group, kind, slug, label, page}. */
  function entries(nav) {
    const found = [];
    for (const [group, kinds] of Object.entries(nav || {}))
      for (const [letter, slugs] of Object.entries(kinds))
        for (const item of slugs) {
          const [slug, label] = Array.isArray(item) ? item : [item, item];
          const [segment, kind] = KINDS[letter] || [letter, letter];
          found.push({ group, kind, letter, slug, label, page: `${segment}/${slug}` });
        }
    return found;
  }

  /** Group label -> entries. A provider without subcategories is grouped by kind. */
  function groupsOf(list) {
    const plain = list.every((entry) => entry.group === "Other" || entry.group === "Guides");
    const groups = new Map();
    for (const entry of list) {
      const name = plain ? entry.kind : entry.group;
      groups.set(name, [...(groups.get(name) || []), entry]);
    }
    return groups;
  }

  const ONE_LINE = 26; // characters that fit into the sidebar; places to break cost nodes, and groups have hundreds of entries

  /** A name with places to break after its underscores. */
  function breakable(name) {
    return name.split(/(?<=[_/])/).flatMap((part, at) => (at ? [el("wbr"), part] : [part]));
  }

  function entryLink(entry) {
    const current = entry.page === here.page;
    const link = el("a", { href: to(`${releaseRoot(here.segment)}${entry.page}/`), "aria-current": current && "page" });
    if (entry.label.length <= ONE_LINE) link.append(entry.label);
    else link.append(...breakable(entry.label));
    return el("li", {}, link);
  }

  function sections(list, heading) {
    const kinds = new Map();
    for (const entry of list) kinds.set(entry.kind, [...(kinds.get(entry.kind) || []), entry]);
    return [...kinds].flatMap(([kind, members]) => [
      kind === heading ? null : el("p", { class: "rg-kind" }, kind),
      el("ul", {}, ...members.map(entryLink)),
    ]).filter((node) => node !== null);
  }

  function groupElement(name, list, open) {
    const fill = () => {
      if (box.open && box.children.length === 1) box.append(...sections(list, name));
    };
    const box = el("details", { ontoggle: fill },
      el("summary", {}, name, " ", el("span", { class: "rg-count" }, String(list.length))));
    box.open = open;
    fill();
    return box;
  }

  function normalized(text) {
    return text.toLowerCase().replace(/[_-]/g, " ");
  }

  function matches(text, words) {
    const plain = normalized(text);
    return words.every((word) => plain.includes(word));
  }

  const SHOWN = 300;

  function navigation(list) {
    const groups = groupsOf(list);
    const tree = el("div", { class: "rg-tree" });
    const status = el("p", { class: "rg-status", role: "status" });
    const input = el("input", { type: "search", class: "rg-filter", placeholder: "Filter pages", autocomplete: "off",
      "aria-label": "Filter pages", spellcheck: "false", oninput: () => {
        show(input.value);
        input.closest(".rg-side").scrollTop = 0; // the first hit is seen
      } });
    const overview = el("a", { href: to(releaseRoot(here.segment)), "aria-current": here.page === "" && "page" }, "Overview");
    function show(text) {
      const words = normalized(text).split(/\s+/).filter(Boolean);
      const all = words.length ? list.filter((entry) => matches(`${entry.label} ${entry.slug}`, words)) : list;
      const found = words.length ? all.slice(0, SHOWN) : all;
      const count = `${all.length} page${all.length === 1 ? "" : "s"}`;
      status.textContent = !words.length ? "" : all.length > SHOWN ? `${count}, the first ${SHOWN} shown` : count;
      const shown = words.length ? groupsOf(found) : groups;
      const few = shown.size <= 3 && found.length <= 60;
      tree.replaceChildren(
        ...[...shown].map(([name, members]) =>
          groupElement(name, members, words.length > 0 || few || members.some((entry) => entry.page === here.page))),
      );
    }
    show("");
    return { input, status, pages: el("nav", { "aria-label": "Pages of this version" }, overview, tree) };
  }

  /* ---- versions -------------------------------------------------------------------------------------------------- */

  const segmentOf = (entry) => entry.segment || entry.version;

  /** The page of another version that comes nearest to this one, and what to tell the reader about it. */
  function nearest(nav, version) {
    if (here.page === "" || nav === null) return { page: "", note: "" };
    const list = entries(nav);
    if (list.some((entry) => entry.page === here.page)) return { page: `${here.page}/`, note: "" };
    const name = here.page.split("/").pop();
    const other = list.find((entry) => entry.slug === name);
    return other
      ? { page: `${other.page}/`, note: `In ${version}, ${name} is listed under ${other.kind.toLowerCase()}.` }
      : { page: "", note: `${name} does not exist in ${version}. This is its overview.` };
  }

  async function go(segment, version, language = here.language) {
    const nav = await json(`${releaseRoot(segment, language)}nav.json`);
    if (nav === null && language) {
      stored(session, "note", `${version} has no documentation for ${SITE.languages[language]}.`);
      return location.assign(to(releaseRoot(segment, "")));
    }
    const found = nearest(nav, language ? `${version} for ${SITE.languages[language]}` : version);
    if (found.note) stored(session, "note", found.note);
    location.assign(to(`${releaseRoot(segment, language)}${found.page}`) + (found.note ? "" : location.hash));
  }

  /** The languages that a version has documentation for; null when it is one. */
  function languagePicker(version) {
    if (!version || !version.languages) return null;
    const select = el("select", { "aria-label": "Language" }, ...["", ...version.languages].map((language) =>
      el("option", { value: language, selected: language === here.language }, (SITE.languages || {})[language] || "HCL")));
    select.addEventListener("change", () => go(here.segment, version.version, select.value));
    return el("p", {}, select);
  }

  function currentOf(versions) {
    const wantedVersion = here.segment === "latest" ? versions.latest : here.segment.replace(/_/g, "+");
    return versions.versions.find((entry) => entry.version === wantedVersion);
  }

  function picker(versions, version) {
    const current = versions && currentOf(versions);
    const limit = SITE.pickerVersions || 100;
    const known = versions ? versions.versions.filter((entry) => entry.pages || entry === current) : [];
    const offered = known.slice(0, limit);
    if (current && !offered.includes(current)) offered.push(current);
    const select = el("select", { "aria-label": "Version" },
      ...offered.map((entry) => el("option", { value: segmentOf(entry), selected: entry === current }, marks(entry, versions))));
    if (!offered.length) select.append(el("option", {}, here.segment));
    select.addEventListener("change", () => {
      const entry = offered.find((item) => segmentOf(item) === select.value);
      if (entry) go(entry.version === versions.latest ? "latest" : segmentOf(entry), entry.version);
    });
    const name = here.package.split("/").slice(1).join("/");
    return el("div", { class: "rg-picker" },
      el("p", {}, el("a", { href: to(`${here.package}/`) }, name)),
      el("p", {}, select, el("a", { href: to(`${here.package}/versions/`) }, "all versions")),
      languagePicker(version));
  }

  function marks(entry, versions) {
    const words = [];
    if (entry.version === versions.latest) words.push("latest");
    if (entry.yanked) words.push("yanked");
    if (entry.withheld) words.push("withheld");
    return words.length ? `${entry.version} (${words.join(", ")})` : entry.version;
  }

  function fillBanner(versions, version) {
    const note = stored(session, "note");
    stored(session, "note", null);
    let box = document.querySelector(".rg-banner");
    const lines = [];
    if (note) lines.push(el("p", {}, note));
    if (version && here.page !== "") {
      if (version.yanked) lines.push(el("p", { class: "rg-bad" }, `Version ${version.version} is yanked: ${version.yanked}`));
      for (const text of version.warnings || []) lines.push(el("p", {}, el("span", { class: "rg-warn" }, "Warning: "), text));
    }
    if (box && versions && versions.latest) {
      const current = currentOf(versions);
      const newest = versions.latest;
      const link = el("a", { href: to(`${releaseRoot("latest")}${here.page ? `${here.page}/` : ""}`) }, `Read this page in ${newest}`);
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go("latest", newest);
      });
      const text = current ? current.version : here.segment;
      if (current && current.version === newest) box.replaceChildren(el("p", {}, `You are reading version ${text}, the newest.`));
      else {
        box.classList.add("rg-banner--old");
        box.replaceChildren(el("p", {}, `Version ${text} is not the newest. `, link));
      }
    }
    if (!lines.length) return;
    if (!box) {
      box = el("div", { class: "rg-banner", role: "status" });
      document.querySelector("header.rg-top").after(box);
    }
    box.append(...lines);
  }

  /* ---- below the article ----------------------------------------------------------------------------------------- */

  function sourceOf(version, list) {
    const entry = list.find((item) => item.page === here.page);
    if (!entry && here.page) return ""; // shown under latest, which no longer has it
    const key = entry ? `${entry.letter}/${entry.slug}` : "";
    const usual = entry && (version.paths || {})[entry.letter];
    const path = (version.odd || {})[key] || (usual ? `${usual[0]}${entry.slug}${usual[1]}` : "");
    const address = path && version.edit ? version.edit.replace("{path}", path.split("/").map(encodeURIComponent).join("/")) : "";
    return /^https?:\/\//.test(address) ? address : "";
  }

  function around(list) {
    const at = list.findIndex((entry) => entry.page === here.page);
    const before = at > 0 ? list[at - 1] : null;
    const after = here.page === "" ? list[0] : at >= 0 ? list[at + 1] : null;
    return { before, after };
  }

  function below(list, version) {
    const { before, after } = around(list);
    const turn = (entry, rel, text) =>
      entry && el("a", { class: `rg-turn rg-turn--${rel}`, rel, href: to(`${releaseRoot(here.segment)}${entry.page}/`) },
        el("small", {}, text), el("span", {}, entry.label));
    const links = [turn(before, "prev", "Previous"), turn(after, "next", "Next")].filter(Boolean);
    const source = version && sourceOf(version, list);
    return [
      source ? el("p", { class: "rg-source" }, el("a", { href: source, rel: "nofollow noopener" }, "Source of this page"), " · ",
        el("a", { href: "index.md" }, "Markdown")) : null,
      links.length ? el("nav", { class: "rg-turns", "aria-label": "Previous and next page" }, ...links) : null,
    ].filter((node) => node !== null);
  }

  async function fillRelease() {
    const slot = document.getElementById("nav");
    if (!here.segment || !slot) return;
    const base = releaseRoot(here.segment);
    const [nav, version, versions] = await Promise.all([
      json(`${base}nav.json`), json(`${base}version.json`), json(`${here.package}/versions.json`),
    ]);
    fillBanner(versions, version);
    const list = entries(nav);
    const side = navigation(list);
    const head = el("div", { class: "rg-side-head" }, picker(versions, version), side.input, side.status);
    slot.replaceChildren(el("aside", { class: "rg-side", "aria-label": "This package" }, head, side.pages));
    document.querySelector("main article").append(...below(list, version));
    const current = slot.querySelector("[aria-current=page]");
    const box = slot.firstElementChild;
    if (current) box.scrollTop = current.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
    if (asFile) completeLinks(slot.parentElement);
  }

  /* ---- drawer, keys ---------------------------------------------------------------------------------------------- */

  function drawer(open) {
    html.classList.toggle("rg-drawer", open);
    const button = document.querySelector(".rg-menu");
    if (!button) return;
    button.setAttribute("aria-expanded", String(open));
    const filter = document.querySelector(".rg-filter");
    if (open && filter) filter.focus({ preventScroll: true });
    if (!open) button.focus();
  }

  const KEYS = [["/", "f", "Filter"], ["p", "Previous page"], ["n", "Next page"], ["?", "These keys"], ["Esc", "Close"]];

  function showKeys() {
    if (document.querySelector("dialog")) return;
    const rows = KEYS.flatMap((row) => [
      el("dt", {}, ...row.slice(0, -1).map((key) => el("kbd", {}, key))), el("dd", {}, row[row.length - 1]),
    ]);
    const box = el("dialog", { class: "rg-keys", "aria-label": "Keys", onclose: () => box.remove() },
      el("dl", {}, ...rows), el("button", { class: "rg-button", type: "button", onclick: () => box.close() }, "Close"));
    document.body.append(box);
    box.showModal();
  }

  function focusFilter(event) {
    const filter = document.querySelector(".rg-filter");
    if (!filter) return;
    event.preventDefault();
    if (filter.closest("#nav") && matchMedia("(max-width: 60rem)").matches) drawer(true);
    filter.focus();
  }

  function turnPage(direction) {
    const link = document.querySelector(`a[rel=${direction}]`);
    if (link) link.click();
  }

  const ACTIONS = { "/": focusFilter, f: focusFilter, p: () => turnPage("prev"), n: () => turnPage("next"), "?": showKeys };

  function keys() {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        if (html.classList.contains("rg-drawer")) drawer(false);
        else if (document.activeElement.matches(".rg-filter")) document.activeElement.blur();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
      if (Object.hasOwn(ACTIONS, event.key)) ACTIONS[event.key](event);
    });
    document.addEventListener("click", (event) => {
      if (!html.classList.contains("rg-drawer")) return;
      if (!event.target.closest("#nav, .rg-menu")) drawer(false);
    });
  }

  /* ---- the article ----------------------------------------------------------------------------------------------- */

  function copyButtons() {
    if (!navigator.clipboard) return;
    for (const block of document.querySelectorAll(".highlight")) {
      const button = el("button", { class: "rg-copy", type: "button", "aria-label": "Copy this code" }, "Copy");
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(block.querySelector("code").textContent.replace(/\n$/, ""));
          button.textContent = "Copied";
        } catch {
          button.textContent = "Not copied";
        }
        setTimeout(() => (button.textContent = "Copy"), 2000);
      });
      block.append(button);
    }
  }

  /** Code that is wider than its place is scrolled with the arrow keys. */
  function focusWideCode() {
    const wide = [...document.querySelectorAll("pre, pre > code")].filter((node) => node.scrollWidth > node.clientWidth);
    for (const node of wide) node.tabIndex = 0;
  }

  /** The names of resources stand in headings; on a phone they need more than one line. */
  function breakHeading() {
    const text = document.querySelector("h1")?.firstChild;
    if (text?.nodeType === Node.TEXT_NODE && /\w_\w/.test(text.data)) text.replaceWith(...breakable(text.data));
  }

  function contents() {
    const links = new Map();
    for (const link of document.querySelectorAll(".rg-toc a"))
      links.set(document.getElementById(decoded(link.hash.slice(1))), link);
    links.delete(null);
    if (!links.size) return;
    const mark = () => {
      let last = null;
      for (const [heading, link] of links) {
        if (heading.getBoundingClientRect().top > 120) break;
        last = link;
      }
      for (const link of links.values()) link.toggleAttribute("data-current", link === last);
    };
    let waiting = false;
    document.addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    }, { passive: true });
    mark();
  }

  /** Authors also link to arguments by their bare name, as other sites number them: #name, #name-1. */
  function argumentAnchor() {
    const name = decoded(location.hash.slice(1));
    if (!name) return;
    const exact = document.getElementById(name) || document.getElementsByName(name)[0];
    const found = exact || document.getElementById(`attr-${name}`) || document.getElementById(`attr-${name.replace(/-\d+$/, "")}`);
    if (found && (reveal(found) || !exact)) found.scrollIntoView();
  }

  /** Opens what is folded around a place, or after an anchor that stands before it; true when something was closed. */
  function reveal(place) {
    const boxes = [place.parentElement.nextElementSibling].filter((next) => next && next.matches("details.rg-fold"));
    for (let box = place.closest("details"); box; box = box.parentElement.closest("details")) boxes.push(box);
    const closed = boxes.filter((box) => !box.open);
    for (const box of closed) box.open = true;
    return closed.length > 0;
  }

  function listFilter() {
    const status = el("p", { class: "rg-status", role: "status" });
    const input = el("input", { type: "search", class: "rg-filter", placeholder: "Filter by name or description",
      "aria-label": "Filter by name or description", autocomplete: "off", spellcheck: "false" });
    input.addEventListener("input", () => {
      const words = normalized(input.value).split(/\s+/).filter(Boolean);
      let total = 0;
      for (const group of document.querySelectorAll(".rg-group")) {
        let shown = 0;
        for (const item of group.querySelectorAll(".rg-package")) {
          item.hidden = !matches(item.textContent, words);
          shown += item.hidden ? 0 : 1;
        }
        group.hidden = shown === 0;
        total += shown;
      }
      status.textContent = words.length ? `${total} found` : "";
    });
    return el("div", { class: "rg-listfilter" }, input, status);
  }
  define("rg-filter", () => [listFilter()]);

  function completeLinks(within) {
    for (const link of within.querySelectorAll("a[href]")) {
      const url = new URL(link.href, location.href);
      if (url.origin !== location.origin || !url.pathname.startsWith(root.pathname)) continue;
      if (!url.pathname.endsWith("/")) continue;
      url.pathname += "index.html";
      link.href = url.href;
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    copyButtons();
    focusWideCode();
    breakHeading();
    if (!document.getElementById("content")) return; // the handbook, whose theme does the rest itself
    document.querySelector(".rg-min").setAttribute("role", "none"); // the page has a header now
    keys();
    contents();
    argumentAnchor();
    addEventListener("hashchange", argumentAnchor);
    if (asFile) completeLinks(document.body);
    fillRelease();
  });
})();
