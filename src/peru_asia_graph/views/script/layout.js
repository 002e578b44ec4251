/* Choose the layout and the largest font size that fits the window: columns, a board or a ladder. */
const SIZES = [17, 16, 15, 14.5, 14, 13.5, 13, 12.5, 12, 11.5];
const TIGHT = 13; // from here down boxes and gaps are as small as the text allows
const RUNGS = 20;

function boxOf(node, size, room, lines) {
  const tag = DATA.kind === "diplomacy" ? yearTag(node) : node.type === "State" ? "" : codeOf(node.country);
  const weight = node.type === "State" || node.group ? 650 : 400;
  const free = room - size * 1.45 - 12 - (tag ? widthOf(tag, size - 1) + 8 : 0);
  const wrapped = wrap(node.group ? node.label : nameOf(node), size, free, lines, weight);
  const w = size * 1.45 + 12 + Math.max(...wrapped.map((line) => widthOf(line, size, weight))) + (tag ? widthOf(tag, size - 1) + 9 : 0);
  return { id: node.id, node, size, lines: wrapped, tag, w: Math.ceil(w), h: Math.round(wrapped.length * size * 1.18 + (DATA.kind === "diplomacy" ? 5 : size <= TIGHT ? 1 : 3)) };
}

function yearTag(node) {
  if (node.start === undefined && node.end === undefined) return "";
  const text = node.date ?? "";
  if (/^\d\dXX/.test(text) && Number(text.slice(0, 2)) * 100 + 99 > LAST_YEAR) return `${text.slice(0, 2)}00–`; // a century still running
  if (/^\d\d[\dX]X/.test(text)) return `${text.slice(0, 4).replace(/X/g, "0")}–${text.slice(2, 4).replace(/X/g, "9")}`;
  if (text.includes("/") && node.start !== undefined) return `${node.start}–${node.end === undefined ? "" : String(node.end).slice(String(node.end).slice(0, 2) === String(node.start).slice(0, 2) ? 2 : 0)}`;
  if (node.start === undefined) return `≤ ${node.end}`;
  // Some time between two moments, not all the time from one to the other.
  return text.startsWith("[") && node.end !== undefined && node.end !== node.start ? `${node.start}…${node.end}` : String(node.start);
}

function computeLayout(width, height) {
  if (!view.nodes.length) return { places: new Map(), routes: new Map(), titles: [{ text: t("nothing"), left: 0, y: 12 }], spines: [], width, height: 40, size: 16 };
  const sized = phone() && state.chosen ? [15] : SIZES;
  for (const size of sized) {
    const layout = phone() ? ladderLayout(size, width) : DATA.kind === "diplomacy" && !state.only ? boardLayout(size, width, height) : columnLayout(size, width, height);
    if (layout.height <= height || size === sized[sized.length - 1]) return { ...layout, size };
  }
  return null;
}

function columnLayout(size, width, height) {
  const rank = DATA.kind === "ownership" && !view.levels ? ranks(view.nodes.filter((node) => !node.group), view.drawn.filter((edge) => edge.relation !== "bundle")) : null;
  const room = (edge) => (HOME.has(edge.relation) || edge.relation === "bundle" ? 4 : endLabel(edge) || marksOf(edge, chosenLine(edge)).length ? size * 1.08 : 7), needs = new Map();
  for (const edge of view.drawn) needs.set(edge.to, (needs.get(edge.to) ?? 0) + room(edge));
  const folds = view.nodes.filter((node) => node.fold).map((node) => boxOf(node, size, Math.min(340, width * 0.4), 1)), foot = folds.length * (size * 1.18 + 9);
  const amounts = width < 1050 ? 0 : Math.max(0, ...view.nodes.map((node) => widthOf(amountsOf(node), size))), beside = amounts && Math.max(amounts, widthOf(t("head.amounts"), Math.max(11.5, size - 1.5), 600)) + 10;
  const boxes = view.nodes.filter((node) => !node.fold).map((node) => {
    const box = boxOf(node, size, Math.min(Math.max(width * 0.215, 150), 300), view.nodes.length > 40 ? 2 : 4);
    const level = view.levels?.get(node.id) ?? rank?.get(node.id) ?? (DATA.kind === "diplomacy" ? (node.type === "State" ? 2 : DEALINGS.has(node.type) ? 1 : 0) : undefined);
    const lines = node.type === "State" || node.group ? Math.min(needs.get(node.id) ?? 0, 72) : (needs.get(node.id) ?? 0) + 3;
    return { ...box, short: node.type === "State", h: Math.max(box.h, lines), ...(level === undefined ? {} : { rank: level }) };
  });
  const widest = new Map();
  for (const box of boxes) widest.set(box.rank, Math.max(widest.get(box.rank) ?? 0, box.w));
  for (const box of boxes) if (box.rank !== undefined) box.w = widest.get(box.rank);
  const order = (box) => [box.node.country ?? (box.node.type === "State" ? box.id : "~"), box.id].join();
  boxes.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const gap = size <= TIGHT ? 1 : size * 0.17;
  const layout = layeredLayout(boxes, view.drawn, { width: width - beside, height: height - foot, gap, most: size * (boxes.length > 25 ? 1.2 : 3), between: Math.max(size * 4.6, 60, ...view.drawn.map((edge) => widthOf(endLabel(edge), size) + marksWidth(marksOf(edge, chosenLine(edge))) + 24)), room });
  const heads = DATA.kind === "ownership" ? headsOf(layout) : [], last = layout.columns[layout.columns.length - 1];
  if (beside && last) heads.push({ text: t("head.amounts"), left: last.left + last.wide + 8, y: -14 });
  return placeFolds({ ...layout, titles: heads, spines: [], width: layout.width + beside, amounts: beside > 0 }, folds, last);
}

