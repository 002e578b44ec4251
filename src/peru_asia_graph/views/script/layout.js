/* Choose the layout and the largest font size that fits the window: columns or a ladder. */
const SIZES = [17, 16, 15, 14.5, 14, 13.5, 13, 12.5, 12, 11.5];
const TIGHT = 13; // below this size, boxes and gaps are as small as the text allows
const RUNGS = 20;

function boxOf(node, size, room, lines) {
  const tag = node.type === "State" ? "" : codeOf(node.country);
  const weight = node.type === "State" || node.group ? 650 : 400;
  const free = room - size * 1.45 - 12 - (tag ? widthOf(tag, size - 1) + 8 : 0);
  const wrapped = wrap(node.group ? node.label : shortName(node), size, free, lines, weight);
  const w = size * 1.45 + 12 + Math.max(...wrapped.map((line) => widthOf(line, size, weight))) + (tag ? widthOf(tag, size - 1) + 9 : 0);
  return { id: node.id, node, size, lines: wrapped, tag, w: Math.ceil(w), h: Math.round(wrapped.length * size * 1.18 + (size <= TIGHT ? 1 : 3)) };
}

function computeLayout(width, height) {
  if (!view.nodes.length) return { places: new Map(), routes: new Map(), titles: [{ text: nothingText(), left: 0, y: 12 }], spines: [], width, height: 40, size: 16 };
  const sized = phone() && state.chosen ? [15] : SIZES;
  for (const size of sized) {
    const layout = phone() ? ladderLayout(size, width) : columnLayout(size, width, height);
    if (layout.height <= height || size === sized[sized.length - 1]) return { ...layout, size };
  }
  return null;
}

function columnLayout(size, width, height) {
  const rank = DATA.kind === "ownership" && !view.levels ? ranks(view.nodes.filter((node) => !node.group), view.drawn.filter((edge) => edge.relation !== "bundle")) : null;
  const room = (edge) => (HOME.has(edge.relation) || edge.relation === "bundle" ? 4 : endLabel(edge) || marksOf(edge, chosenLine(edge)).length ? size * 1.08 : 7), needs = new Map();
  for (const edge of view.drawn) needs.set(edge.to, (needs.get(edge.to) ?? 0) + room(edge));
  const folds = view.nodes.filter((node) => node.fold).map((node) => boxOf(node, size, Math.min(340, width * 0.4), 1)), foot = folds.reduce((sum, box) => sum + box.h + 6, folds.length ? 8 : 0);
  const amounts = width < 1050 ? 0 : Math.max(0, ...view.nodes.map((node) => widthOf(amountsOf(node), size))), beside = amounts && Math.max(amounts, widthOf(t("head.amounts"), Math.max(11.5, size - 1.5), 600)) + 10;
  const boxes = view.nodes.filter((node) => !node.fold).map((node) => {
    const box = boxOf(node, size, Math.min(Math.max(width * (width < 1050 ? 0.185 : 0.215), 150), 300), view.nodes.length > 40 ? 2 : 4);
    const level = view.levels?.get(node.id) ?? rank?.get(node.id);
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

/* The folds are below the last column. */
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
  return layout.columns.filter((column) => column.some((box) => !box.dummy)).map((column) => {
    const kinds = column.filter((box) => !box.dummy).map((box) => box.node);
    const key = kinds.every((node) => node.type === "State") ? "states" : kinds.every((node) => ASSETS.has(node.type)) ? "assets" : column === layout.columns.find((one) => one.some((box) => !box.dummy && box.node.type !== "State")) ? "owners" : "held";
    return { text: t(`head.${key}`), left: column.left, y: -14 };
  });
}

/* In the ladder, owners are listed under their home state, and each name says what it holds: "45 % of Pluspetrol Norte". */
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
    const of = shortName(nodes.get(edge.to));
    return isSized(edge) ? t("ladder.share", { share: endLabel(edge), of }) : t(edge.relation === NAMED ? "ladder.named" : "ladder.holds", { of });
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
