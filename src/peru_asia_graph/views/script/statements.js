/* Several sources: equal statements are one line, with both values if they differ. */
const DIFFERENCES = new Map((DATA.differences ?? []).map((row) => [[row.a, row.b].sort().join("\u0000"), row.kind]));
const kindOf = (a, b) => DIFFERENCES.get([a.key, b.key].sort().join("\u0000")) ?? (sizeOf(a) === sizeOf(b) ? "agrees" : a.share === undefined || b.share === undefined ? "refines" : "value");
const APART = new Set((DATA.differences ?? []).filter((row) => row.kind === "level").flatMap((row) => [row.a, row.b])); // one names an owner of the other's owner
/* Whether sources differ on a line: on its share, or on who holds the asset directly. */
const isApart = (edge) => Boolean(edge.differ) || (SEVERAL && state.source === "" && isSized(edge) && (edge.said ?? [edge]).length === 1 && APART.has(edge.key));
const rankOfSource = (edge) => SOURCES.findIndex((source) => source.name === edge.source);
const sameSaid = (edge) => JSON.stringify([edge.from, edge.to, edge.relation, edge.basis ?? "", edge.role ?? ""]);

/* Merge the statements of several sources about the same two; direct and indirect ones, and those of one source, stay separate.
   A merged line has `said`, the statements in source order; `differ` if two values are incompatible. */
function mergeSaid(lines) {
  if (!SEVERAL) return lines;
  const groups = new Map();
  for (const edge of lines) groups.set(sameSaid(edge), [...(groups.get(sameSaid(edge)) ?? []), edge]);
  const merged = [];
  for (const group of groups.values()) {
    const told = [];
    for (const edge of [...group].sort((a, b) => rankOfSource(a) - rankOfSource(b))) {
      const others = told.filter((said) => said.every((one) => one.source !== edge.source));
      const best = others.sort((a, b) => contrast(a, edge) - contrast(b, edge))[0]; // of successive stakes, the one that agrees
      if (best) best.push(edge);
      else told.push([edge]);
    }
    merged.push(...told.map(lineOf));
  }
  return merged;
}
const CONTRASTS = ["agrees", "refines", "value", "later"];
const contrast = (said, edge) => Math.max(...said.map((one) => CONTRASTS.indexOf(kindOf(one, edge))));

function lineOf(said) {
  if (said.length === 1) return said[0];
  const held = said.filter((edge) => edge.certainty === "former" || !UNCERTAIN.has(edge.certainty)), sure = held.length ? held : said; // not a plan beside a holding
  const shares = sure.filter((edge) => edge.share !== undefined), kinds = said.flatMap((a, i) => said.slice(i + 1).map((b) => kindOf(a, b)));
  const differ = kinds.includes("value"), later = !differ && kinds.includes("later");
  const exact = shares.reduce((best, edge) => (String(edge.share).length > String(best.share).length ? edge : best), shares[0]);
  const line = { ...(sure.find(isSized) ?? sure[0]), said, differ, later };
  return shares.length ? { ...line, share: differ || later ? Math.max(...shares.map((edge) => edge.share)) : exact.share } : line;
}

/* The share of a line as text: "11.6 ≠ 11.7 %" if sources differ, "25 → 40 %" if one describes a later time. */
function shareText(edge) {
  if (!isSized(edge) || (!edge.differ && !edge.later)) return sizeText(edge);
  const byYear = [...edge.said].sort((a, b) => (edge.later ? (SOURCE_YEARS.get(a.source) ?? 0) - (SOURCE_YEARS.get(b.source) ?? 0) : 0));
  const values = unique(byYear.filter(isSized).map(sizeOf));
  return `${values.join(edge.differ ? " ≠ " : " → ")}\u00a0%`;
}