/* The folds stand below the last column. */
function placeFolds(layout, folds, column) {
  if (!folds.length) return layout;
  let y = Math.max(...column.filter((box) => !box.dummy).map((box) => box.y + box.h / 2)) + 7;
  for (const box of folds) {
    const w = Math.max(box.w, column.wide), left = Math.min(column.left, layout.width - w - 4);
    layout.places.set(box.id, { ...box, w, left, x: left + w / 2, y: y + box.h / 2 });
    y += box.h + 6;
  }
  return { ...layout, height: Math.max(layout.height, y) };
}

function headsOf(layout) {
  return layout.columns.map((column) => {
    const kinds = column.filter((box) => !box.dummy).map((box) => box.node);
    const key = kinds.every((node) => node.type === "State") ? "states" : kinds.every((node) => ASSETS.has(node.type)) ? "assets" : column === layout.columns.find((one) => one.some((box) => !box.dummy && box.node.type !== "State")) ? "owners" : "held";
    return { text: t(`head.${key}`), left: column.left, y: -14 };
  });
}

/* Group the nodes by partner of the state with most dealings. A dealing goes to the one partner among the states of those who
   took part, if no further state did; one named only as predecessor does not count. Actors go to their home or to the partner of their dealings. */
function partnerGroups(now) {
  const members = [...nodes.values()], drawn = new Set(now);
  const states = members.filter((node) => node.type === "State");
  const shared = new Map(states.map((node) => [node.id, new Set(linksOf(node.id).flatMap((edge) => [edge.from, edge.to]))]));
  const [hub] = [...states].sort((a, b) => shared.get(b.id).size - shared.get(a.id).size || (a.id < b.id ? -1 : 1));
  const heads = states.filter((node) => node !== hub && shared.get(node.id).size >= 6 && (!SEVERAL || inAsia(node))).sort((a, b) => shared.get(b.id).size - shared.get(a.id).size);
  const headIds = new Set(heads.map((node) => node.id));
  const others = (node, fits) => linksOf(node.id).filter(fits).map((edge) => nodes.get(edge.from === node.id ? edge.to : edge.from));
  const belongs = (node) => others(node, (edge) => edge.from === node.id && !["participant", "party"].includes(edge.relation)).filter((other) => other.type === "State");
  const statesOf = (node) => (node.type === "State" ? [node.id] : unique([node.country, ...belongs(node).map((other) => other.id)].filter(Boolean)));
  const band = new Map(heads.map((node) => [node.id, node.id]));
  const place = (node, found) => band.set(node.id, found.length === 1 && headIds.has(found[0]) ? found[0] : "");
  for (const node of members.filter((one) => DEALINGS.has(one.type))) {
    const part = others(node, (edge) => edge.to === node.id && edge.role !== "predecessor").filter((other) => !DEALINGS.has(other.type));
    if (part.length) place(node, unique(part.flatMap(statesOf)).filter((id) => id !== hub?.id));
  }
  for (const node of members.filter((one) => !band.has(one.id) && one !== hub)) {
    const own = statesOf(node).filter((id) => headIds.has(id));
    place(node, own.length ? own : unique(others(node, () => true).map((other) => band.get(other.id)).filter(Boolean)));
  }
  const group = (head, ids) => ({
    head, title: head ? nameOf(head) : t("several"), code: head ? codeOf(head.id) : "", tone: head ? tone(head.id) : "other",
    all: now.filter((node) => node !== head && ids(node)).sort((a, b) => (a.start ?? a.end ?? 9999) - (b.start ?? b.end ?? 9999) || byName(nameOf(a), nameOf(b))),
  });
  const rest = group(hub ?? null, (node) => node !== hub && !heads.includes(node) && !band.get(node.id));
  if (hub) rest.title = t("alone", { state: nameOf(hub) });
  return [...heads.map((head) => group(head, (node) => band.get(node.id) === head.id && node !== head)), rest].map((one) => ({ ...one, head: drawn.has(one.head) ? one.head : null })).filter((one) => one.all.length || one.head);
}

