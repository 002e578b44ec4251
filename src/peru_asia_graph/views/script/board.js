/* The model of the diplomacy board: which rows are shown, under which partner, and whom a choice lights. The rule that makes
   rows out of events and agreements is dealings/board.py. */
const BOARD = DATA.board ?? { home: null, rows: [], aside: [], officers: [], series: [] };
const BARS = 8; // partners with a bar of their own; the others share one place

/* Sources that tell of the same dealing are one row, `said` in the order of the sources; the first one's reading is drawn. */
function mergedRows() {
  const found = new Map(), order = (row) => SOURCES.findIndex((source) => source.name === row.source);
  for (const row of BOARD.rows.filter(inSource)) found.set(row.id, [...(found.get(row.id) ?? []), row]);
  return [...found.values()].map((said) => {
    const sorted = [...said].sort((a, b) => order(a) - order(b));
    return { ...sorted[0], said: sorted };
  });
}

/* The partners with a bar: only partner of two dealings or more, those with most first. */
function barStates(rows) {
  const counts = new Map();
  for (const row of rows) if (row.partners.length === 1) counts.set(row.partners[0], (counts.get(row.partners[0]) ?? 0) + 1);
  const least = [...counts.values()].some((many) => many > 1) ? 2 : 1;
  return [...counts].filter(([, many]) => many >= least).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, BARS).map(([id]) => id);
}

/* At first: the first source whole, of the others the dealings with the partners that it has. Whatever else is chosen has its
   dealings shown; a state that has a bar has no more of them for being chosen, so that counts and scale stay. */
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

/* Groups of rows: a partner each, then those with several partners or another one. Dated rows first, earliest first. */
function boardGroups(rows) {
  const bars = barStates(rows), start = (row) => (row.span ? row.span.from ?? row.span.to : Infinity);
  const order = (a, b) => start(a) - start(b) || byName(nameOf(nodes.get(a.id)), nameOf(nodes.get(b.id)));
  const at = (row) => (row.partners.length === 1 && bars.includes(row.partners[0]) ? row.partners[0] : "");
  const groups = [...bars, ""].map((head) => ({ head, rows: rows.filter((row) => at(row) === head).sort((a, b) => order(a, b) || 0) }));
  return groups.filter((group) => group.rows.length);
}

/* Whether a row was in the year chosen: true, unknown (no date, or some time that may be it) or false. */
function rowInYear(row) {
  if (state.year === "") return "true";
  if (!row.span) return "unknown";
  const year = Number(state.year), { from, to, some } = row.span;
  if ((from !== undefined && year + 1 <= from) || (to !== undefined && year >= to)) return "false";
  return some || from === undefined || to === undefined ? "unknown" : "true";
}

/* What the pointer, the choice or the search lights: rows, and everybody who took part in them; null for everything. */
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
