/* The board as items {id, kind, label, parts}: parts are those of a scene, drawn as SVG on the page and in a file. */
const SIGN_SIZE = 0.42; // in units of the text size, from the centre to the edge

/* The outline of a symbol around a point; a visit points to the host, who is on the right unless the visit was at home. */
function signPath(sign, toward, x, y, r) {
  const [l, t] = [round(x - r), round(y - r)], d = round(2 * r);
  if (sign === "agreement") return roundedRect(x - r, y - r, 2 * r, 2 * r, 1.5);
  if (sign === "relations") return circle(x, y, r);
  if (sign === "visit" && toward === "partner") return `M${l} ${t}l${round(2.3 * r)} ${round(r)}l${round(-2.3 * r)} ${round(r)}z`;
  if (sign === "visit" && toward === "home") return `M${round(x + r)} ${t}l${round(-2.3 * r)} ${round(r)}l${round(2.3 * r)} ${round(r)}z`;
  if (sign === "visit") return `M${round(x - 1)} ${t}v${d}l${round(-1.5 * r)} ${round(-r)}zM${round(x + 1)} ${t}v${d}l${round(1.5 * r)} ${round(-r)}z`;
  return `M${round(x)} ${round(y - r * 1.15)}l${round(r * 1.15)} ${round(r * 1.15)}l${round(-r * 1.15)} ${round(r * 1.15)}l${round(-r * 1.15)} ${round(-r * 1.15)}z`;
}

/* A symbol, or the bar of a period with the symbol at its start unless it is a deed. */
function rowMark(row, mark, y, size, colour) {
  const r = size * SIGN_SIZE, parts = [];
  if (mark.period) {
    const [a, b, high] = [mark.from, mark.to, Math.max(4, size * 0.5)];
    parts.push(shape(roundedRect(a, y - high / 2, b - a, high, 1.5), mark.some ? { fill: ink.paper, stroke: colour, width: 1.2, dash: [3, 2] } : { fill: colour, alpha: 0.6 }));
    for (const step of [1, 2]) {
      if (mark.openEnd) parts.push(shape(circle(b + step * 5, y, 1.4), { fill: colour, alpha: 0.6 }));
      if (mark.openStart) parts.push(shape(circle(a - step * 5, y, 1.4), { fill: colour, alpha: 0.6 }));
    }
    if (row.sign !== "deed") parts.push(shape(signPath(row.sign, row.toward, a, y, r), { fill: colour, stroke: ink.paper, width: 1 }));
    return parts;
  }
  const look = mark.hollow ? { fill: ink.paper, stroke: colour, width: 1.4 } : { fill: colour };
  return [shape(signPath(row.sign, row.toward, mark.from, y, r), look)];
}

/* The line of a row from bar to bar, interrupted at text and symbol; the text; the symbol. */
function rowItem(one, laid) {
  const { row, y, mark, size, text, date, dateRoom, name, bold } = one, colour = ink[one.colour];
  const gaps = [[text[0] - 4, text[1] + 4], [mark.from - size * 0.6 - (mark.openStart ? 12 : 0), mark.to + size * 0.6 + (mark.openEnd ? 12 : 0)]].sort((a, b) => a[0] - b[0]);
  const ends = hasOneBar(one.group) ? [laid.edge + laid.bar, laid.width - laid.edge - laid.bar] : [laid.edge + laid.bar, laid.right + laid.undated + 8];
  let x = ends[0], d = "";
  for (const [from, to] of [...gaps, [ends[1], ends[1]]]) {
    if (from > x + 1) d += `M${round(x)} ${round(y)}H${round(Math.min(from, ends[1]))}`;
    x = Math.max(x, to);
  }
  const base = y + size * 0.34, parts = [shape(d, { stroke: colour, width: 1, alpha: 0.45, line: true }), ...rowMark(row, mark, y, size, colour)];
  parts.unshift(shape(`M${round(text[0] - 2)} ${round(y - size / 2)}H${round(text[1] + 2)}V${round(y + size / 2)}H${round(text[0] - 2)}z`, { fill: ink.paper })); // year lines must not cross a text
  if (date) parts.push(textPart(`${date} `, text[0], base, { size, fill: ink.muted }));
  parts.push(textPart(name, text[0] + dateRoom, base, { size, weight: bold, fill: ink.ink }));
  return { id: row.id, kind: "row", label: rowSentence(row), parts, rows: [row.id] };
}

