"use strict";
const said = (() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  return (english) => words[english] ?? english;
})();
(() => {
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));

  // What a cell is sorted by: its value if it has one, else its words; empty and n/a cells stay last.
  const keyOf = (cell) => {
    if (!cell) return null;
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    const text = cell.textContent.trim();
    return text === "" || text.startsWith("n/a") ? null : text;
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });

  for (const table of all("table[data-sortable]")) {
    const body = table.tBodies[0];
    const original = Array.from(body.rows);
    const groups = original.map((row) => row.className);
    const heads = all("thead th", table);
    for (const head of heads) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = said("Sort by this column");
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const last = head.getAttribute("aria-sort");
        const next = last === null ? "ascending" : last === "ascending" ? "descending" : null;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        let rows = original.slice();
        if (next) {
          head.setAttribute("aria-sort", next);
          const sign = next === "ascending" ? 1 : -1;
          const at = head.cellIndex;
          rows = rows
            .map((row) => [keyOf(row.cells[at]), row])
            .sort(([a], [b]) => (a === null ? (b === null ? 0 : 1) : b === null ? -1 : sign * compare(a, b)))
            .map(([, row]) => row);
        }
        original.forEach((row, i) => (row.className = next ? "" : groups[i]));
        body.append(...rows);
      });
    }
  }

  const words = (cell) => cell.innerText.replace(/\s+/g, " ").trim();
  const toText = (table) =>
    Array.from(table.rows, (row) => Array.from(row.cells, words).join("\t")).join("\n");

  // Selecting and copying works in files opened from disk, where the clipboard interface may be refused.
  const copySelected = (node) => {
    const selection = window.getSelection();
    const range = document.createRange();
    range.selectNodeContents(node);
    selection.removeAllRanges();
    selection.addRange(range);
    const done = document.execCommand("copy");
    selection.removeAllRanges();
    return done;
  };
  const copy = async (node, text) => {
    try {
      const types = { "text/plain": new Blob([text], { type: "text/plain" }) };
      if (node.tagName === "TABLE") types["text/html"] = new Blob([node.outerHTML], { type: "text/html" });
      await navigator.clipboard.write([new ClipboardItem(types)]);
      return true;
    } catch {
      return copySelected(node);
    }
  };
  const copyButton = (label, node, text) => {
    const tools = document.createElement("div");
    tools.className = "tools";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = said(label);
    button.addEventListener("click", async () => {
      const done = await copy(node, text());
      button.textContent = said(done ? "Copied" : "Could not copy");
      setTimeout(() => (button.textContent = said(label)), 1600);
    });
    tools.append(button);
    return tools;
  };
  for (const table of all(".exhibit table")) {
    table.closest(".scroll").after(copyButton("Copy table", table, () => toText(table)));
  }
  for (const words of all(".pastable")) {
    words.after(copyButton("Copy paragraph", words, () => words.textContent.trim()));
  }

  // A link into a folded table opens it; on paper everything is open.
  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target && target.querySelector(":scope > details");
    if (fold) fold.open = true;
  };
  window.addEventListener("hashchange", unfold);
  unfold();
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    closed.forEach((fold) => (fold.open = true));
  });
  window.addEventListener("afterprint", () => closed.forEach((fold) => (fold.open = false)));

  // The section in view is marked in the contents.
  const links = new Map(all(".toc a").map((link) => [link.hash.slice(1), link]));
  const sections = all("main > section, main .exhibit").filter((part) => links.has(part.id));
  const strip = document.querySelector(".toc ol");
  let current = null;
  const mark = () => {
    let now = sections[0];
    for (const section of sections) if (section.getBoundingClientRect().top <= window.innerHeight / 3) now = section;
    if (!now || now === current) return;
    current = now;
    links.forEach((link) => link.removeAttribute("aria-current"));
    const link = links.get(now.id);
    if (!link) return;
    link.setAttribute("aria-current", "true");
    if (strip.scrollWidth > strip.clientWidth) strip.scrollLeft = link.offsetLeft - strip.clientWidth / 3;
  };
  let waiting = false;
  window.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();
})();
