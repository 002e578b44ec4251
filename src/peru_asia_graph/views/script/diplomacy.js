/* The diplomacy page: the board, and how the selection, the search, the year and the filters affect it. */
PAGES.diplomacy = {
  start: startBoard,
};
const shownBoard = { rows: [], items: [], below: [], lines: [], width: 0, height: 0, elements: [] };

/* Build the board for the window. On a phone its height follows its rows. */
function layBoard() {
  const holder = $("board"), width = Math.max(320, holder.clientWidth), rows = shownRows(), groups = boardGroups(rows);
  const lines = state.chosen ? seriesOf(state.chosen).slice(0, 3) : [];
  const top = holder.getBoundingClientRect().top + scrollY;
  shownBoard.rows = rows;
  const laid = phone() ? null : placeBoard(groups, width, innerHeight - top - 8, lines.length);
  const drawn = laid ? drawBoard(laid, lines) : phoneBoard(groups, width);
  Object.assign(shownBoard, { width, lines, height: Math.ceil(laid ? laid.height : drawn.height), ...drawn });
  const at = document.activeElement?.closest?.("#board .item")?.dataset.id;
  holder.replaceChildren(rows.length ? boardSvg() : el("p", nothingText(), "note"));
  if (at !== undefined) shownBoard.elements.find((item) => item.dataset.id === at)?.focus({ preventScroll: true });
  lightBoard();
  showHeld();
}

function boardSvg() {
  const { width, height, items, below } = shownBoard;
  const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": t("keys") });
  root.append(...below.map(partSvg));
  shownBoard.elements = items.map((item) => {
    /* The visible text of an item is in its accessible name (WCAG 2.5.3). */
    const written = item.parts.map((part) => part.text ?? "").join("").trim(), label = item.label.startsWith(written) ? item.label : `${written}: ${item.label}`;
    const made = svg("g", { class: `item ${item.kind}`, "data-id": item.id, ...(item.kind === "plain" ? {} : { tabindex: -1, role: "button", "aria-label": label }) }, svg("title", {}, item.label), ...item.parts.map(partSvg));
    if (item.kind !== "plain") {
      made.addEventListener("mouseenter", () => { highlight.hovered = item.id; lightBoard(); });
      made.addEventListener("mouseleave", () => { highlight.hovered = null; lightBoard(); });
    }
    root.append(made);
    return made;
  });
  rovingTabindex(root, shownBoard.elements.filter((item) => !item.classList.contains("plain")), (item) => change({ chosen: item.dataset.id }));
  root.addEventListener("click", (event) => { if (!event.target.closest(".item[role]")) change({ chosen: "", only: "" }); });
  return root;
}

/* Highlight what belongs to the selection; the three answers for a year have three tones. */
function lightBoard() {
  const lit = litBoard(shownBoard.rows), held = new Map(shownBoard.rows.map((row) => [row.id, rowInYear(row)]));
  for (const [place, item] of shownBoard.elements.entries()) {
    const { id } = item.dataset, row = item.classList.contains("row") ? held.get(id) : undefined, on = isLit(shownBoard.items[place], lit);
    item.classList.toggle("faded", !on);
    item.classList.toggle("lit", Boolean(lit) && on);
    item.classList.toggle("chosen", id === state.chosen);
    item.classList.toggle("unknown", row === "unknown");
    item.classList.toggle("not-then", row === "false");
  }
}

/* A row is highlighted, or participants of a highlighted row of the same group; a partner's bar with any of its rows. */
function isLit(item, lit) {
  if (!lit) return true;
  if (item.kind === "row") return lit.rows.has(item.id);
  if (item.kind === "plain") return Boolean(item.rows?.some((id) => lit.rows.has(id)));
  return lit.who.has(item.id) && (!item.rows?.length || lit.points.has(item.id) || item.rows.some((id) => lit.rows.has(id)));
}

/* On a phone, where there is no room above the picture: how many rows hold in the year, may hold, do not. */
const heldSentence = () => `${state.year}: ${Object.entries(heldCounts()).map(([time, count]) => tPage(`held.${time}`, { count: number(count) })).join(", ")}`;

/* Dealings outside the board: without the home state or without a partner; each can be selected. */
function drawAside() {
  const ids = unique(BOARD.aside.filter(([, source]) => inSource({ source })).map(([id]) => id)).filter((id) => nodes.has(id));
  const list = el("ul");
  for (const id of ids.sort((a, b) => (nodes.get(a).start ?? 9999) - (nodes.get(b).start ?? 9999) || byName(nameOf(nodes.get(a)), nameOf(nodes.get(b))))) {
    const row = el("li"), button = el("button", nameOf(nodes.get(id)), "go", { type: "button" });
    button.addEventListener("click", () => change({ chosen: id }));
    row.append(nodes.get(id).date ? `${formatDate(nodes.get(id).date)} ` : "", button);
    list.append(row);
  }
  $("aside").hidden = !ids.length;
  $("aside").querySelector("summary").textContent = t("board.aside", { count: number(ids.length), state: country(BOARD.home) });
  $("aside").querySelector("ul")?.remove();
  $("aside").append(list);
}

