const MOMENT_PHASES = new Set(["completion", "eia-approved"]); // reached on a day, not lasting

/* The details panel: every fact about the selected node with its citation. */
function fillPanel(id) {
  const panel = $("panel"), node = nodes.get(id);
  const close = el("button", "×", "close", { type: "button", "aria-label": t("close") });
  close.addEventListener("click", () => {
    change({ chosen: "", only: "" });
    if (phone()) backToList(id);
  });
  const homes = node.country && node.type !== "State" ? t("home", { country: country(node.country) }) : "";
  const about = [capital(term(node.event ?? node.type)), homes, node.date ? formatDate(node.date) : ""];
  startCitations();
  panel.replaceChildren(close, headingOf(id, nameOf(node)), el("p", about.filter(Boolean).join(" · "), "fact"));
  const also = (node.names ?? []).filter((name) => name !== nameOf(node));
  if (also.length) panel.append(el("p", t("also", { names: also.join("; ") }), "fact"));
  const traits = [...(node.sector ?? []).map(term), ...unique((node.facts ?? []).filter((fact) => fact.kind === "phase" && inSource(fact)).map(phaseInWords))];
  if (traits.length) panel.append(el("p", capital(traits.join(" · ")), "fact"));
  addLinks(panel, id);
  addShares(panel, id);
  addFacts(panel, node);
  addCitations(panel, (node.where ?? []).filter(placeInSource));
  panel.scrollTop = 0;
}

/* --- citations: numbered throughout the panel, each listed once in full at its end --------------------------- */
let cited = [];
const startCitations = () => { cited = []; };

/* The numbers of citations, "[1, 3]", with their texts as tooltips. */
function cite(where) {
  const numbers = where.map((place) => (cited.includes(place) ? cited.indexOf(place) : cited.push(place) - 1) + 1);
  return el("span", `[${unique(numbers).sort((a, b) => a - b).join(", ")}]`, "cite", { title: where.map(citation).join("\n") });
}

/* The numbered citations, then further citations that name the thing, collapsed if there are many. */
function addCitations(panel, named) {
  const list = el("ol", "", "citations");
  for (const place of cited) list.append(el("li", citation(place)));
  if (cited.length) panel.append(el("h3", t("col.where")), list);
  const rest = named.filter((place) => !cited.includes(place));
  if (!rest.length) return;
  if (rest.length <= 6) return panel.append(el("h3", t("named")), places(rest));
  const fold = el("details", "", "more");
  fold.append(el("summary", t("named.many", { count: number(rest.length) })), places(rest));
  return panel.append(fold);
}

/* A phase, with its certainty and dates unless it is current: "operation planned from 2015". */
const phaseInWords = (fact) => [term(fact.value), fact.certainty === "stated" ? "" : term(fact.certainty), phaseWhen(fact)].filter(Boolean).join(" ");
function phaseWhen(fact) {
  const parts = [];
  if (fact.date && fact.date === fact.until) return formatDate(fact.date);
  if (fact.date) parts.push(MOMENT_PHASES.has(fact.value) ? formatDate(fact.date) : fromWhen(fact.date));
  if (fact.until) parts.push(untilWhen(fact.until));
  if (fact.asof && !fact.date) parts.push(t("asof", { date: formatDate(fact.asof) }));
  return parts.join(" ");
}

/* Return to the row in the list of names. */
function backToList(id) {
  const row = [...$("list").querySelectorAll(".go")].find((one) => one.dataset.id === id);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "center" });
}

/* As high as the diagram next to it, at most as high as the window. */
function fitPanel() {
  $("panel").style.height = phone() ? "" : `${Math.min($("figure").offsetHeight, innerHeight)}px`;
}

const places = (where) => {
  const list = el("p", "", "small");
  where.forEach((place, i) => list.append(...(i ? [el("br")] : []), citation(place)));
  return list;
};

function goTo(id, label) {
  const link = el("button", label ?? nameOf(nodes.get(id)), "go", { type: "button", dir: "auto" });
  link.addEventListener("click", () => {
    const far = link.closest("#table, .list"); // the table is below the diagram
    change({ chosen: id, only: state.only && id });
    if (far) document.querySelector(".stage").scrollIntoView();
  });
  return link;
}

