/* The audit: claims grouped by verdict, worst first; the stated and the recomputed value as two bars on one scale. */
PAGES.audit = {
  start: startAudit,
};

const VERDICTS = {
  differs: ["M3.2 1.8L7 5.6L10.8 1.8L12.2 3.2L8.4 7L12.2 10.8L10.8 12.2L7 8.4L3.2 12.2L1.8 10.8L5.6 7L1.8 3.2Z", "k3"],
  "holds-under-a-reading": ["M1.6 6.4C3.2 3.6 5.4 3.6 7.2 5.2C8.7 6.5 10 6.5 11.2 4.4L12.9 5.4C11.2 8.6 8.4 8.9 6 6.9C4.8 5.9 4 6 3.2 7.4ZM1.6 10.9C3.2 8.1 5.4 8.1 7.2 9.7C8.7 11 10 11 11.2 8.9L12.9 9.9C11.2 13.1 8.4 13.4 6 11.4C4.8 10.4 4 10.5 3.2 11.9Z", "s2"],
  "cannot-be-checked": ["M6 9.6H8.2V8.6C8.2 7 11 6.6 11 4A4 4 0 0 0 3 4H5.2A1.8 1.8 0 0 1 8.8 4C8.8 5.4 6 5.8 6 8.4ZM6 11H8.2V13.2H6Z", "muted"],
  holds: ["M2 7L6 11L13 3L11.6 1.8L5.8 8.4L3.2 5.7Z", "s0"],
};
const verdictStyle = (entry) => own(VERDICTS, entry.verdict) ?? VERDICTS["cannot-be-checked"];
const claimSentence = (entry) => `${entryName(entry)} (${term(entry.verdict)}; ${t(entry.recomputed === undefined ? "audit.sentence.open" : "audit.sentence", { stated: localized(entry.stated), recomputed: localized(entry.recomputed) })})`;
const kindLabel = (kind) => (own(DATA.words[state.lang], `kind.${kind}`) === undefined ? capital(humanize(kind)) : t(`kind.${kind}`));
const reasonOf = (entry) => (entry.reading ? `${t("audit.reading")}: ${localized(entry.reading)}` : entry.verdict === "holds" ? "" : localized(entry.note));

function startAudit() {
  for (const entry of [...entries.values(), ...Object.values(DATA.inputs)]) entry.where = entry.where.map((place) => DATA.places[place]);
  const all = [...entries.values()], kinds = unique(all.map((entry) => entry.type)).sort((a, b) => byName(kindLabel(a), kindLabel(b)));
  startFigures({
    hideFiltered: true,
    rows: ".verdict",
    draw: drawAudit,
    text: (entry) => [entry.label, entry.es ?? "", ...["stated", "recomputed", "reading", "note"].map((name) => localized(entry[name])), ...entry.where].join(" "),
    choices: () => [["verdict", Object.keys(VERDICTS).filter((verdict) => all.some((entry) => entry.verdict === verdict)), (verdict) => capital(term(verdict))], ["type", kinds, kindLabel]],
    lines: claimLines,
    table: {
      id: "lines", numeric: [2, 3, 4, 5], title: () => t("nav.audit"),
      heads: () => ["audit.claim", "filter.verdict", "audit.stated", "audit.recomputed", "audit.bounds", "audit.difference", "filter.type", "audit.reading", "audit.note", "col.where"].map((key) => t(key)),
      rows: () => all.filter(fits).map((entry) => ({
        ids: [entry.id],
        sort: { 1: Object.keys(VERDICTS).indexOf(entry.verdict), 2: entry.scale[1], 3: entry.result?.[1] ?? -1e99, 4: entry.result?.[0] ?? -1e99, 5: entry.result ? Math.abs(entry.result[1] - entry.scale[1]) : -1 },
        cells: [{ id: entry.id, text: entryName(entry) }, term(entry.verdict), ...["stated", "recomputed", "bounds", "difference"].map((name) => localized(entry[name])), kindLabel(entry.type), localized(entry.reading), localized(entry.note), entry.where.map(formatPlace).join("; ")],
      })),
    },
  });
}

