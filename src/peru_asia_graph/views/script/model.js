/* What is true when, what the filters keep, whom a chain reaches. Values only; nothing is drawn here. */
const LAST_YEAR = 2013; // the paper speaks of the present up to here; what has no end is not known beyond
const nodes = new Map((DATA.nodes ?? []).map((node) => [node.id, node]));
const edges = (DATA.edges ?? []).map((edge) => ({ ...edge, id: `${edge.from}|${edge.key ?? ""}|${edge.to}` }));
const touching = new Map([...nodes.keys()].map((id) => [id, []]));
for (const edge of edges) {
  touching.get(edge.from).push(edge);
  if (edge.to !== edge.from) touching.get(edge.to).push(edge);
}
const HOLDING = new Set(["stake", "hasSubsidiary"]);
const HOME = new Set(["homeStateOf", "homeState"]);
const DOUBTFUL = new Set(["former", "not-confirmed", "possible", "planned", "announced"]);
const ASSETS = new Set(["MiningProject", "HydrocarbonBlock", "InfrastructureProject", "Project"]);
const DEALINGS = new Set(["Event", "Agreement", "Treaty", "FreeTradeAgreement", "Partnership", "Accord", "Policy"]);

/* "true", "unknown" (not known then) or "false" in the year; the same rule as holds_in of network.py. */
function holdsIn(thing, year) {
  if (year === "") return "true";
  const { start, end } = thing, at = Number(year);
  if ((start !== undefined && at < start) || (end !== undefined && at > end)) return "false";
  if (start !== undefined && (end !== undefined || (at <= LAST_YEAR && thing.certainty !== "former"))) return "true";
  return end === at ? "true" : "unknown";
}

/* A thing is as true as the truest of its dated links; a dealing by its own date. */
function nodeHolds(node) {
  if (state.year === "" || node.type === "State") return "true";
  if (DEALINGS.has(node.type) && (node.start !== undefined || node.end !== undefined)) return holdsIn(node, state.year);
  const links = touching.get(node.id).filter((edge) => !HOME.has(edge.relation));
  const found = new Set(links.map((edge) => holdsIn(edge, state.year)));
  return found.has("true") ? "true" : found.has("unknown") || !links.length ? "unknown" : "false";
}

/* --- filters -------------------------------------------------------------------------------------------- */
const FILTERS = {
  country: (node) => (node.type === "State" ? [node.id] : node.country ? [node.country] : []),
  type: (node) => (node.type ? [node.type] : []),
  sector: (node) => node.sector ?? [],
  phase: (node) => node.phase ?? [],
};
const filterValues = (name) => unique([...nodes.values()].flatMap(FILTERS[name])).sort((a, b) => byName(filterWords(name, a), filterWords(name, b)));
const certainties = () => unique(edges.map((edge) => edge.certainty).filter(Boolean)).sort((a, b) => byName(term(a), term(b)));
const filterWords = (name, value) => (name === "country" ? country(value) : capital(term(value)));
const filtersOn = () => ["country", "type", "sector", "phase", "certainty", "status", "table", "date", "mark", "min"].filter((name) => state[name] !== "");

function kept() {
  const wanted = Object.keys(FILTERS).filter((name) => state[name] !== "");
  const fits = (node) => wanted.every((name) => FILTERS[name](node).includes(state[name]));
  const pair = (edge) => wanted.every((name) => [edge.from, edge.to].some((id) => FILTERS[name](nodes.get(id)).includes(state[name])));
  const keepEdge = (edge) => pair(edge) && (state.certainty === "" || edge.certainty === state.certainty)
    && (state.min === "" || (edge.share ?? -1) >= Number(state.min));
  const lines = filtersOn().length ? edges.filter(keepEdge) : edges;
  const ids = new Set(lines.flatMap((edge) => [edge.from, edge.to]));
  if (state.certainty === "" && state.min === "") for (const node of nodes.values()) if (fits(node)) ids.add(node.id);
  return { ids, lines };
}

/* --- chains --------------------------------------------------------------------------------------------- */
function reach(id, forward) {
  const found = new Set([id]), rest = [id];
  while (rest.length) {
    const at = rest.pop();
    for (const edge of touching.get(at)) {
      const [here, there] = forward ? [edge.from, edge.to] : [edge.to, edge.from];
      if (here !== at || found.has(there) || (HOME.has(edge.relation) && forward && at !== id)) continue;
      found.add(there);
      rest.push(there);
    }
  }
  return found;
}

/* Everything that hangs on one thing: its owners' owners and its holdings' holdings; elsewhere its neighbours. */
function chainAround(id) {
  if (DATA.kind === "ownership") return new Set([...reach(id, true), ...reach(id, false)]);
  const found = new Set([id]);
  for (const edge of touching.get(id)) found.add(edge.from).add(edge.to);
  return found;
}

function lineInChain(edge, id, chain) {
  if (DATA.kind !== "ownership") return edge.from === id || edge.to === id;
  return chain.has(edge.from) && chain.has(edge.to) && (chain.up.has(edge.to) || chain.down.has(edge.from));
}