/* A name that selects the thing, followed by the link to its card. */
function nameAndCard(id) {
  if (!cardOf(id)) return goTo(id);
  const both = el("span", "", "named");
  both.append(goTo(id), " ", el("a", "↗", "to-card", { href: cardOf(id), "aria-label": t("card.of", { name: nameOf(nodes.get(id)) }) }));
  return both;
}

/* The sum of the direct stakes for each source that states at least two, and the remainder; nothing is added across sources. */
function addSum(panel, lines) {
  const direct = lines.flatMap((edge) => edge.said ?? [edge]).filter((edge) => isSized(edge) && edge.basis !== "indirect" && edge.certainty !== "former" && edge.certainty !== "planned");
  for (const source of unique(direct.map((edge) => edge.source))) {
    const stakes = direct.filter((edge) => edge.source === source), shares = stakes.map((edge) => edge.share);
    // Bounds and possible stakes cannot be summed, and shares that one holder sold to another were never held by both.
    if (shares.includes(undefined) || stakes.some((one) => UNCERTAIN.has(one.certainty)) || stakes.some((one) => stakes.some((next) => one.end <= next.start))) continue;
    const sum = Math.round(shares.reduce((a, b) => a + b, 0) * 1000) / 1000;
    if (shares.length > 1) panel.append(el("p", `${SEVERAL ? `${shortOf(source)}: ` : ""}${t(sum === 100 ? "sum.whole" : sum < 100 ? "sum.rest" : "sum.over", { sum: percent(sum), rest: percent(Math.round((100 - sum) * 1000) / 1000) })}`, "small"));
  }
}

function addShares(panel, id) {
  const rows = sharesOf(id).filter((row) => nodes.has(row.owner) && nodes.has(row.asset));
  const worked = rows.filter((row) => shareProduct(row));
  if (!worked.length) return;
  const list = el("ul");
  for (const row of worked) {
    const line = el("li");
    line.append(nameAndCard(row.owner === id ? row.asset : row.owner), el("span", shareValue(row), "share"), el("span", `${SEVERAL ? `${shortOf(shareSource(row).source)}: ` : ""}${shareProduct(row)}`, "small"));
    list.append(line);
  }
  panel.append(el("h3", t("effective")), list);
}

function remarks(edge) {
  const parts = [];
  if (edge.role) parts.push(term(edge.role));
  if (edge.relation === "stake" && !isSized(edge)) parts.push(t("unstated"));
  if (edge.relation === NAMED) parts.push(t("nostake"));
  if (edge.basis) parts.push(term(edge.basis));
  if (edge.certainty && edge.certainty !== "stated") parts.push(term(edge.certainty));
  if (edge.relation === "participant") parts.push(...[periodOf(edge)].filter(Boolean));
  else parts.push(...heldWhen(edge));
  if (state.year !== "") parts.push(t(`holds.${holdsIn(edge, state.year)}`, { year: state.year }));
  return parts;
}

