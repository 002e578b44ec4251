/* The map: a filled symbol at a position given by a source, a hollow one if only the department is known, a list of the rest. */
PAGES.map = {
  start: startMap,
};

const EXTENT = [-82.4, 0, -68.4, 18.6]; // west, north, east, south in degrees east and south: Peru and its waters
const INSET = [-81.62, 3.3, -80.3, 5.65], INSET_LEAST = 4; // Talara and Tumbes, drawn in an inset if at least this many sites are there
const KIND_ORDER = ["MiningProject", "HydrocarbonBlock", "InfrastructureProject", "MineralDeposit"];
const HOLD_ALPHA = { true: 1, unknown: 0.55, false: 0.16 };
const siteLabel = (entry) => (state.lang === "es" && entry.es) || entry.short || entry.label;
const inBox = ([west, north, east, south], [x, y]) => west <= x && x <= east && north <= y && y <= south;

const positionOf = (entry) => entry.positions.find((point) => inSource(point));
const placesOf = (entry) => entry.places.filter((place) => inSource(place));
const departmentOf = (entry) => placesOf(entry).find((place) => place.department)?.department;
const linksIn = (entry) => entry.links.filter(inSource);
const inAsiaState = (slug) => own(DATA.countries, slug)?.asia === true;

/* [home state or "", percent] from the first source with a complete split; without shares the named states, in equal parts. */
function splitOf(entry) {
  const source = Object.keys(entry.split ?? {}).sort((a, b) => SOURCES.findIndex((one) => one.name === a) - SOURCES.findIndex((one) => one.name === b)).find((name) => name === "" || inSource({ source: name }));
  if (source !== undefined && entry.split[source].some(([state_]) => state_)) return { shares: entry.split[source], source };
  const states = unique(linksIn(entry).filter((link) => link.home && link.certainty !== "former").map((link) => link.home)).sort();
  return { shares: states.length ? states.map((one) => [one, 1]) : [["", 1]], equal: states.length > 0 };
}
const statesOfSite = (entry) => unique([
  ...Object.entries(entry.split ?? {}).filter(([name]) => name === "" || inSource({ source: name })).flatMap(([, shares]) => shares.map(([slug]) => slug)),
  ...linksIn(entry).filter((link) => link.certainty !== "former").map((link) => link.home),
].filter(Boolean));
/* A small share is drawn as a sixth so that it is visible; the panel has the number. */
const coloursOf = (entry) => { const { shares } = splitOf(entry), whole = shares.reduce((sum, [, share]) => sum + share, 0); return shares.map(([slug, share]) => [ink[slug ? tone(slug) : "none"], slug ? Math.max(share, whole / 6) : share]); };

/* Held by someone in the year, not known, or held by no known owner. */
function siteHolds(entry) {
  if (state.year === "") return "true";
  const found = new Set(linksIn(entry).map((link) => holdsIn(link, state.year)));
  return found.has("true") ? "true" : found.has("unknown") || !found.size ? "unknown" : "false";
}

/* Drawing order by importance: the selected site, assets with Asian owners, assets with owners or projects, deposits. */
const weightOf = (entry) => (entry.id === state.chosen ? 0 : statesOfSite(entry).some(inAsiaState) ? 1 : linksIn(entry).length || entry.type !== "MineralDeposit" ? 2 : 3);
const byWeight = (a, b) => weightOf(a) - weightOf(b) || byName(siteLabel(a), siteLabel(b));
const kindName = (type) => capital(term(type));

function siteSentence(entry) {
  const { shares, equal } = splitOf(entry), point = positionOf(entry);
  const states = shares.filter(([slug]) => slug).map(([slug, share]) => (equal ? country(slug) : `${country(slug)} ${percent(share)}`)).join(", ");
  return [kindName(entry.type), states, point ? positionText(point) : departmentOf(entry) ? t("map.in", { place: departmentOf(entry) }) : t("map.nowhere")].filter(Boolean).join("; ");
}
const degrees = (value, positive, negative) => `${number(Math.abs(value), 8)}° ${value < 0 ? negative : positive}`;
const positionText = (point) => `${degrees(point.lat, "N", "S")}, ${degrees(point.long, "E", state.lang === "es" ? "O" : "W")}${point.accuracy === "approximate" ? ` (${t("map.approximate")})` : ""}`;

