/* The sources: what each is; a bar and a table comparing two on the same thing; a second tab with contradictions within one. */
PAGES.sources = {
  start: startSources,
};

/* Symbol and colour of each kind of difference, in the order of the bar; a later source is not an error. */
const DIFFERENCE_KINDS = { agrees: ["=", "s0"], refines: ["≈", "s4"], later: ["→", "s2"], level: ["⇅", "s5"], silent: ["–", "s7"], date: ["≠", "k2"], value: ["≠", "k3"] };
const WITHIN = "within";
const kindOfDifference = (kind) => t(`sources.kind.${kind}`);
const propertyName = (name) => (own(DATA.words[state.lang], `sources.property.${name}`) === undefined ? humanize(name) : t(`sources.property.${name}`));
const sideText = (side, entry) => (side.says && side.says + (side.indirect ? ` (${t("sources.indirect")})` : "") + (side.date ? `: ${formatDate(side.date)}` : "")) || (side.value ? (entry.property === "sharePercent" ? percent(Number(side.value)) : formatDate(side.value)) : t("sources.nothing"));
const signOf = (kind) => own(DIFFERENCE_KINDS, kind)?.[0] ?? "";
const tabEntries = () => [...entries.values()].filter(inTab);

function startSources() {
  const all = [...entries.values()].filter((entry) => !entry.tab), kinds = Object.keys(DIFFERENCE_KINDS).filter((kind) => all.some((entry) => entry.kind === kind));
  for (const entry of entries.values()) Object.assign(entry, entry.tab ? { sources: [entry.source] } : { sources: entry.both.map((side) => side.source), type: entry.property });
  startFigures({
    hideFiltered: true,
    drawsEmpty: true,
    draw: drawSources,
    text: (entry) => (entry.tab ? [entry.label, entry.description, entry.reading ?? ""] : [entry.label, entry.es ?? "", propertyName(entry.property), kindOfDifference(entry.kind), ...entry.both.map((side) => sideText(side, entry))]).join(" "),
    choices: () => [["kind", kinds, (kind) => capital(kindOfDifference(kind))], ["type", unique(all.map((entry) => entry.property)), (name) => capital(propertyName(name))]],
    lines: differenceLines,
    table: {
      id: "lines", numeric: [], page: 1000,
      title: () => t(state.open === WITHIN ? "sources.within" : "sources.differences"),
      heads: () => (state.open === WITHIN ? ["sources.what", "sources.describe", "sources.reading", "col.where"] : ["sources.about", "sources.property", "sources.one", "sources.other", "sources.kind", "sources.remark"]).map((key) => t(key)),
      rows: () => tabEntries().filter(fits).map(entryRow),
    },
  });
  watch(["open"], () => { redrawSources(); drawTables(); });
  watch(["lang"], () => { document.querySelector('label[for="filter-type"]')?.replaceChildren(t("sources.property")); });
}
const redrawSources = () => { charts.length = 0; keepFocus(() => drawSources(Math.max(240, $("charts").clientWidth - (phone() ? 32 : 40)))); updateItems(); };

/* The name of an entry: a link to its subject's card if there are cards; otherwise it opens the panel. */
function entryLink(entry) {
  if (!SITE.card || !entry.about.length) return goTo(entry.id, entryName(entry));
  return el("a", entryName(entry), "", { href: cardOf(entry.about[0]) });
}

