/* Layered layout (Sugiyama): sources left of their targets, few crossings, filling the frame.
   In: items {id, w, h, rank?}, links {id, from, to}, a frame {width, height, gap, between}. Out: centres, routes, size. */
function layeredLayout(items, links, frame) {
  const boxes = new Map(items.map((item) => [item.id, { ...item, ins: [], outs: [] }]));
  const real = links.filter((link) => link.from !== link.to && boxes.has(link.from) && boxes.has(link.to));
  assignRanks(boxes, real);
  const chains = real.map((link) => chainOf(link, boxes));
  const columns = [];
  for (const box of boxes.values()) (columns[box.rank] ??= []).push(box);
  const filled = columns.filter(Boolean);
  reduceCrossings(filled);
  return assignCoordinates(filled, chains, frame);
}

function assignRanks(boxes, links) {
  if ([...boxes.values()].every((box) => box.rank !== undefined)) return;
  const next = new Map([...boxes.keys()].map((id) => [id, []]));
  for (const link of links) next.get(link.from).push(link.to);
  const depth = new Map(), under = new Set();
  const visit = (id) => {
    if (depth.has(id)) return depth.get(id);
    if (under.has(id)) return -1; // a cycle: this link runs backwards
    under.add(id);
    const far = Math.max(-1, ...next.get(id).map(visit)) + 1;
    under.delete(id);
    depth.set(id, far);
    return far;
  };
  for (const id of boxes.keys()) visit(id);
  const most = Math.max(0, ...depth.values());
  for (const box of boxes.values()) box.rank ??= most - depth.get(box.id);
}

/* The boxes of a link from left to right: its ends and a dummy box in each column it crosses. */
function chainOf(link, boxes) {
  const ends = [boxes.get(link.from), boxes.get(link.to)], back = ends[1].rank < ends[0].rank;
  const [left, right] = back ? ends.reverse() : ends;
  const chain = [left];
  for (let rank = left.rank + 1; rank < right.rank; rank += 1) {
    const dummy = { id: `${link.id}\u0000${rank}`, rank, w: 0, h: 2, dummy: true, ins: [], outs: [] };
    boxes.set(dummy.id, dummy);
    chain.push(dummy);
  }
  chain.push(right);
  if (right.rank > left.rank) {
    for (let step = 1; step < chain.length; step += 1) {
      chain[step - 1].outs.push(chain[step]);
      chain[step].ins.push(chain[step - 1]);
    }
  }
  return { link, chain, back };
}

/* --- crossing reduction --------------------------------------------------------------------------------- */
const numberPlaces = (columns) => columns.forEach((column) => column.forEach((box, place) => { box.place = place; }));

function crossingsOf(columns) {
  let sum = 0;
  for (const column of columns) {
    const ends = column.flatMap((box) => box.outs.map((to) => to.place).sort((a, b) => a - b));
    const tree = new Array(ends.length ? Math.max(...ends) + 2 : 0).fill(0);
    for (let seen = 0; seen < ends.length; seen += 1) {
      let at = ends[seen] + 1, lower = 0;
      for (let i = at; i > 0; i -= i & -i) lower += tree[i];
      sum += seen - lower;
      for (; at < tree.length; at += at & -at) tree[at] += 1;
    }
  }
  return sum;
}

/* Try several initial orders (given, reversed, two traversals) and keep the one with the fewest crossings. */
function reduceCrossings(columns) {
  const given = columns.map((column) => [...column]);
  const starts = [given, given.map((column) => [...column].reverse()), traversalOrder(given, 0), traversalOrder(given, given.length - 1)];
  const big = given.flat().length > 600;
  let best = null;
  for (const start of big ? starts.slice(0, 1) : starts) {
    const found = sweep(start.map((column) => [...column]), big);
    if (!best || found.crossings < best.crossings) best = found;
  }
  best.order.forEach((column, place) => columns[place].splice(0, column.length, ...column));
  numberPlaces(columns);
}

