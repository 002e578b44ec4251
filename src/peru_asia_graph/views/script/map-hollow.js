/* Sites known only by department: symbols on its area, each with its name, as close to the centre as possible;
   and the minimum size of tap targets. */
const leastTap = () => (phone() ? 24 : 0); // WCAG 2.5.8
const rowHeight = (least) => Math.max(least, leastTap());
/* An invisible area around a symbol, as a tap target. */
const tapParts = (x, y) => (phone() ? [shape(circle(x, y, leastTap() / 2), { fill: "transparent" })] : []);

const inRing = (ring, x, y) => ring.reduce((inside, [a, b], i) => { const [c, d] = ring[(i + ring.length - 1) % ring.length]; return (b > y) !== (d > y) && x < ((c - a) * (y - b)) / (d - b) + a ? !inside : inside; }, false);

function hollowStacks(hollow, at, room, parts, below) {
  for (const department of unique(hollow.map(departmentOf))) {
    const members = hollow.filter((entry) => departmentOf(entry) === department), one = DATA.outlines.find((outline) => outline.name === department);
    const step = rowHeight(18), wide = Math.max(...members.map((entry) => widthOf(siteLabel(entry), 13))) + 24, high = members.length * step, [x, y] = at(one.at.map((value) => value / 100));
    const found = placeOnLand(ringsOf(one.d).map((ring) => ring.map(at)), [x, y], wide, members.length, step, room) ?? placeBeside([x, y], wide, high, room);
    if (!found) continue;
    room.take(found.box);
    if (!found.land) below.push(shape(`M${round(x)} ${round(y)}L${round(Math.min(Math.max(x, found.box[0]), found.box[2]))} ${round(Math.min(Math.max(y, found.box[1]), found.box[3]))}`, { stroke: ink.muted, width: 1, dash: [2, 3] }), shape(circle(x, y, 2.5), { fill: ink.muted }));
    members.forEach((entry, i) => {
      const top = found.box[1] + (i + 0.5) * step, sign = found.sign, left = sign > (found.box[0] + found.box[2]) / 2, mine = { entry: entry.id };
      const look = { size: 13, hollow: true, alpha: HOLD_ALPHA[siteHolds(entry)], ring: entry.id === state.chosen ? ink.accent : "" };
      parts.push(...[...tapParts(sign, top), ...symbolParts(entry.type, coloursOf(entry), sign, top, look)].map((part) => ({ ...part, ...mine })));
      parts.push({ ...textPart(siteLabel(entry), sign + (left ? -12 : 12), top + 4.5, { fill: ink.ink, halo: ink.halo, italic: true, anchor: left ? "end" : "start", weight: entry.id === state.chosen ? 650 : 400 }), ...mine });
    });
  }
}

/* Positions of all symbols of a list within the department, names to the right or left; null if there is no room. */
function placeOnLand(rings, [x, y], wide, count, step, room) {
  const points = rings.flat(), [left, right] = [Math.min(...points.map((point) => point[0])), Math.max(...points.map((point) => point[0]))];
  const [top, bottom] = [Math.min(...points.map((point) => point[1])), Math.max(...points.map((point) => point[1]))], high = count * step;
  const inside = (px, py) => rings.reduce((found, ring) => found !== inRing(ring, px, py), false);
  let best = null;
  for (let py = top + 6; py <= bottom - 6; py += 5) {
    for (let px = left + 6; px <= right - 6; px += 5) {
      const far = Math.hypot(px - x, py - y);
      if (best && far >= best.far) continue;
      if (!Array.from({ length: count }, (_, i) => py + (i - (count - 1) / 2) * step).every((at) => inside(px, at))) continue;
      const box = [[px - 8, px - 8 + wide], [px + 8 - wide, px + 8]].map(([from, to]) => [from, py - high / 2, to, py + high / 2]).find((one) => room.free(one, 2));
      if (box) best = { far, box, sign: px, land: true };
    }
  }
  return best;
}

/* Outside the department, with a line to a dot in it. */
function placeBeside([x, y], wide, high, room) {
  const found = room.near(x, y, wide, high, room.width, 2);
  return found && { ...found, sign: found.box[0] + 8, land: false };
}