function startMap() {
  const homes = unique([...entries.values()].flatMap((entry) => entry.country)).sort((a, b) => byName(country(a), country(b)));
  for (const entry of entries.values()) {
    Object.defineProperty(entry, "text", { get: () => siteSentence(entry) }); // for the text alternative
    Object.defineProperty(entry, "country", { get: () => statesOfSite(entry) }); // with one source selected, those whose owners it names
  }
  const kinds = KIND_ORDER.filter((kind) => [...entries.values()].some((entry) => entry.type === kind));
  startFigures({
    hideFiltered: true,
    drawsEmpty: true,
    draw: drawMap,
    text: (entry) => [entry.label, entry.es ?? "", ...entry.names, ...entry.links.map((link) => link.label), ...entry.places.map((place) => place.label)].join(" "),
    choices: () => [["country", homes, country], ["type", kinds, kindName]],
    lines: siteLines,
    table: {
      id: "lines", numeric: [], title: () => t("nav.map"),
      heads: () => ["col.name", "col.kind", "map.position", "map.places", "map.owners", "col.where"].map((key) => t(key)),
      rows: () => [...entries.values()].filter(fits).map((entry) => ({
        ids: [entry.id],
        cells: [{ id: entry.id, text: entryName(entry) }, kindName(entry.type), entry.positions.filter(inSource).map(positionText).join("; "), unique(placesOf(entry).map((place) => localized({ en: place.label, es: place.es ?? place.label }))).join("; "),
          ownersIn(entry).join("; "), entry.where.filter(placeInSource).map(formatPlace).join("; ")],
      })),
    },
  });
  watch(["year", "open"], () => { charts.length = 0; keepFocus(() => drawMap(Math.max(240, $("charts").clientWidth - (phone() ? 32 : 40)))); updateItems(); });
  addEventListener("keydown", (event) => { if (event.key === "Escape") change({ open: "" }); });
}

/* The panel: places, positions, and holders or named companies, by source; nothing is added up. */
function siteLines(entry) {
  const list = (rows) => { const made = el("ul"); made.append(...rows.map((row) => { const line = el("li"); line.append(...row); return line; })); return made; };
  const from = (source) => (SEVERAL && source ? shortOf(source) : "");
  const { shares, equal, source } = splitOf(entry), states = shares.filter(([slug]) => slug);
  const found = [kindName(entry.type), entry.names.length ? t("also", { names: entry.names.slice(0, 6).join("; ") }) : ""];
  if (states.length) found.push(el("h3", t(equal ? "map.states.named" : "map.states")), list(shares.map(([slug, share]) => [el("span", slug ? country(slug) : t("map.open")), el("span", equal ? "" : percent(share), "share")])));
  if (states.length && !equal && from(source)) found.push(el("p", from(source), "small"));
  found.push(el("h3", t("map.places")));
  const spots = entry.positions.filter(inSource).map((point) => [el("span", positionText(point)), el("span", from(point.source), "small")]);
  const named = placesOf(entry).map((place) => [el("span", localized({ en: place.label, es: place.es ?? place.label })), el("span", from(place.source), "small")]);
  found.push(spots.length + named.length ? list([...spots, ...named]) : el("p", t("map.nowhere"), "fact"));
  for (const name of unique(linksIn(entry).map((link) => link.source ?? ""))) {
    const links = mergeLinks(linksIn(entry).filter((link) => (link.source ?? "") === name));
    found.push(el("h3", [t("map.owners"), from(name)].filter(Boolean).join(" · ")), list(links.map((link) => {
      const notes = [link.how === "stake" ? (link.basis === "indirect" ? term("indirect") : "") : link.hows.map(term).join(", "), link.certainty && link.certainty !== "stated" ? term(link.certainty) : "", link.home ? country(link.home) : "", ...heldWhen({ since: link.since, until: link.until })].filter(Boolean);
      return [el("span", link.label), el("span", sizeText(link), "share"), el("span", notes.join("; "), "small"), places(link.where)];
    })));
  }
  const ownership = linksIn(entry).length ? document.querySelector('.head nav a[href*="ownership"]') : null;
  if (ownership) { const line = el("p", "", "fact"); line.append(el("a", t("map.ownership"), "", { href: `${ownership.getAttribute("href").split("#")[0]}#chosen=${entry.id}` })); found.push(line); }
  return found;
}