function boardLayout(size, width) {
  const groups = partnerGroups(view.nodes);
  const between = 26, indent = 16, column = (width - between * (groups.length - 1)) / groups.length;
  const dated = (node) => node.start !== undefined || node.end !== undefined;
  const rows = (group, fits) => group.all.filter(fits).map((node) => ({ ...boxOf(node, size, column - indent, 6), open: true, ...(DEALINGS.has(node.type) ? { tone: group.tone } : {}) }));
  const columns = groups.map((group) => {
    const head = group.head && { ...boxOf(group.head, size, column, 1), lines: [truncate(group.title, size, column - size * 2.4, 650)] };
    const parts = [
      { title: "", items: rows(group, (node) => DEALINGS.has(node.type) && dated(node)) },
      { title: t("undated.head"), items: rows(group, (node) => DEALINGS.has(node.type) && !dated(node)) },
      { title: t("actors"), items: rows(group, (node) => !DEALINGS.has(node.type)) },
    ];
    return [{ head: head && { ...head, head: true }, title: group.title, parts }];
  });
  return placeBoard(columns, { width, gap: size * 0.2, between, indent, headHeight: size * 1.75, titleHeight: size * 1.5 });
}

/* In the ladder the home state heads its owners, and each name says what it holds: "45 % of Pluspetrol Norte". */
const byHome = (a, b) => byName(a.country ? country(a.country) : "\uffff", b.country ? country(b.country) : "\uffff");
function ladderHeads(owners, chain) {
  const heads = new Map(), seen = new Set();
  for (const node of [...owners].sort((a, b) => byHome(a, b) || byName(nameOf(a), nameOf(b)))) {
    if (node.type === "State" || !node.country || seen.has(node.country) || !nodes.has(node.country) || chain.has(nodes.get(node.country))) continue;
    seen.add(node.country);
    heads.set(node.id, nodes.get(node.country));
  }
  return heads;
}
function ladderNotes(node, lines) {
  if (DATA.kind !== "ownership") return [];
  return lines.filter((edge) => edge.from === node.id && !HOME.has(edge.relation)).map((edge) => {
    const of = nameOf(nodes.get(edge.to));
    return edge.share !== undefined ? t("ladder.share", { share: endLabel(edge), of }) : t(edge.relation === NAMED ? "ladder.named" : "ladder.holds", { of });
  });
}

function ladderLayout(size, width) {
  const around = state.chosen ? chainAround(state.chosen) : new Set();
  const held = new Set(view.drawn.filter((edge) => !HOME.has(edge.relation) && around.has(edge.from) && around.has(edge.to)).flatMap((edge) => [edge.from, edge.to]));
  const chain = view.nodes.filter((node) => around.has(node.id) && (node.id === state.chosen || node.type !== "State" || held.has(node.id)));
  const order = DATA.kind === "ownership" ? ranks(chain, view.drawn) : new Map(chain.map((node) => [node.id, DEALINGS.has(node.type) ? 1 : 0]));
  const least = Math.min(...order.values());
  const heads = DATA.kind === "ownership" ? ladderHeads(chain.filter((node) => order.get(node.id) === least), new Set(chain)) : new Map();
  const sorted = chain.map((node) => [node, order.get(node.id) - least]).sort(([a, x], [c, y]) => x - y || (x === 0 && heads.size ? byHome(a, c) : 0) || (a.start ?? 9999) - (c.start ?? 9999) || byName(nameOf(a), nameOf(c)));
  const few = sorted.filter(([node], place) => node.id === state.chosen || place < RUNGS);
  const ids = new Set(few.map(([node]) => node.id));
  const joins = (edge) => DATA.kind === "ownership" || edge.from === state.chosen || edge.to === state.chosen;
  const lines = view.drawn.filter((edge) => ids.has(edge.from) && ids.has(edge.to) && joins(edge) && (!HOME.has(edge.relation) || edge.from === state.chosen));
  const gutter = 40 + tracksOf(lines).many * 9;
  const room = Math.max(120, width - gutter - 40);
  const rows = few.flatMap(([node, depth]) => {
    const box = boxOf(node, size, room, 4), small = Math.max(11, size - 2.5), rest = size * 1.45 + 14 + (box.tag ? widthOf(box.tag, size) + 8 : 0);
    const notes = ladderNotes(node, lines).flatMap((note) => wrap(note, small, room - rest, 2)), wide = Math.max(box.w, ...notes.map((note) => widthOf(note, small) + rest));
    const head = heads.get(node.id), state = head && { ...boxOf(head, size, room, 1), depth: 0 };
    return [...(state ? [state] : []), { ...box, notes, w: wide, h: box.h + notes.length * small * 1.25, depth: Math.min(depth, 4) }];
  });
  const more = sorted.length > few.length ? t("ladder.more", { count: sorted.length - few.length }) : "";
  return placeLadder(rows, lines, { width, gap: 7, indent: 12, more });
}
