
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  all(".scripted").forEach((part) => { part.hidden = false; });

  // Dark or light: the reader's choice overrides the system's.
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const toggle = one("#theme");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  const nameToggle = () => { toggle.textContent = isDark() ? "Light colors" : "Dark colors"; };
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    nameToggle();
  });
  system.addEventListener("change", nameToggle);
  nameToggle();

  // Unfold everything for printing.
  addEventListener("beforeprint", () => all("details").forEach((part) => { part.open = true; }));

  // A link into a folded part unfolds it.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // The map is one tab stop; arrow keys move between its cells.
  const map = one(".map");
  if (!map) return;
  const rows = all("tbody tr", map).map((row) => all("td", row));
  map.setAttribute("role", "grid");
  map.setAttribute("aria-describedby", "keys");
  rows.flat().forEach((cell) => { cell.tabIndex = -1; });
  all("tbody a", map).forEach((link) => { link.tabIndex = -1; });
  let current = null;
  const stopAt = (cell) => {
    if (current) current.tabIndex = -1;
    current = cell;
    current.tabIndex = 0;
  };
  const first = one(".map td a");
  if (rows.length) stopAt(first ? first.parentElement : rows[0][0]);
  map.addEventListener("focusin", (event) => {
    const cell = event.target.closest("tbody td");
    if (cell) { map.classList.remove("quiet"); stopAt(cell); }
  });
  map.addEventListener("pointermove", () => map.classList.remove("quiet"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.classList.add("quiet");
  });
  const goes = {
    ArrowLeft: (y, x) => [y, x - 1], ArrowRight: (y, x) => [y, x + 1],
    ArrowUp: (y, x) => [y - 1, x], ArrowDown: (y, x) => [y + 1, x],
    Home: (y, x, all) => [all ? 0 : y, 0],
    End: (y, x, all) => (all ? [rows.length - 1, rows.at(-1).length - 1] : [y, rows[y].length - 1]),
  };
  map.addEventListener("keydown", (event) => {
    const cell = event.target.closest("tbody td");
    if (!cell || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && event.target === cell) {
      const link = cell.querySelector("a");
      if (link) link.click();
      return;
    }
    if (!goes[event.key]) return;
    event.preventDefault();
    const y = rows.findIndex((row) => row.includes(cell));
    const [toY, toX] = goes[event.key](y, rows[y].indexOf(cell), event.ctrlKey);
    const next = rows[toY] && rows[toY][toX];
    if (next) next.focus();
  });

  // The link of a rule marks its numbers in the map.
  all("a.shows").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    all(".marked", map).forEach((cell) => cell.classList.remove("marked"));
    const item = link.closest("li");
    const marked = item.querySelector(".nrs").textContent.split(", ").flatMap((range) => {
      const [from, to = from] = range.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => one(`#c${from + index}`));
    });
    marked.forEach((cell) => cell.classList.add("marked"));
    const file = item.parentElement.dataset.file;
    one("#marked").textContent = `Marked: the ${link.textContent} of ${file}:${item.value}.`;
    marked[0].focus({ preventScroll: true });
    one("#map").scrollIntoView();
  }));

  // The search shows the syscalls and rules that contain a text, and unfolds them.
  const filter = one("#filter");
  const found = (kind, items, wanted) => {
    const shown = items.filter((item) => {
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
      return !item.hidden;
    });
    return `${shown.length} of ${items.length} ${kind}`;
  };
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    const numbers = found("syscalls", all(".sortable tbody tr"), wanted);
    const rules = found("rules", all(".rules > li"), wanted);
    if (wanted) all("#syscalls details, #rules details").forEach((part) => { part.open = true; });
    one("#found").textContent = wanted ? `${numbers}, ${rules}` : "";
  });

  // Sorts the table by a column. The address keeps the order: #sort=rules, #sort=-rules.
  const body = one(".sortable tbody");
  if (!body) return;
  const heads = all(".sortable thead th");
  const lines = all("tr", body);
  const sort = (key, isDown) => {
    const index = heads.findIndex((head) => head.dataset.sort === key);
    if (index < 0) return;
    const isNumber = heads[index].classList.contains("n");
    const value = (line) => {
      const text = line.cells[index].textContent;
      return isNumber ? Number(text) : text;
    };
    const compare = (a, b) => (isNumber ? a - b : a.localeCompare(b, "en"));
    const sorted = lines.map((line) => [value(line), line]);
    sorted.sort(([a], [b]) => (isDown ? compare(b, a) : compare(a, b)));
    body.append(...sorted.map(([, line]) => line));
    heads.forEach((head, at) => {
      if (at === index) head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  };
  heads.filter((head) => head.dataset.sort).forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const was = head.getAttribute("aria-sort");
      const isDown = was ? was === "ascending" : head.classList.contains("n") && head.dataset.sort !== "nr";
      sort(head.dataset.sort, isDown);
      history.replaceState(null, "", `#sort=${isDown ? "-" : ""}${head.dataset.sort}`);
    });
  });
  const asked = () => {
    const found = location.hash.match(/^#sort=(-?)(\w+)$/);
    if (found) sort(found[2], found[1] === "-");
  };
  heads[0].setAttribute("aria-sort", "ascending");
  addEventListener("hashchange", asked);
  asked();
})();
