/* The inset of the map, where many blocks are close together, and the list of sites without a location. */
/* The north-west coast at a larger scale, with names in a column on the right. */
function insetChart(inset, width) {
  const rows = [...inset].sort((a, b) => spot(a)[1] - spot(b)[1]), high = Math.max(300, rows.length * rowHeight(19) + 20), scale = high / (INSET[3] - INSET[1]), across = Math.round((INSET[2] - INSET[0]) * scale);
  const at = ([x, y]) => [(x - INSET[0]) * scale, (y - INSET[1]) * scale], parts = [], frame = [0, 0, across, high];
  for (const one of DATA.outlines) for (const ring of ringsOf(one.d)) {
    const d = polygonPath(clipBox(ring.map(at), frame));
    if (d) parts.push(shape(d, { fill: ink.card, stroke: ink.rule, width: 1 }));
  }
  parts.push(shape(`M0 0H${across}V${high}H0Z`, { stroke: ink.line, width: 1 }));
  const room = new Room(across, high), step = Math.min(rowHeight(22), (high - 16) / rows.length), named = Math.min(width - 4, across + 200);
  const drawn = rows.map((entry) => { const [x, y] = at(spot(entry)), found = room.near(x, y, 13, 13, 60) ?? { x, y, box: [x, y, x, y] }; room.take(found.box); return { entry, ...found }; });
  for (const one of DATA.outlines.filter((outline) => inBox(INSET, outline.at.map((value) => value / 100)))) {
    const [x, y] = at(one.at.map((value) => value / 100)), found = room.near(x, y, widthOf(departmentName(one), 11), 12, 40);
    if (found) parts.push(textPart(departmentName(one), found.x, found.y + 4, { size: 11, fill: ink.muted, halo: ink.card, anchor: "middle" }));
  }
  drawn.forEach(({ entry, x, y }, i) => {
    const mine = { entry: entry.id }, line = 14 + i * step, alpha = HOLD_ALPHA[siteHolds(entry)];
    parts.unshift(shape(`M${round(x)} ${round(y)}L${across + 12} ${round(line)}`, { stroke: ink.rule, width: 1 }));
    parts.push(...[...tapParts(across + 28, line), ...symbolParts(entry.type, coloursOf(entry), x, y, { size: 13, alpha, ring: entry.id === state.chosen ? ink.accent : "" })].map((part) => ({ ...part, ...mine })));
    parts.push({ ...textPart(truncate(siteLabel(entry), 13, width - across - 20), across + 16, line + 4.5, { fill: ink.ink, weight: weightOf(entry) < 2 ? 650 : 400 }), ...mine });
  });
  return { id: "inset", small: true, title: t("map.inset"), width: named, height: high + 2, parts: sortBelow(parts) };
}
/* Lines to the names are above the land and below the symbols. */
const sortBelow = (parts) => [...parts.filter((part) => !part.entry && part.fill), ...parts.filter((part) => !part.entry && !part.fill), ...parts.filter((part) => part.entry)];

/* The sites without a location, as a list with their symbols. */
function restChart(rest, width) {
  const rows = [...rest].sort((a, b) => KIND_ORDER.indexOf(a.type) - KIND_ORDER.indexOf(b.type) || byWeight(a, b)), columns = Math.max(1, Math.floor(width / 230)), deep = Math.ceil(rows.length / columns), room = width / columns, parts = [];
  rows.forEach((entry, i) => {
    const x = Math.floor(i / deep) * room, y = (i % deep) * rowHeight(21) + 12, mine = { entry: entry.id };
    parts.push(...[...tapParts(x + 12, y), ...symbolParts(entry.type, coloursOf(entry), x + 8, y, { size: 13, hollow: true, alpha: HOLD_ALPHA[siteHolds(entry)], ring: entry.id === state.chosen ? ink.accent : "" })].map((part) => ({ ...part, ...mine })));
    parts.push({ ...textPart(truncate(siteLabel(entry), 13, room - 30), x + 20, y + 4.5, { fill: ink.ink, weight: entry.id === state.chosen ? 650 : 400 }), ...mine });
  });
  return { id: "unplaced", small: true, title: `${t("map.rest")} · ${number(rows.length)}`, note: t("map.rest.note"), width, height: deep * rowHeight(21) + 4, parts };
}
