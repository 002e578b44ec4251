/* The page of a network: computes the layout for the window, draws it and applies the state. */
const NETWORK_PAGE = { start: startNetwork };
PAGES.ownership = {
  ...NETWORK_PAGE,
};
PAGES.graph = NETWORK_PAGE;

const focusId = () => highlight.hovered ?? (state.chosen || null);

function currentFocus() {
  const id = focusId();
  if (id === null) return null;
  if (nodes.has(id)) return view.at(id) === id ? focusChain(id) : null;
  const chain = new Set([id]);
  for (const edge of view.drawn) if (edge.from === id || edge.to === id) chain.add(edge.from).add(edge.to);
  return chain;
}

/* The opacity of a node: selection, search and year combined. */
function alphaOf(node, chain) {
  if (node.group) return chain && !chain.has(node.id) && ![...chain].some((id) => view.at(id) === node.id) ? 0.2 : 1;
  const held = nodeHolds(node);
  const time = held === "true" ? 1 : held === "unknown" ? 0.62 : 0.14;
  const found = highlight.matches === null || chain || highlight.matches.includes(node.id) ? 1 : 0.16;
  return Math.min(time, found, chain && !chain.has(node.id) ? 0.2 : 1);
}

const homeOf = (id) => (nodes.has(id) ? homeInColour(nodes.get(id)) : groupOf(id)?.country);

/* The state whose colour a firm has: its home state, or else that of its owners if all have the same; as on the map. */
const coloured = new Map();
function homeInColour(node) {
  const [stated] = FILTERS.country(node);
  if (stated !== undefined || !MINES || ASSETS.has(node.type) || node.group) return stated;
  if (!coloured.has(node.id)) {
    coloured.set(node.id, undefined); // owners may own each other
    const owners = unique(linksOf(node.id).filter((edge) => edge.to === node.id && ["stake", "hasSubsidiary"].includes(edge.relation) && edge.certainty !== "former").map((edge) => edge.from));
    const homes = unique(owners.map((id) => homeInColour(nodes.get(id))));
    coloured.set(node.id, homes.length === 1 ? homes[0] : undefined);
  }
  return coloured.get(node.id);
}

/* --- drawing -------------------------------------------------------------------------------------------- */
/* Stakes that the source itself calls indirect are labelled so, because they are part of another's share. */
const shareInWords = (edge) => `${shareText(edge)}${edge.basis === "indirect" && isSized(edge) ? ` ${term("indirect")}` : ""}`;
/* The share at the end of a line. */
const endLabel = (edge) => `${!edge.differ && isApart(edge) ? "≠ " : ""}${shareInWords(edge)}`;

function edgeLook(edge, chain) {
  const times = (edge.said ?? [edge]).map((one) => holdsIn(one, state.year)), time = ["true", "unknown"].find((one) => times.includes(one)) ?? "false";
  const on = !chain || (edge.relation === "bundle" ? edge.from === focusId() || edge.to === focusId() : lineInChain(edge, focusId(), chain));
  const home = HOME.has(edge.relation), doubt = UNCERTAIN.has(edge.certainty), kind = lineClass(edge);
  const ends = Math.min(...[edge.from, edge.to].map((id) => (nodes.has(id) ? alphaOf(nodes.get(id), null) : 1)));
  const base = home ? 0.42 : chain ? 1 : edge.relation === "bundle" ? 0.5 : 0.72;
  return {
    on, arrow: DIRECTED && !home,
    colour: ink[tone(home ? edge.from : homeOf(edge.from))],
    width: home ? 1.1 : kind === "named" ? LINE_KINDS.named.width : edge.relation === "bundle" ? Math.min(0.8 + Math.sqrt(edge.count) / 2, 10) : edge.share === undefined || doubt ? 1.7 : 1.2 + edge.share * 0.06,
    style: lineStyle(edge, kind),
    alpha: Math.min(time === "false" ? 0.08 : time === "unknown" && !home ? 0.42 : 1, on ? base : state.only ? 0.4 : 0.07, ends),
  };
}

