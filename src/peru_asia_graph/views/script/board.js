/* Two more layouts: lists side by side under a heading each, and one indented list for a narrow window. */

/* In: columns of blocks {head?, title, parts: [{title, items}]} with items {id, h}. Out: centres like `layeredLayout`, titles, spines. */
function placeBoard(columns, frame) {
  const width = (frame.width - frame.between * (columns.length - 1)) / columns.length;
  const laid = { places: new Map(), titles: [], spines: [], routes: new Map(), width: frame.width, height: 0 };
  columns.forEach((blocks, place) => {
    let y = 0;
    for (const block of blocks) y = layBlock(block, place * (width + frame.between), y, width, frame, laid) + frame.headHeight / 2;
    laid.height = Math.max(laid.height, y - frame.headHeight / 2);
  });
  return laid;
}

function layBlock(block, left, top, width, frame, laid) {
  const ticks = [];
  let y = top;
  if (block.head) laid.places.set(block.head.id, { ...block.head, left, w: width, h: frame.headHeight, x: left + width / 2, y: y + frame.headHeight / 2 });
  else laid.titles.push({ text: block.title, left: left + frame.indent, y: y + frame.headHeight / 2 });
  y += frame.headHeight + frame.gap + 2;
  for (const { title, items } of block.parts.filter((part) => part.items.length)) {
    if (title) {
      laid.titles.push({ text: title, left: left + frame.indent, y: y + frame.titleHeight / 2 + 2 });
      y += frame.titleHeight + 2;
    }
    for (const item of items) {
      const w = width - frame.indent;
      laid.places.set(item.id, { ...item, left: left + frame.indent, w, x: left + frame.indent + w / 2, y: y + item.h / 2 });
      ticks.push(y + item.h / 2);
      y += item.h + frame.gap;
    }
  }
  if (block.head && ticks.length) laid.spines.push({ head: block.head.id, x: left + 7, top: top + frame.headHeight, ticks, indent: frame.indent });
  return y - frame.gap;
}

/* Links that share their busier end share a track in the gutter; return the track of each link. */
function tracksOf(links) {
  const busy = new Map(), tracks = new Map();
  for (const link of links) for (const end of [link.from, link.to]) busy.set(end, (busy.get(end) ?? 0) + 1);
  const keys = links.map((link) => (busy.get(link.from) > busy.get(link.to) ? `from ${link.from}` : `to ${link.to}`));
  for (const key of keys) if (!tracks.has(key)) tracks.set(key, tracks.size);
  return { of: new Map(links.map((link, i) => [link.id, tracks.get(keys[i])])), many: tracks.size };
}

/* In: items in order with a depth each. Out: one below the other, links routed on tracks in the gutter on the left. */
function placeLadder(items, links, frame) {
  const places = new Map(), routes = new Map(), labels = new Map(), tracks = tracksOf(links);
  const gutter = 8 + tracks.many * 9;
  let y = 0;
  for (const item of items) {
    const left = gutter + 10 + item.depth * frame.indent;
    places.set(item.id, { ...item, left, x: left + item.w / 2, y: y + item.h / 2 });
    y += item.h + frame.gap;
  }
  for (const link of links) {
    const a = places.get(link.from), b = places.get(link.to), x = gutter - 8 - tracks.of.get(link.id) * 9;
    if (!a || !b) continue;
    const beside = (labels.get(a.id) ?? 0) * 54;
    labels.set(a.id, (labels.get(a.id) ?? 0) + (link.share === undefined ? 0 : 1));
    routes.set(link.id, { elbow: true, from: [a.left, a.y], to: [b.left, b.y], x, label: [frame.width - beside, a.y] });
  }
  const titles = frame.more ? [{ text: frame.more, left: gutter + 10, y: y + 8 }] : [];
  return { places, routes, titles, spines: [], width: frame.width, height: Math.max(0, y - frame.gap) + (frame.more ? 24 : 0) };
}