/* The curve from a chip or a small bar to the end of a row; it belongs to the row. */
function curvePart(chip, one, laid) {
  const home = chip.side === "home", dot = home ? laid.edge + laid.bar + 8 + laid.chip + laid.curve : laid.right + laid.undated + 8;
  const edge = home ? chip.x + chip.w : chip.x, at = chip.y + chip.h / 2, middle = (edge + dot) / 2;
  const colour = ink[home ? tone(BOARD.home) : chip.colour ?? chipTone(chip)];
  return [shape(`M${round(edge)} ${round(at)}C${round(middle)} ${round(at)} ${round(middle)} ${round(one.y)} ${round(dot)} ${round(one.y)}`, { stroke: colour, width: 1.3, alpha: 0.8 }), shape(circle(dot, one.y, 2), { fill: colour })];
}

const stateOf = (id) => FILTERS.country(nodes.get(id))[0] ?? BOARD.rows.find((row) => row.across?.includes(id) && row.partners.length === 1)?.partners[0];
const chipTone = (chip) => tone(chip.side === "home" ? BOARD.home : stateOf(chip.id) ?? "other");

function chipItem(chip) {
  const colour = ink[chipTone(chip)], chosen = chip.id === state.chosen, round2 = chip.person ? chip.h / 2 : 3;
  const parts = [shape(roundedRect(chip.x, chip.y, chip.w, chip.h - 1, Math.min(round2, 9)), { fill: chosen ? ink.highlight : ink.card, stroke: colour, width: chosen ? 2 : 1, dash: chip.rows.length ? [] : [3, 2] })];
  chip.lines.forEach((line, i) => parts.push(textPart(`${line} `, chip.x + chip.w / 2, chip.y + (chip.h - 1) / 2 + (i - (chip.lines.length - 1) / 2) * 11.4 + 3.8, { size: chip.size, anchor: "middle", fill: ink.ink })));
  return { id: chip.id, kind: "chip", label: [nameOf(nodes.get(chip.id)), chip.rows.length ? t("board.count", { count: chip.rows.length }) : ""].filter(Boolean).join(", "), parts, rows: chip.rows.map((one) => one.row.id) };
}

function barItem(bar) {
  const title = bar.id ? nameOf(nodes.get(bar.id)) : t("board.others"), size = bar.small ? 11 : bar.w < 70 ? 11.5 : 14, centre = bar.x + bar.w / 2;
  const lines = wrap(title, size, bar.w - 6, bar.small && bar.h < 24 ? 1 : 3, 650), step = size * 1.2;
  const parts = [shape(roundedRect(bar.x, bar.y, bar.w, bar.h, 4), { fill: ink[bar.colour], stroke: bar.id && bar.id === state.chosen ? ink.ink : ink[bar.colour], width: 2 })];
  // Figures have no descenders: the text extends from the top of its first line to its last baseline.
  const cap = size * 0.72, name = cap + (lines.length - 1) * step, tall = name + (bar.count ? 15 : 0), fits = tall <= bar.h - 4;
  const first = bar.y + Math.min(bar.h, 640) / 2 - (fits ? tall : name) / 2 + cap;
  lines.forEach((line, i) => parts.push(textPart(`${line} `, centre, first + i * step, { size, weight: 650, anchor: "middle", fill: "#fff" })));
  if (bar.count && fits) parts.push(textPart(bar.w < 70 ? number(bar.count) : t("board.count", { count: number(bar.count) }), centre, first + (lines.length - 1) * step + 15, { size: 12, anchor: "middle", fill: "#fff" }));
  return { id: bar.id || "others", kind: bar.id ? "bar" : "plain", label: [title, bar.count ? t("board.count", { count: bar.count }) : ""].filter(Boolean).join(", "), parts, rows: bar.rows?.map((one) => one.row.id) };
}