/* Each style has one meaning: dash-dot is former, dotted is unconfirmed, hollow is a company only named. */
function lineStyle(edge, kind) {
  const doubt = !UNCERTAIN.has(edge.certainty) ? "" : edge.certainty === "former" ? "former" : "dotted";
  if (kind === "named") return doubt ? `named-${doubt}` : "named";
  return doubt || (kind === "unstated" ? "dashed" : "solid");
}

function currentScene() {
  const { layout } = view, chain = currentFocus(), parts = [];
  for (const spine of layout.spines) parts.push(...spineParts(spine));
  const size = Math.max(11.5, layout.size - 1.5);
  for (const title of layout.titles) parts.push(textPart(title.text, title.left, title.y + 4, { size, weight: 600, fill: ink.muted }));
  const drawn = view.drawn.filter((edge) => layout.routes.has(edge.id)).map((edge) => [edge, layout.routes.get(edge.id), edgeLook(edge, chain)]);
  for (const on of [false, true]) {
    for (const [edge, route, look] of drawn) if (look.on === on) parts.push(...lineParts(edge, route, look));
    for (const [edge, route, look] of drawn) if (look.on === on) parts.push(...endParts(edge, route, Math.max(11, layout.size - 1), Math.min(1, look.alpha / 0.72), on && chosenLine(edge)));
  }
  const loops = new Map();
  for (const edge of view.lines.filter((one) => one.from === one.to && layout.places.has(one.from))) {
    loops.set(edge.from, (loops.get(edge.from) ?? 0) + 1);
    parts.push(...loopParts(edge, layout.places.get(edge.from), edgeLook(edge, chain), loops.get(edge.from)));
  }
  if (chain && layout.routes.size === 0) parts.push(...focusLines(layout, chain));
  for (const box of layout.places.values()) parts.push(...boxParts(box.node, box, { alpha: alphaOf(box.node, chain), unknown: !box.node.group && nodeHolds(box.node) === "unknown", chosen: box.id === state.chosen, cursor: box.id === highlight.cursor }), ...amountParts(box, chain));
  if (chain && !phone()) parts.push(...effectiveParts(layout, parts)); // the ladder has no room for products; they are in the panel
  return parts;
}

/* The lines of the selected chain have the marks of all sources, and reserved space for them. */
const chosenChain = { key: "", chain: null };
function chosenLine(edge) {
  if (!state.chosen || !nodes.has(state.chosen) || highlight.hovered !== null) return false;
  const key = `${state.chosen} ${state.source}`;
  if (chosenChain.key !== key) Object.assign(chosenChain, { key, chain: focusChain(state.chosen) });
  return lineInChain(edge, state.chosen, chosenChain.chain);
}

/* The label at the end of a line: its share and the source marks. */
function endParts(edge, route, size, alpha, always) {
  const text = route.elbow ? "" : endLabel(edge), marks = marksOf(edge, always), end = route.elbow ? route.to : route[route.length - 1]; // in a ladder, the boxes show the shares
  const wide = marksWidth(marks), fromRight = !route.elbow && entrySide(route) > 0;
  const x = fromRight ? end[0] + 10 + wide + (text ? widthOf(text, size) : 0) : end[0] - (marks.length ? 9 : 10);
  if (route.elbow) return [];
  return [...markParts(marks, x, end[1], size, alpha), ...(text ? labelParts(text, x - wide, end[1], size, alpha, isApart(edge) ? DIFFER : {}) : [])];
}

/* The amount announced for a project, to the right of its box. */
function amountParts(box, chain) {
  const text = view.layout.amounts ? amountsOf(box.node) : "", size = Math.max(11, view.layout.size - 1);
  return text ? [textPart(text, box.left + box.w + 8, box.y + size * 0.33, { size, fill: ink.muted, alpha: alphaOf(box.node, chain) })] : [];
}

const DIFFER = { weight: 650, differ: true };
/* Lines do not pass behind texts, which would look struck out. */
const patchAlpha = (alpha) => (alpha < 0.3 ? 0.6 : 1);
/* A share at the end of its line, on a background patch. */
function labelParts(text, x, y, size, alpha, look = {}) {
  const w = widthOf(text, size, look.weight ?? 400) + 6;
  const patches = (look.differ ? [ink.halo, ink.differ] : [ink.halo]).map((fill) => shape(roundedRect(x - w + 3, y - size * 0.55, w, size * 1.1, 2), { fill, alpha: fill === ink.differ ? Math.max(alpha, 0.6) : patchAlpha(alpha) }));
  return [...patches, textPart(text, x, y + size * 0.33, { fill: ink.ink, ...look, size, anchor: "end", alpha })];
}

