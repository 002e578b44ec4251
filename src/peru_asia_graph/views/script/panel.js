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
  panel.replaceChildren(close, headingOf(id, nameOf(node)), el("p", about.filter(Boolean).join(" · "), "fact"));
  const also = (node.names ?? []).filter((name) => name !== nameOf(node));
  if (also.length) panel.append(el("p", t("also", { names: also.join("; ") }), "fact"));
  const traits = [...(node.sector ?? []).map(term), ...unique((node.facts ?? []).filter((fact) => fact.kind === "phase" && inSource(fact)).map(phaseInWords))];
  if (traits.length) panel.append(el("p", capital(traits.join(" · ")), "fact"));
  addShares(panel, id);
  addLinks(panel, id);
  addFacts(panel, node);
  const named = (node.where ?? []).filter(placeInSource);
  if (named.length) panel.append(el("h3", t("named")), places(named));
  panel.scrollTop = 0;
}

/* A phase, with its certainty and time unless it is a fact of the present: "operation planned from 2015". */
function phaseInWords(fact) {
  const parts = [term(fact.value), fact.certainty === "stated" ? "" : term(fact.certainty)];
  if (fact.date) parts.push(/[[/]/.test(fact.date) || MOMENT_PHASES.has(fact.value) ? formatDate(fact.date) : t("since", { date: formatDate(fact.date) }));
  if (fact.until) parts.push(t("until", { date: formatDate(fact.until) }));
  return parts.filter(Boolean).join(" ");
}

/* Return to the row in the list of names. */
function backToList(id) {
  const row = [...$("list").querySelectorAll(".go")].find((one) => one.dataset.id === id);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "center" });
}

/* As high as the diagram beside it, at most as high as the window. */
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

/* A name that chooses the thing, and beside it the way to its card. */
function nameAndCard(id) {
  if (!cardOf(id)) return goTo(id);
  const both = el("span", "", "named");
  both.append(goTo(id), " ", el("a", "↗", "to-card", { href: cardOf(id), "aria-label": t("card.of", { name: nameOf(nodes.get(id)) }) }));
  return both;
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
  if (edge.relation === "stake" && edge.share === undefined) parts.push(t("unstated"));
  if (edge.relation === NAMED) parts.push(t("nostake"));
  if (edge.basis) parts.push(term(edge.basis));
  if (edge.certainty && edge.certainty !== "stated") parts.push(term(edge.certainty));
  if (edge.relation === "participant") parts.push(...[periodOf(edge)].filter(Boolean));
  else {
    if (edge.since) parts.push(t("since", { date: formatDate(edge.since) }));
    if (edge.asof) parts.push(t("asof", { date: formatDate(edge.asof) }));
    if (edge.until) parts.push(t("until", { date: formatDate(edge.until) }));
  }
  if (state.year !== "") parts.push(t(`holds.${holdsIn(edge, state.year)}`, { year: state.year }));
  return parts;
}

const periodOf = ({ since, until }) => (until && !since ? t("until", { date: formatDate(until) }) : formatDate([since, until].filter(Boolean).join("/")));

function addLinks(panel, id) {
  const groups = new Map();
  for (const edge of mergeSaid(linksOf(id))) {
    const title = relation(edge.relation, edge.from === id ? 0 : 1);
    groups.set(title, [...(groups.get(title) ?? []), edge]);
  }
  for (const [title, lines] of groups) {
    const list = el("ul", "", lines.length > 30 ? "members" : "");
    if (lines.length > 30) list.tabIndex = 0;
    for (const edge of lines.slice(0, 500)) {
      const row = el("li");
      row.append(nameAndCard(edge.from === id ? edge.to : edge.from), el("span", shareText(edge), `share${edge.differ ? " differ" : ""}`));
      if (edge.said) row.append(...edge.said.flatMap((one) => [el("span", `${shortOf(one.source)}: ${[edge.differ || edge.later ? shareText(one) : "", ...remarks(one)].filter(Boolean).join("; ")}`, "small"), ...(one.where?.length ? [places(one.where)] : [])]));
      else {
        const notes = remarks(edge);
        if (notes.length) row.append(el("span", notes.join("; "), "small"));
        if (edge.where?.length) row.append(places(edge.where));
      }
      list.append(row);
    }
    panel.append(el("h3", title), list);
  }
}

/* Further facts: a home state that is no link of the network, the phase of a project, an announced investment. */
function addFacts(panel, node) {
  const linked = linksOf(node.id).some((edge) => HOME.has(edge.relation));
  const facts = (node.facts ?? []).filter(inSource).filter((fact) => fact.kind !== "home" || !linked);
  for (const kind of unique(facts.map((fact) => fact.kind))) {
    const list = el("ul");
    for (const fact of facts.filter((one) => one.kind === kind)) {
      const row = el("li");
      const value = fact.amount ? t("usd", { amount: number(Number(fact.amount)) }) : fact.kind === "home" ? country(fact.value) : fact.printed || capital(term(fact.value ?? ""));
      row.append(el("span", value), el("span", fact.date || fact.until ? periodOf({ since: fact.date, until: fact.until }) : "", "share"));
      const notes = [fact.status, fact.certainty === "stated" ? "" : fact.certainty].filter(Boolean).map(term);
      if (notes.length) row.append(el("span", notes.join("; "), "small"));
      if (fact.where) row.append(places(fact.where.split("; ")));
      list.append(row);
    }
    panel.append(el("h3", t(`fact.${kind}`)), list);
  }
}

/* The panel of a group: its members. */
function fillGroupPanel(group) {
  const panel = $("panel");
  const close = el("button", "×", "close", { type: "button", "aria-label": t("close") });
  close.addEventListener("click", () => change({ chosen: "" }));
  panel.replaceChildren(close, el("h2", group.label));
  const list = el("ul", "", "members", { tabindex: 0 });
  for (const node of group.members.slice(0, 200)) {
    const row = el("li");
    row.append(nameAndCard(node.id));
    list.append(row);
  }
  panel.append(el("h3", t("names")), list);
}
