/* What is initially collapsed and can be expanded below the picture: assets without Asian owners from further sources, and
   everything other than mines and blocks. Nothing in the user's own graph. */
const FOLDS = { sources: 1, other: 2 }; // bits of `state.all`
const opened = (name) => (Number(state.all) & FOLDS[name]) !== 0;
const toggleFold = (name) => change({ all: String(Number(state.all) ^ FOLDS[name]).replace(/^0$/, ""), chosen: "", only: "" });

/* The ids shown, null for all: those of the selected source, or else all of the first source and, of the others, those
   connected with Asia; for ownership the mines and blocks. The chain of a selected name is always shown. */
function openIds() {
  const whole = state.source !== "" ? new Set(edges.filter(inSource).flatMap((edge) => [edge.from, edge.to])) : !SEVERAL || opened("sources") ? null : coreIds();
  const mines = MINES && !opened("other") ? mineIds(whole) : null;
  if (mines === null && (whole === null || state.source !== "")) return whole;
  const ids = new Set(mines ?? whole);
  for (const id of storyIds() ?? []) ids.add(id);
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
    /* Only parties in Asia are shown, the others are in the panel: an agreement may have fifty. */
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

/* --- mines and blocks ------------------------------------------------------------------------------------ */
const MINES = DATA.kind === "ownership" && SOURCES.length > 0;
const investedIn = (node) => (node.facts ?? []).some((fact) => fact.kind === "investment" && inSource(fact)) && linksOf(node.id).some((edge) => edge.to === node.id && !HOME.has(edge.relation));
const isMine = (node) => node.type === "MiningProject" || node.type === "HydrocarbonBlock" || (!ASSETS.has(node.type) && investedIn(node));

/* The mines, blocks and firms that received an investment, all their owners, and the firms these hold: of all, or of `whole`. */
const mineIdsOf = new Map();
function mineIds(whole) {
  const key = `${state.source} ${whole === null}`;
  if (mineIdsOf.has(key)) return mineIdsOf.get(key);
  const found = new Set([...nodes.values()].filter((node) => isMine(node) && (whole === null || whole.has(node.id))).flatMap((node) => [...reach(node.id, false)]));
  const held = [...found].filter((id) => nodes.get(id).type !== "State").flatMap((id) => linksOf(id).filter((edge) => edge.from === id && HOLDING.has(edge.relation)).map((edge) => edge.to));
  for (const id of held) if (!ASSETS.has(nodes.get(id).type)) for (const other of reach(id, false)) found.add(other);
  if (whole !== null) for (const id of found) if (!whole.has(id)) found.delete(id);
  mineIdsOf.set(key, found);
  return found;
}

/* The available folds: {id, fold, label}, each a box below the last column. */
function foldNodes() {
  if (!MINES || state.only || storyStep() || filtersOn().some((name) => name !== "source")) return [];
  const made = (fold, count, label) => ({ id: `fold ${fold}`, fold, group: true, type: "", members: [], label: t(opened(fold) ? `fold.${fold}.less` : `fold.${fold}`, { count: number(count), source: label }) });
  const whole = !SEVERAL || opened("sources") || state.source !== "" ? null : coreIds(), mines = mineIds(whole);
  const assets = [...nodes.values()].filter((node) => ASSETS.has(node.type) && (whole === null || whole.has(node.id)) && linksOf(node.id).length);
  const other = assets.filter((node) => !mines.has(node.id)).length, behind = state.source === "" ? foldedCount() : 0;
  const names = SOURCES.slice(1).map((source) => source.short).join(", ");
  return [...(behind ? [made("sources", behind, names)] : []), ...(other ? [made("other", other, "")] : [])];
}