/* Each owner once, with each stated share; if there are several, with the sources of each. */
function ownersIn(entry) {
  const found = new Map();
  for (const link of linksIn(entry)) found.set(link.label, [...(found.get(link.label) ?? []), ...(isSized(link) ? [link] : [])]);
  return [...found].map(([label, links]) => {
    const shares = unique(links.map(sizeText)), by = (share) => unique(links.filter((link) => sizeText(link) === share).map((link) => shortOf(link.source ?? ""))).join(", ");
    return [label, shares.map((share) => share + (shares.length > 1 ? ` (${by(share)})` : "")).join(", ")].filter(Boolean).join(" ");
  });
}

/* Equal statements about one owner are merged, with all citations; an owner without any share is also listed once. */
function mergeLinks(links) {
  const found = new Map();
  for (const link of links) {
    const named = link.how !== "stake" && !isSized(link) ? "" : link.how;
    const key = JSON.stringify([named, ...["owner", "basis", "certainty", "share", "low", "high", "since", "until"].map((name) => link[name])]), one = found.get(key);
    found.set(key, { ...link, hows: unique([...(one?.hows ?? []), link.how]), where: unique([...(one?.where ?? []), ...link.where]) });
  }
  return [...found.values()];
}

/* --- drawing -------------------------------------------------------------------------------------------- */
function drawMap(width) {
  const wide = width > 760, top = $("charts").getBoundingClientRect().top + scrollY;
  const high = wide ? Math.min(900, Math.max(560, innerHeight - top - 34)) : Math.min(680, width * 1.36);
  const across = wide ? Math.min(Math.round(high * 0.8), width - 330) : width, side = wide ? width - across - 28 : width;
  const sites = [...entries.values()].filter(fits).sort(byWeight), row = el("div", "", "map-page"), right = el("div");
  const placed = sites.filter((entry) => positionOf(entry)), inExtent = placed.filter((entry) => inBox(EXTENT, spot(entry)));
  const apart = inExtent.filter((entry) => inBox(INSET, spot(entry))), inset = apart.length >= INSET_LEAST ? apart : [];
  const onMap = inExtent.filter((entry) => !inset.includes(entry)), hollow = sites.filter((entry) => !positionOf(entry) && departmentOf(entry));
  const rest = sites.filter((entry) => !inExtent.includes(entry) && !hollow.includes(entry));
  const chart = mapChart(onMap, hollow, inset.length, across, high);
  window.pagMap = { map: onMap.map((one) => one.id), hollow: hollow.map((one) => one.id), inset: inset.map((one) => one.id), list: rest.map((one) => one.id), groups: chart.groups };
  if (inExtent.length + hollow.length) row.append(figure(chart, siteSentence, pickSite));
  else row.append(el("p", t(entries.size ? (sites.length ? "map.none" : "nothing") : "map.empty"), "warning", { role: "note" }));
  right.append(mapKeys(sites));
  const beside = inset.length && rest.length && side > 620, lower = el("div", "", "map-lower");
  if (inset.length) lower.append(figure(insetChart(inset, beside ? 330 : side), siteSentence));
  if (rest.length) lower.append(figure(restChart(rest, beside ? side - 360 : side), siteSentence));
  if (beside) lower.style.gridTemplateColumns = "330px minmax(0, 1fr)";
  right.append(lower);
  row.append(right);
  row.style.gridTemplateColumns = wide ? `${across}px minmax(0, 1fr)` : "minmax(0, 1fr)";
  const note = el("p", `${t("map.outlines")} `, "note");
  note.append(el("a", "juaneladio/peru-geojson", "", { href: DATA.credit, rel: "noreferrer" }), " (Mozilla Public License 2.0).");
  right.append(note);
  $("charts").replaceChildren(row);
}
const spot = (entry) => { const point = positionOf(entry); return [point.long, -point.lat]; };
const pickSite = (item) => (window.pagMap.groups[item.dataset.id] && state.open !== item.dataset.id ? change({ open: item.dataset.id }) : chooseItem(item));