function entryRow(entry) {
  const name = { text: entryName(entry), make: () => entryLink(entry) };
  if (entry.tab) return { ids: [entry.id], cells: [name, entry.description, entry.reading ?? "", entry.where.map(formatPlace).join("; ")] };
  const side = (one) => ({ text: `${shortOf(one.source)}: ${sideText(one, entry)}${one.where.length ? ` (${one.where.map(formatPlace).join("; ")})` : ""}`, make: () => sideBox(one, entry, 2) });
  const kind = { text: kindOfDifference(entry.kind), make: () => { const made = el("span", "", `sign ${entry.kind}`); made.append(el("b", signOf(entry.kind), "", { "aria-hidden": "true" }), ` ${kindOfDifference(entry.kind)}`); return made; } };
  return { ids: [entry.id], sort: { 4: Object.keys(DIFFERENCE_KINDS).length - Object.keys(DIFFERENCE_KINDS).indexOf(entry.kind) }, cells: [name, propertyName(entry.property), ...entry.both.map(side), kind, remarkOf(entry)] };
}
const remarkOf = (entry) => {
  const who = [entry.judged_by, entry.judged_on].filter(Boolean).join(", ");
  return entry.preferred ? t("sources.preferred", { source: shortOf(entry.preferred), reason: `${entry.reason ?? ""}${who && ` (${who})`}` }) : "";
};

function sideBox(side, entry, few = side.where.length) {
  const box = el("div");
  box.append(el("span", shortOf(side.source), "who"), el("span", sideText(side, entry), side.says || side.value ? "said" : "said silent"));
  if (side.where.length) box.append(places(side.where.slice(0, few)));
  if (side.where.length > few) box.append(el("p", t("sources.places", { count: number(side.where.length - few) }), "small"));
  return box;
}

/* The panel of a difference or a discrepancy. */
function differenceLines(entry) {
  const links = SITE.card ? entry.about.map((slug) => el("a", entry.tab ? humanize(slug) : entryName(entry), "", { href: cardOf(slug) })) : [];
  const more = links.length ? [el("p", "", "fact")] : [];
  for (const link of links) more[0].append(link, " ");
  if (entry.tab) return [entry.description, ...(entry.reading ? [el("h3", t("sources.reading")), el("p", entry.reading)] : []), ...more];
  return [`${signOf(entry.kind)} ${capital(kindOfDifference(entry.kind))} · ${propertyName(entry.property)}`, t(`sources.kind.${entry.kind}.means`), ...entry.both.map((side) => sideBox(side, entry)), remarkOf(entry), ...more];
}

function drawSources(width) {
  const cards = el("section", "", "sources"), list = el("section", "", "differences");
  cards.append(el("h2", t("sources.each")), ...DATA.described.map(sourceCard));
  const tabs = el("div", "", "keys tabs"), within = [...entries.values()].filter((entry) => entry.tab).length, between = entries.size - within;
  for (const [tab, key, count] of [["", "sources.differences", between], [WITHIN, "sources.within", within]]) {
    const made = el("button", `${t(key)} ${number(count)}`, "", { type: "button", "aria-pressed": String(state.open === tab), "data-tab": tab });
    made.addEventListener("click", () => { change({ open: tab, chosen: "", ...NO_FILTERS }); document.querySelector(`[data-tab="${tab}"]`)?.focus(); });
    tabs.append(made);
  }
  list.append(tabs);
  if (state.open === WITHIN) list.append(el("p", t("sources.within.lead"), "note"));
  else if (!between) list.append(el("p", t(DATA.described.length > 1 ? "sources.none" : "sources.single"), "warning", { role: "note" }));
  else list.append(el("p", t("sources.differences.lead"), "note"), figure(differenceBar(width), differenceSentence), kindKeys());
  $("charts").replaceChildren(cards, list);
}
const differenceSentence = (entry) => `${entryName(entry)}, ${propertyName(entry.property)}: ${kindOfDifference(entry.kind)}. ${entry.both.map((side) => `${shortOf(side.source)}: ${sideText(side, entry)}`).join("; ")}`;