/* --- charts --------------------------------------------------------------------------------------------- */
function drawAudit(room) {
  const width = Math.min(room, 1880), all = [...entries.values()], matching = all.filter(fits), made = [];
  for (const verdict of Object.keys(VERDICTS)) {
    const whole = all.filter((entry) => entry.verdict === verdict), some = whole.filter(fits);
    if (!some.length) continue;
    const heading = el("h2", `${t(`audit.${verdict}`)} `), section = foldOnPhone(verdict, "verdict", heading, !made.length || some.length < whole.length || some.some((entry) => entry.id === state.chosen));
    heading.append(el("span", some.length === whole.length ? number(whole.length) : t("audit.count", { shown: number(some.length), count: number(whole.length) }), "count"));
    section.append(el("p", t(`audit.${verdict}.means`), "lead"));
    const parts = verdict === "holds" ? unique(some.map((entry) => entry.type)).sort((a, b) => byName(kindLabel(a), kindLabel(b))) : [null];
    for (const kind of parts) section.append(claimList(`${verdict}${kind === null ? "" : `-${kind}`}`, kind === null ? t(`audit.${verdict}`) : kindLabel(kind), some.filter((entry) => kind === null || entry.type === kind), width, kind !== null));
    made.push(section);
  }
  $("charts").replaceChildren(auditSummary(all, width), ...(matching.length ? made : [el("p", t("audit.nothing"))]));
}

/* The number of claims that hold, and each claim as a square that links to its row. */
function auditSummary(all, width) {
  const of = (verdict) => number(all.filter((entry) => entry.verdict === verdict).length);
  const values = { total: number(all.length), holds: of("holds"), reading: of("holds-under-a-reading"), open: of("cannot-be-checked"), differs: of("differs") };
  const box = el("section", "", "summary"), parts = [], step = phone() ? 16 : 19, across = Math.floor(width / step);
  box.append(el("p", t("audit.summary", values), "verdict-line"), el("p", t("audit.summary.rest", values)));
  const ordered = Object.keys(VERDICTS).reverse().flatMap((verdict) => all.filter((entry) => entry.verdict === verdict));
  ordered.forEach((entry, place) => {
    const x = (place % across) * step, y = Math.floor(place / across) * step, [sign, colour] = verdictStyle(entry), mine = { entry: entry.id };
    const alpha = fits(entry) ? 1 : 0.3, chosen = entry.id === state.chosen, size = step - 3;
    parts.push({ ...shape(roundedRect(x + 1, y + 1, size, size, 2), { fill: ink[colour], alpha, stroke: chosen ? ink.ink : "", width: 2.5 }), ...mine });
    parts.push({ d: sign, fill: ink.paper, move: [round(x + 1 + size * 0.14), round(y + 1 + size * 0.14), round((size * 0.72) / 14 * 100) / 100], alpha, ...mine });
  });
  const height = Math.ceil(ordered.length / across) * step + 2;
  const keys = Object.entries(VERDICTS).reverse().filter(([verdict]) => all.some((entry) => entry.verdict === verdict)).map(([verdict, [sign, colour]]) => {
    const key = el("button", "", "", { type: "button", "aria-pressed": String(state.verdict === verdict) }), drawn = svg("svg", { viewBox: "0 0 14 14", width: 14, height: 14, "aria-hidden": "true" }, svg("path", { d: sign, fill: state.verdict === verdict ? "currentColor" : `var(--${colour})` }));
    key.append(drawn, `${t(`audit.${verdict}`)} ${of(verdict)}`);
    key.addEventListener("click", () => { change({ verdict: state.verdict === verdict ? "" : verdict }); if ($("filter-verdict")) $("filter-verdict").value = state.verdict; document.querySelector(`[data-verdict="${verdict}"]`)?.focus(); });
    key.dataset.verdict = verdict;
    return key;
  });
  const line = el("div", "", "keys");
  line.append(...keys);
  const pattern = el("p", "", "keyline");
  for (const [name, parts] of Object.entries(barKeys())) pattern.append(keyOf(parts, t(`audit.key.${name}`)));
  const toRow = (square) => { change({ chosen: square.dataset.id }); scrollToItem(square.dataset.id, ".verdict", true); };
  box.append(figure({ id: "all", title: document.title, label: t("audit.all"), width, height, parts }, claimSentence, toRow), line, pattern);
  return box;
}

/* A list of claims; each row is a separate SVG, so that printing can break pages between rows. */
function claimList(id, title, some, width, small) {
  const list = el("section", "", "chart", { id, "data-roving": "" }), rows = [], sheet = { id, title, width, height: 0, parts: [] };
  if (small) list.append(el("h3", title));
  const add = (height, parts) => {
    sheet.parts.push(...parts.map((part) => ({ ...part, at: [0, sheet.height] })));
    sheet.height += height;
    const [root, items] = interactiveSvg({ title, width, height, parts }, claimSentence);
    rows.push(...items);
    list.append(root);
  };
  const places = columnsOf(width);
  const head = (name, at) => textPart(t(`audit.${name}`), places[at], 14, { size: 13, weight: 600, fill: ink.muted, anchor: "end" });
  if (places) add(20, some.some((entry) => entry.recomputed !== undefined) ? ["stated", "recomputed", "difference"].map((name) => head(name, name)) : [head("stated", "difference")]);
  for (const entry of some) add(...claimRow(entry, width, places));
  rovingTabindex(list, rows, chooseItem);
  charts.push(sheet);
  return list;
}