function spineParts({ x, ...spine }) {
  const last = spine.ticks[spine.ticks.length - 1];
  const d = `M${round(x)} ${round(spine.top)}V${round(last)}${spine.ticks.map((y) => `M${round(x)} ${round(y)}h${spine.indent - 8}`).join("")}`;
  return [shape(d, { stroke: ink[tone(spine.head)], width: 1.1, alpha: 0.5 })];
}

const FEW = 12;
/* In the board layout only the links of the selected node are drawn, between facing sides. */
function focusLines(layout, chain) {
  const here = layout.places.get(focusId());
  const others = [...chain].filter((id) => id !== here?.id && layout.places.has(id));
  if (!here || others.length > FEW) return []; // many links would hide their ends, so the ends are highlighted instead
  return others.map((id) => {
    const there = layout.places.get(id);
    const same = Math.abs(there.left - here.left) < 20, right = there.left > here.left;
    const a = [right && !same ? here.left + here.w : here.left, here.y], b = [right && !same ? there.left : same ? there.left : there.left + there.w, there.y];
    const bend = same ? -26 : (b[0] - a[0]) / 2;
    return shape(`M${round(a[0])} ${round(a[1])}C${round(a[0] + bend)} ${round(a[1])} ${round(b[0] - (same ? -bend : bend))} ${round(b[1])} ${round(b[0])} ${round(b[1])}`, { stroke: ink.accent, width: 1.6 });
  });
}

/* The bounding box of a text: left, top, right, bottom. */
function extent({ text, x, y, size, weight, anchor }) {
  const wide = widthOf(text, size, weight), left = x - wide * { start: 0, middle: 0.5, end: 1 }[anchor];
  return [left, y - size * 0.72, left + wide, y + size * 0.1];
}
function meets(a, b) {
  return a[0] < b[2] + 2 && b[0] < a[2] + 2 && a[1] < b[3] && b[1] < a[3];
}

/* The effective share of each owner in the selected asset, as a product or only the result, if there is room next to or
   below the box. The panel lists all of them. */
function effectiveParts(layout, drawn) {
  const id = focusId(), size = Math.max(11, layout.size - 1), look = { size, weight: 650, fill: ink.accent, halo: ink.halo };
  const taken = drawn.filter((part) => part.text !== undefined && (part.alpha ?? 1) > 0.3).map(extent);
  return sharesOf(id).filter((row) => shareProduct(row) && layout.places.has(row.owner) && layout.places.has(row.asset)).flatMap((row) => {
    const box = layout.places.get(row.owner === id ? row.asset : row.owner), right = box.left + box.w;
    const places = [shareProduct(row), shareValue(row)].flatMap((text) => [textPart(text, right + 12, box.y + size * 0.33, look), textPart(text, box.left, box.y + box.h / 2 + size * 1.02, look)]);
    const free = places.find((part) => extent(part)[2] <= layout.width + 4 && !taken.some((other) => meets(extent(part), other)));
    if (!free) return [];
    const [left, top, end, bottom] = extent(free);
    taken.push(extent(free));
    return [shape(roundedRect(left - 3, top - 1, end - left + 6, bottom - top + 2, 2), { fill: ink.halo, alpha: 0.9 }), free];
  });
}

/* --- applying the state -------------------------------------------------------------------------------- */
function repaint() {
  if (!view.layout) return;
  view.parts = currentScene();
  view.network.redraw();
}

function relayout() {
  document.body.classList.toggle("chosen-page", state.chosen !== "");
  const { nodes: members, lines, drawn, at, levels } = groupNodes(visibleGraph());
  Object.assign(view, { nodes: [...members, ...(phone() ? [] : foldNodes())], lines, drawn, at, levels });
  const canvas = $("canvas"), width = canvas.clientWidth;
  const top = canvas.getBoundingClientRect().top + scrollY;
  const room = phone() ? 0 : Math.max(360, innerHeight - top - 2);
  const layout = computeLayout((width || 350) - 2 * MARGIN.x, room - MARGIN.top - MARGIN.bottom);
  applyLayout(layout, Math.max(room, layout.height + MARGIN.top + MARGIN.bottom));
  $("back").hidden = state.open === "" && !view.nodes.some((node) => node.group && !node.fold); // its space is reserved from the start, so that nothing moves
  bringChosen();
  fillKeys();
  repaint();
}