/* One bar with a slice for each difference, by kind; each slice opens its statements. */
function differenceBar(width) {
  const all = tabEntries().sort((a, b) => Object.keys(DIFFERENCE_KINDS).indexOf(a.kind) - Object.keys(DIFFERENCE_KINDS).indexOf(b.kind) || byName(entryName(a), entryName(b)));
  const kinds = Object.keys(DIFFERENCE_KINDS).filter((kind) => all.some((entry) => entry.kind === kind)), gap = 4, step = Math.min(30, (width - gap * (kinds.length - 1)) / all.length), parts = [], high = 30;
  let x = 0;
  for (const kind of kinds) {
    const members = all.filter((entry) => entry.kind === kind), colour = ink[DIFFERENCE_KINDS[kind][1]], room = step * members.length;
    if (step < 3) parts.push(shape(roundedRect(x, 0, room, high, 2), { fill: colour }));
    else members.forEach((entry, i) => {
      const mine = { entry: entry.id }, chosen = entry.id === state.chosen;
      parts.push({ ...shape(roundedRect(x + i * step, 0, step - 1, high, 1), { fill: colour, stroke: chosen ? ink.ink : undefined, width: 2 }), ...mine });
      if (step >= 10) parts.push({ ...textPart(signOf(kind), x + i * step + (step - 1) / 2, high / 2 + 4.5, { size: 12, weight: 650, fill: inkOn(colour), anchor: "middle" }), ...mine });
    });
    x += room + gap;
  }
  return { id: "bar", title: document.title, label: t("sources.bar", { count: number(all.length) }), width, height: high + 2, parts };
}

/* A button for each kind: symbol, word, count and meaning. */
function kindKeys() {
  const line = el("div", "", "keys"), all = tabEntries();
  for (const [kind, [sign, colour]] of Object.entries(DIFFERENCE_KINDS)) {
    const whole = all.filter((entry) => entry.kind === kind), count = whole.filter((entry) => fitsBut("kind", entry)).length;
    if (!whole.length) continue;
    const key = el("button", "", "", { type: "button", "aria-pressed": String(state.kind === kind), "data-kind": kind, title: t(`sources.kind.${kind}.means`) });
    key.append(svg("svg", { width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: "M0 0H12V12H0Z", fill: ink[colour] })), `${sign} ${capital(kindOfDifference(kind))} ${number(count)}`);
    key.addEventListener("click", () => { change({ kind: state.kind === kind ? "" : kind }); if ($("filter-kind")) $("filter-kind").value = state.kind; document.querySelector(`[data-kind="${kind}"]`)?.focus(); });
    line.append(key);
  }
  const both = el("div");
  both.append(line, state.kind ? el("p", t(`sources.kind.${state.kind}.means`), "note") : kindMeanings(all));
  return both;
}

/* The meaning of each kind that occurs. */
function kindMeanings(all) {
  const fold = el("details"), list = el("dl");
  for (const [kind, [sign]] of Object.entries(DIFFERENCE_KINDS).filter(([one]) => all.some((entry) => entry.kind === one))) list.append(el("dt", `${sign} ${capital(kindOfDifference(kind))}`), el("dd", t(`sources.kind.${kind}.means`)));
  fold.append(el("summary", t("sources.kinds.mean")), list);
  return fold;
}

/* A source: title, dates, licence, counts; how to cite it is collapsed. */
function sourceCard(source) {
  const card = el("article", "", "source"), more = el("details"), facts = el("dl");
  const fact = (key, value) => { if (value) { const made = el("dd"); made.append(value); facts.append(el("dt", t(`sources.${key}`)), made); } };
  const link = (address, text = address) => (/^https?:\/\//.test(address ?? "") ? el("a", text, "", { href: address, rel: "noreferrer" }) : address ?? "");
  const about = [source.date && t("sources.upto", { date: formatDate(source.date) }), ["things", "statements", "places"].map((key) => t(`sources.count.${key}${source[key] === 1 ? ".one" : ""}`, { count: number(source[key]) })).join(", ")].filter(Boolean).join(" · ");
  const name = el("h3", sourcePage(source.name) ? "" : source.short);
  if (sourcePage(source.name)) name.append(el("a", source.short, "to-card", { href: sourcePage(source.name) }));
  card.append(name, el("p", source.title, "title"), el("p", about, "note"));
  fact("licence", source.licence && link(source.licence, licenceName(source.licence)));
  fact("asof", source.as_of && formatDate(source.as_of));
  fact("citation", source.citation);
  fact("address", source.address && link(source.address));
  more.append(el("summary", t("sources.more")), facts);
  card.append(more);
  return card;
}