/* Home states and kinds as filter buttons with counts; the year and how many sites had owners then. */
function mapKeys(sites) {
  const box = el("div", "", "map-keys"), all = [...entries.values()].filter(inSource);
  const button = (name, value, text, sign) => {
    const made = el("button", "", "", { type: "button", "aria-pressed": String(state[name] === value), "data-key": `${name} ${value}` });
    made.append(sign, text);
    made.addEventListener("click", () => { change({ [name]: state[name] === value ? "" : value }); if ($(`filter-${name}`)) $(`filter-${name}`).value = state[name]; document.querySelector(`[data-key="${name} ${value}"]`)?.focus(); });
    return made;
  };
  const icon = (parts) => svg("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" }, ...parts.map(partSvg));
  const homes = unique(all.flatMap((entry) => entry.country)), asian = homes.filter(inAsiaState).sort((a, b) => count(b) - count(a)), others = homes.filter((slug) => !inAsiaState(slug)).sort((a, b) => count(b) - count(a));
  function count(slug) { return all.filter((entry) => entry.country.includes(slug) && fitsBut("country", entry)).length; }
  const first = el("div", "", "keys"), second = el("div", "", "keys"), kinds = KIND_ORDER.filter((kind) => all.some((entry) => entry.type === kind));
  first.append(...[...asian, ...others].map((slug) => button("country", slug, `${country(slug)} ${number(count(slug))}`, icon([shape(roundedRect(0, 0, 14, 14, 3), { fill: ink[tone(slug)] })]))));
  second.append(...kinds.map((kind) => button("type", kind, `${kindName(kind)} ${number(all.filter((entry) => entry.type === kind && fitsBut("type", entry)).length)}`, icon(symbolParts(kind, [[ink.muted, 1]], 7, 7, { size: 14 })))));
  const legend = el("p", "", "keyline"), sample = (text, options, shares = [[ink.muted, 1]]) => { const made = el("span"); made.append(icon(symbolParts("HydrocarbonBlock", shares, 7, 7, { size: 14, ...options })), text); return made; };
  legend.append(sample(t("map.exact"), {}), sample(t("map.department"), { hollow: true }), sample(t("map.shared"), {}, [[ink.china, 1], [ink.korea, 1]]), sample(t("legend.none"), {}, [[ink.none, 1]]));
  box.append(...(homes.length ? [el("h2", t("map.homes")), first] : []), el("h2", t("map.kinds")), second, legend, yearLine(sites));
  return box;
}

function yearLine(sites) {
  const line = el("p", "", "year-line"), label = el("label", `${t("map.year")} `), select = el("select", "", "", { id: "map-year" });
  const years = [...entries.values()].flatMap((entry) => entry.links.flatMap((link) => [link.start, link.end, link.begun, link.lasted])).filter((year) => year !== undefined && year <= LAST_YEAR);
  if (!years.length) return "";
  select.append(new Option(t("year.any"), ""));
  for (let year = Math.max(...years, lastYear()); year >= Math.min(...years) - 1; year -= 1) select.append(new Option(String(year), String(year)));
  if (state.year && ![...select.options].some((one) => one.value === state.year)) select.append(new Option(state.year, state.year));
  select.value = state.year;
  select.addEventListener("change", () => { change({ year: select.value }); $("map-year")?.focus(); });
  label.append(select);
  line.append(label);
  if (state.year) {
    const held = (answer) => number(sites.filter((entry) => linksIn(entry).length && siteHolds(entry) === answer).length);
    line.append(" ", t("map.held", { year: state.year, held: held("true"), unknown: held("unknown"), not: held("false") }));
  }
  return line;
}

