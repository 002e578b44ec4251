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
const chooseMark = (item) => {
  change({ chosen: item.dataset.id });
  if (phone()) markOfEntry(item.dataset.id, `#${CSS.escape(item.closest(".chart").id)}`)?.scrollIntoView({ block: "nearest" }); // the sheet covers the lower half
};
const markOfEntry = (id, inside) => [...document.querySelectorAll(`${inside} .mark`)].find((mark) => mark.dataset.id === id);

/* To the row or the mark of an entry, wherever on the page it stands; with `take` the keyboard goes along. */
function goToMark(id, inside, take) {
  const mark = markOfEntry(id, inside);
  if (!mark) return;
  if (take) takeTurn(mark);
  (mark.closest("[data-rove]") ? mark.closest("svg") : mark).scrollIntoView({ block: phone() ? "start" : "center" });
}

function takeTurn(mark) {
  (mark.closest("[data-rove]") ?? mark.closest("svg")).querySelector('.mark[tabindex="0"]')?.setAttribute("tabindex", -1);
  mark.setAttribute("tabindex", 0);
  mark.focus({ preventScroll: true });
}

function chartSvg(chart, sentence, pick = chooseMark) {
  const [root, items] = markedSvg(chart, sentence);
  rove(root, items, pick);
  return root;
}

/* The charts and the words around them, each where it stands on the page, for a file of their own. */
function chartSheet() {
  const frame = $("charts").getBoundingClientRect(), put = (box) => [round(box.left - frame.left + 4), round(box.top - frame.top + 46)];
  const parts = [...document.querySelectorAll("#charts :is(.warning, .keyline i, .keyline path, .keys path)")].flatMap((sign) => signParts(sign, put));
  const texts = document.createTreeWalker($("charts"), NodeFilter.SHOW_TEXT, (node) => (node.parentElement.closest("svg") || !node.data.trim() ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  while (texts.nextNode()) parts.push(...writtenParts(texts.currentNode, put));
  for (const chart of charts) {
    const [x, y] = put(document.getElementById(chart.id).querySelector("svg").getBoundingClientRect());
    parts.push(...chart.parts.map((part) => ({ ...part, at: [x + (part.at?.[0] ?? 0), y + (part.at?.[1] ?? 0)] })));
  }
  const height = frame.height + 84, title = [words(document.title, 24, 34, { size: 20, weight: 650, fill: ink.ink }), words(t("credit"), 24, height - 16, { size: 12, fill: ink.muted })];
  return { parts, title, dx: 0, dy: 0, width: frame.width + 8, height };
}

/* A patch of a legend, or the ground of the warning. */
function signParts(sign, put) {
  const box = sign.getBoundingClientRect(), [x, y] = put(box), style = getComputedStyle(sign);
  if (!(sign instanceof SVGElement)) return [shape(frameOf(x, y, box.width, box.height, 2), { fill: style.backgroundColor })];
  const [left, top] = put(sign.ownerSVGElement.getBoundingClientRect());
  return [{ d: sign.getAttribute("d"), fill: style.fill, alpha: Number(sign.getAttribute("opacity") ?? 1), move: [left, top, 1] }];
}

function writtenParts(node, put) {
  const range = document.createRange(), style = getComputedStyle(node.parentElement), size = parseFloat(style.fontSize);
  range.selectNodeContents(node);
  const box = range.getBoundingClientRect(), [x, y] = put(box), weight = Number(style.fontWeight), text = node.data.trim();
  const tops = new Set([...range.getClientRects()].map((line) => Math.round(line.top)));
  const lines = tops.size > 1 ? wrap(text, size, box.width + 1, 20, weight) : [text], step = box.height / lines.length;
  return lines.map((line, i) => words(line, x, y + (i + 0.5) * step + size * 0.33, { size, weight, fill: style.color }));
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
  const again = id === undefined ? null : markOfEntry(id, document.getElementById(chart) ? `#${CSS.escape(chart)}` : "#charts");
  if (again) takeTurn(again);
}

/* `draw(width)` fills `charts` and the page; `lines`, `sentence`, `table` say what the panel, a mark and the table hold.
   What does not fit the filters and the search is faded, or with `sifted` not drawn. */
function startFigures({ draw, lines, table, choices, text, sifted = false, rows = "#charts" }) {
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
  }, (id) => { change({ chosen: id }); goToMark(id, rows); }, (found) => { pointed.found = found; sift(); drawTables(); });
  watch(["lang", "theme"], () => { redraw(); filter(); });
  watch(["chosen", "lang"], () => { entryPanel(entries.get(state.chosen), lines); redraw(); });
  watch(FIGURE_FILTERS, () => { sift(); countFilters(); $("found").textContent = [...entries.values()].some(fits) ? "" : t("nothing"); });
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

function figure(chart, sentence, pick) {
  charts.push(chart);
  const made = el("section", "", "chart", { id: chart.id });
  if (chart.title !== document.title) made.append(el(chart.small ? "h3" : "h2", chart.title));
  if (chart.note) made.append(el("p", chart.note, "note"));
  made.append(chartSvg(chart, sentence, pick));
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
