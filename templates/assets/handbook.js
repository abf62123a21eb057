/* What the handbook's theme expects to find on the page: where the site begins, and values kept in the browser. */
(() => {
  "use strict";

  const { base, tabs } = document.currentScript.dataset;
  const scope = new URL(base, location.href);

  function read(name, area = localStorage, place = scope) {
    try {
      return JSON.parse(area.getItem(`${place.pathname}.${name}`));
    } catch {
      return null; // storage is switched off, or holds something else
    }
  }

  function write(name, value, area = localStorage, place = scope) {
    try {
      area.setItem(`${place.pathname}.${name}`, JSON.stringify(value));
    } catch {
      /* storage is switched off: nothing is remembered */
    }
  }

  function hash(text) {
    let sum = 0;
    for (const char of text) sum = ((sum << 5) - sum + char.charCodeAt(0)) | 0;
    return sum;
  }

  /** Tabs that were chosen elsewhere, and the tab that the address names. */
  function openTabs() {
    const chosen = tabs === undefined ? null : read("__tabs");
    for (const set of Array.isArray(chosen) ? document.querySelectorAll(".tabbed-set") : []) {
      const labels = [...set.querySelectorAll(":scope > .tabbed-labels > label")];
      const label = chosen.map((name) => labels.find((item) => item.textContent.trim() === name)).find(Boolean);
      if (label) document.getElementById(label.htmlFor).checked = true;
    }
    const named = document.getElementById(location.hash.slice(1));
    if (named && named.name && named.name.startsWith("__tabbed_")) named.checked = true;
  }

  Object.assign(window, { __md_scope: scope, __md_get: read, __md_set: write, __md_hash: hash });
  document.addEventListener("DOMContentLoaded", openTabs);
})();
