/* The text alternative of the picture, generated from what is shown: for screen readers, and to accompany a saved picture. */
const ALT_LINKS = 8, ALT_CHARTS = 8;
const listed = (parts) => new Intl.ListFormat(state.lang, { type: "conjunction" }).format(parts);

function altText() {
  const parts = [`${document.title}.`, GRAPH ? altOfNetwork() : altOfCharts()];
  if (state.year) parts.push(t("alt.year", { year: state.year }));
  const known = SOURCES.filter((source) => inSource({ source: source.name }));
  if (known.length) parts.push(t("alt.sources", { sources: known.map((source) => (source.year ? `${source.short} (${source.year})` : source.short)).join("; ") }));
  return parts.filter(Boolean).join(" ");
}

function altOfNetwork() {
  const { nodes: shown, lines } = visibleGraph(), counts = new Map();
  for (const node of shown) counts.set(node.type ?? "", (counts.get(node.type ?? "") ?? 0) + 1);
  const kinds = [...counts].sort((a, b) => b[1] - a[1]).map(([type, count]) => `${type ? term(type) : t("alt.other")} (${number(count)})`);
  const whole = t("alt.network", { names: number(shown.length), lines: number(lines.length), kinds: kinds.join(", ") });
  return [whole, altOfLit(), altOfChosen()].filter(Boolean).join(" ");
}

const altOfLit = () => (state.story ? t("alt.lit", { names: listed(highlight.matches?.filter((id) => nodes.has(id)).map((id) => nameOf(nodes.get(id))) ?? []) }) : "");

/* The description of the selected name: each link with its share. */
function altOfChosen() {
  const node = nodes.get(state.chosen);
  if (!node) return "";
  const said = mergeSaid(linksOf(node.id)).map((edge) => {
    const other = nodes.get(edge.from === node.id ? edge.to : edge.from);
    return [relation(edge.relation, edge.from === node.id ? 0 : 1), nameOf(other), shareInWords(edge)].filter(Boolean).join(" ");
  });
  const more = said.length > ALT_LINKS ? [t("alt.more", { count: number(said.length - ALT_LINKS) })] : [];
  return t("alt.chosen", { name: nameOf(node), links: [...said.slice(0, ALT_LINKS), ...more].join("; ") || t("alt.nothing") });
}

/* Each chart with its number of figures, the minimum and the maximum. */
function altOfCharts() {
  const told = charts.map((chart) => {
    const found = unique(chart.parts.map((part) => part.entry).filter(Boolean)).map((id) => entries.get(id)).filter(Boolean);
    const amounts = found.filter((entry) => entry.amount !== undefined), name = chart.label ?? chart.title;
    if (!amounts.length) return found.length ? t(found.length === 1 ? "alt.chart.plain.one" : "alt.chart.plain", { name, count: number(found.length) }) : "";
    const ranges = unique(amounts.map((entry) => entry.unit)).map((unit) => {
      const of = amounts.filter((entry) => entry.unit === unit).map((entry) => entry.amount), [least, most] = [Math.min, Math.max].map((pick) => pick(...of));
      return t(of.length === 1 ? "alt.range.one" : "alt.range", { count: number(of.length), least: number(least), most: unit ? `${number(most)} ${term(unit)}` : t("usd", { amount: number(most) }) });
    });
    return t("alt.chart", { name, ranges: listed(ranges) });
  }).filter(Boolean);
  const chosen = entries.get(state.chosen), more = told.length > ALT_CHARTS ? t("alt.more", { count: number(told.length - ALT_CHARTS) }) : "";
  const listedRows = tables.length ? tables[0].rows().length : 0;
  const rows = told.length || !tables.length ? "" : t(listedRows === 1 ? "alt.rows.one" : "alt.rows", { count: number(listedRows) });
  return [told.slice(0, ALT_CHARTS).join(" "), more && `${more}.`, rows, chosen ? t("alt.chosen", { name: entryName(chosen), links: chosen.text ?? "" }) : ""].filter(Boolean).join(" ");
}

/* The text is the picture's accessible name: set at the start, because a missing name is an error, then updated shortly after each state change. */
function listenAlt() {
  const text = el("p", "", "", { id: "alt-text" }), canvas = $("canvas");
  $("figure").prepend(text);
  if (canvas) for (const [name, value] of [["role", "img"], ["aria-labelledby", "alt-text"]]) canvas.setAttribute(name, value);
  else $("figure").setAttribute("aria-describedby", "alt-text");
  let waiting = 0;
  const name = () => { text.textContent = altText(); };
  watch(Object.keys(EMPTY), () => {
    clearTimeout(waiting);
    waiting = setTimeout(name, 150);
  });
  name();
}
