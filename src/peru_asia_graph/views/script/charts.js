/* Charts as scenes, like the networks: SVG on the page, SVG or PNG in a file, every figure selectable. A chart is
   {id, title, note, width, height, parts}; a part with `entry` belongs to that figure. */
const entries = new Map((DATA.entries ?? []).map((entry) => [entry.id, entry]));
const entryName = (entry) => (state.lang === "es" && entry.es) || entry.label;
const charts = [];
const hatch = (x, y, w, h) => {
  let d = "";
  for (let at = -h; at < w; at += 5) d += `M${round(x + Math.max(at, 0))} ${round(y + Math.max(-at, 0))}L${round(x + Math.min(at + h, w))} ${round(y + Math.min(w - at, h))}`;
  return d;
};

/* Keyboard navigation within a widget (roving tabindex): arrow keys move, Enter and clicks pick. */
function rovingTabindex(root, items, pick) {
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

/* The SVG of a chart and its interactive items, one per entry. */
function interactiveSvg(chart, sentence) {
  const root = svg("svg", { width: chart.width, height: chart.height, viewBox: `0 0 ${chart.width} ${chart.height}`, role: "group", "aria-label": chart.label ?? chart.title });
  const items = new Map();
  for (const part of chart.parts) {
    const made = partSvg(part);
    if (!part.entry) {
      root.append(made);
      continue;
    }
    if (!items.has(part.entry)) {
      /* The visible text of an item is the start of its accessible name (WCAG 2.5.3). */
      const written = chart.parts.filter((one) => one.entry === part.entry && one.text !== undefined).map((one) => one.text);
      const label = [written.join(""), sentence(entries.get(part.entry))].filter(Boolean).join(": ");
      const item = svg("g", { class: "item", tabindex: -1, role: "button", "aria-label": label, "data-id": part.entry }, svg("title", {}, sentence(entries.get(part.entry))));
      items.set(part.entry, item);
      root.append(item);
    }
    items.get(part.entry).append(made);
  }
  return [root, [...items.values()]];
}
const chooseItem = (item) => {
  change({ chosen: item.dataset.id });
  if (phone()) itemOfEntry(item.dataset.id, `#${CSS.escape(item.closest(".chart").id)}`)?.scrollIntoView({ block: "nearest" }); // the panel covers the lower half
};
const itemOfEntry = (id, inside) => [...document.querySelectorAll(`${inside} .item`)].find((item) => item.dataset.id === id);

/* Scroll to the row or item of an entry; with `take`, also move the keyboard focus. */
function scrollToItem(id, inside, take) {
  const item = itemOfEntry(id, inside);
  if (!item) return;
  if (take) moveFocus(item);
  const box = item.getBoundingClientRect();
  if (!phone() && box.top >= 0 && box.bottom <= innerHeight) return; // a selection does not scroll the page
  (item.closest("[data-roving]") ? item.closest("svg") : item).scrollIntoView({ block: phone() ? "start" : "center" });
}

function moveFocus(item) {
  (item.closest("[data-roving]") ?? item.closest("svg")).querySelector('.item[tabindex="0"]')?.setAttribute("tabindex", -1);
  item.setAttribute("tabindex", 0);
  item.focus({ preventScroll: true });
}

function chartSvg(chart, sentence, pick = chooseItem) {
  const [root, items] = interactiveSvg(chart, sentence);
  rovingTabindex(root, items, pick);
  return root;
}

/* The charts and the text around them as one scene, for a file. */
function chartsScene() {
  const frame = $("charts").getBoundingClientRect(), put = (box) => [round(box.left - frame.left + 4), round(box.top - frame.top + 46)];
  const parts = [...document.querySelectorAll("#charts :is(.warning, .keyline i, .keyline path, .keys path)")].flatMap((sign) => swatchParts(sign, put));
  const texts = document.createTreeWalker($("charts"), NodeFilter.SHOW_TEXT, (node) => (node.parentElement.closest("svg") || !node.data.trim() ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  while (texts.nextNode()) parts.push(...textParts(texts.currentNode, put));
  for (const chart of charts) {
    const [x, y] = put(document.getElementById(chart.id).querySelector("svg").getBoundingClientRect());
    parts.push(...chart.parts.map((part) => ({ ...part, at: [x + (part.at?.[0] ?? 0), y + (part.at?.[1] ?? 0)] })));
  }
  const height = frame.height + 84, title = [textPart(document.title, 24, 34, { size: 20, weight: 650, fill: ink.ink }), textPart(credit(), 24, height - 16, { size: 12, fill: ink.muted })];
  const blocks = [...document.querySelectorAll("#charts > *")].map((block) => block.getBoundingClientRect()).map((box) => [box.top - frame.top + 40, box.bottom - frame.top + 52]);
  return { parts, title, dx: 0, dy: 0, width: frame.width + 8, height, blocks, seen: 46 - frame.top };
}

/* A legend swatch, or the background of the warning. */
function swatchParts(sign, put) {
  const box = sign.getBoundingClientRect(), [x, y] = put(box), style = getComputedStyle(sign);
  if (!(sign instanceof SVGElement)) return [shape(roundedRect(x, y, box.width, box.height, 2), { fill: style.backgroundColor })];
  const [left, top] = put(sign.ownerSVGElement.getBoundingClientRect());
  return [{ d: sign.getAttribute("d"), fill: style.fill, alpha: Number(sign.getAttribute("opacity") ?? 1), move: [left, top, 1] }];
}

function textParts(node, put) {
  const range = document.createRange(), style = getComputedStyle(node.parentElement), size = parseFloat(style.fontSize);
  range.selectNodeContents(node);
  const box = range.getBoundingClientRect(), [x, y] = put(box), weight = Number(style.fontWeight), text = node.data.trim();
  const tops = new Set([...range.getClientRects()].map((line) => Math.round(line.top)));
  const lines = tops.size > 1 ? wrap(text, size, box.width + 1, 20, weight) : [text], step = box.height / lines.length;
  return lines.map((line, i) => textPart(line, x, y + (i + 0.5) * step + size * 0.33, { size, weight, fill: style.color }));
}

/* --- pages of figures: search, filters, panel and table over the entries -------------------------------- */
const inTab = (entry) => entry.tab === undefined || entry.tab === state.open; // of a page with tabs
const fits = (entry) => fitsBut("", entry);
/* Whether an entry passes all filters but one: used for the counts of that filter's options. */
function fitsBut(one, entry) {
  const wanted = FILTER_NAMES.filter((name) => name !== "min" && name !== one && state[name] !== "");
  return inTab(entry) && wanted.every((name) => (name === "source" ? inSource(entry) : [entry[name]].flat().includes(state[name]))) && (highlight.matches === null || highlight.matches.includes(entry.id));
}

function updateItems() {
  for (const item of document.querySelectorAll("#charts .item")) {
    item.classList.toggle("faded", !fits(entries.get(item.dataset.id)));
    item.classList.toggle("chosen", item.dataset.id === state.chosen);
  }
}

function entryPanel(entry, lines) {
  const panel = $("panel");
  panel.hidden = !entry;
  if (!entry) return;
  const close = el("button", "×", "close", { type: "button", "aria-label": t("close") });
  close.addEventListener("click", () => change({ chosen: "" }));
  const facts = lines(entry).filter(Boolean).map((line) => (typeof line === "string" ? el("p", line, "fact") : line));
  panel.replaceChildren(close, headingOf(entry.about?.[0] ?? entry.id, entryName(entry)), ...facts, el("h3", t("col.where")), places(entry.where));
  panel.scrollTop = 0;
}

/* Redraw and restore the keyboard focus. */
function keepFocus(draw) {
  const at = document.activeElement?.closest?.("#charts .item"), chart = at?.closest(".chart")?.id, id = at?.dataset.id;
  draw();
  const again = id === undefined ? null : itemOfEntry(id, document.getElementById(chart) ? `#${CSS.escape(chart)}` : "#charts");
  if (again) moveFocus(again);
}

/* `draw(width)` fills `charts` and the page; `lines`, `sentence` and `table` return the contents of the panel, an item's name
   and the table. Entries that do not match filters and search are faded or, with `hideFiltered`, not drawn. With `drawsEmpty`
   a page without entries is also drawn. */
function startFigures({ draw, lines, table, choices, text, hideFiltered = false, drawsEmpty = false, rows = "#charts" }) {
  tables.push(table);
  const redraw = () => keepFocus(() => {
    charts.length = 0;
    if (entries.size || drawsEmpty) draw(Math.max(240, $("charts").clientWidth - (phone() ? 32 : 40)));
    else $("charts").replaceChildren(el("p", t("nothing.said"), "warning", { role: "note" }));
    updateItems();
    fitPanel();
  });
  const applyFilter = () => (hideFiltered ? redraw() : updateItems());
  const filter = () => fillFilters([...choices(), ...(SEVERAL ? [["source", SOURCES.map((source) => source.name), shortOf]] : [])], false);
  listenSearch((typed) => {
    const wanted = wantedWords(typed);
    const found = [...entries.values()].filter((entry) => inTab(entry) && hasWords(wanted, foldAccents(text(entry)), likenedAll(text(entry))));
    const whole = ` ${wordsOf(typed).join(" ")} `, named = ({ label, es = "", names = [] }) => [label, es, ...names].map((name) => ` ${wordsOf(name).join(" ")} `);
    const rank = (names) => (names.includes(whole) ? 0 : names.some((name) => name.startsWith(whole)) ? 1 : names.some((name) => name.includes(whole)) ? 2 : 3);
    const ranks = new Map(found.map((entry) => [entry.id, rank(named(entry))]));
    return [...ranks.keys()].sort((a, b) => ranks.get(a) - ranks.get(b)); // the first one is an exact match
  }, (id) => { change({ chosen: id }); scrollToItem(id, rows); }, (found) => { highlight.matches = found; applyFilter(); drawTables(); });
  watch(["lang", "theme"], () => { redraw(); filter(); });
  watch(["chosen", "lang"], () => { entryPanel(entries.get(state.chosen), lines); redraw(); });
  watch(FILTER_NAMES, () => { applyFilter(); countFilters(); $("found").textContent = [...entries.values()].some(fits) ? "" : t("nothing"); });
  watch(["story"], () => { redraw(); drawTables(); });
  watch(["lang", "chosen", ...FILTER_NAMES], drawTables);
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; redraw(); } });
  listenDownloads(chartsScene, () => csvRows(tables[0]));
  $("legend").hidden = true;
  filter();
  entryPanel(entries.get(state.chosen), lines);
  redraw();
  drawTables();
}

/* A section with its heading; collapsible on a phone, where it stays as the reader left it unless it must be open. */
const leftOpen = new Map();
function foldOnPhone(id, name, heading, open) {
  const made = el(phone() ? "details" : "section", "", name);
  if (!phone()) { made.append(heading); return made; }
  const summary = el("summary");
  summary.append(heading);
  made.append(summary);
  made.open = open || leftOpen.get(id) === true;
  summary.addEventListener("click", () => leftOpen.set(id, !made.open));
  return made;
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
