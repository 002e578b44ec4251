/* An indented list for a narrow window: names below each other, links in the left gutter. */

/* Links that share their busier end share a track in the gutter; return the track of each link. */
function tracksOf(links) {
  const busy = new Map(), tracks = new Map();
  for (const link of links) for (const end of [link.from, link.to]) busy.set(end, (busy.get(end) ?? 0) + 1);
  const keys = links.map((link) => (busy.get(link.from) > busy.get(link.to) ? `from ${link.from}` : `to ${link.to}`));
  for (const key of keys) if (!tracks.has(key)) tracks.set(key, tracks.size);
  return { of: new Map(links.map((link, i) => [link.id, tracks.get(keys[i])])), many: tracks.size };
}

/* In: items in order with their depths. Out: positions one below the other, links routed on tracks in the left gutter. */
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
    labels.set(a.id, (labels.get(a.id) ?? 0) + (isSized(link) ? 1 : 0));
    routes.set(link.id, { elbow: true, from: [a.left, a.y], to: [b.left, b.y], x, label: [frame.width - beside, a.y] });
  }
  const titles = frame.more ? [{ text: frame.more, left: gutter + 10, y: y + 8 }] : [];
  return { places, routes, titles, spines: [], width: frame.width, height: Math.max(0, y - frame.gap) + (frame.more ? 24 : 0) };
}