/* Right edges of the columns; null if the window is too narrow for columns. */
function columnsOf(width) {
  if (width < 760) return null;
  const gapFactor = width < 1000, difference = width - 8, recomputed = difference - (gapFactor ? 124 : 142), stated = recomputed - (gapFactor ? 100 : 128), bars = Math.max(130, Math.min(480, width * (gapFactor ? 0.15 : 0.22)));
  return { difference, recomputed, stated, bars, from: stated - (gapFactor ? 112 : 142) - bars };
}

function claimRow(entry, width, places) {
  const mine = { entry: entry.id }, [sign, colour] = verdictStyle(entry), open = entry.recomputed === undefined, parts = [], left = 30;
  const room = places ? (open ? places.stated - 150 : places.from - 24) - left : width - left - 4;
  const lines = (text, size, lines, look) => wrap(text, size, room, lines, look.weight).map((line) => [line, size, look]);
  const texts = [...lines(entryName(entry), 15.5, 6, { weight: 600, fill: ink.ink }), ...(reasonOf(entry) ? lines(reasonOf(entry), 14.5, 8, { fill: ink.ink }) : []), ...lines(shortPlaces(entry.where), 13, 2, { fill: ink.muted })];
  let y = 7;
  for (const [line, size, look] of texts) {
    y += size * 1.28;
    parts.push(textPart(line, left, y, { size, ...look }));
  }
  if (places) {
    const cells = [["stated", entry.stated], ["recomputed", entry.recomputed], ["difference", entry.difference]].filter(([, value]) => value !== undefined);
    if (open) cells[0][0] = "difference";
    for (const [name, value] of cells) wrap(localized(value), 15, open ? 240 : places.recomputed - places.stated + (name === "difference" ? 10 : -4), 3, 600).forEach((line, i) => parts.push(textPart(line, places[name], 25 + i * 18, { size: 15, weight: name === "difference" && !open ? 400 : 600, fill: ink.ink, anchor: "end" })));
    if (!open) parts.push(...barParts(entry, places.from, 12, places.bars));
    y = Math.max(y, 44);
  } else {
    const line = [localized(entry.stated), localized(entry.recomputed), localized(entry.difference)];
    const summary = open ? `${t("audit.stated")}: ${line[0]}` : `${t("audit.stated")}: ${line[0]}; ${t("audit.recomputed").toLowerCase()}: ${line[1]}${entry.verdict === "differs" ? ` (${line[2]})` : ""}`;
    for (const one of wrap(summary, 14.5, room, 3, 600)) parts.push(textPart(one, left, (y += 20), { size: 14.5, weight: 600, fill: ink.ink }));
    const bars = open ? [] : barParts(entry, left, y + 8, Math.min(room, 420));
    parts.push(...bars);
    if (bars.length) y += 30;
  }
  const height = Math.ceil(y + 10);
  parts.unshift(shape(roundedRect(0, 0, width, height - 1, 3), { fill: entry.id === state.chosen ? ink.highlight : ink.paper }), { d: sign, fill: ink[colour], move: [5, 12, 1.15] });
  parts.push(shape(`M0 ${height - 0.5}H${width}`, { stroke: ink.rule, width: 1 }));
  return [height, parts.map((part) => ({ ...part, ...mine }))];
}

/* Citations without their rows: tables and pages. */
const shortPlaces = (where) => unique(where.map((place) => formatPlace(place).replace(/^([^,]+ \d+),.*(\(p\. [^)]*\))$/, "$1 $2"))).join("; ");

