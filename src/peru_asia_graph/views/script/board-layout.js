/* The layout of the board: bars, rows, chips of persons and bodies, the time scale. Nothing is drawn here. */
const ROW = { least: 11.2, most: 21, chip: 14, gap: 7 };

/* In: groups of rows, the officers, available width and height, series above. Out: positions of everything. */
function placeBoard(groups, width, height, lanes) {
  const many = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const free = height - laneTop(lanes) - ROW.gap * (groups.length - 1) - 6;
  const most = Math.min(ROW.most, free / Math.max(many, 1));
  let laid;
  for (const wrapped of [2, 1]) { // chip names in two lines, or in one if the board would be too high
    let pitch = most;
    for (let round = 0; round < 6; round += 1) { // chips can make a group higher than its rows
      laid = layBoardAt(groups, width, Math.max(pitch, ROW.least), lanes, wrapped);
      if (laid.height <= height) return laid;
      if (pitch <= ROW.least) break;
      pitch -= (laid.height - height) / many + 0.02;
    }
  }
  return laid;
}

/* Where the rows begin: below the series of the selected state, which are below the counts of the year. */
const LANE = 21;
const laneTop = (lanes) => 20 + lanes * LANE + (lanes && state.year !== "" ? 16 : 0);

function layBoardAt(groups, width, pitch, lanes, wrapped) {
  const top = laneTop(lanes);
  const wide = width > 1200, frame = { width, bar: wide ? 86 : 58, chip: wide ? 152 : 112, curve: wide ? 40 : 28, edge: wide ? 16 : 8, undated: 26 };
  const many = groups.reduce((sum, group) => sum + group.rows.length, 0), idle = roomiest(groups);
  const size = Math.min(13.5, Math.max(11, Math.floor(pitch * 8.4) / 10));
  const left = frame.edge + frame.bar + frame.chip + frame.curve + 8, right = width - left - frame.undated;
  const scale = yearScale(groups.flatMap((group) => group.rows).filter((row) => row.span).map((row) => row.span), left + 26, right - 12);
  const laid = { ...frame, wrapped, top, pitch, size, left, right, scale, rows: [], bars: [], chips: [], height: 0 };
  let y = top + 2;
  for (const group of groups) {
    const placed = group.rows.map((row, i) => placeRow(row, y + pitch * (i + 0.5), group, laid));
    const sides = chipsOf(group, placed, laid, group === idle);
    const least = Math.max(...sides.map((chips) => chips.reduce((sum, chip) => sum + chip.h + 2, 0)), hasOneBar(group) ? 30 : statesHere(group).length * 17);
    const tall = Math.max(pitch * placed.length, least);
    for (const chips of sides) spread(chips, y, y + tall);
    laid.chips.push(...sides.flat());
    laid.rows.push(...placed);
    laid.bars.push(...barsOf(group, y, tall, placed, laid));
    y += tall + ROW.gap;
  }
  laid.height = y - ROW.gap + 4;
  if (BOARD.home && nodes.has(BOARD.home)) laid.bars.unshift({ id: BOARD.home, x: frame.edge, y: top + 2, w: frame.bar, h: laid.height - top - 6, count: many, colour: tone(BOARD.home), lines: 4 });
  return laid;
}

/* The group with the most room next to its rows on the home side. */
function roomiest(groups) {
  const room = (group) => group.rows.length - unique(group.rows.flatMap((row) => row.home ?? [])).length;
  return [...groups].sort((a, b) => room(b) - room(a))[0];
}

/* The position of a row's symbol or period, and the side of its text. */
function placeRow(row, y, group, laid) {
  const { scale, size, left, right } = laid, half = size * 0.4;
  const node = nodes.get(row.id), date = rowDate(row), bold = row.sign === "agreement" || row.sign === "visit" ? 600 : 400;
  const mark = markOf(row, laid);
  const from = mark.from - half - 6 - (mark.openStart ? 10 : 0), to = mark.to + half + 6 + (mark.openEnd ? 10 : 0);
  const dateRoom = date ? widthOf(date, size) + size * 0.4 : 0;
  const rooms = { before: from - left, after: right + 4 - to };
  const whole = dateRoom + widthOf(nameOf(node), size, bold);
  const side = !row.span ? "before" : whole <= rooms.after && (mark.from < (left + right) / 2 || whole > rooms.before) ? "after" : whole <= rooms.before ? "before" : rooms.after > rooms.before ? "after" : "before";
  const name = truncate(nameOf(node), size, rooms[side] - dateRoom, bold), long = dateRoom + widthOf(name, size, bold);
  const start = side === "after" ? to : from - long;
  return { row, y, group, mark, size, bold, date, name, text: [start, start + long], dateRoom, colour: group.head ? tone(group.head) : "other" };
}