/* A start with bounds gets no "from": "from by 2013" is not English. */
const fromWhen = (date) => (/[[/]/.test(date) ? formatDate(date) : t("since", { date: formatDate(date) }));

/* An end known only as a bound: "until 2014 at the latest". */
const untilWhen = (date) => (isBound(date) ? t("date.latest", { date: untilWhen(date.slice(3, -1)) }) : t("until", { date: formatDate(date) }));

/* From when, as of when and until when something held. */
const heldWhen = ({ since, asof, until }) => [since && fromWhen(since), asof && t("asof", { date: formatDate(asof) }), until && untilWhen(until)].filter(Boolean);

const periodOf = ({ since, until }) => (until && !since ? untilWhen(until) : formatDate(unique([since, until].filter(Boolean)).join("/")));
/* The dates of a line: without an end it began at its start, unless it is part of something at one moment. */
const lineWhen = ({ relation, since, until }) => (since && !until && relation !== "participant" ? fromWhen(since) : periodOf({ since, until }));

function addLinks(panel, id, fits = () => true) {
  const groups = new Map();
  const behind = (edge) => edge.relation === "stake" && edge.basis === "indirect";
  const other = (edge) => nameOf(nodes.get(edge.from === id ? edge.to : edge.from));
  for (const edge of mergeSaid(linksOf(id).filter(fits)).sort((a, b) => behind(a) - behind(b) || byName(other(a), other(b)))) {
    const title = behind(edge) ? t(edge.from === id ? "indirect.holds" : "indirect.held") : relation(edge.relation, edge.from === id ? 0 : 1);
    groups.set(title, [...(groups.get(title) ?? []), edge]);
  }
  for (const [title, lines] of groups) {
    const list = el("ul", "", lines.length > 30 ? "members" : "");
    if (lines.length > 30) list.tabIndex = 0;
    for (const edge of lines.slice(0, 500)) {
      const row = el("li");
      row.append(nameAndCard(edge.from === id ? edge.to : edge.from), el("span", `${!edge.differ && isApart(edge) ? "≠ " : ""}${shareText(edge)}`, `share${isApart(edge) ? " differ" : ""}`));
      if (edge.said) row.append(...edge.said.flatMap((one) => [el("span", `${shortOf(one.source)}: ${[edge.differ || edge.later || sizeOf(one) !== sizeOf(edge) ? shareText(one) : "", ...remarks(one)].filter(Boolean).join("; ")} `, "small"), ...(one.where?.length ? [cite(one.where)] : [])]).reduce(joinCites, []));
      else {
        const notes = remarks(edge);
        const who = SEVERAL && state.source === "" && edge.source ? `${shortOf(edge.source)}: ` : "";
        const line = el("span", `${who}${notes.join("; ")}${notes.length ? " " : ""}`, "small");
        if (edge.where?.length) line.append(cite(edge.where));
        if (line.hasChildNodes()) row.append(line);
      }
      list.append(row);
    }
    panel.append(el("h3", title), list);
    if (lines.some((edge) => edge.to === id && edge.relation === "stake")) addSum(panel, lines);
  }
}

/* A citation precedes it on the line. */
function joinCites(rows, part) {
  if (part.className === "cite" && rows.length) rows[rows.length - 1].append(part);
  else rows.push(part);
  return rows;
}

/* Further facts: a home state that is not a link of the network, the phase of a project, an announced investment. */
function addFacts(panel, node, fits = () => true) {
  const linked = linksOf(node.id).some((edge) => HOME.has(edge.relation));
  const facts = (node.facts ?? []).filter(inSource).filter((fact) => fits(fact) && (fact.kind !== "home" || !linked));
  for (const kind of unique(facts.map((fact) => fact.kind))) {
    const list = el("ul");
    for (const [fact, ...again] of sameAmounts(facts.filter((one) => one.kind === kind))) {
      const row = el("li");
      const value = fact.amount ? t("usd", { amount: number(Number(fact.amount)) }) : fact.kind === "home" ? country(fact.value) : fact.printed || capital(term(fact.value ?? ""));
      row.append(el("span", value), el("span", fact.date && fact.kind !== "phase" ? periodOf({ since: fact.date, until: fact.until }) : phaseWhen(fact), "share"));
      row.append(...[fact, ...again].map(factNotes).filter((line) => line.hasChildNodes()));
      if (again.length) row.append(el("span", t("fact.again"), "small"));
      list.append(row);
    }
    panel.append(el("h3", t(`fact.${kind}`)), list);
  }
}

/* Facts; an amount that a source states more than once is listed once. */
function sameAmounts(facts) {
  const groups = new Map();
  for (const [place, fact] of facts.entries()) {
    const key = fact.amount ? `${fact.source ?? ""} ${fact.amount}` : place;
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  return [...groups.values()];
}

/* The subject of a fact, its status and certainty, and its citation. */
function factNotes(fact) {
  const notes = [fact.status, fact.certainty === "stated" ? "" : fact.certainty].filter(Boolean).map(term);
  const line = el("span", [SEVERAL && fact.source ? `${shortOf(fact.source)}:` : "", notes.join("; ")].filter(Boolean).join(" ").replace(/(.)$/, "$1 "), "small");
  if (fact.where) line.append(cite(fact.where.split("; ")));
  return line;
}