/* Order the columns by a depth-first traversal that starts in one of them. */
function traversalOrder(columns, from) {
  const met = new Set();
  const walk = (box) => {
    if (met.has(box)) return;
    met.add(box);
    for (const other of [...box.outs, ...box.ins]) walk(other);
  };
  for (const column of [columns[from], ...columns]) column.forEach(walk);
  const place = new Map([...met].map((box, i) => [box, i]));
  return columns.map((column) => [...column].sort((a, b) => place.get(a) - place.get(b)));
}

function sweep(columns, big) {
  numberPlaces(columns);
  const copy = () => columns.map((column) => [...column]);
  let best = copy(), least = crossingsOf(columns);
  const met = new Set();
  const mean = (near, box) => (near.length ? near.reduce((sum, other) => sum + (other.place + 0.5) / other.of, 0) / near.length : (box.place + 0.5) / box.of);
  for (let round = 0; round < (big ? 6 : 40) && least > 0; round += 1) {
    const down = round % 2 === 0;
    for (const column of columns) for (const box of column) box.of = column.length;
    for (const column of down ? columns.slice(1) : columns.slice(0, -1).reverse()) {
      const at = new Map(column.map((box) => [box, mean(down ? box.ins : box.outs, box) + (round % 8 > 5 ? 0 : box.place * 1e-6)]));
      column.sort((a, b) => at.get(a) - at.get(b));
      column.forEach((box, place) => { box.place = place; });
    }
    if (!big && round > 3) swapNeighbours(columns);
    const now = crossingsOf(columns);
    if (now < least) [best, least] = [copy(), now];
    // From the fourth round on, every eighth is the same: an order seen before leads to nothing new.
    const order = `${round % 8} ${columns.map((column) => column.map((box) => box.id).join("\n")).join("\n\n")}`;
    if (met.has(order)) break;
    if (round >= 3) met.add(order);
  }
  return { order: best, crossings: least };
}

function swapNeighbours(columns) {
  const pairs = (a, b) => a.reduce((sum, one) => sum + b.filter((other) => other.place < one.place).length, 0);
  for (let pass = 0, moved = true; moved && pass < 4; pass += 1) {
    moved = false;
    for (const column of columns) {
      for (let i = 1; i < column.length; i += 1) {
        const [a, b] = [column[i - 1], column[i]];
        const now = pairs(a.ins, b.ins) + pairs(a.outs, b.outs), then = pairs(b.ins, a.ins) + pairs(b.outs, a.outs);
        if (then < now) {
          [column[i - 1], column[i]] = [b, a];
          [a.place, b.place] = [i, i - 1];
          moved = true;
        }
      }
    }
  }
}

/* --- coordinates ---------------------------------------------------------------------------------------- */
/* The positions closest to the desired ones that preserve order and distances (least squares, pool adjacent violators). */
function separate(desired, apart, low, high) {
  const pools = [];
  let offset = 0;
  const offsets = desired.map((_, i) => (offset += i ? apart[i - 1] : 0));
  desired.forEach((want, i) => {
    pools.push({ sum: want - offsets[i], count: 1 });
    while (pools.length > 1 && pools[pools.length - 2].sum / pools[pools.length - 2].count > pools[pools.length - 1].sum / pools[pools.length - 1].count) {
      const last = pools.pop();
      pools[pools.length - 1].sum += last.sum;
      pools[pools.length - 1].count += last.count;
    }
  });
  const most = Math.max(low, high - offset);
  return pools.flatMap(({ sum, count }) => new Array(count).fill(Math.min(Math.max(sum / count, low), most))).map((z, i) => z + offsets[i]);
}

const gapFactor = (a, b) => (a.dummy || b.dummy ? 0.6 : 1);
const gapCount = (column) => column.slice(1).reduce((sum, box, i) => sum + gapFactor(box, column[i]), 0);

