{
  const found = {};
  const get = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const key = (name, ctrlKey = false) => {
    const event = new KeyboardEvent("keydown", { key: name, ctrlKey, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
    return document.activeElement.id;
  };
  const details = () => getComputedStyle(document.activeElement, "::after");

  found.stops = all(".map *").filter((element) => element.tabIndex === 0).map((element) => element.id);
  get("#c0").focus();
  found.right = key("ArrowRight");
  found.down = key("ArrowDown");
  found.end = key("End");
  found.beyond = key("ArrowRight");
  found.home = key("Home");
  found.up = key("ArrowUp");
  found.last = key("End", true);
  found.first = key("Home", true);
  found.stop = all(".map *").filter((element) => element.tabIndex === 0).map((element) => element.id).join();
  found.details = details().display !== "none" && details().content.includes("read of x86_64");
  key("Escape");
  found.hidden = details().display === "none";
  key("ArrowRight");
  found.again = details().display !== "none";
  key("ArrowLeft");
  key("Enter");
  found.enter = location.hash;

  const head = (name) => get(`th[data-sort="${name}"]`);
  const column = (index) => all(".sortable tbody tr").map((row) => row.cells[index].textContent);
  const isSorted = (values, compare) => values.every((value, at) => !at || compare(values[at - 1], value) <= 0);
  head("rules").querySelector("button").click();
  found.sorted = [head("rules").ariaSort, isSorted(column(3), (a, b) => b - a)];
  head("rules").querySelector("button").click();
  found.turned = [head("rules").ariaSort, isSorted(column(3), (a, b) => a - b)];
  found.address = location.hash;
  head("name").querySelector("button").click();
  found.names = [head("name").ariaSort, isSorted(column(1), (a, b) => a.localeCompare(b, "en"))];

  const filter = (value) => {
    get("#filter").value = value;
    get("#filter").dispatchEvent(new Event("input"));
    return all(".sortable tbody tr").filter((row) => row.offsetParent !== null);
  };
  const rows = filter("XATTR");
  found.filtered = [get("#found").textContent, rows.every((row) => row.textContent.includes("xattr"))];
  found.unfiltered = filter("").length === all(".sortable tbody tr").length && !get("#found").textContent;

  const ground = () => getComputedStyle(document.body).backgroundColor;
  const before = ground();
  get("#theme").click();
  found.theme = [get("#theme").textContent, document.documentElement.dataset.theme, ground() !== before];

  const link = get("a.shows");
  link.click();
  const marked = all(".marked");
  found.marked = [
    link.textContent.startsWith(`${marked.length} number`),
    document.activeElement === marked[0],
    get("#marked").textContent.startsWith("Marked: the "),
  ];
  found.fits = document.documentElement.scrollWidth <= innerWidth;

  const result = document.createElement("pre");
  result.id = "probe";
  result.textContent = JSON.stringify(found);
  document.body.append(result);
}