function showPanel() {
  const panel = $("panel"), open = state.chosen !== "" && nodes.has(state.chosen);
  panel.hidden = !open;
  if (open) fillPanel(state.chosen);
  $("only").disabled = !open && !state.only;
  $("only").setAttribute("aria-pressed", String(state.only !== ""));
  $("back").disabled = state.open === "";
  const folded = state.source === "" && !MINES ? foldedCount() : 0;
  $("whole").hidden = !folded;
  $("whole").textContent = tPage(state.all ? "whole.less" : "whole", { count: number(folded) });
  $("whole").setAttribute("aria-pressed", String(state.all !== ""));
}

/* A selection does not scroll the page: if the diagram is taller than the window, it is moved within the frame instead. */
function bringChosen() {
  const box = state.chosen && !phone() ? view.layout.places.get(view.at(state.chosen)) : null;
  if (!box) return;
  const top = $("canvas").getBoundingClientRect().top, from = Math.max(top, 0), at = top + view.network.canvasToDOM({ x: box.x, y: box.y }).y;
  if (at - box.h / 2 >= from && at + box.h / 2 <= innerHeight - 8) return;
  const centre = view.network.getViewPosition();
  view.network.moveTo({ position: { x: centre.x, y: centre.y + (at - (from + innerHeight) / 2) / view.network.getScale() }, animation: false });
}

/* On a phone the panel is above the list. */
function showChosen() {
  if (phone()) document.querySelector(".stage").scrollIntoView();
}

function startNetwork() {
  document.body.classList.add("graph-page");
  networkTables();
  networkFilters();
  listenYear();
  listenSuggestions((id) => { change({ chosen: id }); showChosen(); }, (found, one) => {
    Object.assign(highlight, { matches: found, hovered: one });
    fillList();
    repaint();
  });
  listenSources();
  listenTables();
  openCanvas(repaint);
  $("only").addEventListener("click", () => change({ only: state.only ? "" : state.chosen }));
  $("whole").addEventListener("click", () => change({ all: state.all ? "" : "1" }));
  $("back").addEventListener("click", () => change({ open: "", chosen: "" }));
  watch(["chosen", "lang", "year", "only", "open", "all", "source"], showPanel);
  watch([...FILTER_NAMES, "lang"], () => { countFilters(); });
  watch(["lang"], () => { networkFilters(); drawLegend(); });
  watch(["theme", "only", "all", "source"], drawLegend);
  watch(["year", "lang", "theme", ...CHOICES, ...FILTER_NAMES], showHeld);
  watch(["chosen", "lang", "only", "all", "open", ...FILTER_NAMES, "theme"], () => { relayout(); fitPanel(); });
  watch(["story"], () => { relayout(); fillList(); });
  watch(["year"], repaint);
  watch(["only", "all", "lang", "year", "chosen", "open", ...FILTER_NAMES], () => { drawTables(); fillList(); });
  addEventListener("resize", () => { fillList(); relayout(); fitPanel(); });
  listenDownloads(() => networkScene(view.parts, view.layout), () => csvRows(tables[0]));
  drawLegend();
  showPanel();
  fillList();
  relayout();
  fitPanel();
  drawTables();
  showHeld();
}

/* The scene with title above and the legend below, for a file. */
function networkScene(parts, layout) {
  const head = { size: 20, weight: 650, fill: ink.ink }, top = layout.height + 90;
  const { parts: legend, width, height } = legendParts(24, top, Math.max(layout.width, widthOf(document.title, head.size, head.weight)));
  const around = [textPart(document.title, 24, 30, head), ...legend];
  if (DATA.title == null) around.push(textPart(credit(), 24, top + height + 18, { size: 12, fill: ink.muted })); // not for the user's own graph
  return { parts, title: around, dx: 24, dy: 74, width: width + 48, height: top + height + 34 };
}