/* The symbols that fit on the map; the others are counted in an expandable label. */
function mapChart(onMap, hollow, inset, width, height) {
  const scale = Math.min(height / (EXTENT[3] - EXTENT[1]), width / (EXTENT[2] - EXTENT[0])), dx = width - (EXTENT[2] - EXTENT[0]) * scale;
  const at = ([x, y]) => [dx + (x - EXTENT[0]) * scale, (y - EXTENT[1]) * scale], move = [round(dx - EXTENT[0] * scale), round(-EXTENT[1] * scale), Math.round(scale * 10) / 1000];
  const room = new Room(width, height), below = [], parts = [], labels = [], groups = {}, marks = new Set(hollow.map(departmentOf));
  for (const one of DATA.outlines) below.push({ ...shape(one.d, { fill: marks.has(one.name) ? ink.band : ink.card, stroke: ink.rule, width: 0.9 / move[2] }), move });
  if (inset) {
    const [left, top] = at(INSET), [right, bottom] = at(INSET.slice(2));
    below.push(shape(roundedRect(left, top, right - left, bottom - top, 2), { stroke: ink.line, width: 1 }), textPart("A", left + 3, top - 4, { size: 13, weight: 650, fill: ink.ink }));
    room.take([left, top - 16, right, bottom]);
  }
  if (phone()) hollowStacks(hollow, at, room, parts, below); // space on land is scarce: sites that may be anywhere on it come first
  const drawn = symbolPlaces(onMap, at, room, groups);
  for (const one of drawn) {
    const mine = { entry: one.entry.id }, look = { alpha: HOLD_ALPHA[siteHolds(one.entry)], size: one.size, ring: one.entry.id === state.chosen ? ink.accent : "" };
    if (one.far > 2) below.push(shape(`M${round(one.true[0])} ${round(one.true[1])}L${round(one.x)} ${round(one.y)}`, { stroke: ink.line, width: 1 }), shape(circle(...one.true, 1.6), { fill: ink.line }));
    if (one.members && one.entry.id === state.open) below.push(...bubbleParts(one)); // its members are separate items now
    else parts.push(...[...tapParts(one.x, one.y), ...(one.members ? bubbleParts(one) : symbolParts(one.entry.type, coloursOf(one.entry), one.x, one.y, look))].map((part) => ({ ...part, ...mine })));
  }
  if (!phone()) hollowStacks(hollow, at, room, parts, below);
  departmentNames(at, room, below, inset);
  for (const one of drawn) if (!one.members) siteName(one, room, labels, below);
  // The arrow keys move from department to department.
  parts.sort((a, b) => byName(districtOf(a), districtOf(b)));
  const opened = drawn.find((one) => one.members && one.entry.id === state.open);
  return { id: "places", title: document.title, label: mapSentence(onMap, hollow, inset), width, height, groups, parts: [...below, ...parts, ...labels, ...(opened ? calloutParts(opened, width, height) : [])] };
}
const districtOf = ({ entry: id }) => { const entry = entries.get(id); return positionOf(entry)?.department?.[0] ?? departmentOf(entry) ?? "~"; };
const mapSentence = (onMap, hollow, inset) => t("map.alt", { exact: number(onMap.length + inset), department: number(hollow.length) });

function symbolPlaces(onMap, at, room, groups) {
  const drawn = [], crowded = [];
  for (const entry of onMap) {
    const weight = weightOf(entry), size = weight < 2 ? 14 : weight === 2 ? 12 : 9, [x, y] = at(spot(entry));
    const wide = Math.max(size, leastTap()), found = room.near(x, y, wide, wide, weight < 3 ? 30 : 0);
    if (!found) { crowded.push({ entry, x, y }); continue; }
    room.take(found.box);
    drawn.push({ entry, ...found, size, true: [x, y] });
  }
  while (crowded.length) {
    const [first] = crowded, near = crowded.filter((one) => Math.hypot(one.x - first.x, one.y - first.y) < 26);
    for (const one of near) crowded.splice(crowded.indexOf(one), 1);
    const middle = ["x", "y"].map((axis) => near.reduce((sum, one) => sum + one[axis], 0) / near.length);
    if (near.length === 1) { const found = room.near(...middle, Math.max(9, leastTap()), Math.max(9, leastTap()), 60); if (found) { room.take(found.box); drawn.push({ entry: first.entry, ...found, size: 9, true: middle }); continue; } }
    const found = room.near(...middle, Math.max(19, leastTap()), Math.max(19, leastTap()), 90) ?? { x: middle[0], y: middle[1], box: [0, 0, 0, 0], far: 0 };
    room.take(found.box);
    groups[first.entry.id] = near.map((one) => one.entry.id);
    drawn.push({ entry: first.entry, members: near.map((one) => one.entry), ...found, size: 19, true: middle });
  }
  return drawn;
}
const bubbleParts = (one) => [shape(circle(one.x, one.y, 9), { fill: ink.card, stroke: ink.muted, width: 1.4 }), textPart(number(one.members.length), one.x, one.y + 4.2, { size: 12, weight: 650, fill: ink.ink, anchor: "middle" })];

