/* The graph model: what holds in a year, what passes the filters, what a chain includes. Nothing is drawn here. */
const nodes = new Map((DATA.nodes ?? []).map((node) => [node.id, node]));
const edges = (DATA.edges ?? []).map((edge) => ({ ...edge, id: JSON.stringify([edge.from, edge.key ?? "", edge.to]) }));
/* A link without an end is known up to the last year of its source; in the user's own graph it holds forever. */
const UNDATED = new Set(SOURCES.filter((source) => source.year === undefined).map((source) => source.name));
/* The last year of the sources; of a source without a date, and of the user's own graph, the last that is stated. */
const LAST_YEAR = Math.max(0, ...SOURCES.map((source) => source.year ?? 0), ...(SOURCES.length && !UNDATED.size ? [] : [
  ...[...edges, ...(DATA.entries ?? []).flatMap((entry) => entry.links ?? [])].filter((thing) => !SOURCES.length || UNDATED.has(thing.source)), ...nodes.values(),
].flatMap((thing) => [thing.start ?? 0, thing.end ?? 0])));
/* The last year shown: that of the selected source, or else of all sources. */
const lastYear = () => SOURCES.find((source) => source.name === state.source)?.year ?? LAST_YEAR;
const SOURCE_YEARS = new Map(SOURCES.map((source) => [source.name, source.year ?? 9999]));
const incident = new Map([...nodes.keys()].map((id) => [id, []]));
for (const edge of edges) {
  incident.get(edge.from).push(edge);
  if (edge.to !== edge.from) incident.get(edge.to).push(edge);
}
const linksOf = (id) => (state.source === "" ? incident.get(id) : incident.get(id).filter(inSource));
const HOLDING = new Set(["stake", "hasSubsidiary"]);
const NAMED = "namedCompany"; // a company named for an asset without a stake: never a share
const HOME = new Set(["homeStateOf", "homeState"]);
const UNCERTAIN = new Set(["former", "not-confirmed", "possible", "planned", "announced"]);
const ASSETS = new Set(["MiningProject", "HydrocarbonBlock", "InfrastructureProject", "Project"]);
const DEALINGS = new Set(["Event", "Agreement", "Treaty", "FreeTradeAgreement", "Partnership", "Accord", "Policy"]);

/* The kind of an ownership line: a stake with its share, a former or uncertain one, one without a share, a named company. */
function lineClass(edge) {
  if (HOME.has(edge.relation)) return "home";
  if (edge.relation === NAMED) return "named";
  if (UNCERTAIN.has(edge.certainty)) return edge.certainty === "former" ? "former" : "uncertain";
  return HOLDING.has(edge.relation) && !isSized(edge) ? "unstated" : "share";
}

/* "true", "unknown" (not known then) or "false" for the year; the same rule as holds_in in query/network.py. */
function holdsIn(thing, year) {
  if (year === "") return "true";
  const { start, end, begun = start ?? end, lasted } = thing, at = Number(year);
  const covered = SOURCE_YEARS.get(thing.source) ?? 9999, former = thing.certainty === "former";
  if ((start !== undefined && at < start) || at > (end ?? (former ? covered : 9999))) return "false";
  const held = lasted ?? end ?? (start !== undefined && !former ? covered : start);
  return begun <= at && at <= held ? "true" : "unknown"; // false where one is undefined
}

