/* A time scale in up to three linear pieces: years with many dealings get more room. Scale changes are marked. */
const STEPS = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500];
const TICK_ROOM = 38;

/* `spans` are {from, to} in years, open ends omitted; `left` and `right` are positions. */
function yearScale(spans, left, right) {
  const long = (span) => span.from !== undefined && span.to !== undefined && span.to - span.from > 50;
  const starts = spans.filter((span) => !long(span)).map((span) => span.from ?? span.to).sort((a, b) => a - b);
  const ends = spans.filter((span) => !long(span) && span.to !== undefined).map((span) => Math.min(span.to, lastYear() + 1));
  if (!starts.length) return { at: () => left, low: 0, high: 0, ticks: [], breaks: [] };
  const low = Math.floor((starts[0] - 2) / 5) * 5, high = Math.ceil(Math.max(starts[starts.length - 1] + 0.5, ...ends));
  const knots = [[low, left]];
  for (const part of [1, 2]) {
    const year = Math.floor(starts[Math.floor((starts.length * part) / 3)] / 5) * 5;
    if (year - knots[knots.length - 1][0] >= 5 && high - year >= 5) knots.push([year, left + ((right - left) * part) / 3]);
  }
  knots.push([high, right]);
  const at = (year) => {
    const inside = Math.min(Math.max(year, low), high), step = Math.max(1, knots.findIndex(([end]) => inside <= end));
    const [[y0, x0], [y1, x1]] = [knots[step - 1], knots[step]];
    return x0 + ((inside - y0) / (y1 - y0)) * (x1 - x0);
  };
  return { at, low, high, breaks: knots.slice(1, -1).map(([year]) => year), ticks: ticksOf(knots, high) };
}

function ticksOf(knots, high) {
  const edges = knots.slice(1, -1).map(([year]) => year), ticks = [...edges, high - 1];
  for (let i = 1; i < knots.length; i += 1) {
    const [[y0, x0], [y1, x1]] = [knots[i - 1], knots[i]], wide = (years) => (years / (y1 - y0)) * (x1 - x0);
    const step = STEPS.find((one) => wide(one) >= TICK_ROOM) ?? STEPS[STEPS.length - 1];
    for (let year = Math.ceil(y0 / step) * step; year < y1; year += step) if (ticks.every((other) => other < y0 || other > y1 || Math.abs(wide(other - year)) >= TICK_ROOM)) ticks.push(year);
  }
  return unique(ticks).sort((a, b) => a - b);
}