/* The members of an expanded count, each with symbol and name, in a box next to it. */
function calloutParts(one, width, height) {
  const wide = Math.max(...one.members.map((entry) => widthOf(siteLabel(entry), 13))) + 40, high = one.members.length * rowHeight(20) + 10;
  const left = Math.min(Math.max(4, one.x + 14), width - wide - 4), top = Math.min(Math.max(4, one.y - high / 2), height - high - 4);
  const parts = [shape(roundedRect(left, top, wide, high, 6), { fill: ink.card, stroke: ink.line, width: 1 })];
  one.members.forEach((entry, i) => {
    const y = top + 5 + rowHeight(20) * (i + 0.5), mine = { entry: entry.id };
    parts.push(...symbolParts(entry.type, coloursOf(entry), left + 14, y, { size: 12 }).map((part) => ({ ...part, ...mine })), { ...textPart(siteLabel(entry), left + 26, y + 4.5, { fill: ink.ink }), ...mine });
  });
  return parts;
}

/* Department names are in capitals, so that they are not mistaken for names of nearby symbols. */
const departmentName = (one) => one.name.toUpperCase();
function departmentNames(at, room, below, inset) {
  if (room.width < 420) return;
  for (const one of DATA.outlines) {
    const [x, y] = at(one.at.map((value) => value / 100)), wide = widthOf(departmentName(one), 11);
    if (one.name === "Callao" || (inset && inBox(INSET, one.at.map((value) => value / 100)))) continue;
    const found = room.near(x, y, wide, 12, 34, 2);
    if (!found) continue;
    room.take(found.box);
    below.push(textPart(departmentName(one), found.x, found.y + 4, { size: 11, fill: ink.muted, anchor: "middle" }));
  }
}

/* A name next to its symbol if there is room; for assets with Asian owners it is moved further away rather than left out. */
function siteName(one, room, labels, below) {
  const weight = weightOf(one.entry), text = (positionOf(one.entry).accuracy === "approximate" ? "≈ " : "") + siteLabel(one.entry), bold = weight === 0 ? 650 : 400, size = weight < 2 ? 13 : 11.5;
  const shown = truncate(text, size, 190, bold), wide = widthOf(shown, size, bold) + 2, r = one.size / 2 + 4, h = size;
  for (const far of weight < 2 ? [0, 8, 16, 26, 38, 52, 70, 90] : weight === 2 ? [0, 8, 16, 26] : [0]) {
    const reach = r + far, around = [[reach, -h / 2], [-reach - wide, -h / 2], [r, -h - far - 2], [r, far + 2], [-r - wide, -h - far - 2], [-r - wide, far + 2], [-wide / 2, -h - reach], [-wide / 2, reach]];
    for (const [dx, dy] of around) {
      const box = [one.x + dx, one.y + dy, one.x + dx + wide, one.y + dy + h];
      if (!room.free(box, 1)) continue;
      room.take(box);
      if (far > 8) below.push(shape(`M${round(one.x)} ${round(one.y)}L${round(dx < -r ? box[2] : Math.max(box[0], one.x))} ${round((box[1] + box[3]) / 2)}`, { stroke: ink.line, width: 0.8 }));
      labels.push({ ...textPart(shown, box[0] + 1, box[1] + h * 0.82, { size, weight: bold, fill: weight < 2 ? ink.ink : ink.muted, halo: ink.halo }), entry: one.entry.id });
      return;
    }
  }
}