/* The years above the rows, vertical lines, scale changes, and the band of undated rows. */
function axisParts(laid, bottom) {
  const { scale, top, right, undated } = laid, parts = [], label = (text, x, look) => textPart(text, x, top - 6, { size: 11.5, anchor: "middle", fill: ink.muted, ...look });
  // The last year leaves room for the label of the band.
  const word = t("board.undated"), end = right + (undated - widthOf(word, 11.5)) / 2 - 6, within = (text, x) => Math.min(x, end - widthOf(text, 11.5) / 2);
  parts.push(shape(roundedRect(right, top - 2, undated, bottom - top, 3), { fill: ink.band }));
  for (const year of scale.ticks) {
    const x = scale.at(year), changes = scale.breaks.includes(year);
    parts.push(shape(`M${round(x)} ${top - 3}V${round(bottom)}`, { stroke: changes ? ink.line : ink.rule, width: 1, dash: changes ? [2, 3] : [] }), label(String(year), within(String(year), x)));
  }
  parts.push(label(word, right + undated / 2));
  if (state.year !== "" && Number(state.year) >= scale.low && Number(state.year) < scale.high) {
    const x = scale.at(Number(state.year)), wide = Math.max(3, scale.at(Number(state.year) + 1) - x);
    parts.unshift(shape(roundedRect(x, top - 3, wide, bottom - top, 1), { fill: ink.accent, alpha: 0.2 }));
  }
  return parts;
}

/* The time series of the selected state, each a thin line over the same years, labelled with its source. */
function laneParts(lines, laid) {
  return lines.flatMap((line, i) => {
    const y = laid.top - 1 - (lines.length - i) * LANE, points = line.points.filter(([year]) => year >= laid.scale.low && year < laid.scale.high);
    if (!points.length) return [];
    const values = points.map(([, value]) => value), [low, high] = [Math.min(...values), Math.max(...values)], x = ([year]) => laid.scale.at(year + 0.5);
    const at = ([, value]) => y - 2 - (high > low ? ((value - low) / (high - low)) * 13 : 6), colour = ink[tone(line.partner)];
    const first = points[0], last = points[points.length - 1], left = laid.edge, said = ([year, value]) => `${year}: ${seriesValue(line, value)}`, room = x(first) - left - 16 - widthOf(said(first), 11);
    const parts = [shape(points.map((point, j) => `${j ? "L" : "M"}${round(x(point))} ${round(at(point))}`).join(""), { stroke: colour, width: 1.5 })];
    if (points.length < 12) parts.push(...points.map((point) => shape(circle(x(point), at(point), 2.2), { fill: colour })));
    parts.push(textPart(truncate(seriesName(line), 11, room), left, y, { size: 11, fill: ink.muted }));
    parts.push(textPart(said(first), x(first) - 6, y, { size: 11, anchor: "end", fill: ink.ink }), textPart(said(last), x(last) + 6, y, { size: 11, fill: ink.ink }));
    return parts;
  });
}
const seriesOf = (id) => BOARD.series.filter((line) => line.partner === id && inSource(line));
const seriesName = (line) => `${t(`series.${line.flow ?? line.measure}`, { state: country(line.partner), unit: t(`board.unit.${line.unit}`) })} · ${seriesSource(line).short}`;
const seriesSource = (line) => [...SOURCES, ...(BOARD.sources ?? [])].find((source) => source.name === line.source) ?? { short: line.source };
const seriesValue = (line, value) => (line.unit === "percent" ? `${number(value, 0)}\u00a0%` : number(value, 0));

/* All items of a board in reading order, and the background parts. */
function drawBoard(laid, lines) {
  const ends = [...laid.chips, ...laid.bars.filter((bar) => bar.small)];
  const rows = laid.rows.map((one) => {
    const item = rowItem(one, laid);
    for (const end of ends) if (end.rows.includes(one)) item.parts.push(...curvePart(end, one, laid));
    return item;
  });
  const partners = laid.bars.map(barItem);
  return { below: [...axisParts(laid, laid.height - 2), ...laneParts(lines, laid)], items: [...rows, ...laid.chips.map(chipItem), ...partners] };
}

/* A row as a sentence: its name, date, kind and all participants. */
function rowSentence(row) {
  const who = [BOARD.home, ...(row.home ?? []), ...row.partners, ...(row.across ?? [])].filter((id) => nodes.has(id)).map((id) => nameOf(nodes.get(id)));
  const where = row.toward === "home" || row.toward === "partner" ? t(`board.toward.${row.toward}`, { home: country(BOARD.home), partner: row.partners.map(country).join(", ") }) : "";
  return [`${rowDate(row)} ${nameOf(nodes.get(row.id))}`.trim(), rowDate(row) ? "" : t("undated"), t(`sign.${row.sign}`), where, unique(who).join(", ")].filter(Boolean).join("; ");
}
