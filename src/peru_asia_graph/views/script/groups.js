/* A network too large to read initially shows groups by column and home state. A group opens into its members, a large one
   first into parts by name. Out: nodes and lines like those of `visibleGraph`, with groups in place of their members. */
const READABLE = 200;
const PART = 40;

/* Group by home state and column, then in parts of forty, then single nodes. */
function groupNodes(view) {
  if (view.nodes.length <= READABLE) return { ...view, at: (id) => id };
  const holding = DATA.kind === "ownership";
  const rank = holding ? ranks(view.nodes, view.drawn) : null;
  const column = (node) => (ASSETS.has(node.type) ? 3 : !holding || node.type === "State" ? 1 : Math.min(rank.get(node.id), 2));
  const members = view.nodes.filter((node) => !holding || node.type !== "State");
  const wholes = new Map(), groups = new Map(), inside = new Map(), levels = new Map();
  for (const node of members) {
    const key = `${column(node)}|${ASSETS.has(node.type) ? "asset" : "firm"}|${node.country ?? ""}`;
    wholes.set(key, [...(wholes.get(key) ?? []), node]);
    levels.set(node.id, column(node));
  }
  const open = new Set(state.open.split("~").filter(Boolean));
  for (const [key, whole] of wholes) {
    for (const [id, some] of open.has(key) ? split(key, whole) : [[key, whole]]) {
      if (some.length === 1 || (open.has(id) && some.length <= PART)) continue; // shown as single nodes
      groups.set(id, groupNode(id, some));
      levels.set(id, column(some[0]));
      for (const node of some) inside.set(node.id, id);
    }
  }
  const at = (id) => inside.get(id) ?? id;
  const single = members.filter((node) => !inside.has(node.id));
  const lines = bundles(view.drawn.filter((edge) => levels.has(edge.from) && levels.has(edge.to)), at);
  const drawn = lines.filter((edge) => !holding || levels.get(edge.from) < levels.get(edge.to));
  return { nodes: [...groups.values(), ...single], lines: view.lines, drawn, at, levels: holding ? levels : undefined };
}

function split(key, members) {
  if (members.length <= PART) return [[key, members]];
  const sorted = [...members].sort((a, b) => byName(nameOf(a), nameOf(b)));
  const size = Math.ceil(sorted.length / Math.min(40, Math.ceil(sorted.length / PART)));
  const parts = [];
  for (let i = 0; i < sorted.length; i += size) parts.push([`${key}|${i}`, sorted.slice(i, i + size)]);
  return parts;
}

function groupNode(id, members) {
  const [level, kind, home] = id.split("|");
  const first = members[0], last = members[members.length - 1];
  const part = id.split("|").length > 3 ? `${truncate(nameOf(first), 12, 70)} – ${truncate(nameOf(last), 12, 70)}` : "";
  const what = t(kind === "asset" ? "group.assets" : level === "2" ? "group.held" : DATA.kind === "ownership" ? "group.owners" : "names");
  const where = home ? country(home) : t("group.nowhere");
  return {
    id, group: true, members, type: kind === "asset" ? "MiningProject" : "BusinessGroup", country: home || undefined,
    label: `${part || (kind === "asset" && !home ? what : `${where}: ${what}`)} (${number(members.length)})`
  };
}

/* Merge the lines between the same two ends, and count them. */
function bundles(lines, at) {
  const found = new Map();
  for (const edge of lines) {
    const [from, to] = [at(edge.from), at(edge.to)];
    if (from === to) continue;
    if (from === edge.from && to === edge.to) { found.set(edge.id, edge); continue; }
    const key = `${from}\u0000${to}`;
    const bundle = found.get(key) ?? { id: key, from, to, relation: "bundle", count: 0, parts: [] };
    bundle.count += 1;
    bundle.parts.push(edge);
    found.set(key, bundle);
  }
  return [...found.values()];
}

const openGroup = (id) => {
  const [rank, kind, home] = id.split("|");
  change({ open: unique([`${rank}|${kind}|${home}`, id]).join("~"), chosen: "" });
};
