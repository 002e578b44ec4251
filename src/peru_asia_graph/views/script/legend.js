/* The legend of a network: colours, icons and line styles, on the page and in exported files. */
const LEGEND = { high: 16, size: 13, row: 24, gap: 18 };

function legendEntries() {
  if (MINES) return [...lineEntries(), ...markEntries(), ...signEntries().filter(({ mine }) => mine), { width: 0, parts: [], text: t("legend.homes") }];
  return [...homeEntries(), ...signEntries(), ...lineEntries()];
}

const shownNodes = () => { const open = openIds(); return [...nodes.values()].filter((node) => open === null || open.has(node.id)); };

function homeEntries() {
  const swatch = (homes, text) => {
    const code = codeOf(homes), parts = [shape(roundedRect(0, 0, 24, 16, 3), { fill: ink[tone(homes)] })];
    if (code) parts.push(textPart(code, 12, 12, { size: 11, weight: 650, anchor: "middle", fill: "#fff" }));
    return { width: 24, parts, text };
  };
  const seen = unique(shownNodes().flatMap((node) => FILTERS.country(node)));
  const named = seen.filter((slug) => !["other", "none"].includes(tone(slug))).sort((a, b) => byName(country(a), country(b)));
  const other = { width: 24, parts: [shape(roundedRect(0, 0, 24, 16, 3), { fill: ink.other })], text: t("legend.other") };
  return [...named.map((slug) => swatch(slug, country(slug))), ...(seen.some((slug) => tone(slug) === "other") ? [other] : []), swatch(undefined, t("legend.none"))];
}

function signEntries() {
  const signs = new Map();
  for (const node of shownNodes()) if (node.type) signs.set(iconOf(node), unique([...(signs.get(iconOf(node)) ?? []), term(own(TYPE_ICONS, node.event) ? node.event : node.type)]));
  return [...signs].map(([d, kinds]) => ({ mine: [ICONS.triangle, ICONS.drop].includes(d), width: 14, parts: [{ d, fill: ink.muted, move: [0, 1, 1] }], text: truncate(kinds.slice(0, 3).join(", "), LEGEND.size, 260) }));
}

function lineEntries() {
  const ruled = (style, cap) => [shape("M0 8H30", { stroke: ink.muted, width: 2, dash: DASHES[style], cap })];
  const all = {
    solid: { width: 30, parts: [shape("M0 5.5H15V10.5H0ZM15 6.5H30V9.5H15Z", { fill: ink.muted })], text: t("legend.solid") },
    dashed: { width: 30, parts: ruled("dashed", "butt"), text: t("legend.dashed") },
    dotted: { width: 30, parts: ruled("dotted", "round"), text: t("legend.dotted") },
    former: { width: 30, parts: ruled("former", "butt"), text: t("legend.former") },
  };
  const hollow = [shape("M0 8H22", { stroke: ink.muted, width: 3.6 }), shape("M0 8H22", { stroke: ink.paper, width: 1.6 }), shape("M29 8l-8 -3.6v7.2z", { fill: ink.paper, stroke: ink.muted, width: 1 })];
  const named = { width: 30, parts: hollow, text: t("legend.named") };
  if (SEVERAL && edges.some(isSized)) {
    const lines = mergeSaid(edges.filter((edge) => edge.relation === "stake" && inSource(edge)));
    const patch = (text, fill) => [shape(roundedRect(0, 0, 50, 16, 2), { fill }), textPart(text, 25, 12, { size: 11, weight: 650, anchor: "middle", fill: ink.ink })];
    if (lines.some((edge) => edge.differ)) all.differ = { width: 50, parts: patch("1 ≠ 2 %", ink.differ), text: t("legend.differ") };
    if (lines.some((edge) => !edge.differ && isApart(edge))) all.level = { width: 50, parts: patch("≠ 1 %", ink.differ), text: t("legend.level") };
    if (lines.some((edge) => edge.later)) all.later = { width: 50, parts: patch("1 → 2 %", ink.band), text: t("legend.later") };
  }
  return [...Object.values(all), ...(edges.some((edge) => edge.relation === NAMED) ? [named] : [])];
}

/* The meaning of the source marks, with their letters. */
function markEntries() {
  if (!MARKS || state.source !== "" || SOURCES.length > FEW_SOURCES) return [];
  const said = (says, differ) => markParts(SOURCES.map((source, place) => ({ letter: LETTERS.get(source.name), said: says(place), differ })), SOURCES.length * MARK.step, 8, 12, 1).slice(1);
  const names = SOURCES.map((source) => `${LETTERS.get(source.name)} ${[source.short, source.year].filter(Boolean).join(" ")}`).join(", ");
  return [{ width: SOURCES.length * MARK.step, parts: said((place) => place === 0, false), text: t("legend.marks", { names }) }];
}

/* The three tones of a year, with the count of each; empty for all years. */
function heldEntries() {
  if (state.year === "") return [];
  const look = { true: { fill: ink.muted, stroke: ink.muted }, unknown: { fill: ink.paper, stroke: ink.muted }, false: { fill: ink.rule, stroke: ink.rule } };
  const tones = Object.entries(heldCounts()).map(([time, count]) => ({ width: 13, parts: [shape(roundedRect(1, 2.5, 11, 11, 2), { width: 1, ...look[time] })], text: tPage(`held.${time}`, { count: number(count) }) }));
  return [{ width: 0, parts: [], text: `${state.year}:`, head: true }, ...tones];
}

function legendEntry({ width, parts, text, head = false }) {
  const entry = el(head ? "b" : "span");
  if (parts.length) entry.append(svg("svg", { width, height: LEGEND.high, "aria-hidden": "true" }, ...parts.map(partSvg)));
  entry.append(text);
  return entry;
}

function drawLegend() {
  $("legend").replaceChildren(...[...legendEntries().map(legendEntry), $("held")].filter(Boolean)); // space for the counts of a year is reserved, so that nothing moves
}

/* The legend for a scene of at least this width, placed from this position down: its parts, width and height. */
function legendParts(left, top, least) {
  const entries = [...legendEntries(), ...heldEntries()].map((entry) => ({ ...entry, room: entry.width ? entry.width + 6 : 0 }));
  const wide = ({ room, text }) => room + widthOf(text, LEGEND.size), width = Math.max(least, ...entries.map(wide));
  let x = left, y = top;
  const parts = entries.flatMap((entry) => {
    if (x > left && x + wide(entry) > left + width) [x, y] = [left, y + LEGEND.row];
    const at = [round(x), y];
    x += wide(entry) + LEGEND.gap;
    return [...entry.parts.map((part) => ({ ...part, at })), textPart(entry.text, at[0] + entry.room, y + 12.5, { size: LEGEND.size, fill: ink.muted })];
  });
  return { parts, width, height: y + LEGEND.row - top };
}
