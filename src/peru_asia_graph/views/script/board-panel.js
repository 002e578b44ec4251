/* The panel of the board: both sides of a dealing and what each source says; for anyone else, the dealings they took part in. */
const FIRST_ROWS = 12;

function fillBoardPanel(id) {
  const panel = $("panel"), row = mergedRows().find((one) => one.id === id || one.said.some((said) => said.folded?.includes(id)));
  if (row) {
    boardPanelHead(panel, nodes.get(row.id), [capital(term(nodes.get(row.id).event ?? nodes.get(row.id).type)), rowDate(row) || t("undated")]);
    addSaid(panel, row);
    addSides(panel, row);
    addFacts(panel, nodes.get(row.id), (fact) => !DATE_FACTS.includes(fact.kind));
    return addCitations(panel, (nodes.get(row.id).where ?? []).filter(placeInSource));
  }
  const node = nodes.get(id);
  if (DEALINGS.has(node.type)) return fillPanel(id); // outside the board: its participants are its links
  const homes = node.country && node.type !== "State" ? t("home", { country: country(node.country) }) : "";
  boardPanelHead(panel, node, [capital(term(node.type)), homes]);
  const also = (node.names ?? []).filter((name) => name !== nameOf(node));
  if (also.length) panel.append(el("p", t("also", { names: also.join("; ") }), "fact"));
  addRows(panel, boardGroups(mergedRows().filter((one) => lights(one, id))).flatMap((group) => group.rows), countsOf(id));
  addSeries(panel, id);
  addLinks(panel, id, (edge) => !["participant", "party"].includes(edge.relation));
  addFacts(panel, node);
  addCitations(panel, (node.where ?? []).filter(placeInSource));
}

function boardPanelHead(panel, node, about) {
  const close = el("button", "×", "close", { type: "button", "aria-label": t("close") });
  close.addEventListener("click", () => change({ chosen: "", only: "" }));
  startCitations();
  panel.replaceChildren(close, headingOf(node.id, nameOf(node)), el("p", about.filter(Boolean).join(" · "), "fact"));
  panel.scrollTop = 0;
}

/* The participants by side; those without a known side, and the subjects, below. */
function addSides(panel, row) {
  const kinds = (id) => ["State"].includes(nodes.get(id)?.type);
  const sides = [[t("board.side", { state: country(BOARD.home) }), [BOARD.home, ...(row.home ?? [])]]];
  for (const partner of row.partners) sides.push([t("board.side", { state: country(partner) }), [partner, ...(row.across ?? []).filter((id) => !kinds(id) && (row.partners.length === 1 || stateOf(id) === partner))]]);
  const placed = new Set(sides.flatMap(([, ids]) => ids));
  sides.push([t("board.beside"), actorsOf(row).filter((id) => !placed.has(id))]);
  for (const [title, ids] of sides.filter(([, some]) => some.length)) {
    const list = el("ul");
    for (const id of ids.filter((one) => nodes.has(one))) {
      const line = el("li"), links = linksOf(row.id).concat(...(row.folded ?? []).map((event) => linksOf(event) ?? [])).filter((edge) => edge.from === id && edge.role);
      line.append(nameAndCard(id), el("span", unique(links.map((edge) => term(edge.role))).join(", "), "small"));
      list.append(line);
    }
    panel.append(el("h3", title), list);
  }
}

/* What each source says: date, certainty, related events and citation. */
function addSaid(panel, row) {
  panel.append(el("h3", t("board.says")));
  const facts = (nodes.get(row.id).facts ?? []).filter((fact) => inSource(fact) && DATE_FACTS.includes(fact.kind));
  for (const one of row.said) {
    const list = el("ul"), events = [row.id, ...(one.folded ?? [])], dates = facts.filter((fact) => fact.source === one.source);
    if (dates.length) panel.append(datesLine(one, dates));
    else if (SEVERAL) panel.append(el("p", `${shortOf(one.source)}: ${rowDate(one) || t("undated")}`, "fact"));
    for (const id of events) {
      const links = linksOf(id).filter((edge) => edge.to === id && ["participant", "party"].includes(edge.relation) && (edge.source ?? "") === one.source), where = unique(links.flatMap((edge) => edge.where ?? []));
      if (!where.length || (id === row.id && dates.length)) continue;
      const line = el("li"), when = links.find((edge) => edge.since || edge.until), sure = links.map((edge) => edge.certainty).find((certainty) => certainty && certainty !== "stated");
      line.append(el("span", id === row.id ? t("board.this") : nameOf(nodes.get(id))), el("span", when ? periodOf(when) : "", "share"));
      if (sure) line.append(el("span", term(sure), "small"));
      line.append(cite(where));
      list.append(line);
    }
    if (list.hasChildNodes()) panel.append(list);
  }
}

/* The dates that a source gives for an agreement: "DESTA: signed 2009; in force 2010 [1]". */
const DATE_FACTS = ["signed", "in-force", "ended"];
function datesLine(one, dates) {
  const line = el("p", "", "fact said-dates"), order = (fact) => DATE_FACTS.indexOf(fact.kind);
  if (SEVERAL) line.append(el("b", shortOf(one.source)), ": ");
  line.append([...dates].sort((a, b) => order(a) - order(b)).map((fact) => t(`board.${fact.kind}`, { date: periodOf({ since: fact.date, until: fact.until }) })).join("; "), " ");
  line.append(cite(unique(dates.flatMap((fact) => (fact.where ? fact.where.split("; ") : [])))));
  return line;
}

/* How many of a state's dealings are on its bar (those with it alone), and how many are not shown. */
function countsOf(id) {
  const all = mergedRows().filter((row) => lights(row, id)), drawn = shownRows().filter((row) => lights(row, id));
  const alone = drawn.filter((row) => row.partners.length === 1 && row.partners[0] === id).length, hidden = all.length - drawn.length;
  const bar = barStates(shownRows()).includes(id) && alone < all.length ? t("board.alone", { count: number(alone), state: country(id) }) : "";
  return [bar, hidden ? t("board.hidden", { count: number(hidden) }) : ""].filter(Boolean).join(" ");
}

function addRows(panel, rows, counts) {
  if (!rows.length) return;
  const list = el("ul");
  const add = (some) => some.forEach((row) => {
    const line = el("li");
    line.append(nameAndCard(row.id), el("span", rowDate(row), "share"), el("span", [t(`sign.${row.sign}`), row.partners.map(country).join(", ")].filter(Boolean).join(" · "), "small"));
    list.append(line);
  });
  add(rows.slice(0, FIRST_ROWS));
  panel.append(el("h3", t("board.dealings", { count: number(rows.length) })), ...(counts ? [el("p", counts, "small")] : []), list);
  if (rows.length <= FIRST_ROWS) return;
  const more = el("button", t("board.all", { count: number(rows.length) }), "", { type: "button" });
  more.addEventListener("click", () => { more.remove(); add(rows.slice(FIRST_ROWS)); });
  panel.append(more);
}

/* The time series, each with its source: first and last value with citations. */
function addSeries(panel, id) {
  const lines = seriesOf(id);
  if (!lines.length) return;
  const list = el("ul");
  for (const line of lines) {
    const row = el("li"), [first, last] = [line.points[0], line.points[line.points.length - 1]];
    row.append(el("span", seriesName(line)), el("span", t("board.from-to", { first: first[0], a: seriesValue(line, first[1]), last: last[0], b: seriesValue(line, last[1]) }), "small"));
    if (line.where) row.lastChild.append(" ", cite(line.where));
    list.append(row);
  }
  panel.append(el("h3", t("board.series")), list);
}