/* A node holds like the best of its dated links; a dealing according to its own date. */
function nodeHolds(node) {
  if (state.year === "" || node.type === "State") return "true";
  if (DEALINGS.has(node.type) && (node.start !== undefined || node.end !== undefined)) return holdsIn(node, state.year);
  const links = linksOf(node.id).filter((edge) => !HOME.has(edge.relation));
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
const filterValues = (name) => unique([...nodes.values()].flatMap(FILTERS[name])).sort((a, b) => byName(filterLabel(name, a), filterLabel(name, b)));
const certainties = () => unique(edges.map((edge) => edge.certainty).filter(Boolean)).sort((a, b) => byName(term(a), term(b)));
const filterLabel = (name, value) => (name === "country" ? country(value) : capital(term(value)));
const filtersOn = () => FILTER_NAMES.filter((name) => state[name] !== "");
const nothingText = () => t(filtersOn().length || state.people || highlight.matches !== null ? "nothing" : "nothing.said");

function applyFilters() {
  const open = openIds();
  const wanted = Object.keys(FILTERS).filter((name) => state[name] !== "");
  const fits = (node) => wanted.every((name) => FILTERS[name](node).includes(state[name]));
  const pair = (edge) => wanted.every((name) => [edge.from, edge.to].some((id) => FILTERS[name](nodes.get(id)).includes(state[name])));
  const edgeFits = (edge) => pair(edge) && inSource(edge) && (state.certainty === "" || edge.certainty === state.certainty)
    && (state.min === "" || (edge.share ?? edge.high ?? (isSized(edge) ? 100 : -1)) >= Number(state.min));
  const lines = (filtersOn().length ? edges.filter(edgeFits) : edges).filter((edge) => open === null || (open.has(edge.from) && open.has(edge.to)));
  const ids = new Set(lines.flatMap((edge) => [edge.from, edge.to]));
  if (state.certainty === "" && state.min === "") for (const node of nodes.values()) if (fits(node) && (open === null || open.has(node.id))) ids.add(node.id);
  return { ids, lines };
}

/* --- chains -------------------------------------------------------------------------------------------- */
function reach(id, forward, without) {
  const found = new Set([id]), rest = [id];
  while (rest.length) {
    const at = rest.pop();
    for (const edge of linksOf(at)) {
      const [here, there] = forward ? [edge.from, edge.to] : [edge.to, edge.from];
      if (here !== at || found.has(there) || edge.relation === without || (HOME.has(edge.relation) && forward && at !== id)) continue;
      found.add(there);
      rest.push(there);
    }
  }
  return found;
}

/* The chain around a node: all its owners and holdings; in other networks its neighbours. */
function chainAround(id) {
  if (DATA.kind === "ownership") return new Set([...reach(id, true), ...reach(id, false)]);
  const found = new Set([id]);
  for (const edge of linksOf(id)) found.add(edge.from).add(edge.to);
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
const sharesOf = (id) => (DATA.shares ?? []).filter((row) => (row.asset === id || row.owner === id) && inSource(shareSource(row)));
const shareSource = (row) => edgeByKey.get(row.paths?.[0]?.[0]) ?? {}; // a chain belongs to one source
function shareValue(row) {
  if (row.percent !== undefined && row.percent !== null) return percent(Number(row.percent));
  const [low, high] = [Number(row.low), Number(row.high)];
  return high > low ? `${number(low)}–${percent(high)}` : percent(low);
}

/* "27 % = 45 % × 60 %"; empty for a single stated number, if a step has no share, or if not all chains are listed. */
function shareProduct(row) {
  const paths = (row.paths ?? []).map((path) => path.map((key) => edgeByKey.get(key)));
  if (row.more || !paths.length || paths.every((path) => path.length < 2) || paths.flat().some((edge) => edge?.share === undefined)) return "";
  return `${shareValue(row)} = ${paths.map((path) => path.map((edge) => percent(edge.share)).join(" × ")).join(" + ")}`;
}

/* --- visible graph -------------------------------------------------------------------------------------- */
/* Drop redundant lines: duplicates of a stake, indirect stakes parallel to their chain, self-loops. */
function drawableLines(lines) {
  const stakes = new Set(lines.filter((edge) => edge.relation === "stake").map((edge) => `${edge.from}\u0000${edge.to}`));
  const direct = lines.filter((edge) => (edge.relation === "stake" && edge.basis !== "indirect") || edge.relation === "hasSubsidiary");
  const below = new Map(), at = (id, edge) => `${edge.source ?? ""}\u0000${id}`; // a chain belongs to one source
  for (const edge of direct) below.set(at(edge.from, edge), [...(below.get(at(edge.from, edge)) ?? []), edge.to]);
  const chained = (edge) => (below.get(at(edge.from, edge)) ?? []).some((middle) => middle !== edge.to && (below.get(at(middle, edge)) ?? []).includes(edge.to));
  const share = (edge) => JSON.stringify([edge.from, edge.to, edge.source, sizeOf(edge)]), stated = new Set(direct.map(share)); // both as owner and as parent
  return mergeSaid(lines.filter((edge) => edge.from !== edge.to
    && !(edge.relation === NAMED && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(edge.relation === "hasSubsidiary" && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(HOME.has(edge.relation) && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(edge.basis === "indirect" && (stated.has(share(edge)) || chained(edge)))));
}

function visibleGraph() {
  let { ids, lines } = applyFilters();
  if (state.only && nodes.has(state.only)) {
    const chain = chainAround(state.only);
    ids = new Set([...ids].filter((id) => chain.has(id)));
    ids.add(state.only);
    lines = lines.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  }
  const told = storyIds();
  if (told) {
    ids = new Set([...ids].filter((id) => told.has(id)));
    lines = lines.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  }
  const drawn = drawableLines(lines);
  if (DATA.kind === "ownership" && !state.only) {
    const used = new Set(drawn.flatMap((edge) => [edge.from, edge.to]));
    ids = new Set([...ids].filter((id) => used.has(id) || nodes.get(id).type !== "State"));
  }
  return { nodes: [...nodes.values()].filter((node) => ids.has(node.id)), lines, drawn };
}

/* The columns of the ownership layout: states, owners, firms held, mines and blocks. */
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
const searchTexts = new Map([...nodes.values()].map((node) => [node.id, [node.label, node.es ?? "", ...(node.names ?? [])].map(foldAccents).join("\u0000")]));
let knownOf = null; // for each thing, the words it is known by besides its names, and those of its names
const readKnown = () => new Map([...nodes.values()].map((node) => [node.id, new Set([...knownWords(node), ...likenedAll(searchTexts.get(node.id))])]));
function search(text) {
  const words = foldAccents(text).split(/\s+/).filter(Boolean), wanted = wantedWords(text);
  if (!wanted.length) return [];
  knownOf ??= readKnown();
  const called = (node) => searchTexts.get(node.id).split("\u0000").includes(words.join(" ")); // also by another name
  const folded = (node) => `${searchTexts.get(node.id)}\u0000${foldAccents(nameOf(node))}`, named = (node) => words.every((word) => folded(node).includes(word)), knows = (node) => hasWords(wanted, "", knownOf.get(node.id));
  const drawn = new Set(DATA.board ? coreRows(mergedRows()).map((row) => row.id) : []);
  const begins = (text, word) => text.split(word).slice(0, -1).some((before, place) => !(place || before) || /[^\p{L}\p{N}]$/u.test(before));
  const score = (node) => (called(node) ? -1 : foldAccents(nameOf(node)).startsWith(words[0]) ? 0 : !words.every((word) => begins(folded(node), word)) ? (knows(node) ? 3 : 4) : begins(foldAccents(node.label), words[0]) ? 1 : 2); // matches within a word come last
  const found = [...nodes.values()].filter((node) => named(node) || hasWords(wanted, folded(node), knownOf.get(node.id)));
  const scores = new Map(found.map((node) => [node, score(node)]));
  return found.sort((a, b) => scores.get(a) - scores.get(b) || drawn.has(b.id) - drawn.has(a.id) || byName(nameOf(a), nameOf(b)));
}