function boardControls() {
  const rows = mergedRows(), partners = unique(rows.flatMap(statesIn)).filter((id) => id !== BOARD.home).sort((a, b) => byName(country(a), country(b)));
  fillFilters([
    ["country", partners, country],
    ["kind", unique(rows.map((row) => row.sign)).sort(), (sign) => capital(t(`sign.${sign}`))],
    ["certainty", unique(rows.map((row) => row.certainty).filter(Boolean)).sort(), (value) => capital(term(value))],
  ], false);
  const folded = state.source === "" ? foldedRows() : 0;
  $("whole").hidden = !folded && state.all === "";
  $("whole").textContent = state.all ? tPage("whole.less") : tPage("whole", { count: number(folded) });
  $("whole").setAttribute("aria-pressed", String(state.all !== ""));
  $("people").hidden = !rows.some((row) => row.people);
  $("people").setAttribute("aria-pressed", String(state.people === ""));
  $("only").disabled = state.chosen === "" && state.only === "";
  $("only").setAttribute("aria-pressed", String(state.only !== ""));
}

/* Symbols instead of colours: states are named on their bars. */
function drawBoardLegend() {
  const held = $("held"); // placed above the dates, to their left
  $("legend").replaceChildren(...boardLegend().map(legendEntry));
  if (held) $("legend").after(held);
}
function boardLegend() {
  const sign = (name, toward = "partner") => ({ width: 16, parts: [shape(signPath(name, toward, 8, 8, 5), { fill: ink.muted })], text: t(`legend.${name}`) });
  return [
    sign("agreement"), sign("visit"), sign("relations"), sign("deed"),
    { width: 24, parts: [shape(roundedRect(0, 5, 24, 6, 1.5), { fill: ink.muted, alpha: 0.6 })], text: t("legend.period") },
    { width: 16, parts: [shape(circle(8, 8, 5), { stroke: ink.muted, width: 1.4 })], text: t("legend.hollow") },
    { width: 6, parts: [shape("M3 0V16", { stroke: ink.line, width: 1, dash: [2, 3] })], text: t("legend.scale") },
  ];
}

function boardScene() {
  const head = { size: 20, weight: 650, fill: ink.ink }, { width, height, items, below } = shownBoard, lit = litBoard(shownBoard.rows);
  const held = new Map(shownBoard.rows.map((row) => [row.id, rowInYear(row)])), tones = { unknown: 0.55, false: 0.2 }; // as on the page
  const tone = (item) => Math.min(isLit(item, lit) ? 1 : 0.16, (item.kind === "row" && tones[held.get(item.id)]) || 1);
  const parts = [...below, ...items.flatMap((item) => (tone(item) < 1 ? item.parts.map((part) => ({ ...part, alpha: (part.alpha ?? 1) * tone(item) })) : item.parts))];
  let x = 24;
  const legend = [...boardLegend(), ...heldEntries()].flatMap((entry) => {
    const at = [x, height + 62];
    x += entry.width + 24 + widthOf(entry.text, LEGEND.size);
    return [...entry.parts.map((part) => ({ ...part, at })), textPart(entry.text, at[0] + entry.width + 6, at[1] + 12.5, { size: LEGEND.size, fill: ink.muted })];
  });
  const title = [textPart(document.title, 24, 30, head), ...legend, textPart([credit(), ...unique(shownBoard.lines.map(seriesSource)).filter((source) => !SOURCES.includes(source)).map((source) => `${source.short}${source.licence ? ` (${licenceName(source.licence)})` : ""}`)].join("; "), 24, height + 104, { size: 12, fill: ink.muted })];
  return { parts, title, dx: 12, dy: 46, width: Math.max(width + 24, x), height: height + 120 };
}

function startBoard() {
  document.body.classList.add("board-page");
  networkTables();
  listenYear();
  listenSuggestions((id) => change({ chosen: id }), (found, one) => { Object.assign(highlight, { matches: found, hovered: one }); lightBoard(); });
  listenSources();
  listenTables();
  $("only").addEventListener("click", () => change({ only: state.only ? "" : state.chosen }));
  $("whole").addEventListener("click", () => change({ all: state.all ? "" : "1" }));
  $("people").addEventListener("click", () => change({ people: state.people === "" ? "0" : "" }));
  const panel = () => { $("panel").hidden = !nodes.has(state.chosen); if (nodes.has(state.chosen)) fillBoardPanel(state.chosen); };
  const redraw = () => { layBoard(); fitPanel(); };
  watch(["chosen", "lang", "source", "year", "only", "all", "people", ...FILTER_NAMES], panel);
  watch(["chosen", "lang", "only", "all", "people", ...FILTER_NAMES], boardControls);
  watch(["lang", "theme"], drawBoardLegend);
  watch(["story"], redraw);
  watch(["lang", "source"], drawAside);
  watch(["chosen", "lang", "only", "all", "people", "theme", "year", ...FILTER_NAMES], redraw);
  watch(["only", "all", "lang", "year", "chosen", ...FILTER_NAMES], drawTables);
  addEventListener("resize", redraw);
  listenDownloads(boardScene, () => csvRows(tables[0]));
  drawBoardLegend();
  boardControls();
  panel();
  drawAside();
  redraw();
  drawTables();
}
