/* The content as sortable tables; long ones are extended on demand. */
const PAGE = 100;
const PHONE_ROWS = 12; // rows on a phone at first
const tables = []; // {title, heads, rows: [{cells, sort, id}], numeric}; a cell is a text, {id, text} or {text, make()}

function drawTables() {
  const section = $("table");
  section.replaceChildren();
  for (const table of tables) {
    const heading = el("h2", `${table.title()} `);
    const rows = table.rows();
    heading.append(el("span", number(rows.length), "count"));
    if (GRAPH && SOURCES.length) {
      section.append(foldedTable(table, heading, rows));
      continue;
    }
    const scroll = el("div", "", "scroll", { tabindex: 0, role: "region", "aria-label": table.title() });
    scroll.append(tableOf(table, rows));
    section.append(heading, scroll);
  }
}

/* The table of a network opens on demand, because the picture comes first; not for the user's own graph. */
function foldedTable(table, heading, rows) {
  const fold = el("details", "", "fold"), summary = el("summary");
  summary.append(heading);
  fold.append(summary);
  const fill = () => {
    const scroll = el("div", "", "scroll", { tabindex: 0, role: "region", "aria-label": table.title() });
    scroll.append(tableOf(table, rows));
    fold.append(scroll);
  };
  fold.addEventListener("toggle", () => {
    table.open = fold.open;
    if (fold.open && fold.childElementCount === 1) fill();
  });
  if (table.open) {
    fill();
    fold.open = true;
  }
  return fold;
}

/* The links to the tables open the first. */
function listenTables() {
  for (const link of document.querySelectorAll('a[href="#table"]')) link.addEventListener("click", (event) => {
    event.preventDefault(); // the address is the state
    tables[0].open = true;
    drawTables();
    $("table").scrollIntoView();
    $("table").querySelector("summary, .scroll")?.focus({ preventScroll: true });
  });
}

function tableOf(table, rows) {
  const made = el("table", "", "", { id: table.id }), head = el("thead"), line = el("tr"), body = el("tbody");
  table.heads().forEach((title, column) => {
    const cell = el("th", "", table.numeric.includes(column) ? "number" : "", { scope: "col" });
    const button = el("button", title, "", { type: "button" });
    if (table.sorted?.column === column) cell.setAttribute("aria-sort", table.sorted.up ? "ascending" : "descending");
    button.addEventListener("click", () => {
      table.sorted = { column, up: table.sorted?.column === column ? !table.sorted.up : true };
      drawTables();
      $(table.id).querySelectorAll("th button")[column].focus();
    });
    cell.append(button);
    line.append(cell);
  });
  head.append(line);
  made.append(head, body);
  const sorted = sortRows(rows, table.sorted), first = Math.max(PHONE_ROWS, 1 + sorted.findIndex((row) => row.ids?.includes(state.chosen)));
  const add = (from) => {
    const page = from === 0 && phone() ? first : table.page ?? PAGE;
    for (const row of sorted.slice(from, from + page)) body.append(rowOf(row, table));
    if (sorted.length <= from + page) return;
    const more = el("tr"), cell = el("td", "", "", { colspan: table.heads().length }), button = el("button", t("more"), "", { type: "button" });
    button.addEventListener("click", () => { more.remove(); add(from + page); });
    cell.append(button);
    more.append(cell);
    body.append(more);
  };
  add(0);
  return made;
}

function sortRows(rows, sorted) {
  if (!sorted) return rows;
  const key = (row) => row.sort?.[sorted.column] ?? textOf(row.cells[sorted.column]);
  const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : byName(String(a), String(b)));
  const ordered = [...rows].sort((a, b) => order(key(a), key(b)));
  return sorted.up ? ordered : ordered.reverse();
}

const textOf = (cell) => (typeof cell === "object" ? cell.text : cell);
function rowOf(row, table) {
  const line = el("tr", "", row.ids?.includes(state.chosen) ? "chosen" : "");
  const heads = table.heads();
  row.cells.forEach((cell, column) => {
    const made = el("td", "", table.numeric.includes(column) ? "number" : "");
    made.dataset.head = heads[column]; // on a phone the cells of a row are stacked
    if (cell.make) made.append(cell.make());
    else if (typeof cell === "object") made.append(goTo(cell.id, cell.text));
    else made.textContent = cell;
    line.append(made);
  });
  return line;
}

const csvRows = (table) => [table.heads(), ...table.rows().map((row) => row.cells.map(textOf))];

/* --- the tables of a network ---------------------------------------------------------------------------- */
function networkTables() {
  const link = (id) => ({ id, text: nameOf(nodes.get(id)) });
  const date = (thing) => (thing.start !== undefined ? thing.start : 9999);
  const holding = DATA.kind === "ownership", shares = edges.some(isSized);
  const named = (a, b) => byName(nameOf(nodes.get(a)), nameOf(nodes.get(b)));
  tables.push({
    id: "lines", numeric: shares ? [3] : [], title: () => t("lines"),
    heads: () => [t(holding ? "col.owner" : DIRECTED ? "col.from" : "col.name"), t("col.relation"), t(holding ? "col.owned" : DIRECTED ? "col.to" : "col.linked"), ...(shares ? [t("col.share")] : []), t("col.remarks"), t("col.date"), ...(SEVERAL ? [t("col.source")] : []), t("col.where")],
    rows: () => [...visibleGraph().lines].sort((a, b) => named(a.from, b.from) || named(a.to, b.to)).map((edge) => ({
      ids: [edge.from, edge.to],
      cells: [
        link(edge.from), relation(edge.relation, 0), link(edge.to), ...(shares ? [sizeText(edge)] : []),
        remarks({ ...edge, since: "", until: "" }).join("; "), lineWhen(edge), ...(SEVERAL ? [shortOf(edge.source)] : []), (edge.where ?? []).map(formatPlace).join("; "),
      ],
      sort: shares ? { 3: edge.share ?? edge.low ?? edge.high ?? -1, 5: date(edge) } : { 4: date(edge) },
    })),
  });
  tables.push({
    id: "names", numeric: [], title: () => t("names"),
    heads: () => [t("col.name"), t("col.kind"), t("col.home"), t("col.date"), t("col.where")],
    rows: () => [...visibleGraph().nodes].sort((a, b) => named(a.id, b.id)).map((node) => ({
      ids: [node.id],
      cells: [link(node.id), capital(term(node.event ?? node.type)), node.country ? country(node.country) : "", node.date ? formatDate(node.date) : "", (node.where ?? []).filter(placeInSource).map(formatPlace).join("; ")],
      sort: { 3: date(node) },
    })),
  });
}
