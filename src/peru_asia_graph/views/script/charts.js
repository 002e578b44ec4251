/* Charts as parts of a scene, like the networks: shown as SVG in the page, saved as SVG or PNG, each figure a thing to
   choose. A chart is {id, title, note, width, height, parts}; a part with `entry` belongs to that figure. */
const entries = new Map((DATA.entries ?? []).map((entry) => [entry.id, entry]));
const entryName = (entry) => (state.lang === "es" && entry.es) || entry.label;
const charts = [];
const hatch = (x, y, w, h) => {
  let d = "";
  for (let at = -h; at < w; at += 5) d += `M${round(x + Math.max(at, 0))} ${round(y + Math.max(-at, 0))}L${round(x + Math.min(at + h, w))} ${round(y + Math.min(w - at, h))}`;
  return d;
};

/* Arrows go from one to the next, Enter or a click picks. */
function rove(root, items, pick) {
  items[0]?.setAttribute("tabindex", 0);
  for (const item of items) item.addEventListener("click", () => pick(item));
  root.addEventListener("keydown", (event) => {
    const here = items.indexOf(document.activeElement), step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (here < 0) return;
    if (step && items[here + step]) {
      event.preventDefault();
      items[here].setAttribute("tabindex", -1);
      items[here + step].setAttribute("tabindex", 0);
      items[here + step].focus();
    }
    if (["Enter", " "].includes(event.key)) {
      event.preventDefault();
      pick(items[here]);
    }
  });
}

/* The parts of a chart as SVG, and the marks among them, by entry. */
function markedSvg(chart, sentence) {
  const root = svg("svg", { width: chart.width, height: chart.height, viewBox: `0 0 ${chart.width} ${chart.height}`, role: "group", "aria-label": chart.label ?? chart.title });
  const items = new Map();
  for (const part of chart.parts) {
    const made = partSvg(part);
    if (!part.entry) {
      root.append(made);
      continue;
    }
    if (!items.has(part.entry)) {
      /* What is written on the mark comes first, so that it can be called by what one sees. */
      const written = chart.parts.filter((one) => one.entry === part.entry && one.text !== undefined).map((one) => one.text);
      const label = [written.join(""), sentence(entries.get(part.entry))].filter(Boolean).join(": ");
      const item = svg("g", { class: "mark", tabindex: -1, role: "button", "aria-label": label, "data-id": part.entry }, svg("title", {}, sentence(entries.get(part.entry))));
      items.set(part.entry, item);
      root.append(item);
    }
    items.get(part.entry).append(made);
  }
  return [root, [...items.values()]];
}
const chooseMark = (item) => change({ chosen: item.dataset.id });

function chartSvg(chart, sentence) {
  const [root, items] = markedSvg(chart, sentence);
  rove(root, items, chooseMark);
  return root;
}

/* All charts below each other, for a file of their own. */
function chartSheet() {
  let y = 60;
  const parts = [], width = Math.max(...charts.map((chart) => chart.width), 400) + 48;
  for (const chart of charts) {
    parts.push({ ...words(chart.title, 24, y + 16, { size: 16, weight: 650, fill: ink.ink }) });
    for (const part of chart.parts) parts.push({ ...part, at: [24, y + 30] });
    y += chart.height + 60;
  }
  const title = [words(document.title, 24, 34, { size: 20, weight: 650, fill: ink.ink }), words(t("credit"), 24, y + 10, { size: 12, fill: ink.muted })];
  return { parts, title, dx: 0, dy: 0, width, height: y + 30 };
}

const FIGURE_FILTERS = ["country", "type", "sector", "status", "table", "date", "mark"];

/* --- pages of figures: search, filters, panel and table over the entries -------------------------------- */
function fits(entry) {
  const wanted = FIGURE_FILTERS.filter((name) => state[name] !== "");
  return wanted.every((name) => entry[name] === state[name]) && (pointed.found === null || pointed.found.includes(entry.id));
}

function markEntries() {
  for (const mark of document.querySelectorAll("#charts .mark")) {
    mark.classList.toggle("faded", !fits(entries.get(mark.dataset.id)));
    mark.classList.toggle("chosen", mark.dataset.id === state.chosen);
  }
}

function entryPanel(entry, lines) {
  const panel = $("panel");
  panel.hidden = !entry;
  if (!entry) return;
  const close = el("button", "×", "close", { type: "button", "aria-label": t("close") });
  close.addEventListener("click", () => change({ chosen: "" }));
  const facts = lines(entry).filter(Boolean).map((line) => (typeof line === "string" ? el("p", line, "fact") : line));
  panel.replaceChildren(close, el("h2", entryName(entry)), ...facts, el("h3", t("col.where")), places(entry.where));
  panel.scrollTop = 0;
}

/* The mark the keyboard was at, found again after the charts are drawn anew. */
function keepFocus(draw) {
  const at = document.activeElement?.closest?.("#charts .mark"), chart = at?.closest(".chart")?.id, id = at?.dataset.id;
  draw();
  const again = id === undefined ? null : [...(document.getElementById(chart) ?? $("charts")).querySelectorAll(".mark")].find((mark) => mark.dataset.id === id);
  if (!again) return;
  (again.closest("[data-rove]") ?? again.closest("svg")).querySelector('.mark[tabindex="0"]')?.setAttribute("tabindex", -1);
  again.setAttribute("tabindex", 0);
  again.focus({ preventScroll: true });
}

/* `draw(width)` fills `charts` and the page; `lines`, `sentence`, `table` say what the panel, a mark and the table hold.
   What does not fit the filters and the search is faded, or with `sifted` not drawn. */
function startFigures({ draw, lines, table, choices, text, sifted = false }) {
  tables.push(table);
  const redraw = () => keepFocus(() => {
    charts.length = 0;
    draw($("charts").clientWidth - (phone() ? 32 : 40));
    markEntries();
    fitPanel();
  });
  const sift = () => (sifted ? redraw() : markEntries());
  const filter = () => fillFilters(choices(), false);
  listenSearch((typed) => {
    const asked = plain(typed).split(/\s+/).filter(Boolean);
    return [...entries.values()].filter((entry) => asked.every((word) => plain(text(entry)).includes(word))).map((entry) => entry.id);
  }, (id) => change({ chosen: id }), (found) => { pointed.found = found; sift(); drawTables(); });
  watch(["lang", "theme"], () => { redraw(); filter(); });
  watch(["chosen", "lang"], () => { entryPanel(entries.get(state.chosen), lines); redraw(); });
  watch(FIGURE_FILTERS, () => { sift(); countFilters(); });
  watch(["lang", "chosen", ...FIGURE_FILTERS], drawTables);
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; redraw(); } });
  listenDownloads(chartSheet, () => csvRows(tables[0]));
  $("legend").hidden = true;
  filter();
  entryPanel(entries.get(state.chosen), lines);
  redraw();
  drawTables();
}

function figure(chart, sentence) {
  charts.push(chart);
  const made = el("section", "", "chart", { id: chart.id });
  if (chart.title !== document.title) made.append(el(chart.small ? "h3" : "h2", chart.title));
  if (chart.note) made.append(el("p", chart.note, "note"));
  made.append(chartSvg(chart, sentence));
  return made;
}

function keyline(pairs) {
  const line = el("p", "", "keyline");
  for (const [colour, text] of pairs) {
    const entry = el("span"), patch = el("i");
    patch.style.background = colour;
    entry.append(patch, text);
    line.append(entry);
  }
  return line;
}
