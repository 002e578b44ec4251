/* The sources: what each is, and where two speak of the same matter, with both statements and their places. */
PAGES.sources = {
  start: startSources,
  icon: { back: "M8 20H190M8 64H190", front: "M20 20h64M114 64h64M70 42h20M108 42h20", colour: "s0", width: 9 },
  examples: { sourcesdiffer: "#kind=value" },
};

const DIFFERENCE_SIGNS = { value: "≠", date: "≠", later: "→", level: "⇅", silent: "–", refines: "≈", agrees: "=" };
const kindOfDifference = (kind) => t(`sources.kind.${kind}`);
const propertyName = (name) => (own(DATA.words[state.lang], `sources.property.${name}`) === undefined ? humanize(name) : t(`sources.property.${name}`));
const sideText = (side, entry) => side.says || (side.value ? (entry.property === "sharePercent" ? percent(Number(side.value)) : formatDate(side.value)) : t("sources.nothing"));

function startSources() {
  const all = [...entries.values()], kinds = unique(all.map((entry) => entry.kind));
  for (const entry of all) entry.sources = entry.both.map((side) => side.source);
  startFigures({
    hideFiltered: true,
    rows: ".difference",
    draw: drawSources,
    text: (entry) => [entry.label, propertyName(entry.property), kindOfDifference(entry.kind), ...entry.both.map((side) => sideText(side, entry))].join(" "),
    choices: () => [["kind", kinds, (kind) => capital(kindOfDifference(kind))]],
    lines: (entry) => [`${DIFFERENCE_SIGNS[entry.kind] ?? ""} ${capital(kindOfDifference(entry.kind))}`, t(`sources.kind.${entry.kind}.means`)],
    table: {
      id: "lines", numeric: [], title: () => t("sources.differences"),
      heads: () => ["sources.about", "sources.property", "sources.kind", "sources.one", "sources.other", "col.where"].map((key) => t(key)),
      rows: () => all.filter(fits).map((entry) => ({
        ids: [entry.id],
        cells: [entry.label, propertyName(entry.property), kindOfDifference(entry.kind), ...entry.both.map((side) => `${shortOf(side.source)}: ${sideText(side, entry)}`), entry.where.map(formatPlace).join("; ")],
      })),
    },
  });
}

function drawSources() {
  const all = [...entries.values()], shown = all.filter(fits), cards = el("section", "", "sources");
  cards.append(el("h2", t("sources.each")), ...DATA.described.map(sourceCard));
  const list = el("section", "", "differences"), line = el("div", "", "keys");
  for (const kind of unique(all.map((entry) => entry.kind))) {
    const count = all.filter((entry) => entry.kind === kind).length;
    const key = el("button", `${DIFFERENCE_SIGNS[kind] ?? ""} ${capital(kindOfDifference(kind))} ${number(count)}`, "", { type: "button", "aria-pressed": String(state.kind === kind), "data-kind": kind });
    key.addEventListener("click", () => { change({ kind: state.kind === kind ? "" : kind }); if ($("filter-kind")) $("filter-kind").value = state.kind; document.querySelector(`[data-kind="${kind}"]`)?.focus(); });
    line.append(key);
  }
  list.append(el("h2", t("sources.differences")), el("p", t(all.length ? "sources.differences.lead" : "sources.none"), "note"), line);
  for (const kind of unique(shown.map((entry) => entry.kind))) {
    list.append(el("h3", capital(kindOfDifference(kind))), el("p", t(`sources.kind.${kind}.means`), "note"));
    list.append(...shown.filter((entry) => entry.kind === kind).map(differenceRow));
  }
  $("charts").replaceChildren(cards, list);
}

/* What a source is: title, dates, licence, how to cite it, and how much of it is in the graph. */
function sourceCard(source) {
  const card = el("article", "", "source"), facts = el("dl");
  const fact = (key, value) => { if (value) facts.append(el("dt", t(`sources.${key}`)), value instanceof Node ? el("dd").appendChild(value).parentNode : el("dd", value)); };
  const link = (address, text = address) => (/^https?:\/\//.test(address ?? "") ? el("a", text, "", { href: address, rel: "noreferrer" }) : address ?? "");
  card.append(el("h3", source.short), el("p", source.title, "note"));
  fact("date", source.date && formatDate(source.date));
  fact("asof", source.as_of && formatDate(source.as_of));
  fact("licence", source.licence && link(source.licence, licenceName(source.licence)));
  fact("citation", source.citation);
  fact("address", source.address && link(source.address));
  fact("counts", t("sources.counts.text", { things: number(source.things), statements: number(source.statements), places: number(source.places) }));
  card.append(facts);
  return card;
}

/* One difference: what both sources say, side by side, each with its places. */
function differenceRow(entry) {
  const row = el("article", "", `difference ${entry.kind}`), head = el("p", "", "about"), sides = el("div", "", "sides");
  head.append(el("span", DIFFERENCE_SIGNS[entry.kind] ?? "", "sign", { "aria-hidden": "true" }), el("b", entry.label), ` ${propertyName(entry.property)}`);
  for (const side of entry.both) {
    const box = el("div");
    box.append(el("span", shortOf(side.source), "who"), el("span", sideText(side, entry), side.says || side.value ? "said" : "said silent"));
    if (side.where.length) box.append(places(side.where));
    sides.append(box);
  }
  row.append(head, sides);
  if (entry.preferred) row.append(el("p", t("sources.preferred", { source: shortOf(entry.preferred), reason: entry.reason ?? "" }), "note"));
  return row;
}