function markOf(row, { scale, right, undated }) {
  if (!row.span) return { from: right + undated / 2, to: right + undated / 2, hollow: true };
  const { from, to, some } = row.span, early = from !== undefined && from < scale.low, late = to !== undefined && to > scale.high;
  if (from !== undefined && to !== undefined && to - from <= 1.01) return { from: scale.at((from + to) / 2), to: scale.at((from + to) / 2) };
  const a = from === undefined ? scale.at(to) - 34 : scale.at(from), b = to === undefined ? Math.min(scale.at(from) + 34, right - 2) : scale.at(to);
  return { from: Math.min(a, b), to: Math.max(b, a + 6), period: true, some, openStart: from === undefined || early, openEnd: to === undefined || late };
}

/* Chips of a group on both sides: persons and bodies, each once per group, then those who only hold an office. */
function chipsOf(group, placed, laid, free) {
  const gather = (name, officers) => {
    const found = new Map();
    for (const one of placed) for (const id of one.row[name] ?? []) if (nodes.get(id)?.type !== "State") found.set(id, [...(found.get(id) ?? []), one]);
    const chips = [...found].map(([id, rows]) => chipOf(id, rows, name, laid));
    const idle = state.only || filtersOn().some((one) => one !== "source") ? [] : officers.map(([id]) => chipOf(id, [], name, laid));
    return [...chips.sort((a, b) => a.want - b.want), ...idle];
  };
  const here = BOARD.officers.filter(([id]) => nodes.has(id) && !inRows(id) && linksOf(id).some((edge) => edge.relation === "officeOf"));
  return [gather("home", free ? here.filter(([, state]) => state === BOARD.home) : []), gather("across", here.filter(([, state]) => state === group.head))];
}
const inRows = (id) => BOARD.rows.some((row) => actorsOf(row).includes(id));

function chipOf(id, rows, name, laid) {
  const person = nodes.get(id).type === "Person", size = 11, room = laid.chip - (person ? 14 : 10);
  const lines = wrap(nameOf(nodes.get(id)), size, room, laid.wrapped);
  const x = name === "home" ? laid.edge + laid.bar + 8 : laid.width - laid.edge - laid.bar - 8 - laid.chip;
  const want = rows.length ? rows.reduce((sum, one) => sum + one.y, 0) / rows.length : Infinity;
  return { id, rows, side: name, x, w: laid.chip, lines, size, person, want, h: lines.length > 1 ? 25 : ROW.chip };
}

/* Each chip as close to its rows as the others allow. */
function spread(chips, top, bottom) {
  let y = top;
  for (const chip of chips) {
    chip.y = Math.max(y, Math.min(chip.want - chip.h / 2, bottom - chip.h));
    y = chip.y + chip.h + 2;
  }
  let low = bottom;
  for (const chip of [...chips].reverse()) {
    chip.y = Math.min(chip.y, low - chip.h);
    low = chip.y - 2;
  }
}

const statesHere = (group) => unique(group.rows.flatMap(statesIn));
const SMALL = 7;
const hasOneBar = (group) => Boolean(group.head) || statesHere(group).length > SMALL;
/* The bar of a partner; for rows with several or other partners one small bar each, or a single one if there are many. */
function barsOf(group, y, tall, placed, laid) {
  const x = laid.width - laid.edge - laid.bar, w = laid.bar;
  if (group.head) return [{ id: group.head, x, y, w, h: tall, count: group.rows.length, colour: tone(group.head), lines: 3 }];
  const states = statesHere(group);
  if (hasOneBar(group)) return [{ id: "", x, y, w, h: tall, count: group.rows.length, colour: "other", lines: 3, rows: placed }];
  const one = Math.min(30, (tall - 2 * (states.length - 1)) / Math.max(states.length, 1));
  const mean = (id) => { const own = placed.filter((row) => statesIn(row.row).includes(id)); return own.reduce((sum, row) => sum + row.y, 0) / own.length; };
  const bars = states.map((id) => ({ id, x, w, h: one, colour: tone(id), small: true, want: mean(id), rows: placed.filter((row) => statesIn(row.row).includes(id)) }));
  bars.sort((a, b) => a.want - b.want);
  spread(bars, y, y + tall + 2);
  return bars;
}
