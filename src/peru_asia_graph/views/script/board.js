/* The model of the diplomacy board: which rows are shown, under which partner, and what a selection highlights. The rule
   that turns events and agreements into rows is in dealings/board.py. */
const BOARD = DATA.board ?? { home: null, rows: [], aside: [], officers: [], series: [] };
const BARS = 8; // partners with their own bar; the others share one

/* Statements of several sources about the same dealing are one row, `said` in source order; the first one is drawn. */
function mergedRows() {
  const found = new Map(), order = (row) => SOURCES.findIndex((source) => source.name === row.source);
  for (const row of BOARD.rows.filter(inSource)) found.set(row.id, [...(found.get(row.id) ?? []), row]);
  return [...found.values()].map((said) => {
    const sorted = [...said].sort((a, b) => order(a) - order(b));
    return { ...sorted[0], said: sorted };
  });
}

/* The partners with a bar: the only partner of two or more dealings, most dealings first. */
function barStates(rows) {
  const counts = new Map();
  for (const row of rows) if (row.partners.length === 1) counts.set(row.partners[0], (counts.get(row.partners[0]) ?? 0) + 1);
  const least = [...counts.values()].some((many) => many > 1) ? 2 : 1;
  return [...counts].filter(([, many]) => many >= least).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, BARS).map(([id]) => id);
}

/* Initially: all dealings of the first source, and those of other sources with the same partners. Selecting anything else
   shows its dealings; selecting a state that has a bar adds none, so that counts and scale do not change. */
function coreRows(rows) {
  if (!SEVERAL || state.source !== "" || state.all !== "") return rows;
  const first = rows.filter((row) => row.source === SOURCES[0].name), bars = new Set(barStates(first)), steady = state.chosen === BOARD.home || bars.has(state.chosen);
  if (!first.length) return rows;
  return rows.filter((row) => row.source === SOURCES[0].name || (row.partners.length === 1 && bars.has(row.partners[0])) || (!steady && lights(row, state.chosen)));
}

const foldedRows = () => { const all = mergedRows(); return all.length - coreRows(all).length; };

function shownRows() {
  const fits = (row) => (state.country === "" || statesIn(row).includes(state.country)) && (state.kind === "" || row.sign === state.kind)
    && (state.certainty === "" || row.certainty === state.certainty) && (state.people === "" || !row.people) && (state.only === "" || lights(row, state.only));
  return coreRows(mergedRows()).filter(fits);
}

const actorsOf = (row) => unique([...(row.home ?? []), ...(row.across ?? []), ...(row.beside ?? [])]);
const statesIn = (row) => unique([...row.partners, ...actorsOf(row).filter((id) => nodes.get(id)?.type === "State")]);
function lights(row, id) {
  return id !== "" && (row.id === id || id === BOARD.home || row.partners.includes(id) || actorsOf(row).includes(id) || row.said.some((one) => one.folded?.includes(id)));
}

/* Groups of rows: one per partner, then rows with several or other partners. Dated rows first, earliest first. */
function boardGroups(rows) {
  const bars = barStates(rows), start = (row) => (row.span ? row.span.from ?? row.span.to : Infinity);
  const order = (a, b) => start(a) - start(b) || byName(nameOf(nodes.get(a.id)), nameOf(nodes.get(b.id)));
  const at = (row) => (row.partners.length === 1 && bars.includes(row.partners[0]) ? row.partners[0] : "");
  const groups = [...bars, ""].map((head) => ({ head, rows: rows.filter((row) => at(row) === head).sort((a, b) => order(a, b) || 0) }));
  return groups.filter((group) => group.rows.length);
}

/* Whether a row holds in the selected year: true, unknown (no date, or a range that includes it) or false. */
function rowInYear(row) {
  if (state.year === "") return "true";
  if (!row.span) return "unknown";
  const year = Number(state.year), { from, to, some } = row.span;
  if ((from !== undefined && year + 1 <= from) || (to !== undefined && year >= to)) return "false";
  return some || from === undefined || to === undefined ? "unknown" : "true";
}

/* What the pointer, the selection or the search highlights: rows and all their participants; null for everything. */
function litBoard(rows) {
  const points = highlight.hovered ?? (state.chosen || null);
  const ids = points !== null ? [points] : highlight.matches;
  if (ids === null) return null;
  const lit = rows.filter((row) => ids.some((id) => lights(row, id)));
  if (points !== null && !lit.length && !onBoard(points, rows)) return null;
  const who = new Set([...ids, ...lit.flatMap((row) => [row.id, ...row.partners, ...actorsOf(row)])]);
  if (lit.length) who.add(BOARD.home);
  return { rows: new Set(lit.map((row) => row.id)), who, points: new Set(ids) };
}
const onBoard = (id, rows) => id === BOARD.home || BOARD.officers.some(([actor]) => actor === id) || rows.some((row) => lights(row, id));

const rowDate = (row) => (row.date || row.until ? formatDate([row.date, row.until].filter(Boolean).join("/")) : "");