function assignCoordinates(columns, chains, frame) {
  const needs = columns.map((column) => column.reduce((sum, box) => sum + box.h, 0) + frame.gap * gapCount(column));
  const height = Math.max(frame.height, ...needs);
  columns.forEach((column, place) => {
    const many = gapCount(column), room = (height - needs[place]) / Math.max(1, many);
    column.gap = frame.gap + Math.min(room * 0.8, frame.most ?? frame.gap * 4);
    let y = (height - needs[place] - (column.gap - frame.gap) * many) / 2;
    column.forEach((box, i) => {
      if (i) y += column.gap * gapFactor(box, column[i - 1]);
      box.y = y + box.h / 2;
      y += box.h;
    });
  });
  for (let round = 0; round < 24; round += 1) {
    const down = round % 2 === 0;
    for (const column of down ? columns.slice(1) : [...columns].reverse().slice(1)) align(column, down, height, round);
  }
  centre(columns.flat(), height);
  const width = placeColumns(columns, frame);
  for (const column of columns) for (const box of column) if (!box.dummy) spreadPorts(box, chains, frame.room);
  return { places: new Map(columns.flat().filter((box) => !box.dummy).map((box) => [box.id, box])), routes: new Map(chains.map(routeOf)), width, height, columns };
}

/* Centre the boxes vertically. */
function centre(boxes, height) {
  const top = Math.min(...boxes.map((box) => box.y - box.h / 2)), bottom = Math.max(...boxes.map((box) => box.y + box.h / 2));
  for (const box of boxes) box.y += (height - bottom - top) / 2;
}

function align(column, down, height, round) {
  const desired = column.map((box) => {
    const near = round > 15 ? [...box.ins, ...box.outs] : down ? box.ins : box.outs;
    return near.length ? near.reduce((sum, other) => sum + other.y, 0) / near.length : box.y;
  });
  const apart = column.slice(1).map((box, i) => (box.h + column[i].h) / 2 + column.gap * gapFactor(box, column[i]));
  const last = column[column.length - 1];
  separate(desired, apart, column[0].h / 2, height - last.h / 2).forEach((y, i) => { column[i].y = y; });
}

function placeColumns(columns, frame) {
  const wide = columns.map((column) => Math.max(...column.map((box) => box.w)));
  const sum = wide.reduce((a, b) => a + b, 0);
  const parts = columns.slice(1).map((_, place) => (columns[place].every((box) => box.short || box.dummy) ? 0.3 : 1));
  const between = Math.max(frame.between, (frame.width - sum) / Math.max(1, parts.reduce((a, b) => a + b, 0)));
  let x = columns.length === 1 ? (frame.width - sum) / 2 : 0;
  columns.forEach((column, place) => {
    for (const box of column) {
      box.left = x;
      box.x = x + (box.dummy ? wide[place] : box.w) / 2;
      box.reach = wide[place];
    }
    column.left = x;
    column.wide = wide[place];
    x += wide[place] + between * (parts[place] ?? 0);
  });
  return Math.max(frame.width, x);
}

/* Lines leave a box close together and arrive apart: each gets the room its end needs, more if available. */
function spreadPorts(box, chains, room = () => 0) {
  for (const [side, end] of [["in", 1], ["out", 0]]) {
    const mine = chains.filter(({ chain }) => chain[end ? chain.length - 1 : 0] === box);
    const far = ({ chain }) => (end ? chain[chain.length - 2] : chain[1]).y;
    mine.sort((a, b) => far(a) - far(b) || (a.link.id < b.link.id ? -1 : 1));
    const needs = mine.map(({ link }) => (side === "in" ? room(link) : 0)), needed = needs.reduce((sum, need) => sum + need, 0);
    const free = Math.max(0, box.h - 6 - needed) / Math.max(1, mine.length - (needed ? 0 : 1)), extra = Math.min(free, side === "in" ? 40 : 6);
    let y = box.y - (needed + extra * (needed ? mine.length : mine.length - 1)) / 2;
    mine.forEach((one, i) => {
      const take = needs[i] + (needed ? extra : 0);
      one[side] = needed ? y + take / 2 : y;
      y += needed ? take : extra;
    });
  }
}

function routeOf({ link, chain, back, in: end, out: start }) {
  const [from, to] = [chain[0], chain[chain.length - 1]];
  const points = [[from.left + from.w, start]];
  for (const dummy of chain.slice(1, -1)) points.push([dummy.left, dummy.y], [dummy.left + dummy.reach, dummy.y]);
  points.push([to.left, end]);
  return [link.id, back ? points.reverse() : points];
}