/* --- two bars on one scale ------------------------------------------------------------------------------ */
/* The overlap of both intervals is tinted; an unbounded end is an arrow, a number without width a diamond. */
function barParts(entry, left, top, room, tall = 8) {
  const [sLow, sPoint, sHigh] = entry.scale, [rLow, rPoint, rHigh] = entry.result;
  const ends = [sLow, sPoint, sHigh, rLow, rPoint, rHigh].filter((value) => value !== null), low = Math.min(...ends), high = Math.max(...ends);
  if (!(high > low)) return [];
  const edge = 12, x = (value) => left + edge + ((value - low) / (high - low)) * (room - 2 * edge), parts = [], gap = 4, second = top + tall + gap;
  const from = Math.max(sLow ?? -Infinity, rLow), to = Math.min(sHigh ?? Infinity, rHigh);
  if (from <= to) parts.push(shape(roundedRect(x(from) - 2, top - 2, Math.max(x(to) - x(from), 0) + 4, 2 * tall + gap + 4, 2), { fill: ink[verdictStyle(entry)[1]], alpha: 0.22 }));
  parts.push(shape(`M${round(left)} ${round(top + tall + gap / 2)}H${round(left + room)}`, { stroke: ink.rule, width: 1 }));
  const bar = (a, b, y, fill) => {
    const start = a === null ? left + 6 : x(a), end = b === null ? left + room - 6 : x(b), middle = y + tall / 2, half = tall / 2;
    if (end - start < 3) return [shape(`M${round(start)} ${round(y - 1)}l${half + 1} ${half + 1}l${-half - 1} ${half + 1}l${-half - 1} ${-half - 1}z`, { fill })];
    const made = [shape(`M${round(start)} ${round(y)}H${round(end)}V${round(y + tall)}H${round(start)}Z`, { fill })];
    if (a === null) made.push(shape(`M${round(left)} ${round(middle)}l6.5 ${-half}v${tall}z`, { fill }));
    if (b === null) made.push(shape(`M${round(left + room)} ${round(middle)}l-6.5 ${-half}v${tall}z`, { fill }));
    return made;
  };
  return [...parts, ...bar(sLow, sHigh, top, ink.line), ...bar(rLow, rHigh, second, ink[verdictStyle(entry)[1]])];
}

/* The symbols of the bars for the legend. */
function barKeys() {
  const y = 3, keys = { stated: [shape(`M0 ${y}H26V${y + 8}H0Z`, { fill: ink.line })], recomputed: [shape(`M0 ${y}H26V${y + 8}H0Z`, { fill: ink.s0 })], both: [shape("M4 0H22V14H4Z", { fill: ink.s0, alpha: 0.3 })] };
  return { ...keys, open: [shape(`M0 ${y}H20V${y + 8}H0Z`, { fill: ink.line }), shape(`M26 ${y + 4}l-6.5 -4v8z`, { fill: ink.line })] };
}
const keyOf = (parts, text) => {
  const entry = el("span");
  entry.append(svg("svg", { width: 26, height: 14, viewBox: "0 0 26 14", "aria-hidden": "true" }, ...parts.map(partSvg)), text);
  return entry;
};

/* --- the panel ------------------------------------------------------------------------------------------ */
function claimLines(entry) {
  const [sign, colour] = verdictStyle(entry), badge = el("p", "", "badge"), made = [badge];
  badge.append(svg("svg", { viewBox: "0 0 14 14", width: 16, height: 16, "aria-hidden": "true" }, svg("path", { d: sign, fill: `var(--${colour})` })), `${capital(term(entry.verdict))} · ${kindLabel(entry.type)}`);
  const list = el("ul");
  const row = (name, value, more) => {
    const line = el("li");
    line.append(el("span", t(`audit.${name}`)), el("span", value, "share"));
    if (more) line.append(el("span", more, "small"));
    list.append(line);
  };
  row("stated", localized(entry.stated), entry.claimed ? t("audit.claimed", { span: localized(entry.claimed) }) : "");
  if (entry.recomputed !== undefined) {
    row("recomputed", localized(entry.recomputed), entry.bounds ? t("audit.width", { span: localized(entry.bounds) }) : "");
    row("difference", localized(entry.difference));
  }
  made.push(list);
  if (entry.result) made.push(panelBars(entry));
  for (const name of ["reading", "note"]) if (entry[name]) made.push(el("h3", t(`audit.${name}`)), el("p", localized(entry[name])));
  if (entry.working) made.push(el("h3", t("audit.working")), el("p", `${localized(entry.working)} = ${localized(entry.recomputed)}`, "working"));
  if (entry.inputs.length) made.push(el("h3", t("audit.rests")), inputList(entry));
  return made;
}

function panelBars(entry) {
  const room = 280, parts = barParts(entry, 0, 4, room, 11);
  if (!parts.length) return "";
  return svg("svg", { class: "bars", viewBox: `0 0 ${room} 36`, width: room, height: 36, role: "img", "aria-label": claimSentence(entry) }, ...parts.map(partSvg));
}

function inputList(entry) {
  const list = el("ul");
  for (const input of entry.inputs.map((id) => own(DATA.inputs, id)).filter(Boolean)) {
    const line = el("li");
    line.append(el("span", localized(input.label)), el("span", localized(input.value), "share"), el("span", input.where.map(formatPlace).join("; "), "small"));
    list.append(line);
  }
  return list;
}
