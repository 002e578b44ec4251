/* Several sources: the same said twice is one line, both values where they differ; what opens on demand. */
const DIFFERENCES = new Map((DATA.differences ?? []).map((row) => [[row.a, row.b].sort().join("\u0000"), row.kind]));
const kindOf = (a, b) => DIFFERENCES.get([a.key, b.key].sort().join("\u0000")) ?? (a.share === b.share ? "agrees" : a.share === undefined || b.share === undefined ? "refines" : "value");
const rankOfSource = (edge) => SOURCES.findIndex((source) => source.name === edge.source);
const sameSaid = (edge) => JSON.stringify([edge.from, edge.to, edge.relation, edge.basis ?? "", edge.role ?? ""]);

/* Merge what sources say alike of the same two; direct and indirect stay apart, and so do statements of one source.
   A merged line has `said`, the statements in the order of the sources; `differ` where a value cannot be the other's. */
function mergeSaid(lines) {
  if (!SEVERAL) return lines;
  const groups = new Map();
  for (const edge of lines) groups.set(sameSaid(edge), [...(groups.get(sameSaid(edge)) ?? []), edge]);
  const merged = [];
  for (const group of groups.values()) {
    const ordered = [...group].sort((a, b) => rankOfSource(a) - rankOfSource(b));
    for (const edge of ordered) {
      const line = merged.find((one) => one.said[0] === ordered[0] && !one.said.some((said) => said.source === edge.source));
      if (line) line.said.push(edge);
      else merged.push({ said: ordered[0] === edge ? [edge] : [edge, null] });
    }
  }
  return merged.map(({ said }) => lineOf(said.filter(Boolean)));
}

function lineOf(said) {
  if (said.length === 1) return said[0];
  const shares = said.filter((edge) => edge.share !== undefined), kinds = said.flatMap((a, i) => said.slice(i + 1).map((b) => kindOf(a, b)));
  const differ = kinds.includes("value"), later = !differ && kinds.includes("later");
  const exact = shares.reduce((best, edge) => (String(edge.share).length > String(best.share).length ? edge : best), shares[0]);
  const line = { ...said[0], said, differ, later };
  return shares.length ? { ...line, share: differ || later ? Math.max(...shares.map((edge) => edge.share)) : exact.share } : line;
}

/* The share of a line as text: "11.6 ≠ 11.7 %" where sources differ, "25 → 40 %" where one speaks of a later time. */
function shareText(edge) {
  if (edge.share === undefined) return "";
  if (!edge.differ && !edge.later) return percent(edge.share);
  const byYear = [...edge.said].sort((a, b) => (edge.later ? (SOURCE_YEARS.get(a.source) ?? 0) - (SOURCE_YEARS.get(b.source) ?? 0) : 0));
  const values = unique(byYear.filter((one) => one.share !== undefined).map((one) => number(one.share)));
  return `${values.join(edge.differ ? " ≠ " : " → ")}\u00a0%`;
}

/* What is shown at first where there are several sources: the first source whole, and of the others what has to do with
   Asia; null where everything is shown. The chain of a chosen name is always shown. */
function openIds() {
  if (state.source !== "") return new Set(edges.filter(inSource).flatMap((edge) => [edge.from, edge.to]));
  if (!SEVERAL || state.all !== "") return null;
  const ids = new Set(coreIds());
  for (const id of [state.chosen, state.only]) if (id && nodes.has(id) && !ids.has(id)) for (const other of chainAround(id)) ids.add(other);
  return ids;
}

const inAsia = (node) => FILTERS.country(node).some((slug) => own(DATA.countries, slug)?.asia);
let core = null;
function coreIds() {
  if (core) return core;
  const first = edges.filter((edge) => edge.source === SOURCES[0].name);
  const found = new Set(first.flatMap((edge) => [edge.from, edge.to]));
  const near = (id) => incident.get(id).flatMap((edge) => [edge.from, edge.to]);
  if (DATA.kind === "ownership") {
    const asian = new Set([...nodes.values()].filter(inAsia).flatMap((node) => [...reach(node.id, true, NAMED)]));
    for (const node of nodes.values()) if (ASSETS.has(node.type) && (asian.has(node.id) || found.has(node.id))) for (const id of reach(node.id, false)) found.add(id);
  } else {
    /* Of the parties those in Asia are shown, the others in the panel: one agreement may have fifty. */
    for (const node of nodes.values()) if (DEALINGS.has(node.type) && near(node.id).some((id) => inAsia(nodes.get(id)))) for (const id of near(node.id)) if (id === node.id || inAsia(nodes.get(id))) found.add(id);
  }
  core = found;
  return found;
}
const foldedCount = () => {
  if (!SEVERAL) return 0;
  const kinds = DATA.kind === "ownership" ? ASSETS : DEALINGS;
  return [...nodes.values()].filter((node) => kinds.has(node.type) && !coreIds().has(node.id)).length;
};