function focusChain(id) {
  const chain = chainAround(id);
  if (DATA.kind === "ownership") Object.assign(chain, { up: reach(id, false), down: reach(id, true) });
  return chain;
}

/* --- effective shares ----------------------------------------------------------------------------------- */
const edgeByKey = new Map(edges.map((edge) => [edge.key ?? edge.id, edge]));
const sharesOf = (id) => (DATA.shares ?? []).filter((row) => row.asset === id || row.owner === id);
function shareValue(row) {
  if (row.percent !== undefined && row.percent !== null) return percent(Number(row.percent));
  const [low, high] = [Number(row.low), Number(row.high)];
  return high > low ? `${number(low)}–${percent(high)}` : percent(low);
}

/* "27 % = 45 % × 60 %"; empty where the share is one stated number, or some step is not stated. */
function shareSum(row) {
  const paths = (row.paths ?? []).map((path) => path.map((key) => edgeByKey.get(key)));
  if (!paths.length || paths.every((path) => path.length < 2) || paths.flat().some((edge) => edge?.share === undefined)) return "";
  return `${shareValue(row)} = ${paths.map((path) => path.map((edge) => percent(edge.share)).join(" × ")).join(" + ")}`;
}

/* --- what is drawn -------------------------------------------------------------------------------------- */
/* Of the kept lines those drawn: no doubles of a stake, no stated sums of a drawn chain, nothing that starts where it ends. */
function drawnLines(lines) {
  const stakes = new Set(lines.filter((edge) => edge.relation === "stake").map((edge) => `${edge.from}\u0000${edge.to}`));
  const direct = lines.filter((edge) => edge.relation === "stake" && edge.basis !== "indirect");
  const below = new Map();
  for (const edge of direct) below.set(edge.from, [...(below.get(edge.from) ?? []), edge.to]);
  const chained = (edge) => (below.get(edge.from) ?? []).some((middle) => middle !== edge.to && (below.get(middle) ?? []).includes(edge.to));
  return lines.filter((edge) => edge.from !== edge.to
    && !(edge.relation === "hasSubsidiary" && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(HOME.has(edge.relation) && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(edge.basis === "indirect" && chained(edge)));
}

function shown() {
  let { ids, lines } = kept();
  if (state.only && nodes.has(state.only)) {
    const chain = chainAround(state.only);
    ids = new Set([...ids].filter((id) => chain.has(id)));
    ids.add(state.only);
    lines = lines.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  }
  const drawn = drawnLines(lines);
  if (DATA.kind === "ownership" && !state.only) {
    const used = new Set(drawn.flatMap((edge) => [edge.from, edge.to]));
    ids = new Set([...ids].filter((id) => used.has(id) || nodes.get(id).type !== "State"));
  }
  return { nodes: [...nodes.values()].filter((node) => ids.has(node.id)), lines, drawn };
}

/* Columns of the ownership picture: states, owners, firms held, mines and blocks. */
function ranks(members, lines) {
  const next = new Map(members.map((node) => [node.id, []]));
  for (const edge of lines) if (!HOME.has(edge.relation)) next.get(edge.to)?.push(edge.from);
  const depth = new Map(), under = new Set();
  const visit = (id) => {
    if (depth.has(id)) return depth.get(id);
    if (under.has(id)) return 0;
    const node = nodes.get(id);
    under.add(id);
    const far = node.type === "State" ? 0 : Math.max(1, ...(next.get(id) ?? []).map((owner) => (nodes.get(owner).type === "State" ? 2 : visit(owner) + 1)));
    under.delete(id);
    depth.set(id, far);
    return far;
  };
  for (const node of members) visit(node.id);
  const firms = members.filter((node) => !ASSETS.has(node.type)).map((node) => depth.get(node.id));
  const last = Math.max(1, ...firms) + 1;
  const known = members.some((node) => node.type === "State");
  return new Map(members.map((node) => [node.id, (ASSETS.has(node.type) ? last : depth.get(node.id)) - (known ? 0 : 1)]));
}

/* --- search --------------------------------------------------------------------------------------------- */
const spelt = new Map([...nodes.values()].map((node) => [node.id, [node.label, node.es ?? "", ...(node.names ?? [])].map(plain).join("\u0000")]));
function search(text) {
  const words = plain(text).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const kinds = (node) => plain([node.type, node.event, ...(node.sector ?? [])].filter(Boolean).flatMap((code) => [term(code), ...Object.values(DATA.glossary ?? {}).map((terms) => own(terms, code) ?? "")]).join(" "));
  const score = (node) => (plain(nameOf(node)).startsWith(words[0]) ? 0 : plain(node.label).includes(words[0]) ? 1 : 2);
  const found = [...nodes.values()].filter((node) => words.every((word) => `${spelt.get(node.id)}\u0000${plain(nameOf(node))}`.includes(word)));
  if (!found.length) found.push(...[...nodes.values()].filter((node) => words.every((word) => kinds(node).includes(word)))); // no such name, but a kind or sector
  return found.sort((a, b) => score(a) - score(b) || byName(nameOf(a), nameOf(b)));
}
