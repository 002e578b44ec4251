/* Map geometry: outlines, clipping, symbols split by share, and placement of symbols and labels without overlap. */
const CURVE = (from, a, b, to) => [0.2, 0.4, 0.6, 0.8, 1].map((s) => [0, 1].map((i) => (1 - s) ** 3 * from[i] + 3 * s * (1 - s) ** 2 * a[i] + 3 * s * s * (1 - s) * b[i] + s ** 3 * to[i]));
const ARC = (x, y, rx, ry, from, to, steps) => Array.from({ length: steps }, (_, i) => { const at = from + ((to - from) * (i + 1)) / steps; return [x + rx * Math.cos(at), y + ry * Math.sin(at)]; });
/* By kind, as polygons in a 14 × 14 box. */
const SYMBOLS = {
  MiningProject: [[7, 1], [13.4, 12.8], [0.6, 12.8]],
  HydrocarbonBlock: [[7, 0.4], ...CURVE([7, 0.4], [8.6, 3.2], [11.9, 5.7], [11.9, 8.8]), ...ARC(7, 8.8, 4.9, 4.9, 0, Math.PI, 12), ...CURVE([2.1, 8.8], [2.1, 5.7], [5.4, 3.2], [7, 0.4])],
  InfrastructureProject: [[7, 0.4], [13.6, 7], [7, 13.6], [0.4, 7]],
  MineralDeposit: ARC(7, 7, 5, 5, 0, 2 * Math.PI, 20),
};
const SQUARE = [[1.6, 1.6], [12.4, 1.6], [12.4, 12.4], [1.6, 12.4]];
const symbolOf = (type) => own(SYMBOLS, type) ?? SQUARE;

/* The part of a polygon on one side of an axis-parallel line (Sutherland and Hodgman). */
function clipSide(polygon, axis, value, above) {
  const inside = (point) => (above ? point[axis] >= value : point[axis] <= value);
  return polygon.flatMap((point, i) => {
    const before = polygon[(i + polygon.length - 1) % polygon.length];
    if (inside(point) === inside(before)) return inside(point) ? [point] : [];
    const at = (value - before[axis]) / (point[axis] - before[axis]), cut = before.map((from, k) => from + at * (point[k] - from));
    return inside(point) ? [cut, point] : [cut];
  });
}
const clipBox = (polygon, [left, top, right, bottom]) => [[0, left, true], [0, right, false], [1, top, true], [1, bottom, false]].reduce((rest, [axis, value, above]) => clipSide(rest, axis, value, above), polygon);
const polygonPath = (points) => (points.length < 3 ? "" : `M${points.map((point) => point.map(round).join(" ")).join("L")}Z`);

/* The rings of a path with relative coordinates, in degrees east and south. */
const RINGS = new Map();
function ringsOf(d) {
  if (!RINGS.has(d)) RINGS.set(d, d.split("M").filter(Boolean).map((text) => {
    const numbers = text.match(/-?\d+/g).map(Number), ring = [[numbers[0], numbers[1]]];
    for (let i = 2; i + 1 < numbers.length; i += 2) ring.push([ring.at(-1)[0] + numbers[i], ring.at(-1)[1] + numbers[i + 1]]);
    return ring.map(([x, y]) => [x / 100, y / 100]);
  }));
  return RINGS.get(d);
}

const areaOf = (points) => Math.abs(points.reduce((sum, [x, y], i) => { const [a, b] = points[(i + 1) % points.length]; return sum + x * b - a * y; }, 0)) / 2;
/* The vertical line that leaves this fraction of the area on its left. */
function cutAt(polygon, left, wide, part) {
  if (part >= 0.9999) return left + wide;
  let [low, high] = [left, left + wide];
  for (let step = 0; step < 16; step += 1) {
    const middle = (low + high) / 2;
    if (areaOf(clipSide(polygon, 0, middle, false)) < part * areaOf(polygon)) low = middle; else high = middle;
  }
  return high;
}

/* A symbol around a point: colours from left to right, areas proportional to shares; `hollow` leaves the centre empty. */
function symbolParts(type, shares, x, y, { size, hollow = false, alpha = 1, ring = "" }) {
  const scale = size / 14, place = (points) => points.map(([a, b]) => [x + (a - 7) * scale, y + (b - 7) * scale]);
  const polygon = place(symbolOf(type)), edges = polygon.map((point) => point[0]), left = Math.min(...edges), wide = Math.max(...edges) - left;
  const whole = shares.reduce((sum, [, share]) => sum + share, 0), parts = [];
  if (ring) parts.push(shape(`M${round(x - size)} ${round(y)}a${size} ${size} 0 1 0 ${2 * size} 0a${size} ${size} 0 1 0 ${-2 * size} 0z`, { fill: ink.highlight, stroke: ring, width: 1.6 }));
  parts.push(shape(polygonPath(polygon), { fill: ink.paper, stroke: ink.paper, width: 2 }));
  let from = left, done = 0;
  for (const [colour, share] of shares) {
    done += share;
    const to = cutAt(polygon, left, wide, done / whole), strip = clipSide(clipSide(polygon, 0, from, true), 0, to, false);
    if (strip.length > 2) parts.push(shape(polygonPath(strip), { fill: colour, alpha }));
    from = to;
  }
  if (hollow) {
    const [cx, cy] = type === "MiningProject" ? [7, 8.9] : type === "HydrocarbonBlock" ? [7, 8] : [7, 7];
    parts.push(shape(polygonPath(place(symbolOf(type).map(([a, b]) => [cx + (a - cx) * 0.6, cy + (b - cy) * 0.6]))), { fill: ink.paper }));
  }
  return parts;
}

/* The occupied areas of a map of a given width and height; a box is [left, top, right, bottom]. */
class Room {
  constructor(width, height) { Object.assign(this, { width, height, taken: [] }); }
  free([left, top, right, bottom], gap = 1) {
    return left >= 0 && top >= 0 && right <= this.width && bottom <= this.height
      && this.taken.every(([a, b, c, d]) => right + gap <= a || c + gap <= left || bottom + gap <= b || d + gap <= top);
  }
  take(box) { this.taken.push(box); return box; }
  /* The nearest free place around a point for a box of a given size, centred there. */
  near(x, y, w, h, most, gap = 1) {
    for (let far = 0; far <= most; far += 3) {
      for (let turn = 0; turn < (far ? 16 : 1); turn += 1) {
        const cx = x + far * Math.cos((turn * Math.PI) / 8), cy = y + far * Math.sin((turn * Math.PI) / 8), box = [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2];
        if (this.free(box, gap)) return { x: cx, y: cy, box, far };
      }
    }
    return null;
  }
}
