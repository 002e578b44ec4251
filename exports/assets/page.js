"use strict";
(async () => {
/* Data, translations, page state and its address. Names are set as text only, never as markup. */
const DATA = await (async ({ type, textContent }) => {
  if (type === "application/json") return JSON.parse(textContent);
  const packed = new Blob([Uint8Array.from(atob(textContent), (letter) => letter.charCodeAt(0))]);
  return new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).json();
})(document.getElementById("data"));
const GRAPH = Boolean(DATA.nodes);
const $ = (id) => document.getElementById(id);
const NS = "http://www.w3.org/2000/svg";
const FILTER_NAMES = ["country", "type", "sector", "phase", "certainty", "status", "table", "date", "verdict", "kind", "source", "min"];
const NO_FILTERS = Object.fromEntries(FILTER_NAMES.map((name) => [name, ""]));
const EMPTY = { chosen: "", year: "", only: "", all: "", ...NO_FILTERS, open: "", lang: DATA.language, theme: "" };
const state = { ...EMPTY };
const highlight = { hovered: null, cursor: null, matches: null }; // what the pointer, the keyboard and the search point at
const watchers = [];
/* What each page's script registers under its kind: `start` runs it; for the index page `icon` {back, front, colour, width}
   and `examples` {key: fragment}, each with the words `start.<key>`. */
const PAGES = {};

const el = (tag, text = "", className = "", attributes = {}) => {
  const made = Object.assign(document.createElement(tag), { textContent: text, className });
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};
const svg = (tag, attributes = {}, ...children) => {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};
const foldAccents = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const phone = () => innerWidth <= 700;
const byName = (a, b) => a.localeCompare(b, state.lang, { numeric: true });
const unique = (values) => [...new Set(values)];

/* --- sources: {name, short, title, year, licence}, in their order; none for a graph of the reader's own --------------- */
const SOURCES = DATA.sources ?? [];
const SEVERAL = SOURCES.length > 1;
const shortOf = (name) => SOURCES.find((source) => source.name === name)?.short ?? name;
const sourceOf = (place) => SOURCES.find((source) => place.startsWith(`${source.short} `)); // of a citation
const LICENCES = [[/creativecommons\.org\/licenses\/([a-z-]+)\/([\d.]+)/, (kind, version) => `CC ${kind.toUpperCase()} ${version}`], [/creativecommons\.org\/publicdomain\/zero\/([\d.]+)/, (version) => `CC0 ${version}`], [/creativecommons\.org\/publicdomain\/mark/, () => t("public")]];
function licenceName(address) {
  for (const [pattern, name] of LICENCES) if (pattern.test(address)) return name(...address.match(pattern).slice(1));
  return address;
}
/* Under a picture that is saved: the sources in it, by licence. */
function credit() {
  const groups = new Map();
  for (const source of SOURCES.filter((one) => inSource({ source: one.name }))) groups.set(source.licence ?? "", [...(groups.get(source.licence ?? "") ?? []), source.short]);
  const told = [...groups].map(([licence, names]) => names.join(", ") + (licence ? ` (${licenceName(licence)})` : ""));
  return t("credit", { sources: told.join("; ") });
}
const inSource = (thing) => state.source === "" || (thing.sources ?? [thing.source]).includes(state.source);
const placeInSource = (place) => state.source === "" || (sourceOf(place)?.name ?? state.source) === state.source;

/* --- translations --------------------------------------------------------------------------------------- */
const own = (table, key) => (table && Object.hasOwn(table, key) ? table[key] : undefined); // a code may be named "constructor"
const t = (key, values = {}) => (DATA.words[state.lang][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const tPage = (key, values) => t(own(DATA.words[state.lang], `${DATA.kind}.${key}`) === undefined ? key : `${DATA.kind}.${key}`, values); // the page's own wording, if it has one
const localized = (value) => (value && typeof value === "object" ? value[state.lang] ?? value.en : value ?? ""); // a text, or one per language
const humanize = (code) => code.replace(/([a-z])([A-Z])|[-_]/g, (_, a, b) => (a ? `${a} ${b}` : " ")).toLowerCase();
const term = (code) => own(DATA.glossary?.[state.lang], code) ?? own(DATA.glossary?.en, code) ?? humanize(code ?? "");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const DIRECTED = DATA.directed !== false;
const relation = (code, side) => (DIRECTED && own(DATA.relations[state.lang], code)?.[side]) || humanize(code ?? "");
const country = (slug) => own(DATA.countries, slug)?.[state.lang] ?? capital(humanize(slug ?? ""));
const codeOf = (slug) => own(DATA.countries, slug)?.code ?? "";
const tone = (slug) => (slug === undefined ? "none" : own(DATA.countries, slug)?.tone ?? "other");
const nameOf = (node) => {
  if (node.type === "State" && own(DATA.countries, node.id)) return country(node.id);
  return (state.lang === "es" && node.es) || node.label;
};
const number = (value, digits = 2) => value.toLocaleString(state.lang === "es" ? "es-PE" : "en", { maximumFractionDigits: digits });
const percent = (value) => `${number(value)}\u00a0%`;

/* Format a date or period as written: 2012-05, 196X, 2010~, [..2011], [2014..2015], 1849/1874, 1997/[1997..]. */
function formatDate(text) {
  const [from, to] = text.split("/");
  if (to === undefined) return formatMoment(from);
  if (from === ".." || from === `[..${to}]`) return t("until", { date: formatMoment(to) });
  if (to.endsWith("..") || to.endsWith("..]")) return t("date.from", { date: formatMoment(from) });
  return `${formatMoment(from)}–${formatMoment(to)}`;
}

function formatMoment(text) {
  if (text.startsWith("[")) {
    const [from, to] = text.slice(1, -1).split(/\.\.|,/).map((part) => part && formatMoment(part));
    if (text.includes(",")) return t("date.or", { from, to });
    return from && to ? t("date.between", { from, to }) : t(from ? "date.later" : "date.by", { date: from || to });
  }
  if (text.endsWith("~")) return t("date.about", { date: formatMoment(text.slice(0, -1)) });
  if (/^\d{3}X$/.test(text)) return t("date.decade", { decade: `${text.slice(0, 3)}0` });
  const [from, to] = [`${text.slice(0, 2)}00`, `${text.slice(0, 2)}99`];
  if (/^\d{2}XX$/.test(text)) return Number(to) > LAST_YEAR ? t("date.from", { date: from }) : t("date.century", { from, to });
  if (!/^\d{4}(-\d\d){0,2}$/.test(text)) return text;
  const [year, month, day] = text.split("-").map(Number);
  if (!month) return String(year);
  const form = day ? { day: "numeric", month: "short", year: "numeric" } : { month: "short", year: "numeric" };
  return new Date(Date.UTC(year, month - 1, day || 1)).toLocaleDateString(state.lang, { ...form, timeZone: "UTC" });
}

/* Translate a citation such as "Table 6, row Block 8 (p. 25)". */
function formatPlace(where) {
  if (state.lang === "en") return where;
  const short = sourceOf(where)?.short;
  if (short !== undefined) return `${short} ${placeInSpanish(where.slice(short.length + 1))}`;
  return placeInSpanish(where);
}
function placeInSpanish(where) {
  return where.replace(/^Table (\d)/, "Cuadro $1").replace(", row Caption", ", título").replace(/, row Source note /, ", nota de fuente ")
    .replace(/, row Note /, ", nota ").replace(", row ", ", fila ").replace(", lines ", ", líneas ").replace(/\bp\. (\d)/, "p. $1").replace(/^record /, "registro ");
}
const citation = (where) => formatPlace(where) + (own(DATA.works, where)?.length ? ` ← ${DATA.works[where].join("; ")}` : "");

/* --- state ---------------------------------------------------------------------------------------------- */
function watch(names, run) { watchers.push([names, run]); }

function change(patch, updateAddress = true) {
  const changed = Object.keys(patch).filter((name) => state[name] !== patch[name]);
  if (!changed.length) return;
  Object.assign(state, patch);
  if (updateAddress) writeAddress();
  for (const [names, run] of watchers) if (names.some((name) => changed.includes(name))) run(changed);
}

function writeAddress() {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) if (value !== EMPTY[name]) parameters.set(name, value);
  const shared = new URLSearchParams(["lang", "theme"].filter((name) => parameters.has(name)).map((name) => [name, parameters.get(name)]));
  for (const link of document.querySelectorAll("nav a")) link.hash = String(shared);
  try { history.replaceState(null, "", `#${parameters}`); } catch { /* a frame without an address of its own */ }
}

const readAddress = () => validState(Object.fromEntries(new URLSearchParams(location.hash.slice(1))));

/* Return a complete state from the values of an address or of the page's data; invalid values are dropped. */
function validState(wanted) {
  const patch = {};
  for (const name of Object.keys(EMPTY)) patch[name] = own(wanted, name) ?? EMPTY[name];
  if (!own(DATA.words, patch.lang)) patch.lang = DATA.language;
  if (!["", "light", "dark"].includes(patch.theme)) patch.theme = "";
  if (patch.year !== "" && !/^[12]\d{3}$/.test(patch.year)) patch.year = "";
  if (!["", "1"].includes(patch.all)) patch.all = "";
  if (patch.source !== "" && !SOURCES.some((source) => source.name === patch.source)) patch.source = "";
  if (GRAPH && patch.chosen && !DATA.nodes.some((node) => node.id === patch.chosen)) patch.chosen = "";
  return patch;
}

/* --- language and theme --------------------------------------------------------------------------------- */
function translate() {
  document.documentElement.lang = state.lang;
  for (const part of document.querySelectorAll("[data-t]")) part.textContent = t(part.dataset.t);
  for (const part of document.querySelectorAll("[data-t-label]")) part.setAttribute("aria-label", t(part.dataset.tLabel));
  for (const part of document.querySelectorAll("[data-t-hint]")) part.placeholder = t(part.dataset.tHint);
  const other = state.lang === "en" ? "es" : "en";
  Object.assign($("language"), { textContent: other === "es" ? "Español" : "English", lang: other });
  $("title").textContent = DATA.title ?? t(`${DATA.kind}.title`);
  document.title = $("title").textContent;
}

const dark = () => (state.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
function applyTheme() {
  if (state.theme) document.documentElement.dataset.theme = state.theme;
  else delete document.documentElement.dataset.theme;
  $("theme").setAttribute("aria-pressed", String(dark()));
  readColours();
}

/* Text metrics in the page's font, wrapping and truncation; the colours of the theme. */
const FAMILY = '"Source Sans 3", sans-serif';
const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();
const ink = {};

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["paper", "card", "ink", "muted", "rule", "line", "band", "accent", "highlight", "halo", "differ", "china", "japan", "korea", "peru", "brazil", "other", "none", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"];
  for (const name of names) ink[name] = style.getPropertyValue(`--${name}`).trim();
}

function widthOf(text, size, weight = 400) {
  const key = `${weight} ${size} ${text}`;
  if (!widths.has(key)) {
    ruler.font = `${weight} ${size}px ${FAMILY}`;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}

function truncate(text, size, room, weight = 400) {
  if (text.length < 300 && widthOf(text, size, weight) <= room) return text;
  let start = text.slice(0, Math.min(text.length, Math.ceil(room / size) * 4));
  while (start && widthOf(`${start}…`, size, weight) > room) start = start.slice(0, -1).trimEnd();
  return `${start}…`;
}

/* Wrap a name into at most `lines` lines; the last one is truncated where necessary. */
function wrap(text, size, room, lines, weight = 400) {
  const rest = text.slice(0, 400).split(" ");
  const found = [];
  while (rest.length && found.length < lines) {
    let line = rest.shift();
    while (rest.length && widthOf(`${line} ${rest[0]}`, size, weight) <= room) line += ` ${rest.shift()}`;
    found.push(line);
  }
  if (rest.length || text.length > 400) found[found.length - 1] += ` ${rest.join(" ")}`;
  return found.map((line) => truncate(line, size, room, weight));
}

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
  const mean = (near, box) => (near.length ? near.reduce((sum, other) => sum + (other.place + 0.5) / other.of, 0) / near.length : (box.place + 0.5) / box.of);
  for (let round = 0; round < (big ? 6 : 40) && least > 0; round += 1) {
    const down = round % 2 === 0;
    for (const column of columns) for (const box of column) box.of = column.length;
    const order = down ? columns.slice(1) : columns.slice(0, -1).reverse();
    for (const column of order) {
      const at = new Map(column.map((box) => [box, mean(down ? box.ins : box.outs, box) + (round % 8 > 5 ? 0 : box.place * 1e-6)]));
      column.sort((a, b) => at.get(a) - at.get(b));
      column.forEach((box, place) => { box.place = place; });
    }
    if (!big && round > 3) swapNeighbours(columns);
    const now = crossingsOf(columns);
    if (now < least) [best, least] = [copy(), now];
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
/* The positions nearest to the desired ones that keep order and distances (least squares, pool adjacent violators). */
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
  for (const column of columns) for (const box of column) if (!box.dummy) spreadPorts(box, chains);
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

function spreadPorts(box, chains) {
  for (const [side, end] of [["in", 1], ["out", 0]]) {
    const mine = chains.filter(({ chain }) => chain[end ? chain.length - 1 : 0] === box);
    const far = ({ chain }) => (end ? chain[chain.length - 2] : chain[1]).y;
    mine.sort((a, b) => far(a) - far(b) || (a.link.id < b.link.id ? -1 : 1));
    const step = mine.length > 1 ? Math.min((box.h - (box.roomy ? 13 : 6)) / (mine.length - 1), side === "in" ? 40 : 6) : 0;
    mine.forEach((one, i) => { one[side] = box.y + (i - (mine.length - 1) / 2) * step; });
  }
}

function routeOf({ link, chain, back, in: end, out: start }) {
  const [from, to] = [chain[0], chain[chain.length - 1]];
  const points = [[from.left + from.w, start]];
  for (const dummy of chain.slice(1, -1)) points.push([dummy.left, dummy.y], [dummy.left + dummy.reach, dummy.y]);
  points.push([to.left, end]);
  return [link.id, back ? points.reverse() : points];
}

/* Two more layouts: lists side by side under a heading each, and one indented list for a narrow window. */

/* In: columns of blocks {head?, title, parts: [{title, items}]} with items {id, h}. Out: centres like `layeredLayout`, titles, spines. */
function placeBoard(columns, frame) {
  const width = (frame.width - frame.between * (columns.length - 1)) / columns.length;
  const laid = { places: new Map(), titles: [], spines: [], routes: new Map(), width: frame.width, height: 0 };
  columns.forEach((blocks, place) => {
    let y = 0;
    for (const block of blocks) y = layBlock(block, place * (width + frame.between), y, width, frame, laid) + frame.headHeight / 2;
    laid.height = Math.max(laid.height, y - frame.headHeight / 2);
  });
  return laid;
}

function layBlock(block, left, top, width, frame, laid) {
  const ticks = [];
  let y = top;
  if (block.head) laid.places.set(block.head.id, { ...block.head, left, w: width, h: frame.headHeight, x: left + width / 2, y: y + frame.headHeight / 2 });
  else laid.titles.push({ text: block.title, left: left + frame.indent, y: y + frame.headHeight / 2 });
  y += frame.headHeight + frame.gap + 2;
  for (const { title, items } of block.parts.filter((part) => part.items.length)) {
    if (title) {
      laid.titles.push({ text: title, left: left + frame.indent, y: y + frame.titleHeight / 2 + 2 });
      y += frame.titleHeight + 2;
    }
    for (const item of items) {
      const w = width - frame.indent;
      laid.places.set(item.id, { ...item, left: left + frame.indent, w, x: left + frame.indent + w / 2, y: y + item.h / 2 });
      ticks.push(y + item.h / 2);
      y += item.h + frame.gap;
    }
  }
  if (block.head && ticks.length) laid.spines.push({ head: block.head.id, x: left + 7, top: top + frame.headHeight, ticks, indent: frame.indent });
  return y - frame.gap;
}

/* Links that share their busier end share a track in the gutter; return the track of each link. */
function tracksOf(links) {
  const busy = new Map(), tracks = new Map();
  for (const link of links) for (const end of [link.from, link.to]) busy.set(end, (busy.get(end) ?? 0) + 1);
  const keys = links.map((link) => (busy.get(link.from) > busy.get(link.to) ? `from ${link.from}` : `to ${link.to}`));
  for (const key of keys) if (!tracks.has(key)) tracks.set(key, tracks.size);
  return { of: new Map(links.map((link, i) => [link.id, tracks.get(keys[i])])), many: tracks.size };
}

/* In: items in order with a depth each. Out: one below the other, links routed on tracks in the gutter on the left. */
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
    labels.set(a.id, (labels.get(a.id) ?? 0) + (link.share === undefined ? 0 : 1));
    routes.set(link.id, { elbow: true, from: [a.left, a.y], to: [b.left, b.y], x, label: [frame.width - beside, a.y] });
  }
  const titles = frame.more ? [{ text: frame.more, left: gutter + 10, y: y + 8 }] : [];
  return { places, routes, titles, spines: [], width: frame.width, height: Math.max(0, y - frame.gap) + (frame.more ? 24 : 0) };
}

/* The graph model: what holds in a year, what passes the filters, what a chain reaches. Nothing is drawn here. */
const nodes = new Map((DATA.nodes ?? []).map((node) => [node.id, node]));
const edges = (DATA.edges ?? []).map((edge) => ({ ...edge, id: JSON.stringify([edge.from, edge.key ?? "", edge.to]) }));
/* What has no end is known up to the last year of its source; in a graph of the reader's own it holds for ever. */
const LAST_YEAR = Math.max(0, ...(SOURCES.length ? SOURCES.map((source) => source.year ?? 0) : [...edges, ...nodes.values()].flatMap((thing) => [thing.start ?? 0, thing.end ?? 0])));
/* The last year to show: that of the source chosen, else of all. */
const lastYear = () => SOURCES.find((source) => source.name === state.source)?.year ?? LAST_YEAR;
const SOURCE_YEARS = new Map(SOURCES.map((source) => [source.name, source.year ?? 9999]));
const incident = new Map([...nodes.keys()].map((id) => [id, []]));
for (const edge of edges) {
  incident.get(edge.from).push(edge);
  if (edge.to !== edge.from) incident.get(edge.to).push(edge);
}
const linksOf = (id) => (state.source === "" ? incident.get(id) : incident.get(id).filter(inSource));
const HOLDING = new Set(["stake", "hasSubsidiary"]);
const NAMED = "namedCompany"; // a company named for an asset without a stake: never a share
const HOME = new Set(["homeStateOf", "homeState"]);
const UNCERTAIN = new Set(["former", "not-confirmed", "possible", "planned", "announced"]);
const ASSETS = new Set(["MiningProject", "HydrocarbonBlock", "InfrastructureProject", "Project"]);
const DEALINGS = new Set(["Event", "Agreement", "Treaty", "FreeTradeAgreement", "Partnership", "Accord", "Policy"]);

/* "true", "unknown" (not known then) or "false" in the year; the same rule as holds_in in query/network.py. */
function holdsIn(thing, year) {
  if (year === "") return "true";
  const { start, end, begun = start ?? end, lasted } = thing, at = Number(year);
  if ((start !== undefined && at < start) || (end !== undefined && at > end)) return "false";
  const held = lasted ?? end ?? (start !== undefined && thing.certainty !== "former" ? SOURCE_YEARS.get(thing.source) ?? 9999 : start);
  return begun <= at && at <= held ? "true" : "unknown"; // false where one is undefined
}

/* A node holds like the best of its dated links; a dealing by its own date. */
function nodeHolds(node) {
  if (state.year === "" || node.type === "State") return "true";
  if (DEALINGS.has(node.type) && (node.start !== undefined || node.end !== undefined)) return holdsIn(node, state.year);
  const links = linksOf(node.id).filter((edge) => !HOME.has(edge.relation));
  const found = new Set(links.map((edge) => holdsIn(edge, state.year)));
  return found.has("true") ? "true" : found.has("unknown") || !links.length ? "unknown" : "false";
}

/* --- filters -------------------------------------------------------------------------------------------- */
const FILTERS = {
  country: (node) => (node.type === "State" ? [node.id] : node.country ? [node.country] : []),
  type: (node) => (node.type ? [node.type] : []),
  sector: (node) => node.sector ?? [],
  phase: (node) => node.phase ?? [],
};
const filterValues = (name) => unique([...nodes.values()].flatMap(FILTERS[name])).sort((a, b) => byName(filterLabel(name, a), filterLabel(name, b)));
const certainties = () => unique(edges.map((edge) => edge.certainty).filter(Boolean)).sort((a, b) => byName(term(a), term(b)));
const filterLabel = (name, value) => (name === "country" ? country(value) : capital(term(value)));
const filtersOn = () => FILTER_NAMES.filter((name) => state[name] !== "");

function applyFilters() {
  const open = openIds();
  const wanted = Object.keys(FILTERS).filter((name) => state[name] !== "");
  const fits = (node) => wanted.every((name) => FILTERS[name](node).includes(state[name]));
  const pair = (edge) => wanted.every((name) => [edge.from, edge.to].some((id) => FILTERS[name](nodes.get(id)).includes(state[name])));
  const edgeFits = (edge) => pair(edge) && inSource(edge) && (state.certainty === "" || edge.certainty === state.certainty)
    && (state.min === "" || (edge.share ?? -1) >= Number(state.min));
  const lines = (filtersOn().length ? edges.filter(edgeFits) : edges).filter((edge) => open === null || (open.has(edge.from) && open.has(edge.to)));
  const ids = new Set(lines.flatMap((edge) => [edge.from, edge.to]));
  if (state.certainty === "" && state.min === "") for (const node of nodes.values()) if (fits(node) && (open === null || open.has(node.id))) ids.add(node.id);
  return { ids, lines };
}

/* --- chains --------------------------------------------------------------------------------------------- */
function reach(id, forward, without) {
  const found = new Set([id]), rest = [id];
  while (rest.length) {
    const at = rest.pop();
    for (const edge of linksOf(at)) {
      const [here, there] = forward ? [edge.from, edge.to] : [edge.to, edge.from];
      if (here !== at || found.has(there) || edge.relation === without || (HOME.has(edge.relation) && forward && at !== id)) continue;
      found.add(there);
      rest.push(there);
    }
  }
  return found;
}

/* The chain around a node: all its owners and holdings; in other networks its neighbours. */
function chainAround(id) {
  if (DATA.kind === "ownership") return new Set([...reach(id, true), ...reach(id, false)]);
  const found = new Set([id]);
  for (const edge of linksOf(id)) found.add(edge.from).add(edge.to);
  return found;
}

function lineInChain(edge, id, chain) {
  if (DATA.kind !== "ownership") return edge.from === id || edge.to === id;
  return chain.has(edge.from) && chain.has(edge.to) && (chain.up.has(edge.to) || chain.down.has(edge.from));
}

function focusChain(id) {
  const chain = chainAround(id);
  if (DATA.kind === "ownership") Object.assign(chain, { up: reach(id, false), down: reach(id, true) });
  return chain;
}

/* --- effective shares ----------------------------------------------------------------------------------- */
const edgeByKey = new Map(edges.map((edge) => [edge.key ?? edge.id, edge]));
const sharesOf = (id) => (DATA.shares ?? []).filter((row) => (row.asset === id || row.owner === id) && inSource(shareSource(row)));
const shareSource = (row) => edgeByKey.get(row.paths?.[0]?.[0]) ?? {}; // a chain is of one source
function shareValue(row) {
  if (row.percent !== undefined && row.percent !== null) return percent(Number(row.percent));
  const [low, high] = [Number(row.low), Number(row.high)];
  return high > low ? `${number(low)}–${percent(high)}` : percent(low);
}

/* "27 % = 45 % × 60 %"; empty for a single stated number or where a step has no share. */
function shareProduct(row) {
  const paths = (row.paths ?? []).map((path) => path.map((key) => edgeByKey.get(key)));
  if (!paths.length || paths.every((path) => path.length < 2) || paths.flat().some((edge) => edge?.share === undefined)) return "";
  return `${shareValue(row)} = ${paths.map((path) => path.map((edge) => percent(edge.share)).join(" × ")).join(" + ")}`;
}

/* --- visible graph -------------------------------------------------------------------------------------- */
/* Drop lines that need not be drawn: doubles of a stake, indirect stakes beside their chain, self-loops. */
function drawableLines(lines) {
  const stakes = new Set(lines.filter((edge) => edge.relation === "stake").map((edge) => `${edge.from}\u0000${edge.to}`));
  const direct = lines.filter((edge) => (edge.relation === "stake" && edge.basis !== "indirect") || edge.relation === "hasSubsidiary");
  const below = new Map(), at = (id, edge) => `${edge.source ?? ""}\u0000${id}`; // a chain is of one source
  for (const edge of direct) below.set(at(edge.from, edge), [...(below.get(at(edge.from, edge)) ?? []), edge.to]);
  const chained = (edge) => (below.get(at(edge.from, edge)) ?? []).some((middle) => (middle === edge.to ? SEVERAL : (below.get(at(middle, edge)) ?? []).includes(edge.to)));
  return mergeSaid(lines.filter((edge) => edge.from !== edge.to
    && !(SEVERAL && edge.relation === NAMED && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(edge.relation === "hasSubsidiary" && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(HOME.has(edge.relation) && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(edge.basis === "indirect" && chained(edge))));
}

function visibleGraph() {
  let { ids, lines } = applyFilters();
  if (state.only && nodes.has(state.only)) {
    const chain = chainAround(state.only);
    ids = new Set([...ids].filter((id) => chain.has(id)));
    ids.add(state.only);
    lines = lines.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  }
  const drawn = drawableLines(lines);
  if (DATA.kind === "ownership" && !state.only) {
    const used = new Set(drawn.flatMap((edge) => [edge.from, edge.to]));
    ids = new Set([...ids].filter((id) => used.has(id) || nodes.get(id).type !== "State"));
  }
  return { nodes: [...nodes.values()].filter((node) => ids.has(node.id)), lines, drawn };
}

/* Ranks of the ownership layout: states, owners, firms held, mines and blocks. */
function ranks(members, lines) {
  const next = new Map(members.map((node) => [node.id, []]));
  for (const edge of lines) if (!HOME.has(edge.relation)) next.get(edge.to)?.push(edge.from);
  const depth = new Map(), under = new Set();
  const visit = (id) => {
    if (depth.has(id)) return depth.get(id);
    if (under.has(id)) return 0;
    const node = nodes.get(id);
    under.add(id);
    const far = node.type === "State" ? 0 : Math.max(1, ...(next.get(id) ?? []).map((owner) => (nodes.get(owner).type === "State" ? 2 : visit(owner) + 1)));
    under.delete(id);
    depth.set(id, far);
    return far;
  };
  for (const node of members) visit(node.id);
  const firms = members.filter((node) => !ASSETS.has(node.type)).map((node) => depth.get(node.id));
  const last = Math.max(1, ...firms) + 1;
  const known = members.some((node) => node.type === "State");
  return new Map(members.map((node) => [node.id, (ASSETS.has(node.type) ? last : depth.get(node.id)) - (known ? 0 : 1)]));
}

/* --- search --------------------------------------------------------------------------------------------- */
const searchTexts = new Map([...nodes.values()].map((node) => [node.id, [node.label, node.es ?? "", ...(node.names ?? [])].map(foldAccents).join("\u0000")]));
function search(text) {
  const words = foldAccents(text).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const kinds = (node) => foldAccents([node.type, node.event, ...(node.sector ?? [])].filter(Boolean).flatMap((code) => [term(code), ...Object.values(DATA.glossary ?? {}).map((terms) => own(terms, code) ?? "")]).join(" "));
  const called = (node) => searchTexts.get(node.id).split("\u0000").includes(words.join(" ")); // also by another name
  const score = (node) => (called(node) ? -1 : foldAccents(nameOf(node)).startsWith(words[0]) ? 0 : foldAccents(node.label).includes(words[0]) ? 1 : 2);
  const found = [...nodes.values()].filter((node) => words.every((word) => `${searchTexts.get(node.id)}\u0000${foldAccents(nameOf(node))}`.includes(word)));
  if (!found.length) found.push(...[...nodes.values()].filter((node) => words.every((word) => kinds(node).includes(word)))); // no such name, but a kind or sector
  return found.sort((a, b) => score(a) - score(b) || byName(nameOf(a), nameOf(b)));
}

/* Several sources: the same said twice is one line, both values where they differ; what opens on demand. */
const DIFFERENCES = new Map((DATA.differences ?? []).map((row) => [[row.a, row.b].sort().join("\u0000"), row.kind]));
const kindOf = (a, b) => DIFFERENCES.get([a.key, b.key].sort().join("\u0000")) ?? (a.share === b.share ? "agrees" : a.share === undefined || b.share === undefined ? "refines" : "value");
const rankOfSource = (edge) => SOURCES.findIndex((source) => source.name === edge.source);
const sameSaid = (edge) => JSON.stringify([edge.from, edge.to, edge.relation, edge.basis ?? "", edge.role ?? ""]);

/* Merge what sources say alike of the same two; direct and indirect stay apart, and so do statements of one source.
   A merged line has `said`, the statements in the order of the sources; `differ` where a value cannot be the other's. */
function mergeSaid(lines) {
  if (!SEVERAL) return lines;
  const groups = new Map();
  for (const edge of lines) groups.set(sameSaid(edge), [...(groups.get(sameSaid(edge)) ?? []), edge]);
  const merged = [];
  for (const group of groups.values()) {
    const ordered = [...group].sort((a, b) => rankOfSource(a) - rankOfSource(b));
    for (const edge of ordered) {
      const line = merged.find((one) => one.said[0] === ordered[0] && !one.said.some((said) => said.source === edge.source));
      if (line) line.said.push(edge);
      else merged.push({ said: ordered[0] === edge ? [edge] : [edge, null] });
    }
  }
  return merged.map(({ said }) => lineOf(said.filter(Boolean)));
}

function lineOf(said) {
  if (said.length === 1) return said[0];
  const shares = said.filter((edge) => edge.share !== undefined), kinds = said.flatMap((a, i) => said.slice(i + 1).map((b) => kindOf(a, b)));
  const differ = kinds.includes("value"), later = !differ && kinds.includes("later");
  const exact = shares.reduce((best, edge) => (String(edge.share).length > String(best.share).length ? edge : best), shares[0]);
  const line = { ...said[0], said, differ, later };
  return shares.length ? { ...line, share: differ || later ? Math.max(...shares.map((edge) => edge.share)) : exact.share } : line;
}

/* The share of a line as text: "11.6 ≠ 11.7 %" where sources differ, "25 → 40 %" where one speaks of a later time. */
function shareText(edge) {
  if (edge.share === undefined) return "";
  if (!edge.differ && !edge.later) return percent(edge.share);
  const byYear = [...edge.said].sort((a, b) => (edge.later ? (SOURCE_YEARS.get(a.source) ?? 0) - (SOURCE_YEARS.get(b.source) ?? 0) : 0));
  const values = unique(byYear.filter((one) => one.share !== undefined).map((one) => number(one.share)));
  return `${values.join(edge.differ ? " ≠ " : " → ")}\u00a0%`;
}

/* What is shown at first where there are several sources: the first source whole, and of the others what has to do with
   Asia; null where everything is shown. The chain of a chosen name is always shown. */
function openIds() {
  if (state.source !== "") return new Set(edges.filter(inSource).flatMap((edge) => [edge.from, edge.to]));
  if (!SEVERAL || state.all !== "") return null;
  const ids = new Set(coreIds());
  for (const id of [state.chosen, state.only]) if (id && nodes.has(id) && !ids.has(id)) for (const other of chainAround(id)) ids.add(other);
  return ids;
}

const inAsia = (node) => FILTERS.country(node).some((slug) => own(DATA.countries, slug)?.asia);
let core = null;
function coreIds() {
  if (core) return core;
  const first = edges.filter((edge) => edge.source === SOURCES[0].name);
  const found = new Set(first.flatMap((edge) => [edge.from, edge.to]));
  const near = (id) => incident.get(id).flatMap((edge) => [edge.from, edge.to]);
  if (DATA.kind === "ownership") {
    const asian = new Set([...nodes.values()].filter(inAsia).flatMap((node) => [...reach(node.id, true, NAMED)]));
    for (const node of nodes.values()) if (ASSETS.has(node.type) && (asian.has(node.id) || found.has(node.id))) for (const id of reach(node.id, false)) found.add(id);
  } else {
    /* Of the parties those in Asia are shown, the others in the panel: one agreement may have fifty. */
    for (const node of nodes.values()) if (DEALINGS.has(node.type) && near(node.id).some((id) => inAsia(nodes.get(id)))) for (const id of near(node.id)) if (id === node.id || inAsia(nodes.get(id))) found.add(id);
  }
  core = found;
  return found;
}
const foldedCount = () => {
  if (!SEVERAL) return 0;
  const kinds = DATA.kind === "ownership" ? ASSETS : DEALINGS;
  return [...nodes.values()].filter((node) => kinds.has(node.type) && !coreIds().has(node.id)).length;
};

/* A network too large to read opens as groups by column and home state. A group opens into its members, a large one first
   into parts by name. Out: nodes and lines like those of `visibleGraph`, where a group replaces its members. */
const READABLE = DATA.kind === "diplomacy" ? 600 : 150; // dealings are lists, which stay readable
const PART = 40;

/* Group by home state and column, then in parts of forty, then single nodes. */
function groupNodes(view) {
  if (view.nodes.length <= READABLE) return { ...view, at: (id) => id };
  const holding = DATA.kind === "ownership";
  const rank = holding ? ranks(view.nodes, view.drawn) : null;
  const column = (node) => (ASSETS.has(node.type) ? 3 : !holding || node.type === "State" ? 1 : Math.min(rank.get(node.id), 2));
  const members = view.nodes.filter((node) => !holding || node.type !== "State");
  const wholes = new Map(), groups = new Map(), inside = new Map(), levels = new Map();
  for (const node of members) {
    const key = `${column(node)}|${ASSETS.has(node.type) ? "asset" : "firm"}|${node.country ?? ""}`;
    wholes.set(key, [...(wholes.get(key) ?? []), node]);
    levels.set(node.id, column(node));
  }
  const open = new Set(state.open.split("~").filter(Boolean));
  for (const [key, whole] of wholes) {
    for (const [id, some] of open.has(key) ? split(key, whole) : [[key, whole]]) {
      if (some.length === 1 || (open.has(id) && some.length <= PART)) continue; // shown as single nodes
      groups.set(id, groupNode(id, some));
      levels.set(id, column(some[0]));
      for (const node of some) inside.set(node.id, id);
    }
  }
  const at = (id) => inside.get(id) ?? id;
  const single = members.filter((node) => !inside.has(node.id));
  const lines = bundles(view.drawn.filter((edge) => levels.has(edge.from) && levels.has(edge.to)), at);
  const drawn = lines.filter((edge) => !holding || levels.get(edge.from) < levels.get(edge.to));
  return { nodes: [...groups.values(), ...single], lines: view.lines, drawn, at, levels: holding ? levels : undefined };
}

function split(key, members) {
  if (members.length <= PART) return [[key, members]];
  const sorted = [...members].sort((a, b) => byName(nameOf(a), nameOf(b)));
  const size = Math.ceil(sorted.length / Math.min(40, Math.ceil(sorted.length / PART)));
  const parts = [];
  for (let i = 0; i < sorted.length; i += size) parts.push([`${key}|${i}`, sorted.slice(i, i + size)]);
  return parts;
}

function groupNode(id, members) {
  const [level, kind, home] = id.split("|");
  const first = members[0], last = members[members.length - 1];
  const part = id.split("|").length > 3 ? `${truncate(nameOf(first), 12, 70)} – ${truncate(nameOf(last), 12, 70)}` : "";
  const what = t(kind === "asset" ? "group.assets" : level === "2" ? "group.held" : DATA.kind === "ownership" ? "group.owners" : "names");
  const where = home ? country(home) : t("group.nowhere");
  return {
    id, group: true, members, type: kind === "asset" ? "MiningProject" : "BusinessGroup", country: home || undefined,
    label: `${part || (kind === "asset" && !home ? what : `${where}: ${what}`)} (${number(members.length)})`
  };
}

/* Merge the lines between the same two ends, with their number. */
function bundles(lines, at) {
  const found = new Map();
  for (const edge of lines) {
    const [from, to] = [at(edge.from), at(edge.to)];
    if (from === to) continue;
    if (from === edge.from && to === edge.to) { found.set(edge.id, edge); continue; }
    const key = `${from}\u0000${to}`;
    const bundle = found.get(key) ?? { id: key, from, to, relation: "bundle", count: 0, parts: [] };
    bundle.count += 1;
    bundle.parts.push(edge);
    found.set(key, bundle);
  }
  return [...found.values()];
}

const openGroup = (id) => {
  const [rank, kind, home] = id.split("|");
  change({ open: unique([`${rank}|${kind}|${home}`, id]).join("~"), chosen: "" });
};

/* A scene is a list of parts (paths and texts), painted on a canvas or written as SVG with the same result. */
const ICONS = {
  square: "M2 2H12V12H2Z", squares: "M1 5H9V13H1ZM5 1H13V9H10.2V3.8H5Z",
  pillars: "M7 1L13 5H1ZM2.5 6H4.5V11H2.5ZM6 6H8V11H6ZM9.5 6H11.5V11H9.5ZM1 11.5H13V13H1Z",
  flag: "M2 1H3.4V13H2ZM4.4 1.5H12.5L10 4.5L12.5 7.5H4.4Z",
  ring: "M7 1A6 6 0 1 0 7 13A6 6 0 1 0 7 1ZM7 4.2A2.8 2.8 0 1 1 7 9.8A2.8 2.8 0 1 1 7 4.2Z",
  person: "M7 1A2.8 2.8 0 1 0 7 6.6A2.8 2.8 0 1 0 7 1ZM1.5 13C1.5 9.5 4 7.8 7 7.8S12.5 9.5 12.5 13Z",
  triangle: "M7 1.5L13.2 12.5H.8Z", drop: "M7 .8C8.6 3.6 11.6 6 11.6 8.8A4.6 4.4 0 0 1 2.4 8.8C2.4 6 5.4 3.6 7 .8Z",
  diamond: "M7 .8L13.2 7L7 13.2L.8 7Z", page: "M2.5 1H9L12 4V13H2.5ZM4.5 6V7.2H10V6ZM4.5 9V10.2H10V9Z",
  clock: "M7 1A6 6 0 1 0 7 13A6 6 0 1 0 7 1ZM6.3 3.5V7.7H10.2V6.3H7.7V3.5Z", dot: "M7 3A4 4 0 1 0 7 11A4 4 0 1 0 7 3Z",
  plane: "M13 1L9.4 13L6.8 8.6L1 6.2ZM7.6 7.6L9 10L11.2 3.6Z", shake: "M1 4H5L7 5.5L9 4H13V10H10.5L7 12.5L3.5 10H1Z",
};
const TYPE_ICONS = {
  State: "flag", Place: "ring", Firm: "square", BusinessGroup: "squares", GovernmentBody: "pillars", Association: "ring", InternationalBody: "ring",
  Organization: "ring", Person: "person", Community: "person", Policy: "page", MiningProject: "triangle", MineralDeposit: "triangle", HydrocarbonBlock: "drop",
  InfrastructureProject: "diamond", Project: "diamond", Agreement: "page", Treaty: "page", FreeTradeAgreement: "page", Partnership: "page", Accord: "page",
  Event: "clock", Commodity: "diamond", "official-visit": "plane", "state-visit": "plane", meeting: "shake", "agreement-signing": "page",
};
const iconOf = (node) => ICONS[own(TYPE_ICONS, node.event) ?? own(TYPE_ICONS, node.type) ?? "dot"];
const round = (value) => Math.round(value * 10) / 10;
const DASHES = { solid: [], dashed: [7, 4], dotted: [0.1, 4.5], named: [2, 5] };

const shape = (d, look) => ({ d, ...look });
const textPart = (text, x, y, look) => ({ text, x: round(x), y: round(y), size: 13, weight: 400, anchor: "start", ...look });
function roundedRect(x, y, w, h, r = 3.5) {
  return `M${round(x + r)} ${round(y)}h${round(w - 2 * r)}a${r} ${r} 0 0 1 ${r} ${r}v${round(h - 2 * r)}a${r} ${r} 0 0 1 ${-r} ${r}h${round(2 * r - w)}a${r} ${r} 0 0 1 ${-r} ${-r}v${round(2 * r - h)}a${r} ${r} 0 0 1 ${r} ${-r}z`;
}

/* A node as a box: tile with icon, name, code of its home state or its year. */
function boxParts(node, box, look) {
  const { left, w, h, y, lines, size, tag } = box;
  const top = y - h / 2, tile = size * 1.45, colour = ink[box.tone ?? tone(FILTERS.country(node)[0])];
  const solid = node.type === "State" && !node.group && (!box.open || box.head);
  const parts = [shape(roundedRect(left, top, w, h), {
    fill: solid ? colour : look.chosen ? ink.highlight : ink.card, stroke: look.chosen || look.cursor ? ink.accent : box.open ? "" : colour, width: look.chosen || look.cursor ? 2.4 : 1,
  })];
  if (node.group) parts.unshift(shape(roundedRect(left + 3, top + 3, w, h), { fill: ink.card, stroke: colour, width: 1 }));
  if (!solid) parts.push(shape(`M${round(left + 3.5)} ${round(top)}h${round(tile - 3.5)}v${round(h)}h${round(3.5 - tile)}a3.5 3.5 0 0 1 -3.5 -3.5v${round(7 - h)}a3.5 3.5 0 0 1 3.5 -3.5z`, { fill: colour }));
  const scale = size / 15.5;
  parts.push({ d: iconOf(node), fill: "#fff", move: [round(left + (tile - 14 * scale) / 2), round(y - 7 * scale), round(scale * 100) / 100] });
  const step = size * 1.18;
  lines.forEach((line, place) => parts.push(textPart(line, left + tile + 6, y + (place - (lines.length - 1) / 2) * step + size * 0.33, {
    size, fill: solid ? "#fff" : ink.ink, weight: solid || node.group ? 650 : 400,
  })));
  if (tag) parts.push(textPart(tag, left + w - 6, y + size * 0.33, { size: Math.max(11, size - 1), anchor: "end", fill: solid ? "#fff" : ink.muted }));
  return parts.map((part) => ({ ...part, alpha: look.alpha }));
}

/* The side on which a route enters its target: -1 from the left, 1 from the right. */
const entrySide = (route) => (!route.elbow && route.length > 1 && route[route.length - 2][0] > route[route.length - 1][0] ? 1 : -1);

/* The SVG path of a route: horizontal at both ends of each segment. */
function routePath(route, room = 0) {
  if (route.elbow) return `M${round(route.from[0])} ${round(route.from[1])}H${round(route.x)}V${round(route.to[1])}H${round(route.to[0] - room)}`;
  let d = `M${round(route[0][0])} ${round(route[0][1])}`;
  for (let step = 1; step < route.length; step += 1) {
    const [x0, y0] = route[step - 1], y1 = route[step][1];
    const side = entrySide(route), x1 = route[step][0] + (step === route.length - 1 ? room * side : 0);
    if (route.length > 2 && step % 2 === 0 && step < route.length) d += `L${round(x1)} ${round(y1)}`;
    else {
      const bend = x1 > x0 || side > 0 ? (x1 - x0) / 2 : 60;
      d += `C${round(x0 + bend)} ${round(y0)} ${round(x1 - bend)} ${round(y1)} ${round(x1)} ${round(y1)}`;
    }
  }
  return d;
}

function lineParts(edge, route, look) {
  const end = route.elbow ? route.to : route[route.length - 1], side = entrySide(route);
  const parts = [shape(routePath(route, look.arrow ? 6 : 0), { stroke: look.colour, width: look.width, dash: DASHES[look.style], cap: look.style === "dotted" ? "round" : "butt" })];
  if (look.arrow) {
    const half = Math.max(3.6, look.width * 0.8);
    parts.push(shape(`M${round(end[0])} ${round(end[1])}l${8 * side} ${round(-half)}v${round(2 * half)}z`, { fill: look.colour }));
  }
  return parts.map((part) => ({ ...part, alpha: look.alpha }));
}

/* A link from a node to itself: an arc over the right end of its box, further ones above it. */
function loopParts(edge, box, look, number) {
  const right = box.left + box.w - 8, left = right - 14, top = box.y - box.h / 2, high = 10 + 6 * number;
  const parts = [shape(`M${round(left)} ${round(top)}C${round(left - 6)} ${round(top - high)} ${round(right + 6)} ${round(top - high)} ${round(right)} ${round(top)}`, { stroke: look.colour, width: look.width, dash: DASHES[look.style] })];
  if (look.arrow) parts.push(shape(`M${round(right)} ${round(top)}l-1 -8l6 3z`, { fill: look.colour }));
  return parts.map((part) => ({ ...part, alpha: look.alpha, loop: edge.id }));
}

/* --- output: canvas and SVG ----------------------------------------------------------------------------- */
const paths = new Map();
function paint(ctx, parts) {
  for (const part of parts) {
    ctx.save();
    ctx.globalAlpha = part.alpha ?? 1;
    if (part.at) ctx.translate(part.at[0], part.at[1]);
    if (part.text !== undefined) paintText(ctx, part);
    else {
      if (part.move) {
        ctx.translate(part.move[0], part.move[1]);
        ctx.scale(part.move[2], part.move[2]);
      }
      if (!paths.has(part.d)) paths.set(part.d, new Path2D(part.d));
      const path = paths.get(part.d);
      if (part.fill) {
        ctx.fillStyle = part.fill;
        ctx.fill(path, "evenodd");
      }
      if (part.stroke) {
        Object.assign(ctx, { strokeStyle: part.stroke, lineWidth: part.width ?? 1, lineCap: part.cap ?? "butt" });
        ctx.setLineDash(part.dash ?? []);
        ctx.stroke(path);
      }
    }
    ctx.restore();
  }
  if (paths.size > 5000) paths.clear();
}

function paintText(ctx, part) {
  Object.assign(ctx, { font: `${part.weight} ${part.size}px ${FAMILY}`, textAlign: part.anchor === "middle" ? "center" : part.anchor, textBaseline: "alphabetic", lineJoin: "round" });
  if (part.halo) {
    Object.assign(ctx, { strokeStyle: part.halo, lineWidth: 4 });
    ctx.strokeText(part.text, part.x, part.y);
  }
  ctx.fillStyle = part.fill;
  ctx.fillText(part.text, part.x, part.y);
}

function sceneSvg({ parts, title, dx, dy, width, height }, name) {
  const root = svg("svg", { xmlns: NS, viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`, width: Math.ceil(width), height: Math.ceil(height), "font-family": "Source Sans 3, Source Sans Pro, Noto Sans, Segoe UI, Arial, sans-serif" });
  root.append(svg("title", {}, name), svg("rect", { width: "100%", height: "100%", fill: ink.paper }));
  root.append(...title.map(partSvg), svg("g", { transform: `translate(${dx} ${dy})` }, ...parts.map(partSvg)));
  for (const text of root.querySelectorAll("text")) {
    /* In another font each text keeps its width. */
    const wide = widthOf(text.textContent, Number(text.getAttribute("font-size")), text.getAttribute("font-weight"));
    text.setAttribute("textLength", round(wide));
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
  return root;
}

function partSvg(part) {
  const shared = part.alpha !== undefined && part.alpha < 1 ? { opacity: part.alpha } : {};
  if (part.at) shared.transform = `translate(${part.at[0]} ${part.at[1]})`;
  if (part.text !== undefined) {
    const look = { ...shared, x: part.x, y: part.y, "font-size": part.size, "font-weight": part.weight, "text-anchor": part.anchor, fill: part.fill };
    if (part.halo) Object.assign(look, { stroke: part.halo, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" });
    return svg("text", look, part.text);
  }
  const look = { ...shared, d: part.d, fill: part.fill ?? "none", "fill-rule": "evenodd" };
  if (part.stroke) Object.assign(look, { stroke: part.stroke, "stroke-width": part.width ?? 1, "stroke-linecap": part.cap ?? "butt" });
  if (part.dash?.length) look["stroke-dasharray"] = part.dash.join(" ");
  if (part.move) look.transform = `${shared.transform ?? ""} translate(${part.move[0]} ${part.move[1]}) scale(${part.move[2]})`;
  return svg("path", look);
}

/* Download the scene as SVG or PNG and the table as CSV; copy the link to this view. */
function save(blob, ending) {
  const link = el("a", "", "", { download: `${DATA.kind}.${ending}`, href: URL.createObjectURL(blob) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const svgText = (root) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root)}\n`;
const saveSvg = (root) => save(new Blob([svgText(root)], { type: "image/svg+xml" }), "svg");

/* A cell that a spreadsheet would run as a formula gets an apostrophe. */
function csvCell(value) {
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?[\d.,]+$/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
const saveCsv = (rows) => save(new Blob([`\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`], { type: "text/csv" }), "csv");

function savePng({ parts, title, dx, dy, width, height }) {
  const canvas = document.createElement("canvas"), ctx = canvas.getContext("2d");
  const scale = Math.min(2, 32000 / Math.max(width, height)); // the limit of browsers
  Object.assign(canvas, { width: Math.ceil(width * scale), height: Math.ceil(height * scale) });
  ctx.scale(scale, scale);
  ctx.fillStyle = ink.paper;
  ctx.fillRect(0, 0, width, height);
  paint(ctx, title);
  ctx.translate(dx, dy);
  paint(ctx, parts);
  canvas.toBlob((blob) => save(blob, "png"), "image/png");
}

/* `scene()` gives a scene with its frame (see `networkScene`), `rows()` the table with its header row. */
function listenDownloads(scene, rows) {
  $("save-svg").addEventListener("click", () => saveSvg(sceneSvg(scene(), document.title)));
  $("save-png").addEventListener("click", () => savePng(scene()));
  $("save-csv").addEventListener("click", () => saveCsv(rows()));
  $("print").addEventListener("click", () => print());
  $("copy-link").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      $("found").textContent = t("link.copied");
    } catch {
      $("found").textContent = location.href;
    }
  });
}

const MOMENT_PHASES = new Set(["completion", "eia-approved"]); // reached on a day, not lasting

/* The details panel: every fact about the selected node with its citation. */
function fillPanel(id) {
  const panel = $("panel"), node = nodes.get(id);
  const close = el("button", "×", "close", { type: "button", "aria-label": t("close") });
  close.addEventListener("click", () => {
    change({ chosen: "", only: "" });
    if (phone()) backToList(id);
  });
  const homes = node.country && node.type !== "State" ? t("home", { country: country(node.country) }) : "";
  const about = [capital(term(node.event ?? node.type)), homes, node.date ? formatDate(node.date) : ""];
  panel.replaceChildren(close, el("h2", nameOf(node)), el("p", about.filter(Boolean).join(" · "), "fact"));
  const also = (node.names ?? []).filter((name) => name !== nameOf(node));
  if (also.length) panel.append(el("p", t("also", { names: also.join("; ") }), "fact"));
  const traits = [...(node.sector ?? []).map(term), ...unique((node.facts ?? []).filter((fact) => fact.kind === "phase" && inSource(fact)).map(phaseInWords))];
  if (traits.length) panel.append(el("p", capital(traits.join(" · ")), "fact"));
  addShares(panel, id);
  addLinks(panel, id);
  addFacts(panel, node);
  const named = (node.where ?? []).filter(placeInSource);
  if (named.length) panel.append(el("h3", t("named")), places(named));
  panel.scrollTop = 0;
}

/* A phase, with its certainty and time unless it is a fact of the present: "operation planned from 2015". */
function phaseInWords(fact) {
  const parts = [term(fact.value), fact.certainty === "stated" ? "" : term(fact.certainty)];
  if (fact.date) parts.push(/[[/]/.test(fact.date) || MOMENT_PHASES.has(fact.value) ? formatDate(fact.date) : t("since", { date: formatDate(fact.date) }));
  if (fact.until) parts.push(t("until", { date: formatDate(fact.until) }));
  return parts.filter(Boolean).join(" ");
}

/* Return to the row in the list of names. */
function backToList(id) {
  const row = [...$("list").querySelectorAll(".go")].find((one) => one.dataset.id === id);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "center" });
}

/* As high as the diagram beside it, at most as high as the window. */
function fitPanel() {
  $("panel").style.height = phone() ? "" : `${Math.min($("figure").offsetHeight, innerHeight)}px`;
}

const places = (where) => {
  const list = el("p", "", "small");
  where.forEach((place, i) => list.append(...(i ? [el("br")] : []), citation(place)));
  return list;
};

function goTo(id, label) {
  const link = el("button", label ?? nameOf(nodes.get(id)), "go", { type: "button", dir: "auto" });
  link.addEventListener("click", () => {
    const far = link.closest("#table, .list"); // the table is below the diagram
    change({ chosen: id, only: state.only && id });
    if (far) document.querySelector(".stage").scrollIntoView();
  });
  return link;
}

function addShares(panel, id) {
  const rows = sharesOf(id).filter((row) => nodes.has(row.owner) && nodes.has(row.asset));
  const worked = rows.filter((row) => shareProduct(row));
  if (!worked.length) return;
  const list = el("ul");
  for (const row of worked) {
    const line = el("li");
    line.append(goTo(row.owner === id ? row.asset : row.owner), el("span", shareValue(row), "share"), el("span", `${SEVERAL ? `${shortOf(shareSource(row).source)}: ` : ""}${shareProduct(row)}`, "small"));
    list.append(line);
  }
  panel.append(el("h3", t("effective")), list);
}

function remarks(edge) {
  const parts = [];
  if (edge.role) parts.push(term(edge.role));
  if (edge.relation === "stake" && edge.share === undefined) parts.push(t("unstated"));
  if (edge.relation === NAMED) parts.push(t("nostake"));
  if (edge.basis) parts.push(term(edge.basis));
  if (edge.certainty && edge.certainty !== "stated") parts.push(term(edge.certainty));
  if (edge.relation === "participant") parts.push(...[periodOf(edge)].filter(Boolean));
  else {
    if (edge.since) parts.push(t("since", { date: formatDate(edge.since) }));
    if (edge.asof) parts.push(t("asof", { date: formatDate(edge.asof) }));
    if (edge.until) parts.push(t("until", { date: formatDate(edge.until) }));
  }
  if (state.year !== "") parts.push(t(`holds.${holdsIn(edge, state.year)}`, { year: state.year }));
  return parts;
}

const periodOf = ({ since, until }) => (until && !since ? t("until", { date: formatDate(until) }) : formatDate([since, until].filter(Boolean).join("/")));

function addLinks(panel, id) {
  const groups = new Map();
  for (const edge of mergeSaid(linksOf(id))) {
    const title = relation(edge.relation, edge.from === id ? 0 : 1);
    groups.set(title, [...(groups.get(title) ?? []), edge]);
  }
  for (const [title, lines] of groups) {
    const list = el("ul", "", lines.length > 30 ? "members" : "");
    if (lines.length > 30) list.tabIndex = 0;
    for (const edge of lines.slice(0, 500)) {
      const row = el("li");
      row.append(goTo(edge.from === id ? edge.to : edge.from), el("span", shareText(edge), `share${edge.differ ? " differ" : ""}`));
      if (edge.said) row.append(...edge.said.flatMap((one) => [el("span", `${shortOf(one.source)}: ${[edge.differ || edge.later ? shareText(one) : "", ...remarks(one)].filter(Boolean).join("; ")}`, "small"), ...(one.where?.length ? [places(one.where)] : [])]));
      else {
        const notes = remarks(edge);
        if (notes.length) row.append(el("span", notes.join("; "), "small"));
        if (edge.where?.length) row.append(places(edge.where));
      }
      list.append(row);
    }
    panel.append(el("h3", title), list);
  }
}

/* Further facts: a home state that is no link of the network, the phase of a project, an announced investment. */
function addFacts(panel, node) {
  const linked = linksOf(node.id).some((edge) => HOME.has(edge.relation));
  const facts = (node.facts ?? []).filter(inSource).filter((fact) => fact.kind !== "home" || !linked);
  for (const kind of unique(facts.map((fact) => fact.kind))) {
    const list = el("ul");
    for (const fact of facts.filter((one) => one.kind === kind)) {
      const row = el("li");
      const value = fact.amount ? t("usd", { amount: number(Number(fact.amount)) }) : fact.kind === "home" ? country(fact.value) : fact.printed || capital(term(fact.value ?? ""));
      row.append(el("span", value), el("span", fact.date || fact.until ? periodOf({ since: fact.date, until: fact.until }) : "", "share"));
      const notes = [fact.status, fact.certainty === "stated" ? "" : fact.certainty].filter(Boolean).map(term);
      if (notes.length) row.append(el("span", notes.join("; "), "small"));
      if (fact.where) row.append(places(fact.where.split("; ")));
      list.append(row);
    }
    panel.append(el("h3", t(`fact.${kind}`)), list);
  }
}

/* The panel of a group: its members. */
function fillGroupPanel(group) {
  const panel = $("panel");
  const close = el("button", "×", "close", { type: "button", "aria-label": t("close") });
  close.addEventListener("click", () => change({ chosen: "" }));
  panel.replaceChildren(close, el("h2", group.label));
  const list = el("ul", "", "members", { tabindex: 0 });
  for (const node of group.members.slice(0, 200)) {
    const row = el("li");
    row.append(goTo(node.id));
    list.append(row);
  }
  panel.append(el("h3", t("names")), list);
}

/* The content as sortable tables; long ones grow on demand. */
const PAGE = 100;
const tables = []; // {title, heads, rows: [{cells, sort, id}], numeric}

function drawTables() {
  const section = $("table");
  section.replaceChildren();
  for (const table of tables) {
    const heading = el("h2", `${table.title()} `);
    const rows = table.rows();
    heading.append(el("span", number(rows.length), "count"));
    const scroll = el("div", "", "scroll", { tabindex: 0, role: "region", "aria-label": table.title() });
    scroll.append(tableOf(table, rows));
    section.append(heading, scroll);
  }
}

function tableOf(table, rows) {
  const made = el("table", "", "", { id: table.id }), head = el("thead"), line = el("tr"), body = el("tbody");
  table.heads().forEach((title, column) => {
    const cell = el("th", "", table.numeric.includes(column) ? "number" : "", { scope: "col" });
    const button = el("button", title, "", { type: "button" });
    if (table.sorted?.column === column) cell.setAttribute("aria-sort", table.sorted.up ? "ascending" : "descending");
    button.addEventListener("click", () => {
      table.sorted = { column, up: table.sorted?.column === column ? !table.sorted.up : true };
      drawTables();
      $(table.id).querySelectorAll("th button")[column].focus();
    });
    cell.append(button);
    line.append(cell);
  });
  head.append(line);
  made.append(head, body);
  const sorted = sortRows(rows, table.sorted);
  const add = (from) => {
    for (const row of sorted.slice(from, from + PAGE)) body.append(rowOf(row, table));
    if (sorted.length <= from + PAGE) return;
    const more = el("tr"), cell = el("td", "", "", { colspan: table.heads().length }), button = el("button", t("more"), "", { type: "button" });
    button.addEventListener("click", () => { more.remove(); add(from + PAGE); });
    cell.append(button);
    more.append(cell);
    body.append(more);
  };
  add(0);
  return made;
}

function sortRows(rows, sorted) {
  if (!sorted) return rows;
  const key = (row) => row.sort?.[sorted.column] ?? textOf(row.cells[sorted.column]);
  const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : byName(String(a), String(b)));
  const ordered = [...rows].sort((a, b) => order(key(a), key(b)));
  return sorted.up ? ordered : ordered.reverse();
}

const textOf = (cell) => (typeof cell === "object" ? cell.text : cell);
function rowOf(row, table) {
  const line = el("tr", "", row.ids?.includes(state.chosen) ? "chosen" : "");
  row.cells.forEach((cell, column) => {
    const made = el("td", "", table.numeric.includes(column) ? "number" : "");
    if (typeof cell === "object") made.append(goTo(cell.id, cell.text));
    else made.textContent = cell;
    line.append(made);
  });
  return line;
}

const csvRows = (table) => [table.heads(), ...table.rows().map((row) => row.cells.map(textOf))];

/* --- the tables of a network ---------------------------------------------------------------------------- */
function networkTables() {
  const link = (id) => ({ id, text: nameOf(nodes.get(id)) });
  const date = (thing) => (thing.start !== undefined ? thing.start : 9999);
  const holding = DATA.kind === "ownership", shares = edges.some((edge) => edge.share !== undefined);
  const named = (a, b) => byName(nameOf(nodes.get(a)), nameOf(nodes.get(b)));
  tables.push({
    id: "lines", numeric: shares ? [3] : [], title: () => t("lines"),
    heads: () => [t(holding ? "col.owner" : DIRECTED ? "col.from" : "col.name"), t("col.relation"), t(holding ? "col.owned" : DIRECTED ? "col.to" : "col.linked"), ...(shares ? [t("col.share")] : []), t("col.remarks"), t("col.date"), ...(SEVERAL ? [t("col.source")] : []), t("col.where")],
    rows: () => [...visibleGraph().lines].sort((a, b) => named(a.from, b.from) || named(a.to, b.to)).map((edge) => ({
      ids: [edge.from, edge.to],
      cells: [
        link(edge.from), relation(edge.relation, 0), link(edge.to), ...(shares ? [edge.share === undefined ? "" : percent(edge.share)] : []),
        remarks({ ...edge, since: "", until: "" }).join("; "), periodOf(edge), ...(SEVERAL ? [shortOf(edge.source)] : []), (edge.where ?? []).map(formatPlace).join("; "),
      ],
      sort: shares ? { 3: edge.share ?? -1, 5: date(edge) } : { 4: date(edge) },
    })),
  });
  tables.push({
    id: "names", numeric: [], title: () => t("names"),
    heads: () => [t("col.name"), t("col.kind"), t("col.home"), t("col.date"), t("col.where")],
    rows: () => [...visibleGraph().nodes].sort((a, b) => named(a.id, b.id)).map((node) => ({
      ids: [node.id],
      cells: [link(node.id), capital(term(node.event ?? node.type)), node.country ? country(node.country) : "", node.date ? formatDate(node.date) : "", (node.where ?? []).filter(placeInSource).map(formatPlace).join("; ")],
      sort: { 3: date(node) },
    })),
  });
}

/* Search, filters, language, theme, menus: controls change the state, and the page follows the state. */
function listenHeader() {
  $("language").addEventListener("click", () => change({ lang: state.lang === "en" ? "es" : "en" }));
  $("theme").addEventListener("click", () => change({ theme: dark() ? "light" : "dark" }));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { applyTheme(); for (const [names, run] of watchers) if (names.includes("theme")) run(["theme"]); });
  addEventListener("hashchange", () => change(readAddress(), false));
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else change({ chosen: "", only: "" });
  });
  listenPrint();
  watch(["lang"], translate);
  watch(["theme"], applyTheme);
}

/* A print uses the light theme. */
function listenPrint() {
  let previous = "";
  const switchTheme = (theme) => {
    state.theme = theme;
    applyTheme();
    for (const [names, run] of watchers) if (names.includes("theme")) run(["theme"]);
  };
  addEventListener("beforeprint", () => {
    previous = state.theme;
    switchTheme("light");
    if (GRAPH && view.layout) {
      const { width, height } = view.layout; // the page has title and timeline already
      $("figure").append(Object.assign(sceneSvg({ parts: view.parts, title: [], dx: 2, dy: 30, width: width + 4, height: height + 36 }, document.title), { id: "printed" }));
    }
  });
  addEventListener("afterprint", () => {
    $("printed")?.remove();
    switchTheme(previous);
  });
}

/* `find(text)` gives the ids found, best first; `go(id)` opens one; `showMatches(ids or null)` highlights them. */
function listenSearch(find, go, showMatches) {
  const announce = (text) => {
    const found = text.trim() ? find(text) : null;
    showMatches(found);
    $("found").textContent = found === null ? "" : found.length === 0 ? tPage("found.none") : found.length === 1 ? tPage("found.one") : tPage("found.many", { count: number(found.length) });
    return found ?? [];
  };
  $("find").addEventListener("input", (event) => announce(event.target.value));
  $("find").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const [first] = announce(event.target.value);
    if (first === undefined) return;
    showMatches(null);
    $("found").textContent = "";
    go(first);
  });
}

/* `choices` is [[state name, values, label of a value]]; `least` adds the field for the smallest share. */
function fillFilters(choices, least) {
  const sheet = $("filter-sheet");
  sheet.replaceChildren();
  for (const [name, values, wording] of choices) {
    if (values.length < 2) continue;
    const label = el("label", t(`filter.${name}`)), select = el("select", "", "", { id: `filter-${name}` });
    select.append(new Option(t("filter.any"), ""));
    for (const value of values) select.append(new Option(wording(value), value));
    select.value = state[name];
    select.addEventListener("change", () => change({ [name]: select.value }));
    label.append(select);
    sheet.append(label);
  }
  if (least) {
    const label = el("label", t("filter.min")), input = el("input", "", "", { id: "filter-min", type: "number", min: 0, max: 100, step: 5 });
    input.value = state.min;
    input.addEventListener("input", () => change({ min: input.value }));
    label.append(input);
    sheet.append(label);
  }
  const clear = el("button", t("filter.clear"), "", { type: "button", id: "filter-clear" });
  clear.addEventListener("click", () => {
    change(NO_FILTERS);
    fillFilters(choices, least);
  });
  sheet.append(clear);
  countFilters();
}
function countFilters() { $("filtered").textContent = filtersOn().length || ""; }

/* --- controls of a network ------------------------------------------------------------------------------ */
function listenYear() {
  const years = [...edges, ...nodes.values()].flatMap((thing) => [thing.start, thing.end]).filter((year) => year !== undefined && year <= LAST_YEAR);
  const slider = $("year");
  if (!years.length) {
    document.querySelector(".year").hidden = true;
    return;
  }
  Object.assign(slider, { min: Math.max(Math.min(...years) - 1, 1000), max: LAST_YEAR + 1 });
  const follow = () => {
    slider.value = state.year || LAST_YEAR;
    $("year-shown").textContent = state.year || "–";
    $("any-year").setAttribute("aria-pressed", String(state.year === ""));
    slider.setAttribute("aria-valuetext", state.year || t("year.any"));
  };
  slider.addEventListener("input", () => change({ year: slider.value }));
  $("any-year").addEventListener("click", () => change({ year: "" }));
  watch(["year", "lang"], follow);
  follow();
}

function networkFilters() {
  const choices = [
    ...Object.keys(FILTERS).map((name) => [name, filterValues(name), (value) => filterLabel(name, value)]),
    ...(SEVERAL ? [["source", SOURCES.map((source) => source.name), shortOf]] : []),
    ["certainty", certainties(), (value) => capital(term(value))],
  ];
  fillFilters(choices, edges.some((edge) => edge.share !== undefined));
}

/* The list that a phone shows first: every name, assets or dealings at the top. */
function fillList() {
  const list = $("list");
  if (!phone()) return list.replaceChildren();
  const all = visibleGraph(), ids = highlight.matches === null ? null : new Set(highlight.matches);
  const rows = el("ul");
  const dealings = DATA.kind === "diplomacy";
  const weight = (node) => (DEALINGS.has(node.type) === dealings && (dealings || ASSETS.has(node.type)) ? 0 : node.type === "State" ? 1 : 2);
  const tones = new Map(dealings ? partnerGroups(all.nodes).flatMap((group) => group.all.map((node) => [node.id, group])) : []);
  const order = (a, b) => weight(a) - weight(b) || (dealings ? (a.start ?? 9999) - (b.start ?? 9999) : 0) || byName(nameOf(a), nameOf(b));
  const found = all.nodes.filter((node) => ids === null || ids.has(node.id)).sort(order);
  for (const node of found.slice(0, 300)) {
    const row = el("li"), link = goTo(node.id, ""), home = FILTERS.country(node)[0];
    const group = DEALINGS.has(node.type) ? tones.get(node.id) : undefined;
    link.dataset.id = node.id;
    const tag = el("span", group ? group.code : codeOf(home), "tag");
    if (!tag.textContent) tag.append(svg("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, svg("path", { d: iconOf(node), fill: "#fff", "fill-rule": "evenodd" })));
    tag.style.background = `var(--${group ? group.tone : tone(home)})`;
    const about = [capital(term(node.event ?? node.type)), node.date ? formatDate(node.date) : "", ownersLine(node)].filter(Boolean).join(" · ");
    link.append(tag, el("span", nameOf(node)), el("span", about, "small"));
    row.append(link);
    rows.append(row);
  }
  return list.replaceChildren(found.length ? rows : el("p", t("nothing"), "small"));
}

function ownersLine(node) {
  const held = mergeSaid(linksOf(node.id).filter((edge) => edge.relation === "stake" && edge.to === node.id && edge.basis !== "indirect" && edge.certainty !== "former"));
  if (!held.length) {
    const named = unique(linksOf(node.id).filter((edge) => edge.relation === NAMED && edge.to === node.id && edge.certainty !== "former").map((edge) => nameOf(nodes.get(edge.from))));
    return named.length ? `${named.slice(0, 4).join(", ")} (${t("nostake")})` : "";
  }
  return held.slice(0, 4).map((edge) => `${nameOf(nodes.get(edge.from))}${edge.share === undefined ? "" : ` ${shareText(edge)}`}`).join(", ");
}

/* Charts as scenes, like the networks: SVG on the page, SVG or PNG in a file, each figure selectable. A chart is
   {id, title, note, width, height, parts}; a part with `entry` belongs to that figure. */
const entries = new Map((DATA.entries ?? []).map((entry) => [entry.id, entry]));
const entryName = (entry) => (state.lang === "es" && entry.es) || entry.label;
const charts = [];
const hatch = (x, y, w, h) => {
  let d = "";
  for (let at = -h; at < w; at += 5) d += `M${round(x + Math.max(at, 0))} ${round(y + Math.max(-at, 0))}L${round(x + Math.min(at + h, w))} ${round(y + Math.min(w - at, h))}`;
  return d;
};

/* Keyboard navigation within a widget (roving tabindex): arrow keys move, Enter and clicks pick. */
function rovingTabindex(root, items, pick) {
  items[0]?.setAttribute("tabindex", 0);
  for (const item of items) item.addEventListener("click", () => pick(item));
  root.addEventListener("keydown", (event) => {
    const here = items.indexOf(document.activeElement), step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (here < 0) return;
    if (step && items[here + step]) {
      event.preventDefault();
      items[here].setAttribute("tabindex", -1);
      items[here + step].setAttribute("tabindex", 0);
      items[here + step].focus();
    }
    if (["Enter", " "].includes(event.key)) {
      event.preventDefault();
      pick(items[here]);
    }
  });
}

/* The SVG of a chart and its interactive items, one per entry. */
function interactiveSvg(chart, sentence) {
  const root = svg("svg", { width: chart.width, height: chart.height, viewBox: `0 0 ${chart.width} ${chart.height}`, role: "group", "aria-label": chart.label ?? chart.title });
  const items = new Map();
  for (const part of chart.parts) {
    const made = partSvg(part);
    if (!part.entry) {
      root.append(made);
      continue;
    }
    if (!items.has(part.entry)) {
      /* The visible text of an item begins its accessible name (WCAG 2.5.3). */
      const written = chart.parts.filter((one) => one.entry === part.entry && one.text !== undefined).map((one) => one.text);
      const label = [written.join(""), sentence(entries.get(part.entry))].filter(Boolean).join(": ");
      const item = svg("g", { class: "item", tabindex: -1, role: "button", "aria-label": label, "data-id": part.entry }, svg("title", {}, sentence(entries.get(part.entry))));
      items.set(part.entry, item);
      root.append(item);
    }
    items.get(part.entry).append(made);
  }
  return [root, [...items.values()]];
}
const chooseItem = (item) => {
  change({ chosen: item.dataset.id });
  if (phone()) itemOfEntry(item.dataset.id, `#${CSS.escape(item.closest(".chart").id)}`)?.scrollIntoView({ block: "nearest" }); // the sheet covers the lower half
};
const itemOfEntry = (id, inside) => [...document.querySelectorAll(`${inside} .item`)].find((item) => item.dataset.id === id);

/* Scroll to the row or item of an entry; with `take` the keyboard focus moves along. */
function scrollToItem(id, inside, take) {
  const item = itemOfEntry(id, inside);
  if (!item) return;
  if (take) moveFocus(item);
  (item.closest("[data-roving]") ? item.closest("svg") : item).scrollIntoView({ block: phone() ? "start" : "center" });
}

function moveFocus(item) {
  (item.closest("[data-roving]") ?? item.closest("svg")).querySelector('.item[tabindex="0"]')?.setAttribute("tabindex", -1);
  item.setAttribute("tabindex", 0);
  item.focus({ preventScroll: true });
}

function chartSvg(chart, sentence, pick = chooseItem) {
  const [root, items] = interactiveSvg(chart, sentence);
  rovingTabindex(root, items, pick);
  return root;
}

/* The charts and the text around them as one scene, for a file. */
function chartsScene() {
  const frame = $("charts").getBoundingClientRect(), put = (box) => [round(box.left - frame.left + 4), round(box.top - frame.top + 46)];
  const parts = [...document.querySelectorAll("#charts :is(.warning, .keyline i, .keyline path, .keys path)")].flatMap((sign) => swatchParts(sign, put));
  const texts = document.createTreeWalker($("charts"), NodeFilter.SHOW_TEXT, (node) => (node.parentElement.closest("svg") || !node.data.trim() ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  while (texts.nextNode()) parts.push(...textParts(texts.currentNode, put));
  for (const chart of charts) {
    const [x, y] = put(document.getElementById(chart.id).querySelector("svg").getBoundingClientRect());
    parts.push(...chart.parts.map((part) => ({ ...part, at: [x + (part.at?.[0] ?? 0), y + (part.at?.[1] ?? 0)] })));
  }
  const height = frame.height + 84, title = [textPart(document.title, 24, 34, { size: 20, weight: 650, fill: ink.ink }), textPart(credit(), 24, height - 16, { size: 12, fill: ink.muted })];
  return { parts, title, dx: 0, dy: 0, width: frame.width + 8, height };
}

/* A legend swatch, or the background of the warning. */
function swatchParts(sign, put) {
  const box = sign.getBoundingClientRect(), [x, y] = put(box), style = getComputedStyle(sign);
  if (!(sign instanceof SVGElement)) return [shape(roundedRect(x, y, box.width, box.height, 2), { fill: style.backgroundColor })];
  const [left, top] = put(sign.ownerSVGElement.getBoundingClientRect());
  return [{ d: sign.getAttribute("d"), fill: style.fill, alpha: Number(sign.getAttribute("opacity") ?? 1), move: [left, top, 1] }];
}

function textParts(node, put) {
  const range = document.createRange(), style = getComputedStyle(node.parentElement), size = parseFloat(style.fontSize);
  range.selectNodeContents(node);
  const box = range.getBoundingClientRect(), [x, y] = put(box), weight = Number(style.fontWeight), text = node.data.trim();
  const tops = new Set([...range.getClientRects()].map((line) => Math.round(line.top)));
  const lines = tops.size > 1 ? wrap(text, size, box.width + 1, 20, weight) : [text], step = box.height / lines.length;
  return lines.map((line, i) => textPart(line, x, y + (i + 0.5) * step + size * 0.33, { size, weight, fill: style.color }));
}

/* --- pages of figures: search, filters, panel and table over the entries -------------------------------- */
function fits(entry) {
  const wanted = FILTER_NAMES.filter((name) => name !== "min" && state[name] !== "");
  return wanted.every((name) => (name === "source" ? inSource(entry) : entry[name] === state[name])) && (highlight.matches === null || highlight.matches.includes(entry.id));
}

function updateItems() {
  for (const item of document.querySelectorAll("#charts .item")) {
    item.classList.toggle("faded", !fits(entries.get(item.dataset.id)));
    item.classList.toggle("chosen", item.dataset.id === state.chosen);
  }
}

function entryPanel(entry, lines) {
  const panel = $("panel");
  panel.hidden = !entry;
  if (!entry) return;
  const close = el("button", "×", "close", { type: "button", "aria-label": t("close") });
  close.addEventListener("click", () => change({ chosen: "" }));
  const facts = lines(entry).filter(Boolean).map((line) => (typeof line === "string" ? el("p", line, "fact") : line));
  panel.replaceChildren(close, el("h2", entryName(entry)), ...facts, el("h3", t("col.where")), places(entry.where));
  panel.scrollTop = 0;
}

/* Redraw and restore the keyboard focus. */
function keepFocus(draw) {
  const at = document.activeElement?.closest?.("#charts .item"), chart = at?.closest(".chart")?.id, id = at?.dataset.id;
  draw();
  const again = id === undefined ? null : itemOfEntry(id, document.getElementById(chart) ? `#${CSS.escape(chart)}` : "#charts");
  if (again) moveFocus(again);
}

/* `draw(width)` fills `charts` and the page; `lines`, `sentence` and `table` give the contents of the panel, an item's name
   and the table. Entries that do not match filters and search are faded or, with `hideFiltered`, not drawn. */
function startFigures({ draw, lines, table, choices, text, hideFiltered = false, rows = "#charts" }) {
  tables.push(table);
  const redraw = () => keepFocus(() => {
    charts.length = 0;
    draw(Math.max(240, $("charts").clientWidth - (phone() ? 32 : 40)));
    updateItems();
    fitPanel();
  });
  const applyFilter = () => (hideFiltered ? redraw() : updateItems());
  const filter = () => fillFilters([...choices(), ...(SEVERAL ? [["source", SOURCES.map((source) => source.name), shortOf]] : [])], false);
  listenSearch((typed) => {
    const terms = foldAccents(typed).split(/\s+/).filter(Boolean);
    return [...entries.values()].filter((entry) => terms.every((word) => foldAccents(text(entry)).includes(word))).map((entry) => entry.id);
  }, (id) => { change({ chosen: id }); scrollToItem(id, rows); }, (found) => { highlight.matches = found; applyFilter(); drawTables(); });
  watch(["lang", "theme"], () => { redraw(); filter(); });
  watch(["chosen", "lang"], () => { entryPanel(entries.get(state.chosen), lines); redraw(); });
  watch(FILTER_NAMES, () => { applyFilter(); countFilters(); $("found").textContent = [...entries.values()].some(fits) ? "" : t("nothing"); });
  watch(["lang", "chosen", ...FILTER_NAMES], drawTables);
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; redraw(); } });
  listenDownloads(chartsScene, () => csvRows(tables[0]));
  $("legend").hidden = true;
  filter();
  entryPanel(entries.get(state.chosen), lines);
  redraw();
  drawTables();
}

function figure(chart, sentence, pick) {
  charts.push(chart);
  const made = el("section", "", "chart", { id: chart.id });
  if (chart.title !== document.title) made.append(el(chart.small ? "h3" : "h2", chart.title));
  if (chart.note) made.append(el("p", chart.note, "note"));
  made.append(chartSvg(chart, sentence, pick));
  return made;
}

function keyline(pairs) {
  const line = el("p", "", "keyline");
  for (const [colour, text] of pairs) {
    const entry = el("span"), patch = el("i");
    patch.style.background = colour;
    entry.append(patch, text);
    line.append(entry);
  }
  return line;
}

/* Choose the layout and the largest font size that fits the window: columns, a board or a ladder. */
const SIZES = [17, 16, 15, 14.5, 14, 13.5, 13, 12.5, 12, 11.5];
const RUNGS = 20;
const MANY_LABELS = 35;

function boxOf(node, size, room, lines) {
  const tag = DATA.kind === "diplomacy" ? yearTag(node) : node.type === "State" ? "" : codeOf(node.country);
  const weight = node.type === "State" || node.group ? 650 : 400;
  const free = room - size * 1.45 - 12 - (tag ? widthOf(tag, size - 1) + 8 : 0);
  const wrapped = wrap(node.group ? node.label : nameOf(node), size, free, lines, weight);
  const w = size * 1.45 + 12 + Math.max(...wrapped.map((line) => widthOf(line, size, weight))) + (tag ? widthOf(tag, size - 1) + 9 : 0);
  return { id: node.id, node, size, lines: wrapped, tag, w: Math.ceil(w), h: Math.round(wrapped.length * size * 1.18 + (DATA.kind === "diplomacy" ? 5 : 3)) };
}

function yearTag(node) {
  if (node.start === undefined && node.end === undefined) return "";
  const text = node.date ?? "";
  if (/^\d\dXX/.test(text) && Number(text.slice(0, 2)) * 100 + 99 > LAST_YEAR) return `${text.slice(0, 2)}00–`; // a century still running
  if (/^\d\d[\dX]X/.test(text)) return `${text.slice(0, 4).replace(/X/g, "0")}–${text.slice(2, 4).replace(/X/g, "9")}`;
  if (text.includes("/") && node.start !== undefined) return `${node.start}–${node.end === undefined ? "" : String(node.end).slice(String(node.end).slice(0, 2) === String(node.start).slice(0, 2) ? 2 : 0)}`;
  if (node.start === undefined) return `≤ ${node.end}`;
  // Some time between two moments, not all the time from one to the other.
  return text.startsWith("[") && node.end !== undefined && node.end !== node.start ? `${node.start}…${node.end}` : String(node.start);
}

function computeLayout(width, height) {
  if (!view.nodes.length) return { places: new Map(), routes: new Map(), titles: [{ text: t("nothing"), left: 0, y: 12 }], spines: [], width, height: 40, size: 16 };
  const sized = phone() && state.chosen ? [15] : SIZES;
  for (const size of sized) {
    const layout = phone() ? ladderLayout(size, width) : DATA.kind === "diplomacy" && !state.only ? boardLayout(size, width, height) : columnLayout(size, width, height);
    if (layout.height <= height || size === sized[sized.length - 1]) return { ...layout, size };
  }
  return null;
}

function columnLayout(size, width, height) {
  const rank = DATA.kind === "ownership" && !view.levels ? ranks(view.nodes.filter((node) => !node.group), view.drawn.filter((edge) => edge.relation !== "bundle")) : null;
  const labelled = new Map();
  for (const edge of view.drawn) if (endLabel(edge)) labelled.set(edge.to, (labelled.get(edge.to) ?? 0) + 1);
  const roomy = [...labelled.values()].reduce((sum, many) => sum + many, 0) > MANY_LABELS; // the labels of neighbours would meet
  const crowd = new Map();
  for (const edge of view.drawn) crowd.set(edge.to, (crowd.get(edge.to) ?? 0) + 1);
  const boxes = view.nodes.map((node) => {
    const box = boxOf(node, size, Math.min(Math.max(width * 0.215, 150), 300), view.nodes.length > 40 ? 2 : 4);
    const level = view.levels?.get(node.id) ?? rank?.get(node.id) ?? (DATA.kind === "diplomacy" ? (node.type === "State" ? 2 : DEALINGS.has(node.type) ? 1 : 0) : undefined);
    const lines = (roomy && labelled.has(node.id) ? crowd.get(node.id) : labelled.get(node.id) ?? 0) * size * 1.08 + 3, arrows = Math.min(crowd.get(node.id) ?? 0, 18) * 4;
    return { ...box, roomy: roomy && labelled.has(node.id), short: node.type === "State", h: Math.max(box.h, lines, node.type === "State" || node.group ? arrows : 0), ...(level === undefined ? {} : { rank: level }) };
  });
  const widest = new Map();
  for (const box of boxes) widest.set(box.rank, Math.max(widest.get(box.rank) ?? 0, box.w));
  for (const box of boxes) if (box.rank !== undefined) box.w = widest.get(box.rank);
  const order = (box) => [box.node.country ?? (box.node.type === "State" ? box.id : "~"), box.id].join();
  boxes.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const layout = layeredLayout(boxes, view.drawn, { width, height, gap: size * 0.17, most: size * (boxes.length > 25 ? 1.2 : 3), between: Math.max(size * 4.6, 60) });
  const heads = DATA.kind === "ownership" ? headsOf(layout) : [];
  return { ...layout, titles: heads, spines: [] };
}

function headsOf(layout) {
  return layout.columns.map((column) => {
    const kinds = column.filter((box) => !box.dummy).map((box) => box.node);
    const key = kinds.every((node) => node.type === "State") ? "states" : kinds.every((node) => ASSETS.has(node.type)) ? "assets" : column === layout.columns.find((one) => one.some((box) => !box.dummy && box.node.type !== "State")) ? "owners" : "held";
    return { text: t(`head.${key}`), left: column.left, y: -14 };
  });
}

/* Group the nodes by partner of the state with most dealings. A dealing goes to the one partner among the states of those who
   took part, if no further state did; one named only as predecessor does not count. Actors go to their home or to the partner of their dealings. */
function partnerGroups(now) {
  const members = [...nodes.values()], drawn = new Set(now);
  const states = members.filter((node) => node.type === "State");
  const shared = new Map(states.map((node) => [node.id, new Set(linksOf(node.id).flatMap((edge) => [edge.from, edge.to]))]));
  const [hub] = [...states].sort((a, b) => shared.get(b.id).size - shared.get(a.id).size || (a.id < b.id ? -1 : 1));
  const heads = states.filter((node) => node !== hub && shared.get(node.id).size >= 6 && (!SEVERAL || inAsia(node))).sort((a, b) => shared.get(b.id).size - shared.get(a.id).size);
  const headIds = new Set(heads.map((node) => node.id));
  const others = (node, fits) => linksOf(node.id).filter(fits).map((edge) => nodes.get(edge.from === node.id ? edge.to : edge.from));
  const belongs = (node) => others(node, (edge) => edge.from === node.id && !["participant", "party"].includes(edge.relation)).filter((other) => other.type === "State");
  const statesOf = (node) => (node.type === "State" ? [node.id] : unique([node.country, ...belongs(node).map((other) => other.id)].filter(Boolean)));
  const band = new Map(heads.map((node) => [node.id, node.id]));
  const place = (node, found) => band.set(node.id, found.length === 1 && headIds.has(found[0]) ? found[0] : "");
  for (const node of members.filter((one) => DEALINGS.has(one.type))) {
    const part = others(node, (edge) => edge.to === node.id && edge.role !== "predecessor").filter((other) => !DEALINGS.has(other.type));
    if (part.length) place(node, unique(part.flatMap(statesOf)).filter((id) => id !== hub?.id));
  }
  for (const node of members.filter((one) => !band.has(one.id) && one !== hub)) {
    const own = statesOf(node).filter((id) => headIds.has(id));
    place(node, own.length ? own : unique(others(node, () => true).map((other) => band.get(other.id)).filter(Boolean)));
  }
  const group = (head, ids) => ({
    head, title: head ? nameOf(head) : t("several"), code: head ? codeOf(head.id) : "", tone: head ? tone(head.id) : "other",
    all: now.filter((node) => node !== head && ids(node)).sort((a, b) => (a.start ?? a.end ?? 9999) - (b.start ?? b.end ?? 9999) || byName(nameOf(a), nameOf(b))),
  });
  const rest = group(hub ?? null, (node) => node !== hub && !heads.includes(node) && !band.get(node.id));
  if (hub) rest.title = t("alone", { state: nameOf(hub) });
  return [...heads.map((head) => group(head, (node) => band.get(node.id) === head.id && node !== head)), rest].map((one) => ({ ...one, head: drawn.has(one.head) ? one.head : null })).filter((one) => one.all.length || one.head);
}

function boardLayout(size, width) {
  const groups = partnerGroups(view.nodes);
  const between = 26, indent = 16, column = (width - between * (groups.length - 1)) / groups.length;
  const dated = (node) => node.start !== undefined || node.end !== undefined;
  const rows = (group, fits) => group.all.filter(fits).map((node) => ({ ...boxOf(node, size, column - indent, 6), open: true, ...(DEALINGS.has(node.type) ? { tone: group.tone } : {}) }));
  const columns = groups.map((group) => {
    const head = group.head && { ...boxOf(group.head, size, column, 1), lines: [truncate(group.title, size, column - size * 2.4, 650)] };
    const parts = [
      { title: "", items: rows(group, (node) => DEALINGS.has(node.type) && dated(node)) },
      { title: t("undated.head"), items: rows(group, (node) => DEALINGS.has(node.type) && !dated(node)) },
      { title: t("actors"), items: rows(group, (node) => !DEALINGS.has(node.type)) },
    ];
    return [{ head: head && { ...head, head: true }, title: group.title, parts }];
  });
  return placeBoard(columns, { width, gap: size * 0.2, between, indent, headHeight: size * 1.75, titleHeight: size * 1.5 });
}

function ladderLayout(size, width) {
  const around = state.chosen ? chainAround(state.chosen) : new Set();
  const held = new Set(view.drawn.filter((edge) => !HOME.has(edge.relation)).flatMap((edge) => [edge.from, edge.to]));
  const chain = view.nodes.filter((node) => around.has(node.id) && (node.id === state.chosen || node.type !== "State" || held.has(node.id)));
  const order = DATA.kind === "ownership" ? ranks(chain, view.drawn) : new Map(chain.map((node) => [node.id, DEALINGS.has(node.type) ? 1 : 0]));
  const least = Math.min(...order.values());
  const sorted = chain.map((node) => [node, order.get(node.id) - least]).sort(([a, x], [c, y]) => x - y || (a.start ?? 9999) - (c.start ?? 9999) || byName(nameOf(a), nameOf(c)));
  const few = sorted.filter(([node], place) => node.id === state.chosen || place < RUNGS);
  const ids = new Set(few.map(([node]) => node.id));
  const joins = (edge) => DATA.kind === "ownership" || edge.from === state.chosen || edge.to === state.chosen;
  const lines = view.drawn.filter((edge) => ids.has(edge.from) && ids.has(edge.to) && joins(edge) && (!HOME.has(edge.relation) || edge.from === state.chosen));
  const gutter = 40 + tracksOf(lines).many * 9;
  const rows = few.map(([node, depth]) => ({ ...boxOf(node, size, Math.max(120, width - gutter - 104), 4), depth: Math.min(depth, 4) }));
  const more = sorted.length > few.length ? t("ladder.more", { count: sorted.length - few.length }) : "";
  return placeLadder(rows, lines, { width, gap: 7, indent: 12, more });
}

/* The viewport: vis-network pans, zooms and does the hit testing; the scene is painted by scene.js. */
const view = { network: null, layout: null, parts: [], nodes: [], lines: [], drawn: [], at: (id) => id };
const MARGIN = { x: 22, top: 30, bottom: 14 };

function openCanvas(redraw) {
  const network = new vis.Network($("canvas"), { nodes: [], edges: [] }, DATA.options);
  view.network = network;
  if (phone()) network.setOptions({ interaction: { dragView: false, zoomView: false } }); // a finger scrolls the page
  network.on("beforeDrawing", (ctx) => paint(ctx, view.parts));
  network.on("click", ({ nodes: [id] }) => choose(id ?? ""));
  network.on("doubleClick", ({ nodes: [id] }) => { if (id && !groupOf(id)) change({ chosen: id, only: id }); });
  network.on("hoverNode", ({ node }) => hover(node, redraw));
  network.on("blurNode", () => hover(null, redraw));
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });
  $("zoom-in").addEventListener("click", () => zoom(1.3));
  $("zoom-out").addEventListener("click", () => zoom(1 / 1.3));
  $("zoom-fit").addEventListener("click", zoomToFit);
  /* The wheel scrolls the page unless Ctrl is held, so that the tables below stay within reach. */
  $("canvas").addEventListener("wheel", (event) => { if (!event.ctrlKey) event.stopPropagation(); }, { capture: true });
  listenKeys(redraw, zoom);
  window.pagView = view;
}

const groupOf = (id) => view.nodes.find((node) => node.id === id && node.group);
function choose(id) {
  const group = id && groupOf(id);
  if (group) openGroup(id);
  else change({ chosen: id, only: id ? state.only && id : "" });
}
function hover(id, redraw) {
  highlight.hovered = id;
  $("canvas").classList.toggle("over", id !== null);
  redraw();
}

/* Give vis-network the boxes for hit testing, at a scale of one unit per pixel. */
function applyLayout(layout, height) {
  view.layout = layout;
  $("canvas").style.height = `${Math.ceil(height)}px`;
  view.network.setSize("100%", `${Math.ceil(height)}px`);
  const boxes = [...layout.places.values()].map((box) => ({
    id: box.id, x: box.x, y: box.y, shape: "custom", ctxRenderer: () => ({ drawNode: () => {}, nodeDimensions: { width: box.w, height: box.h } }),
  }));
  view.network.setData({ nodes: boxes, edges: [] });
  zoomToFit();
}

function zoomToFit() {
  const { width, height } = view.layout, room = $("canvas");
  const scale = Math.min(1, (room.clientWidth - MARGIN.x) / width);
  view.network.moveTo({ position: { x: width / 2, y: (height + MARGIN.bottom - MARGIN.top) / 2 }, scale: Math.max(scale, 0.2), animation: false });
}

/* --- keyboard: up and down through all nodes, left and right along the links ---------------------------- */
function fillKeys() {
  const boxes = [...view.layout.places.values()].sort((a, b) => a.left - b.left || a.y - b.y);
  $("keys").replaceChildren(...boxes.map((box, place) => {
    const node = view.nodes.find((one) => one.id === box.id);
    const option = el("div", "", "", { role: "option", id: `key-${place}`, "aria-selected": String(node.id === state.chosen) });
    option.dataset.id = node.id;
    option.textContent = [node.group ? node.label : nameOf(node), node.group ? "" : term(node.event ?? node.type), node.country ? country(node.country) : ""].filter(Boolean).join(", ");
    return option;
  }));
  if (!boxes.length) $("keys").append(el("div", t("found.none"), "", { role: "option", "aria-selected": "false" }));
}

function listenKeys(redraw, zoom) {
  const keys = $("keys");
  const go = (option) => {
    if (!option?.dataset.id) return;
    highlight.cursor = option.dataset.id;
    keys.setAttribute("aria-activedescendant", option.id);
    bringIntoSight(view.layout.places.get(highlight.cursor));
    redraw();
  };
  const option = (id) => [...keys.children].find((one) => one.dataset.id === id);
  const along = (forward) => {
    const here = view.drawn.filter((edge) => (forward ? edge.from : edge.to) === highlight.cursor).map((edge) => (forward ? edge.to : edge.from));
    const [next] = here.map((id) => view.layout.places.get(id)).filter(Boolean).sort((a, b) => a.y - b.y);
    if (next) go(option(next.id));
  };
  keys.addEventListener("focus", () => { if (!option(highlight.cursor)) go(option(state.chosen) ?? keys.firstElementChild); else redraw(); });
  keys.addEventListener("blur", () => { highlight.cursor = null; redraw(); });
  keys.addEventListener("keydown", (event) => {
    const now = option(highlight.cursor);
    const acts = {
      ArrowDown: () => go(now?.nextElementSibling ?? now), ArrowUp: () => go(now?.previousElementSibling ?? now), Home: () => go(keys.firstElementChild),
      End: () => go(keys.lastElementChild), ArrowRight: () => along(true), ArrowLeft: () => along(false), Enter: () => choose(highlight.cursor ?? ""),
      " ": () => choose(highlight.cursor ?? ""), "+": () => zoom(1.3), "-": () => zoom(1 / 1.3), 0: zoomToFit,
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}

function bringIntoSight(box) {
  if (!box) return;
  const canvas = $("canvas").getBoundingClientRect(), at = view.network.canvasToDOM({ x: box.x, y: box.y });
  const inside = at.x > 0 && at.x < canvas.width && at.y > 0 && at.y < canvas.height;
  if (!inside) view.network.moveTo({ position: { x: box.x, y: box.y } });
  const top = canvas.top + view.network.canvasToDOM({ x: box.x, y: box.y }).y;
  if (top < 60 || top > innerHeight - 40) scrollBy({ top: top - innerHeight / 2 });
}

/* The dealings on a timeline up to the last year of the sources, one lane per partner: a day is a dot, a month or year a short bar, a longer
   span a long bar; undated ones have a column of their own. The scale is piecewise linear. */
const scale = () => [[1845, 0], [1960, 0.3], [1995, 0.52], [lastYear() + 1, 1]];
const LANE = 26;
const STEP = 9;
const DOT_RADIUS = 5;

function onScale(year, width) {
  const at = Math.min(Math.max(year, scale()[0][0]), scale()[scale().length - 1][0]);
  const step = Math.max(1, scale().findIndex(([end]) => at <= end));
  const [[y0, p0], [y1, p1]] = [scale()[step - 1], scale()[step]];
  return (p0 + ((at - y0) / (y1 - y0)) * (p1 - p0)) * width;
}

/* Start and end as fractional years: "2012-05" is 2012.33 to 2012.42, "[..2011]" has an open start. */
function dateSpan(node) {
  const parts = (node.date ?? "").replace(/[~[\]]/g, "").split(/\/|(?<=\d|X)\.\.(?=\d)|,/).flatMap((part) => (part === ".." ? [part] : part.startsWith("..") ? ["..", part.slice(2)] : part.endsWith("..") ? [part.slice(0, -2), ".."] : [part]));
  const one = (text, end) => {
    const [year, month, day] = text.split("-");
    const from = Number(year.replace(/X/g, "0")), years = 10 ** (year.match(/X/g)?.length ?? 0);
    if (!month) return from + (end ? years : 0);
    return from + (Number(month) - 1) / 12 + (day ? (Number(day) - 1) / 365 : end ? 1 / 12 : 0);
  };
  const [first, last] = [parts[0], parts[parts.length - 1]];
  if (!/\d{2}/.test(node.date ?? "")) return null;
  return { start: first === ".." ? one(last, false) - 3 : one(first, false), end: last === ".." ? one(parts[parts.length - 2], false) + 3 : one(last, true), open: first === ".." || last === "..", day: /^\d{4}-\d\d-\d\d$/.test(node.date) };
}

function drawTimeline(groups, members) {
  const holder = $("timeline"), width = $("figure").clientWidth;
  if (!members.length) return holder.replaceChildren();
  const left = phone() ? 52 : 190, right = phone() ? 40 : 120, room = width - left - right - 8;
  let y = 6;
  const lanes = groups.map((group) => {
    const lane = { ...group, items: group.all.filter((node) => DEALINGS.has(node.type)) };
    placeItems(lane, left, room, width - right + 14, phone() ? 2 : 9);
    const tall = Math.max(LANE, lane.rows * STEP + 8);
    Object.assign(lane, { top: y, y: y + tall / 2 });
    y += tall;
    return lane;
  });
  const height = y + 22;
  const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": t("timeline", { from: scale()[0][0] + 4, to: lastYear() }) });
  axis(root, lanes, left, room, height, width);
  const items = [];
  for (const lane of lanes) {
    for (const spot of lane.spots) {
      const item = itemOf(spot, lane.y + (spot.row - (spot.rows - 1) / 2) * STEP, ink[lane.tone]);
      items.push([spot.node, item]);
      root.append(item);
    }
  }
  holder.replaceChildren(root);
  listenItems(root, items);
  updateTimeline();
  return height;
}

/* Place the items of a lane in as few rows as keep them apart; undated ones have rows of their own. */
function placeItems(lane, left, room, free, across) {
  const taken = [], undated = [];
  lane.spots = [];
  for (const node of lane.items) {
    const when = dateSpan(node);
    if (!when) {
      undated.push(node);
      continue;
    }
    const from = left + onScale(when.start, room), to = left + onScale(when.end, room);
    const wide = when.day ? 2 * DOT_RADIUS : Math.max(2 * DOT_RADIUS - 1, to - from), x = when.day ? from - DOT_RADIUS : from;
    let row = 0;
    while (taken.some((other) => other.row === row && other.x < x + wide + 1 && x < other.x + other.wide + 1)) row += 1;
    taken.push({ x, wide, row });
    lane.spots.push({ node, when, x, wide, row });
  }
  lane.rows = Math.max(1, ...taken.map((one) => one.row + 1), Math.ceil(undated.length / across));
  const dated = Math.max(1, ...taken.map((one) => one.row + 1));
  for (const spot of lane.spots) spot.rows = dated;
  undated.forEach((node, i) => lane.spots.push({ node, x: free + (i % across) * 11, row: Math.floor(i / across), rows: Math.ceil(undated.length / across) }));
}

function axis(root, lanes, left, room, height, width) {
  const recent = Array.from({ length: 40 }, (_, i) => 2000 + 5 * i).filter((year) => year < lastYear() - 2);
  const ticks = [...(phone() ? [1850, 1900, 1960, 1995] : [1850, 1875, 1900, 1925, 1960, 1970, 1980, 1995, ...recent]), lastYear()];
  const bottom = height - 20;
  for (const { y, code, title } of lanes) {
    root.append(svg("line", { x1: left, x2: left + room, y1: y, y2: y, stroke: ink.rule }));
    root.append(svg("text", { x: 20, y: y + 4, fill: ink.ink, "font-weight": 600, "font-size": 13 }, truncate((phone() && code) || title, 13, left - 26, 600)));
  }
  for (const year of ticks) {
    const x = left + onScale(year, room);
    root.append(svg("line", { x1: x, x2: x, y1: 4, y2: bottom, stroke: ink.rule }));
    root.append(svg("text", { x, y: height - 6, fill: ink.muted, "text-anchor": "middle", "font-size": 12 }, String(year)));
  }
  for (const [year] of scale().slice(1, -1)) {
    const x = left + onScale(year, room);
    root.append(svg("line", { x1: x, x2: x, y1: 2, y2: bottom, stroke: ink.line, "stroke-dasharray": "2 3" }));
  }
  if (!phone()) root.append(svg("text", { x: width - 112, y: height - 6, fill: ink.muted, "font-size": 12 }, t("undated")));
  if (state.year !== "" && Number(state.year) <= lastYear() + 1) {
    const x = left + onScale(Number(state.year), room), wide = onScale(Number(state.year) + 1, room) + left - x;
    root.append(svg("rect", { x, width: Math.max(2, wide), y: 2, height: bottom - 2, fill: ink.accent, opacity: 0.18 }));
  }
}

function itemOf({ node, when, x, wide }, y, colour) {
  const item = svg("g", itemAttributes(node)), edge = { stroke: ink.band, "stroke-width": 1, class: "ring" };
  if (!when) item.append(svg("circle", { ...edge, cx: x, cy: y, r: 3.4, fill: ink.band, stroke: colour, "stroke-width": 1.6 }));
  else if (when.day) item.append(svg("circle", { ...edge, cx: x + DOT_RADIUS, cy: y, r: DOT_RADIUS, fill: colour }));
  else item.append(svg("rect", { ...edge, x, y: y - 3.4, width: wide, height: 6.8, rx: wide > 16 ? 1 : 2.5, fill: colour, "fill-opacity": wide > 40 ? 0.6 : 1, "stroke-dasharray": when.open ? "3 2" : "none" }));
  return item;
}

function itemAttributes(node) {
  const label = `${nameOf(node)}, ${node.date ? formatDate(node.date) : t("undated")}`;
  return { class: "item", tabindex: -1, role: "button", "data-id": node.id, "aria-label": label };
}

function listenItems(root, items) {
  const inTime = [...items].sort(([a], [b]) => (dateSpan(a)?.start ?? 9999) - (dateSpan(b)?.start ?? 9999));
  for (const [node, item] of items) {
    item.append(svg("title", {}, `${node.date ? formatDate(node.date) : t("undated")}: ${nameOf(node)}`));
    item.addEventListener("mouseenter", () => { highlight.hovered = node.id; repaint(); });
    item.addEventListener("mouseleave", () => { highlight.hovered = null; repaint(); });
  }
  rovingTabindex(root, inTime.map(([, item]) => item), (item) => change({ chosen: item.dataset.id }));
}

/* Update the timeline after selection, search or hovering. */
function updateTimeline() {
  const chain = currentFocus();
  for (const item of document.querySelectorAll(".item")) {
    const { id } = item.dataset;
    item.classList.toggle("faded", alphaOf(nodes.get(id), chain) < 0.4);
    item.classList.toggle("chosen", id === state.chosen);
  }
}

/* The timeline as parts of a scene, for a file. */
function timelineParts(root) {
  return [...root.querySelectorAll("line, rect, circle, text")].map((item) => {
    const at = (name) => Number(item.getAttribute(name) ?? 0), fill = item.getAttribute("fill") ?? "", faded = item.closest(".faded") ? 0.16 : 1;
    const alpha = faded * Number(item.getAttribute("opacity") ?? item.getAttribute("fill-opacity") ?? 1);
    if (item.tagName === "text") return textPart(item.textContent, at("x"), at("y"), { size: at("font-size"), weight: at("font-weight") || 400, anchor: item.getAttribute("text-anchor") ?? "start", fill });
    const dash = (item.getAttribute("stroke-dasharray") ?? "none").split(" ").map(Number).filter(Boolean), look = { fill, alpha, dash, stroke: item.getAttribute("stroke") ?? "", width: at("stroke-width") || 1 };
    if (item.tagName === "line") return shape(`M${at("x1")} ${at("y1")}L${at("x2")} ${at("y2")}`, look);
    return shape(item.tagName === "circle" ? circle(at("cx"), at("cy"), at("r")) : roundedRect(at("x"), at("y"), at("width"), at("height"), at("rx")), look);
  });
}

/* The legend of a network: colours, icons and line styles, on the page and in exported files. */
const LEGEND = { high: 16, size: 13, row: 24, gap: 18 };

function legendEntries() {
  return [...homeEntries(), ...signEntries(), ...(DATA.kind === "diplomacy" ? timeEntries() : []), ...lineEntries(), { width: 0, parts: [], text: t("legend.years") }];
}

const shownNodes = () => { const open = openIds(); return [...nodes.values()].filter((node) => open === null || open.has(node.id)); };

function homeEntries() {
  const swatch = (homes, text) => {
    const code = codeOf(homes), parts = [shape(roundedRect(0, 0, 24, 16, 3), { fill: ink[tone(homes)] })];
    if (code) parts.push(textPart(code, 12, 12, { size: 11, weight: 650, anchor: "middle", fill: "#fff" }));
    return { width: 24, parts, text };
  };
  const seen = unique(shownNodes().flatMap((node) => FILTERS.country(node)));
  const named = seen.filter((slug) => !["other", "none"].includes(tone(slug))).sort((a, b) => byName(country(a), country(b)));
  const other = { width: 24, parts: [shape(roundedRect(0, 0, 24, 16, 3), { fill: ink.other })], text: t("legend.other") };
  return [...named.map((slug) => swatch(slug, country(slug))), ...(seen.some((slug) => tone(slug) === "other") ? [other] : []), swatch(undefined, t("legend.none"))];
}

function signEntries() {
  const signs = new Map();
  for (const node of shownNodes()) if (node.type) signs.set(iconOf(node), unique([...(signs.get(iconOf(node)) ?? []), term(own(TYPE_ICONS, node.event) ? node.event : node.type)]));
  return [...signs].map(([d, kinds]) => ({ width: 14, parts: [{ d, fill: ink.muted, move: [0, 1, 1] }], text: truncate(kinds.slice(0, 3).join(", "), LEGEND.size, 260) }));
}

/* The symbols of the timeline. */
function timeEntries() {
  const disc = (r, look) => shape(circle(8, 8, r), look), bar = roundedRect(0, 4.6, 24, 6.8, 1);
  return [
    { width: 16, parts: [disc(DOT_RADIUS, { fill: ink.muted })], text: t("legend.day") },
    { width: 24, parts: [shape(bar, { fill: ink.muted })], text: t("legend.span") },
    { width: 24, parts: [shape(bar, { fill: ink.muted, alpha: 0.5 }), shape(bar, { stroke: ink.muted, dash: [3, 2] })], text: t("legend.open") },
    { width: 16, parts: [disc(3.4, { stroke: ink.muted, width: 1.6 })], text: t("legend.undated") },
  ];
}

function lineEntries() {
  const ruled = (style, cap) => [shape("M0 8H30", { stroke: ink.muted, width: 2, dash: DASHES[style], cap })];
  const all = {
    solid: { width: 30, parts: [shape("M0 5.5H15V10.5H0ZM15 6.5H30V9.5H15Z", { fill: ink.muted })], text: t("legend.solid") },
    dashed: { width: 30, parts: ruled("dashed", "butt"), text: t("legend.dashed") },
    dotted: { width: 30, parts: ruled("dotted", "round"), text: t("legend.dotted") },
  };
  const named = { width: 30, parts: ruled("named", "butt"), text: t("legend.named") };
  if (SEVERAL && edges.some((edge) => edge.share !== undefined)) {
    const lines = mergeSaid(edges.filter((edge) => edge.relation === "stake" && inSource(edge)));
    const patch = (text, fill) => [shape(roundedRect(0, 0, 50, 16, 2), { fill }), textPart(text, 25, 12, { size: 11, weight: 650, anchor: "middle", fill: ink.ink })];
    if (lines.some((edge) => edge.differ)) all.differ = { width: 50, parts: patch("1 ≠ 2 %", ink.differ), text: t("legend.differ") };
    if (lines.some((edge) => edge.later)) all.later = { width: 50, parts: patch("1 → 2 %", ink.band), text: t("legend.later") };
  }
  if (DATA.kind !== "diplomacy") return [...Object.values(all), ...(edges.some((edge) => edge.relation === NAMED) ? [named] : [])];
  return state.only ? [all.dotted] : [];
}

function drawLegend() {
  $("legend").replaceChildren(...legendEntries().map(({ width, parts, text }) => {
    const entry = el("span");
    if (parts.length) entry.append(svg("svg", { width, height: LEGEND.high, "aria-hidden": "true" }, ...parts.map(partSvg)));
    entry.append(text);
    return entry;
  }));
}

/* The legend for a scene of at least this width, from this position down: its parts, width and height. */
function legendParts(left, top, least) {
  const entries = legendEntries().map((entry) => ({ ...entry, room: entry.width ? entry.width + 6 : 0 }));
  const wide = ({ room, text }) => room + widthOf(text, LEGEND.size), width = Math.max(least, ...entries.map(wide));
  let x = left, y = top;
  const parts = entries.flatMap((entry) => {
    if (x > left && x + wide(entry) > left + width) [x, y] = [left, y + LEGEND.row];
    const at = [round(x), y];
    x += wide(entry) + LEGEND.gap;
    return [...entry.parts.map((part) => ({ ...part, at })), textPart(entry.text, at[0] + entry.room, y + 12.5, { size: LEGEND.size, fill: ink.muted })];
  });
  return { parts, width, height: y + LEGEND.row - top };
}

/* The page of a network: computes the layout for the window, draws it and follows the state. */
const NETWORK_PAGE = { start: startNetwork };
PAGES.ownership = {
  ...NETWORK_PAGE,
  icon: { back: "M8 14H60M8 34H60M8 54H60M8 72H60", front: "M60 14C120 14 120 30 180 30M60 34C120 34 120 32 180 32M60 54C120 54 120 62 180 62M60 72C120 72 120 64 180 64", colour: "china", width: 3.5 },
  examples: { block8: "#chosen=block-8", minajusta: "#chosen=mina-justa&year=2013", blocks: "#type=HydrocarbonBlock" },
};
PAGES.diplomacy = {
  ...NETWORK_PAGE,
  icon: { back: "M8 20H190M8 42H190M8 64H190", front: "M20 20h10M120 20h26M150 20h30M60 42h8M158 42h8M170 42h6M24 64h6M104 64h40M150 64h20", colour: "korea", width: 9 },
  examples: { hu: "#chosen=hu-jintao", y2013: "#year=2013" },
};
PAGES.graph = NETWORK_PAGE;

const focusId = () => highlight.hovered ?? (state.chosen || null);

function currentFocus() {
  const id = focusId();
  if (id === null) return null;
  if (nodes.has(id)) return view.at(id) === id ? focusChain(id) : null;
  const chain = new Set([id]);
  for (const edge of view.drawn) if (edge.from === id || edge.to === id) chain.add(edge.from).add(edge.to);
  return chain;
}

/* The opacity of a node: selection, search and year combined. */
function alphaOf(node, chain) {
  if (node.group) return chain && !chain.has(node.id) && ![...chain].some((id) => view.at(id) === node.id) ? 0.2 : 1;
  const held = nodeHolds(node);
  const time = held === "true" ? 1 : held === "unknown" ? 0.62 : 0.14;
  const found = highlight.matches === null || chain || highlight.matches.includes(node.id) ? 1 : 0.16;
  return Math.min(time, found, chain && !chain.has(node.id) ? 0.2 : 1);
}

const homeOf = (id) => (nodes.has(id) ? FILTERS.country(nodes.get(id))[0] : groupOf(id)?.country);

/* --- drawing -------------------------------------------------------------------------------------------- */
const endLabel = shareText;

function edgeLook(edge, chain) {
  const times = (edge.said ?? [edge]).map((one) => holdsIn(one, state.year)), time = ["true", "unknown"].find((one) => times.includes(one)) ?? "false";
  const on = !chain || (edge.relation === "bundle" ? edge.from === focusId() || edge.to === focusId() : lineInChain(edge, focusId(), chain));
  const home = HOME.has(edge.relation), doubt = UNCERTAIN.has(edge.certainty);
  const ends = Math.min(...[edge.from, edge.to].map((id) => (nodes.has(id) ? alphaOf(nodes.get(id), null) : 1)));
  const base = home ? 0.42 : chain ? 1 : edge.relation === "bundle" ? 0.5 : 0.72;
  return {
    on, arrow: DIRECTED && !home && edge.relation !== NAMED,
    colour: home ? ink[tone(edge.from)] : DATA.kind === "diplomacy" ? ink.line : ink[tone(homeOf(edge.from))],
    width: home ? 1.1 : edge.relation === NAMED ? 1.3 : edge.relation === "bundle" ? Math.min(0.8 + Math.sqrt(edge.count) / 2, 10) : edge.share === undefined || doubt ? 1.7 : 1.2 + edge.share * 0.06,
    style: edge.relation === NAMED ? "named" : doubt ? "dotted" : (HOLDING.has(edge.relation) && edge.share === undefined) ? "dashed" : "solid",
    alpha: Math.min(time === "false" ? 0.08 : time === "unknown" && !home ? 0.6 : 1, on ? base : state.only ? 0.4 : 0.07, ends),
  };
}

function currentScene() {
  const { layout } = view, chain = currentFocus(), parts = [];
  for (const spine of layout.spines) parts.push(...spineParts(spine));
  const size = Math.max(11.5, layout.size - 1.5);
  for (const title of layout.titles) parts.push(textPart(title.text, title.left, title.y + 4, { size, weight: 600, fill: ink.muted }));
  const drawn = view.drawn.filter((edge) => layout.routes.has(edge.id)).map((edge) => [edge, layout.routes.get(edge.id), edgeLook(edge, chain)]);
  for (const on of [false, true]) {
    for (const [edge, route, look] of drawn) if (look.on === on) parts.push(...lineParts(edge, route, look));
    for (const [edge, route, look] of drawn) {
      const text = endLabel(edge), end = route.elbow ? route.to : route[route.length - 1];
      if (look.on !== on || !text) continue;
      parts.push(...labelParts(text, route.elbow ? route.label[0] : entrySide(route) > 0 ? end[0] + 10 + widthOf(text, Math.max(11, layout.size - 1)) : end[0] - 10, route.elbow ? route.label[1] : end[1], Math.max(11, layout.size - 1), Math.min(1, look.alpha / 0.72), edge.differ ? DIFFER : {}));
    }
  }
  const loops = new Map();
  for (const edge of view.lines.filter((one) => one.from === one.to && layout.places.has(one.from))) {
    loops.set(edge.from, (loops.get(edge.from) ?? 0) + 1);
    parts.push(...loopParts(edge, layout.places.get(edge.from), edgeLook(edge, chain), loops.get(edge.from)));
  }
  if (chain && layout.routes.size === 0) parts.push(...focusLines(layout, chain));
  for (const box of layout.places.values()) parts.push(...boxParts(box.node, box, { alpha: alphaOf(box.node, chain), chosen: box.id === state.chosen, cursor: box.id === highlight.cursor }));
  if (chain && !phone()) parts.push(...effectiveParts(layout)); // a ladder has no room for products; the panel has them
  return parts;
}

const DIFFER = { weight: 650, differ: true };
/* A share at the end of its line, on a patch of background. */
function labelParts(text, x, y, size, alpha, look = {}) {
  const w = widthOf(text, size, look.weight ?? 400) + 6;
  const patch = shape(roundedRect(x - w + 3, y - size * 0.55, w, size * 1.1, 2), { fill: look.differ ? ink.differ : ink.halo, alpha: Math.max(alpha, 0.6) });
  return [patch, textPart(text, x, y + size * 0.33, { fill: ink.ink, ...look, size, anchor: "end", alpha })];
}

function spineParts({ x, ...spine }) {
  const last = spine.ticks[spine.ticks.length - 1];
  const d = `M${round(x)} ${round(spine.top)}V${round(last)}${spine.ticks.map((y) => `M${round(x)} ${round(y)}h${spine.indent - 8}`).join("")}`;
  return [shape(d, { stroke: ink[tone(spine.head)], width: 1.1, alpha: 0.5 })];
}

const FEW = 12;
/* On the board only the links of the selected node are drawn, between facing sides. */
function focusLines(layout, chain) {
  const here = layout.places.get(focusId());
  const others = [...chain].filter((id) => id !== here?.id && layout.places.has(id));
  if (!here || others.length > FEW) return []; // many links would hide their ends; the ends are highlighted instead
  return others.map((id) => {
    const there = layout.places.get(id);
    const same = Math.abs(there.left - here.left) < 20, right = there.left > here.left;
    const a = [right && !same ? here.left + here.w : here.left, here.y], b = [right && !same ? there.left : same ? there.left : there.left + there.w, there.y];
    const bend = same ? -26 : (b[0] - a[0]) / 2;
    return shape(`M${round(a[0])} ${round(a[1])}C${round(a[0] + bend)} ${round(a[1])} ${round(b[0] - (same ? -bend : bend))} ${round(b[1])} ${round(b[0])} ${round(b[1])}`, { stroke: ink.accent, width: 1.6 });
  });
}

/* The effective share of each owner in the selected asset as a product: beside the box, below it, or the result alone. */
function effectiveParts(layout) {
  const id = focusId(), size = Math.max(11, layout.size - 1), look = { size, weight: 650, fill: ink.accent, halo: ink.halo };
  const boxes = [...layout.places.values()];
  return sharesOf(id).filter((row) => shareProduct(row) && layout.places.has(row.owner) && layout.places.has(row.asset)).flatMap((row) => {
    const asset = row.owner === id, box = layout.places.get(asset ? row.asset : row.owner), sum = shareProduct(row), right = box.left + box.w, low = box.y + box.h / 2;
    if (asset) return [textPart(sum, right, low + size * 1.02, { ...look, anchor: "end" })];
    const beside = Math.min(...boxes.map((one) => one.left).filter((left) => left > right)) - right;
    const below = Math.min(...boxes.filter((one) => one.left < right && one.left + one.w > box.left && one.y > box.y).map((one) => one.y - one.h / 2)) - low;
    if (beside > widthOf(sum, size, 650) + 50) return labelParts(sum, right + 11 + widthOf(sum, size, 650), box.y, size, 1, look);
    if (below > size * 1.4) return [textPart(sum, box.left, low + size * 1.1, look)];
    return labelParts(shareValue(row), right + 11 + widthOf(shareValue(row), size, 650), box.y, size, 1, look);
  });
}

/* --- following the state -------------------------------------------------------------------------------- */
function repaint() {
  if (!view.layout) return;
  view.parts = currentScene();
  view.network.redraw();
  if (DATA.kind === "diplomacy") updateTimeline();
}

function relayout() {
  document.body.classList.toggle("chosen-page", state.chosen !== "");
  const { nodes: members, lines, drawn, at, levels } = groupNodes(visibleGraph());
  Object.assign(view, { nodes: members, lines, drawn, at, levels });
  const canvas = $("canvas"), width = canvas.clientWidth;
  const timeline = DATA.kind === "diplomacy" ? layoutTimeline(members) : 0;
  const top = canvas.getBoundingClientRect().top + scrollY;
  const room = phone() ? 0 : Math.max(360, innerHeight - top - 2);
  const layout = computeLayout((width || 350) - 2 * MARGIN.x, room - MARGIN.top - MARGIN.bottom);
  applyLayout(layout, Math.max(room, layout.height + MARGIN.top + MARGIN.bottom));
  fillKeys();
  repaint();
}

function layoutTimeline(members) {
  view.layout = null;
  return drawTimeline(partnerGroups(members.filter((node) => !node.group)), members) ?? 0;
}

function showPanel() {
  const panel = $("panel"), open = state.chosen !== "" && nodes.has(state.chosen);
  panel.hidden = !open;
  if (open) fillPanel(state.chosen);
  $("only").hidden = !open && !state.only;
  $("only").setAttribute("aria-pressed", String(state.only !== ""));
  $("back").hidden = state.open === "";
  const folded = state.source === "" ? foldedCount() : 0;
  $("whole").hidden = !folded;
  $("whole").textContent = tPage(state.all ? "whole.less" : "whole", { count: number(folded) });
  $("whole").setAttribute("aria-pressed", String(state.all !== ""));
}

/* Scroll to the selected node where the diagram is taller than the window. */
function showChosen() {
  const box = view.layout?.places.get(view.at(state.chosen));
  if (phone()) return document.querySelector(".stage").scrollIntoView();
  if (!box) return undefined;
  const at = $("canvas").getBoundingClientRect().top + view.network.canvasToDOM({ x: box.x, y: box.y }).y;
  if (at < 20) scrollBy(0, at - 160);
  else if (at > innerHeight - 30) scrollBy(0, at - innerHeight + 160);
  return undefined;
}

function startNetwork() {
  document.body.classList.add("graph-page");
  networkTables();
  networkFilters();
  listenYear();
  listenSearch((text) => search(text).map((node) => node.id), (id) => { change({ chosen: id }); showChosen(); }, (found) => {
    highlight.matches = found;
    fillList();
    repaint();
  });
  openCanvas(repaint);
  $("only").addEventListener("click", () => change({ only: state.only ? "" : state.chosen }));
  $("whole").addEventListener("click", () => change({ all: state.all ? "" : "1" }));
  $("back").addEventListener("click", () => change({ open: "", chosen: "" }));
  watch(["chosen", "lang", "year", "only", "open", "all", "source"], showPanel);
  watch([...FILTER_NAMES, "lang"], () => { countFilters(); });
  watch(["lang"], () => { networkFilters(); drawLegend(); });
  watch(["theme", "only", "all", "source"], drawLegend);
  watch(["chosen", "lang", "only", "all", "open", ...FILTER_NAMES, "theme"], () => { relayout(); fitPanel(); });
  watch(["year"], () => { if (DATA.kind === "diplomacy") relayout(); else repaint(); });
  watch(["only", "all", "lang", "year", "chosen", ...FILTER_NAMES], () => { drawTables(); fillList(); });
  addEventListener("resize", () => { fillList(); relayout(); fitPanel(); });
  listenDownloads(() => networkScene(view.parts, view.layout), () => csvRows(tables[0]));
  drawLegend();
  showPanel();
  fillList();
  relayout();
  fitPanel();
  drawTables();
}

/* The scene with title and timeline above and the legend below, for a file. */
function networkScene(parts, layout) {
  const line = document.querySelector("#timeline svg"), tall = line ? line.clientHeight + 16 : 0;
  const head = { size: 20, weight: 650, fill: ink.ink }, top = layout.height + tall + 90;
  const { parts: legend, width, height } = legendParts(24, top, Math.max(layout.width, widthOf(document.title, head.size, head.weight)));
  const around = [textPart(document.title, 24, 30, head), ...legend];
  if (DATA.title == null) around.push(textPart(credit(), 24, top + height + 18, { size: 12, fill: ink.muted })); // not a graph of the reader's own
  if (line) around.push(...timelineParts(line).map((part) => ({ ...part, at: [24 - MARGIN.x, 46] })));
  return { parts, title: around, dx: 24, dy: 74 + tall, width: width + 48, height: top + height + 34 };
}

/* Announced investments: a bar per project, and the same amounts as dots by country, sector and status. */
PAGES.investments = {
  start: startInvestments,
  icon: { back: "M8 8V78", front: "M10 16H180M10 32H150M10 48H90M10 64H40", colour: "japan", width: 9 },
  examples: { largest: "#chosen=quellaveco-investment-t5" },
};

const formatAmount = (entry) => (entry.amount === undefined ? unstatedText(entry) : t("usd", { amount: number(entry.amount) }));
const investmentSentence = (entry) => [entryName(entry), formatAmount(entry), entry.investors.join(", "), country(entry.country), term(entry.status)].join("; ");

function startInvestments() {
  startFigures({
    draw: drawInvestments,
    text: (entry) => [entry.label, entry.es ?? "", ...entry.investors].join(" "),
    choices: () => [...["country", "sector", "status"].map((name) => [name, unique([...entries.values()].map((entry) => entry[name])), (value) => (name === "country" ? country(value) : capital(term(value)))]), ["date", unique([...entries.values()].map((entry) => entry.date).filter(Boolean)).sort(), formatDate]],
    lines: (entry) => [
      formatAmount(entry), entry.date ? formatDate(entry.date) : "", entry.investors.join("; "), `${country(entry.country)} · ${capital(term(entry.sector))} · ${capital(term(entry.status))}`,
      entry.amount === undefined ? t("inv.na") : "",
    ],
    table: {
      id: "lines", numeric: [4], title: () => t("nav.investments"),
      heads: () => [t("col.project"), t("col.investors"), t("filter.country"), t("filter.sector"), t("col.amount"), t("col.date"), t("filter.status"), t("col.where")],
      rows: () => [...entries.values()].filter(fits).sort((a, b) => byName(entryName(a), entryName(b))).map((entry) => ({
        ids: [entry.id], sort: { 4: entry.amount ?? -1 },
        cells: [{ id: entry.id, text: entryName(entry) }, entry.investors.join("; "), country(entry.country), term(entry.sector), entry.amount === undefined ? unstatedText(entry) : number(entry.amount), entry.date ? formatDate(entry.date) : "", term(entry.status), entry.where.map(formatPlace).join("; ")],
      })),
    },
  });
}

function drawInvestments(width) {
  const holder = $("charts"), wide = width > 900, main = wide ? Math.round(width * 0.6) : width, side = wide ? width - main - 48 : width;
  const row = el("div"), right = el("div");
  Object.assign(row.style, wide ? { display: "grid", gridTemplateColumns: `minmax(0, ${main}fr) minmax(0, ${side}fr)`, gap: "48px" } : {});
  row.append(figure(barsChart(main), investmentSentence), right);
  for (const name of ["country", "sector", "status"]) right.append(figure(stripsChart(name, side), investmentSentence));
  const homes = unique([...entries.values()].map((entry) => entry.country));
  const key = keyline(homes.map((home) => [`var(--${tone(home)})`, `${codeOf(home)} ${country(home)}`]));
  holder.replaceChildren(el("p", t("inv.warning"), "warning", { role: "note" }), key, row);
}

const ordered = () => [...entries.values()].sort((a, b) => (b.amount ?? -1) - (a.amount ?? -1) || byName(a.country, b.country) || byName(entryName(a), entryName(b)));
const mostOf = () => Math.max(1, ...[...entries.values()].map((entry) => entry.amount ?? 0));

function barsChart(width) {
  const narrow = width < 500, parts = [], names = ordered().map((entry) => `${entryName(entry)}${entry.investors[0] === entry.label ? "" : ` · ${entry.investors.join(", ")}`}`);
  const left = narrow ? 0 : Math.min(Math.max(...names.map((name) => widthOf(name, 13))) + 42, Math.round(width * 0.46)), room = width - left - 106;
  let y = 0;
  ordered().forEach((entry, place) => {
    const who = wrap(names[place], 13, narrow ? width - 30 : left - 36, 3), more = (who.length - 1) * 16, step = (narrow ? 36 : 19) + more;
    const bar = y + (narrow ? 19 + more : 2), h = 13, colour = ink[tone(entry.country)], owner = { entry: entry.id };
    const chosen = entry.id === state.chosen;
    parts.push({ ...shape(roundedRect(0, y, width, step, 2), { fill: chosen ? ink.highlight : ink.paper }), ...owner });
    parts.push({ ...shape(roundedRect(0, y + (narrow ? 1 : 2), 22, 13, 2), { fill: colour }), ...owner }, { ...textPart(codeOf(entry.country), 4, y + (narrow ? 12 : 13), { size: 11, weight: 650, fill: "#fff" }), ...owner });
    who.forEach((line, i) => parts.push({ ...textPart(line, 28, y + 13 + i * 16, { size: 13, fill: ink.ink }), ...owner }));
    if (entry.amount === undefined) {
      parts.push({ ...shape(hatch(left, bar, 26, h), { stroke: ink.muted, width: 1 }), ...owner }, { ...shape(roundedRect(left, bar, 26, h, 1), { stroke: ink.muted, width: 1 }), ...owner });
      parts.push({ ...textPart(unstatedText(entry), left + 32, bar + 10.5, { size: 12, fill: ink.muted }), ...owner });
    } else {
      const w = Math.max(2, (entry.amount / mostOf()) * room);
      parts.push({ ...shape(roundedRect(left, bar, w, h, 1), { fill: colour }), ...owner });
      parts.push({ ...textPart(`${number(entry.amount)}${entry.date ? ` (${entry.date.replace("/", "–")})` : ""}`, left + w + 6, bar + 11, { size: 13, weight: 600, fill: ink.ink }), ...owner });
    }
    y += step;
  });
  return { id: "bars", title: t("inv.bars"), note: t("inv.bars.note"), width, height: y + 4, parts };
}
const unstatedText = (entry) => (entry.text === "n.a." ? t("inv.na.short") : entry.text === "To be defined" || entry.status === "to-be-defined" ? term("to-be-defined") : entry.text);

/* One row per value: a dot per announcement at its amount; those without amount as hatched squares at the end. */
function stripsChart(name, width) {
  const values = unique(ordered().map((entry) => entry[name])), left = 128, free = Math.min(130, width * 0.26), room = width - left - free - 16, parts = [];
  const wording = (value) => (name === "country" ? country(value) : capital(term(value)));
  const x = (amount) => left + Math.sqrt(amount / mostOf()) * room;
  const blocks = values.map((value) => ordered().filter((entry) => entry[name] === value));
  const across = Math.floor(free / 11);
  let y = 4;
  for (const [place, block] of blocks.entries()) {
    const none = block.filter((entry) => entry.amount === undefined), tall = Math.max(24, Math.ceil(none.length / across) * 11 + 8);
    const middle = y + tall / 2;
    parts.push(shape(`M${left} ${round(middle)}H${left + room}`, { stroke: ink.rule, width: 1 }));
    parts.push(textPart(truncate(wording(values[place]), 13, left - 10), 0, middle + 4.5, { size: 13, fill: ink.ink }));
    for (const entry of block.filter((one) => one.amount !== undefined)) parts.push({ ...shape(circle(x(entry.amount), middle, 5), { fill: ink[tone(entry.country)], stroke: entry.id === state.chosen ? ink.ink : ink.paper, width: entry.id === state.chosen ? 2.5 : 1 }), entry: entry.id });
    none.forEach((entry, i) => {
      const at = [left + room + 16 + (i % across) * 11, middle - Math.ceil(none.length / across) * 5.5 + Math.floor(i / across) * 11];
      parts.push({ ...shape(roundedRect(at[0], at[1], 8.5, 8.5, 1), { fill: ink.paper, stroke: ink[tone(entry.country)], width: entry.id === state.chosen ? 2.5 : 1.2 }), entry: entry.id }, { ...shape(hatch(at[0], at[1], 8.5, 8.5), { stroke: ink[tone(entry.country)], width: 0.9 }), entry: entry.id });
    });
    y += tall;
  }
  for (const amount of [0, 100, 500, 1500, 3000]) {
    parts.unshift(shape(`M${round(x(amount))} 0V${y}`, { stroke: ink.rule, width: 1 }));
    parts.push(textPart(number(amount), x(amount), y + 14, { size: 12, fill: ink.muted, anchor: "middle" }));
  }
  parts.push(textPart(t("inv.na.short"), left + room + 16, y + 14, { size: 12, fill: ink.muted }));
  return { id: `by-${name}`, small: true, title: t(`inv.by.${name}`), note: name === "country" ? t("inv.strips.note") : "", width, height: y + 22, parts };
}
const circle = (x, y, r) => `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

/* Tables 1 to 4 as small multiples; each figure selects its cell. */
PAGES.trade = {
  start: startTrade,
  icon: { back: "M8 78H190", front: "M20 76V50M50 76V30M80 76V14M120 76V60M150 76V40M180 76V24", colour: "s2", width: 16 },
};

const PARTNERS = ["china", "japan", "south-korea", "world"];
const partnerName = (slug) => (own(DATA.countries, slug) ? country(slug) : slug === "world" ? t("world") : slug);
const formatCell = (entry) => (entry.unit === "usd" ? t("usd", { amount: fixed(entry.amount / 1e6) }) : entry.unit === "usd-million" || entry.unit === "million-usd" ? t("usd", { amount: fixed(entry.amount) }) : `${signed(entry.amount)}\u00a0%`);
const fixed = (value) => value.toLocaleString(state.lang === "es" ? "es-PE" : "en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const signed = (value) => fixed(value).replace("-", "−");
const period = (entry) => entry.date.replace("/", "–");
const tableName = (code) => `${t("table.name")} ${code.slice(-1)}`;
const cellSentence = (entry) => `${partnerName(entry.partner)}, ${period(entry)}, ${entryName(entry)}: ${formatCell(entry)} (${tableName(entry.table)})`;
const cells = (table, partner) => [...entries.values()].filter((entry) => entry.table === table && (!partner || entry.partner === partner));

function startTrade() {
  startFigures({
    draw: drawTrade,
    text: (entry) => [entry.label, entry.es ?? "", entry.notation ?? "", partnerName(entry.partner), entry.date].join(" "),
    choices: () => [["country", PARTNERS, partnerName], ["table", unique([...entries.values()].map((entry) => entry.table)).sort(), tableName], ["date", unique([...entries.values()].map((entry) => entry.date)).sort(), (value) => value.replace("/", "–")]],
    lines: (entry) => [formatCell(entry), `${partnerName(entry.partner)} · ${period(entry)} · ${capital(term(entry.flow))}`, capital(term(entry.measure)), t("printed", { value: entry.text }), entry.column ? t("column", { column: entry.column }) : "", entry.notation ? `${entry.table === "table-1" ? "HS " : ""}${entry.notation}` : ""],
    table: {
      id: "lines", numeric: [5], title: () => t("trade.cells"),
      heads: () => [t("table.name"), t("col.category"), t("col.partner"), t("col.period"), t("col.measure"), t("col.value"), t("col.where")],
      rows: () => [...entries.values()].filter(fits).map((entry) => ({
        ids: [entry.id], sort: { 5: entry.amount },
        cells: [tableName(entry.table), { id: entry.id, text: entryName(entry) }, partnerName(entry.partner), period(entry), capital(term(entry.measure)), formatCell(entry), entry.where.map(formatPlace).join("; ")],
      })),
    },
  });
}

function drawTrade(width) {
  const across = width > 820 ? 4 : width > 560 ? 2 : 1, gap = 30, room = Math.floor((width - gap * (across - 1)) / across);
  const row = (title, note, key, made) => {
    const block = el("section"), grid = el("div");
    Object.assign(grid.style, { display: "grid", gridTemplateColumns: `repeat(${Math.min(across, made.length)}, 1fr)`, gap: `14px ${gap}px` });
    grid.append(...made.map((chart) => figure(chart, cellSentence)));
    block.append(el("h2", title), el("p", note, "lead"), key ?? "", grid);
    return block;
  };
  const sectors = ["mining-and-oil", "fishery", "chemical", "agriculture-and-livestock", "textile-and-leather", "wood-and-paper", "metal-mechanical-and-electronics", "various-jewelry-crafts"];
  const classes = ["pg", "nrbm", "ltm", "mtm", "htm"];
  const shades = (list, order) => new Map(list.map((code, i) => [code, order[i]]));
  const bySector = shades(sectors, ["s0", "s1", "s2", "s4", "s3", "s6", "s5", "s7"]), byClass = shades(classes, ["s1", "s0", "s2", "s4", "s3"]);
  const key = (shade, coded) => keyline([...shade].map(([code, colour]) => {
    const one = [...entries.values()].find((entry) => entry.category === code && (!coded || entry.notation)) ?? { label: code };
    return [`var(--${colour})`, coded && one.notation ? `${one.notation} ${entryName(one)}` : entryName(one)];
  }));
  $("charts").replaceChildren(
    row(t("trade.t2"), t("trade.t2.note"), key(bySector), PARTNERS.map((partner) => stackChart("table-2", partner, bySector, room))),
    row(t("trade.t3"), t("trade.t3.note"), key(byClass), PARTNERS.map((partner) => stackChart("table-3", partner, byClass, room))),
    row(t("trade.t4"), t("trade.t4.note"), key(byClass, true), PARTNERS.map((partner) => growthChart(partner, classes, byClass, room))),
    row(t("trade.t1"), t("trade.t1.note"), null, ["exports", "imports"].map((flow) => goodsChart(flow, across > 1 ? Math.floor((width - gap) / 2) : width))),
  );
}

/* A stacked column per year, the total in words below. */
function stackChart(table, partner, shade, width) {
  const tall = 190, step = width / 3, bar = Math.min(step - 14, 120), parts = [];
  const years = unique(cells(table, partner).map((entry) => entry.date)).sort();
  years.forEach((year, place) => {
    const left = place * step, own_ = cells(table, partner).filter((entry) => entry.date === year);
    let y = 4;
    for (const [code, colour] of shade) {
      const entry = own_.find((one) => one.category === code && one.measure.startsWith("share"));
      if (!entry) continue;
      const h = (entry.amount / 100) * tall, mine = { entry: entry.id }, chosen = entry.id === state.chosen;
      parts.push({ ...shape(roundedRect(left, y, bar, Math.max(h, 0.6), 0), { fill: ink[colour], stroke: chosen ? ink.ink : ink.paper, width: chosen ? 2.5 : 0.6 }), ...mine });
      if (h > 13) parts.push({ ...textPart(fixed(entry.amount), left + bar / 2, y + h / 2 + 4.3, { size: 12.5, weight: 600, fill: inkOn(ink[colour]), anchor: "middle" }), ...mine });
      y += h;
    }
    parts.push(textPart(year, left + bar / 2, tall + 20, { size: 13, weight: 600, fill: ink.ink, anchor: "middle" }));
    const total = own_.find((entry) => entry.category === "all-sectors");
    if (total) parts.push({ ...textPart(number(total.amount, 0), left + bar / 2, tall + 36, { size: 12, fill: ink.muted, anchor: "middle" }), entry: total.id });
  });
  return { id: `${table}-${partner}`, small: true, title: partnerName(partner), width, height: tall + 42, parts };
}

/* Annual growth, three periods per class; values beyond the scale are cut off and labelled. */
function growthChart(partner, classes, shade, width) {
  const left = 52, most = 100, least = -50, room = width - left - 8, x = (value) => left + ((Math.min(Math.max(value, least), most) - least) / (most - least)) * room, parts = [];
  const step = 15, block = step * 3 + 9;
  classes.forEach((code, place) => {
    const top = place * block + 2, found = cells("table-4", partner).filter((entry) => entry.category === code).sort((a, b) => (a.date < b.date ? -1 : 1));
    parts.push(textPart(found[0]?.notation ?? code.toUpperCase(), 0, top + step * 1.5 + 4, { size: 13, weight: 600, fill: ink.ink }));
    found.forEach((entry, i) => {
      const y = top + i * step, from = Math.min(x(0), x(entry.amount)), w = Math.max(1, Math.abs(x(entry.amount) - x(0))), beyond = entry.amount > most;
      const mine = { entry: entry.id }, chosen = entry.id === state.chosen;
      parts.push({ ...shape(roundedRect(from, y + 1, w, step - 3, 0), { fill: ink[shade.get(code)], stroke: chosen ? ink.ink : undefined, width: 2.5 }), ...mine, alpha: [0.55, 0.78, 1][i] });
      const text = `${signed(entry.amount)}${beyond ? " →" : ""}`, after = entry.amount >= 0 ? x(entry.amount) + 4 : x(0) + 4;
      const inside = after + widthOf(text, 12) > left + room;
      parts.push({ ...textPart(text, inside ? x(entry.amount) - 4 : after, y + 11, { size: 12, fill: inside && i === 2 ? inkOn(ink[shade.get(code)]) : ink.ink, anchor: inside ? "end" : "start" }), ...mine });
    });
  });
  parts.unshift(shape(`M${round(x(0))} 0V${classes.length * block}`, { stroke: ink.line, width: 1 }));
  return { id: `table-4-${partner}`, small: true, title: partnerName(partner), width, height: classes.length * block, parts };
}

function goodsChart(flow, width) {
  const found = cells("table-1").filter((entry) => entry.flow === flow).sort((a, b) => b.amount - a.amount), parts = [];
  const most = Math.max(...cells("table-1").map((entry) => entry.amount)), room = width - 90;
  let y = 0;
  for (const entry of found) {
    const w = (entry.amount / most) * room, mine = { entry: entry.id }, chosen = entry.id === state.chosen;
    const name = wrap(`${entryName(entry)} (HS ${entry.notation})`, 13, width - 4, 3);
    name.forEach((line, i) => parts.push({ ...textPart(line, 0, y + 12 + i * 16, { size: 13, fill: ink.ink }), ...mine }));
    y += (name.length - 1) * 16;
    parts.push({ ...shape(roundedRect(0, y + 17, w, 13, 1), { fill: ink[flow === "exports" ? "s0" : "s1"], stroke: chosen ? ink.ink : undefined, width: 2.5 }), ...mine });
    parts.push({ ...textPart(fixed(entry.amount / 1e6), w + 6, y + 28, { size: 13, weight: 600, fill: ink.ink }), ...mine });
    y += 38;
  }
  return { id: `table-1-${flow}`, small: true, title: t(`trade.${flow}`), width, height: y + 2, parts };
}

/* Black or white, whichever has more contrast on a colour given as #rrggbb. */
function inkOn(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.19 ? "#14181b" : "#ffffff";
}

/* The audit: claims grouped by verdict, worst first; the stated and the recomputed value as two bars on one scale. */
PAGES.audit = {
  start: startAudit,
  icon: { back: "M8 20H190M8 42H190M8 64H190", front: "M150 14l6 8l14 -14M150 36l6 8l14 -14M152 54l14 14M166 54l-14 14", colour: "peru", width: 3.5 },
  examples: { differs: "#verdict=differs" },
};

const VERDICTS = {
  differs: ["M3.2 1.8L7 5.6L10.8 1.8L12.2 3.2L8.4 7L12.2 10.8L10.8 12.2L7 8.4L3.2 12.2L1.8 10.8L5.6 7L1.8 3.2Z", "s3"],
  "holds-under-a-reading": ["M1.6 6.4C3.2 3.6 5.4 3.6 7.2 5.2C8.7 6.5 10 6.5 11.2 4.4L12.9 5.4C11.2 8.6 8.4 8.9 6 6.9C4.8 5.9 4 6 3.2 7.4ZM1.6 10.9C3.2 8.1 5.4 8.1 7.2 9.7C8.7 11 10 11 11.2 8.9L12.9 9.9C11.2 13.1 8.4 13.4 6 11.4C4.8 10.4 4 10.5 3.2 11.9Z", "peru"],
  "cannot-be-checked": ["M6 9.6H8.2V8.6C8.2 7 11 6.6 11 4A4 4 0 0 0 3 4H5.2A1.8 1.8 0 0 1 8.8 4C8.8 5.4 6 5.8 6 8.4ZM6 11H8.2V13.2H6Z", "other"],
  holds: ["M2 7L6 11L13 3L11.6 1.8L5.8 8.4L3.2 5.7Z", "s2"],
};
const verdictStyle = (entry) => own(VERDICTS, entry.verdict) ?? VERDICTS["cannot-be-checked"];
const claimSentence = (entry) => `${entryName(entry)} (${term(entry.verdict)}; ${t(entry.recomputed === undefined ? "audit.sentence.open" : "audit.sentence", { stated: localized(entry.stated), recomputed: localized(entry.recomputed) })})`;
const kindLabel = (kind) => (own(DATA.words[state.lang], `kind.${kind}`) === undefined ? capital(humanize(kind)) : t(`kind.${kind}`));
const reasonOf = (entry) => (entry.reading ? `${t("audit.reading")}: ${localized(entry.reading)}` : entry.verdict === "holds" ? "" : localized(entry.note));

function startAudit() {
  for (const entry of [...entries.values(), ...Object.values(DATA.inputs)]) entry.where = entry.where.map((place) => DATA.places[place]);
  const all = [...entries.values()], kinds = unique(all.map((entry) => entry.type)).sort((a, b) => byName(kindLabel(a), kindLabel(b)));
  startFigures({
    hideFiltered: true,
    rows: ".verdict",
    draw: drawAudit,
    text: (entry) => [entry.label, entry.es ?? "", ...["stated", "recomputed", "reading", "note"].map((name) => localized(entry[name])), ...entry.where].join(" "),
    choices: () => [["verdict", Object.keys(VERDICTS).filter((verdict) => all.some((entry) => entry.verdict === verdict)), (verdict) => capital(term(verdict))], ["type", kinds, kindLabel]],
    lines: claimLines,
    table: {
      id: "lines", numeric: [2, 3, 4, 5], title: () => t("nav.audit"),
      heads: () => ["audit.claim", "filter.verdict", "audit.stated", "audit.recomputed", "audit.bounds", "audit.difference", "filter.type", "audit.reading", "audit.note", "col.where"].map((key) => t(key)),
      rows: () => all.filter(fits).map((entry) => ({
        ids: [entry.id],
        sort: { 1: Object.keys(VERDICTS).indexOf(entry.verdict), 2: entry.scale[1], 3: entry.result?.[1] ?? -1e99, 4: entry.result?.[0] ?? -1e99, 5: entry.result ? Math.abs(entry.result[1] - entry.scale[1]) : -1 },
        cells: [{ id: entry.id, text: entryName(entry) }, term(entry.verdict), ...["stated", "recomputed", "bounds", "difference"].map((name) => localized(entry[name])), kindLabel(entry.type), localized(entry.reading), localized(entry.note), entry.where.map(formatPlace).join("; ")],
      })),
    },
  });
}

/* --- charts --------------------------------------------------------------------------------------------- */
function drawAudit(room) {
  const width = Math.min(room, 1880), all = [...entries.values()], matching = all.filter(fits), made = [];
  for (const verdict of Object.keys(VERDICTS)) {
    const whole = all.filter((entry) => entry.verdict === verdict), some = whole.filter(fits);
    if (!some.length) continue;
    const section = el("section", "", "verdict"), heading = el("h2", `${t(`audit.${verdict}`)} `);
    heading.append(el("span", some.length === whole.length ? number(whole.length) : t("audit.count", { shown: number(some.length), count: number(whole.length) }), "count"));
    section.append(heading, el("p", t(`audit.${verdict}.means`), "lead"));
    const parts = verdict === "holds" ? unique(some.map((entry) => entry.type)).sort((a, b) => byName(kindLabel(a), kindLabel(b))) : [null];
    for (const kind of parts) section.append(claimList(`${verdict}${kind === null ? "" : `-${kind}`}`, kind === null ? t(`audit.${verdict}`) : kindLabel(kind), some.filter((entry) => kind === null || entry.type === kind), width, kind !== null));
    made.push(section);
  }
  $("charts").replaceChildren(auditSummary(all, width), ...(matching.length ? made : [el("p", t("audit.nothing"))]));
}

/* How many claims hold, and each claim as a square that links to its row. */
function auditSummary(all, width) {
  const of = (verdict) => number(all.filter((entry) => entry.verdict === verdict).length);
  const values = { total: number(all.length), holds: of("holds"), reading: of("holds-under-a-reading"), open: of("cannot-be-checked"), differs: of("differs") };
  const box = el("section", "", "summary"), parts = [], step = phone() ? 16 : 19, across = Math.floor(width / step);
  box.append(el("p", t("audit.summary", values), "verdict-line"), el("p", t("audit.summary.rest", values)));
  const ordered = Object.keys(VERDICTS).reverse().flatMap((verdict) => all.filter((entry) => entry.verdict === verdict));
  ordered.forEach((entry, place) => {
    const x = (place % across) * step, y = Math.floor(place / across) * step, [sign, colour] = verdictStyle(entry), mine = { entry: entry.id };
    const alpha = fits(entry) ? 1 : 0.3, chosen = entry.id === state.chosen, size = step - 3;
    parts.push({ ...shape(roundedRect(x + 1, y + 1, size, size, 2), { fill: ink[colour], alpha, stroke: chosen ? ink.ink : "", width: 2.5 }), ...mine });
    parts.push({ d: sign, fill: ink.paper, move: [round(x + 1 + size * 0.14), round(y + 1 + size * 0.14), round((size * 0.72) / 14 * 100) / 100], alpha, ...mine });
  });
  const height = Math.ceil(ordered.length / across) * step + 2;
  const keys = Object.entries(VERDICTS).reverse().filter(([verdict]) => all.some((entry) => entry.verdict === verdict)).map(([verdict, [sign, colour]]) => {
    const key = el("button", "", "", { type: "button", "aria-pressed": String(state.verdict === verdict) }), drawn = svg("svg", { viewBox: "0 0 14 14", width: 14, height: 14, "aria-hidden": "true" }, svg("path", { d: sign, fill: state.verdict === verdict ? "currentColor" : `var(--${colour})` }));
    key.append(drawn, `${t(`audit.${verdict}`)} ${of(verdict)}`);
    key.addEventListener("click", () => { change({ verdict: state.verdict === verdict ? "" : verdict }); if ($("filter-verdict")) $("filter-verdict").value = state.verdict; document.querySelector(`[data-verdict="${verdict}"]`)?.focus(); });
    key.dataset.verdict = verdict;
    return key;
  });
  const line = el("div", "", "keys");
  line.append(...keys);
  const pattern = el("p", "", "keyline");
  for (const [name, parts] of Object.entries(barKeys())) pattern.append(keyOf(parts, t(`audit.key.${name}`)));
  const toRow = (square) => { change({ chosen: square.dataset.id }); scrollToItem(square.dataset.id, ".verdict", true); };
  box.append(figure({ id: "all", title: document.title, label: t("audit.all"), width, height, parts }, claimSentence, toRow), line, pattern);
  return box;
}

/* A list of claims; each row is an SVG of its own, so that a print can break between rows. */
function claimList(id, title, some, width, small) {
  const list = el("section", "", "chart", { id, "data-roving": "" }), rows = [], sheet = { id, title, width, height: 0, parts: [] };
  if (small) list.append(el("h3", title));
  const add = (height, parts) => {
    sheet.parts.push(...parts.map((part) => ({ ...part, at: [0, sheet.height] })));
    sheet.height += height;
    const [root, items] = interactiveSvg({ title, width, height, parts }, claimSentence);
    rows.push(...items);
    list.append(root);
  };
  const places = columnsOf(width);
  const head = (name, at) => textPart(t(`audit.${name}`), places[at], 14, { size: 13, weight: 600, fill: ink.muted, anchor: "end" });
  if (places) add(20, some.some((entry) => entry.recomputed !== undefined) ? ["stated", "recomputed", "difference"].map((name) => head(name, name)) : [head("stated", "difference")]);
  for (const entry of some) add(...claimRow(entry, width, places));
  rovingTabindex(list, rows, chooseItem);
  charts.push(sheet);
  return list;
}

/* Right edges of the columns; null where the window is too narrow for columns. */
function columnsOf(width) {
  if (width < 760) return null;
  const gapFactor = width < 1000, difference = width - 8, recomputed = difference - (gapFactor ? 124 : 142), stated = recomputed - (gapFactor ? 100 : 128), bars = Math.max(130, Math.min(480, width * (gapFactor ? 0.15 : 0.22)));
  return { difference, recomputed, stated, bars, from: stated - (gapFactor ? 112 : 142) - bars };
}

function claimRow(entry, width, places) {
  const mine = { entry: entry.id }, [sign, colour] = verdictStyle(entry), open = entry.recomputed === undefined, parts = [], left = 30;
  const room = places ? (open ? places.stated - 150 : places.from - 24) - left : width - left - 4;
  const lines = (text, size, lines, look) => wrap(text, size, room, lines, look.weight).map((line) => [line, size, look]);
  const texts = [...lines(entryName(entry), 15.5, 6, { weight: 600, fill: ink.ink }), ...(reasonOf(entry) ? lines(reasonOf(entry), 14.5, 8, { fill: ink.ink }) : []), ...lines(shortPlaces(entry.where), 13, 2, { fill: ink.muted })];
  let y = 7;
  for (const [line, size, look] of texts) {
    y += size * 1.28;
    parts.push(textPart(line, left, y, { size, ...look }));
  }
  if (places) {
    const cells = [["stated", entry.stated], ["recomputed", entry.recomputed], ["difference", entry.difference]].filter(([, value]) => value !== undefined);
    if (open) cells[0][0] = "difference";
    for (const [name, value] of cells) wrap(localized(value), 15, open ? 240 : places.recomputed - places.stated + (name === "difference" ? 10 : -4), 3, 600).forEach((line, i) => parts.push(textPart(line, places[name], 25 + i * 18, { size: 15, weight: name === "difference" && !open ? 400 : 600, fill: ink.ink, anchor: "end" })));
    if (!open) parts.push(...barParts(entry, places.from, 12, places.bars));
    y = Math.max(y, 44);
  } else {
    const line = [localized(entry.stated), localized(entry.recomputed), localized(entry.difference)];
    const summary = open ? `${t("audit.stated")}: ${line[0]}` : `${t("audit.stated")}: ${line[0]}; ${t("audit.recomputed").toLowerCase()}: ${line[1]}${entry.verdict === "differs" ? ` (${line[2]})` : ""}`;
    for (const one of wrap(summary, 14.5, room, 3, 600)) parts.push(textPart(one, left, (y += 20), { size: 14.5, weight: 600, fill: ink.ink }));
    const bars = open ? [] : barParts(entry, left, y + 8, Math.min(room, 420));
    parts.push(...bars);
    if (bars.length) y += 30;
  }
  const height = Math.ceil(y + 10);
  parts.unshift(shape(roundedRect(0, 0, width, height - 1, 3), { fill: entry.id === state.chosen ? ink.highlight : ink.paper }), { d: sign, fill: ink[colour], move: [5, 12, 1.15] });
  parts.push(shape(`M0 ${height - 0.5}H${width}`, { stroke: ink.rule, width: 1 }));
  return [height, parts.map((part) => ({ ...part, ...mine }))];
}

/* Citations without their rows: tables and pages. */
const shortPlaces = (where) => unique(where.map((place) => formatPlace(place).replace(/^([^,]+ \d+),.*(\(p\. [^)]*\))$/, "$1 $2"))).join("; ");

/* --- two bars on one scale ------------------------------------------------------------------------------ */
/* The overlap of both intervals is tinted; an end without bound is an arrow, a number without width a diamond. */
function barParts(entry, left, top, room, tall = 8) {
  const [sLow, sPoint, sHigh] = entry.scale, [rLow, rPoint, rHigh] = entry.result;
  const ends = [sLow, sPoint, sHigh, rLow, rPoint, rHigh].filter((value) => value !== null), low = Math.min(...ends), high = Math.max(...ends);
  if (!(high > low)) return [];
  const edge = 12, x = (value) => left + edge + ((value - low) / (high - low)) * (room - 2 * edge), parts = [], gap = 4, second = top + tall + gap;
  const from = Math.max(sLow ?? -Infinity, rLow), to = Math.min(sHigh ?? Infinity, rHigh);
  if (from <= to) parts.push(shape(roundedRect(x(from) - 2, top - 2, Math.max(x(to) - x(from), 0) + 4, 2 * tall + gap + 4, 2), { fill: ink[verdictStyle(entry)[1]], alpha: 0.22 }));
  parts.push(shape(`M${round(left)} ${round(top + tall + gap / 2)}H${round(left + room)}`, { stroke: ink.rule, width: 1 }));
  const bar = (a, b, y, fill) => {
    const start = a === null ? left + 6 : x(a), end = b === null ? left + room - 6 : x(b), middle = y + tall / 2, half = tall / 2;
    if (end - start < 3) return [shape(`M${round(start)} ${round(y - 1)}l${half + 1} ${half + 1}l${-half - 1} ${half + 1}l${-half - 1} ${-half - 1}z`, { fill })];
    const made = [shape(`M${round(start)} ${round(y)}H${round(end)}V${round(y + tall)}H${round(start)}Z`, { fill })];
    if (a === null) made.push(shape(`M${round(left)} ${round(middle)}l6.5 ${-half}v${tall}z`, { fill }));
    if (b === null) made.push(shape(`M${round(left + room)} ${round(middle)}l-6.5 ${-half}v${tall}z`, { fill }));
    return made;
  };
  return [...parts, ...bar(sLow, sHigh, top, ink.line), ...bar(rLow, rHigh, second, ink[verdictStyle(entry)[1]])];
}

/* The symbols of the bars for the legend. */
function barKeys() {
  const y = 3, keys = { stated: [shape(`M0 ${y}H26V${y + 8}H0Z`, { fill: ink.line })], recomputed: [shape(`M0 ${y}H26V${y + 8}H0Z`, { fill: ink.s2 })], both: [shape("M4 0H22V14H4Z", { fill: ink.s2, alpha: 0.3 })] };
  return { ...keys, open: [shape(`M0 ${y}H20V${y + 8}H0Z`, { fill: ink.line }), shape(`M26 ${y + 4}l-6.5 -4v8z`, { fill: ink.line })] };
}
const keyOf = (parts, text) => {
  const entry = el("span");
  entry.append(svg("svg", { width: 26, height: 14, viewBox: "0 0 26 14", "aria-hidden": "true" }, ...parts.map(partSvg)), text);
  return entry;
};

/* --- the panel ------------------------------------------------------------------------------------------ */
function claimLines(entry) {
  const [sign, colour] = verdictStyle(entry), badge = el("p", "", "badge"), made = [badge];
  badge.append(svg("svg", { viewBox: "0 0 14 14", width: 16, height: 16, "aria-hidden": "true" }, svg("path", { d: sign, fill: `var(--${colour})` })), `${capital(term(entry.verdict))} · ${kindLabel(entry.type)}`);
  const list = el("ul");
  const row = (name, value, more) => {
    const line = el("li");
    line.append(el("span", t(`audit.${name}`)), el("span", value, "share"));
    if (more) line.append(el("span", more, "small"));
    list.append(line);
  };
  row("stated", localized(entry.stated), entry.claimed ? t("audit.claimed", { span: localized(entry.claimed) }) : "");
  if (entry.recomputed !== undefined) {
    row("recomputed", localized(entry.recomputed), entry.bounds ? t("audit.width", { span: localized(entry.bounds) }) : "");
    row("difference", localized(entry.difference));
  }
  made.push(list);
  if (entry.result) made.push(panelBars(entry));
  for (const name of ["reading", "note"]) if (entry[name]) made.push(el("h3", t(`audit.${name}`)), el("p", localized(entry[name])));
  if (entry.working) made.push(el("h3", t("audit.working")), el("p", `${localized(entry.working)} = ${localized(entry.recomputed)}`, "working"));
  if (entry.inputs.length) made.push(el("h3", t("audit.rests")), inputList(entry));
  return made;
}

function panelBars(entry) {
  const room = 280, parts = barParts(entry, 0, 4, room, 11);
  if (!parts.length) return "";
  return svg("svg", { class: "bars", viewBox: `0 0 ${room} 36`, width: room, height: 36, role: "img", "aria-label": claimSentence(entry) }, ...parts.map(partSvg));
}

function inputList(entry) {
  const list = el("ul");
  for (const input of entry.inputs.map((id) => own(DATA.inputs, id)).filter(Boolean)) {
    const line = el("li");
    line.append(el("span", localized(input.label)), el("span", localized(input.value), "share"), el("span", input.where.map(formatPlace).join("; "), "small"));
    list.append(line);
  }
  return list;
}

/* The sources: what each is, and where two speak of the same matter, with both statements and their places. */
PAGES.sources = {
  start: startSources,
  icon: { back: "M8 20H190M8 64H190", front: "M20 20h64M114 64h64M70 42h20M108 42h20", colour: "s2", width: 9 },
  examples: { sourcesdiffer: "#kind=value" },
};

const DIFFERENCE_SIGNS = { value: "≠", date: "≠", later: "→", level: "⇅", silent: "–", refines: "≈", agrees: "=" };
const kindOfDifference = (kind) => t(`sources.kind.${kind}`);
const propertyName = (name) => (own(DATA.words[state.lang], `sources.property.${name}`) === undefined ? humanize(name) : t(`sources.property.${name}`));
const sideText = (side, entry) => side.says || (side.value ? (entry.property === "sharePercent" ? percent(Number(side.value)) : formatDate(side.value)) : t("sources.nothing"));

function startSources() {
  const all = [...entries.values()], kinds = unique(all.map((entry) => entry.kind));
  for (const entry of all) entry.sources = entry.both.map((side) => side.source);
  startFigures({
    hideFiltered: true,
    rows: ".difference",
    draw: drawSources,
    text: (entry) => [entry.label, propertyName(entry.property), kindOfDifference(entry.kind), ...entry.both.map((side) => sideText(side, entry))].join(" "),
    choices: () => [["kind", kinds, (kind) => capital(kindOfDifference(kind))]],
    lines: (entry) => [`${DIFFERENCE_SIGNS[entry.kind] ?? ""} ${capital(kindOfDifference(entry.kind))}`, t(`sources.kind.${entry.kind}.means`)],
    table: {
      id: "lines", numeric: [], title: () => t("sources.differences"),
      heads: () => ["sources.about", "sources.property", "sources.kind", "sources.one", "sources.other", "col.where"].map((key) => t(key)),
      rows: () => all.filter(fits).map((entry) => ({
        ids: [entry.id],
        cells: [entry.label, propertyName(entry.property), kindOfDifference(entry.kind), ...entry.both.map((side) => `${shortOf(side.source)}: ${sideText(side, entry)}`), entry.where.map(formatPlace).join("; ")],
      })),
    },
  });
}

function drawSources() {
  const all = [...entries.values()], shown = all.filter(fits), cards = el("section", "", "sources");
  cards.append(el("h2", t("sources.each")), ...DATA.described.map(sourceCard));
  const list = el("section", "", "differences"), line = el("div", "", "keys");
  for (const kind of unique(all.map((entry) => entry.kind))) {
    const count = all.filter((entry) => entry.kind === kind).length;
    const key = el("button", `${DIFFERENCE_SIGNS[kind] ?? ""} ${capital(kindOfDifference(kind))} ${number(count)}`, "", { type: "button", "aria-pressed": String(state.kind === kind), "data-kind": kind });
    key.addEventListener("click", () => { change({ kind: state.kind === kind ? "" : kind }); if ($("filter-kind")) $("filter-kind").value = state.kind; document.querySelector(`[data-kind="${kind}"]`)?.focus(); });
    line.append(key);
  }
  list.append(el("h2", t("sources.differences")), el("p", t(all.length ? "sources.differences.lead" : "sources.none"), "note"), line);
  for (const kind of unique(shown.map((entry) => entry.kind))) {
    list.append(el("h3", capital(kindOfDifference(kind))), el("p", t(`sources.kind.${kind}.means`), "note"));
    list.append(...shown.filter((entry) => entry.kind === kind).map(differenceRow));
  }
  $("charts").replaceChildren(cards, list);
}

/* What a source is: title, dates, licence, how to cite it, and how much of it is in the graph. */
function sourceCard(source) {
  const card = el("article", "", "source"), facts = el("dl");
  const fact = (key, value) => { if (value) facts.append(el("dt", t(`sources.${key}`)), value instanceof Node ? el("dd").appendChild(value).parentNode : el("dd", value)); };
  const link = (address, text = address) => (/^https?:\/\//.test(address ?? "") ? el("a", text, "", { href: address, rel: "noreferrer" }) : address ?? "");
  card.append(el("h3", source.short), el("p", source.title, "note"));
  fact("date", source.date && formatDate(source.date));
  fact("asof", source.as_of && formatDate(source.as_of));
  fact("licence", source.licence && link(source.licence, licenceName(source.licence)));
  fact("citation", source.citation);
  fact("address", source.address && link(source.address));
  fact("counts", t("sources.counts.text", { things: number(source.things), statements: number(source.statements), places: number(source.places) }));
  card.append(facts);
  return card;
}

/* One difference: what both sources say, side by side, each with its places. */
function differenceRow(entry) {
  const row = el("article", "", `difference ${entry.kind}`), head = el("p", "", "about"), sides = el("div", "", "sides");
  head.append(el("span", DIFFERENCE_SIGNS[entry.kind] ?? "", "sign", { "aria-hidden": "true" }), el("b", entry.label), ` ${propertyName(entry.property)}`);
  for (const side of entry.both) {
    const box = el("div");
    box.append(el("span", shortOf(side.source), "who"), el("span", sideText(side, entry), side.says || side.value ? "said" : "said silent"));
    if (side.where.length) box.append(places(side.where));
    sides.append(box);
  }
  row.append(head, sides);
  if (entry.preferred) row.append(el("p", t("sources.preferred", { source: shortOf(entry.preferred), reason: entry.reason ?? "" }), "note"));
  return row;
}

/* The index page: a card for each page with its icon, example questions, and the files of data. */
PAGES.index = { start: startIndex };

const PLAIN_ICON = { back: "M8 8V78", front: "M10 70H180", colour: "rule", width: 2 };
const formatSize = (bytes) => (bytes < 1e6 ? `${number(Math.max(1, bytes / 1e3), 0)}\u00a0kB` : `${number(bytes / 1e6, 1)}\u00a0MB`);

/* The files of one group with their purpose and size. */
function filesOf(group) {
  const files = DATA.files.filter((file) => file.group === group);
  if (!files.length) return null;
  const section = el("section"), list = el("ul", "", "files");
  for (const file of files) {
    const line = el("li");
    line.append(el("a", file.name.split("/").pop(), "", { href: file.name, download: "" }), el("span", formatSize(file.size), "size"), el("span", file[state.lang], "for"));
    list.append(line);
  }
  section.append(el("h2", t(`index.${group}`)), list);
  return section;
}

function startIndex() {
  const draw = () => {
    const cards = el("div", "", "cards");
    for (const kind of DATA.pages) {
      const { back, front, colour, width } = PAGES[kind].icon ?? PLAIN_ICON;
      const card = el("a", "", "entry", { href: `${kind}.html${location.hash}` });
      const icon = svg("svg", { viewBox: "0 0 198 84", preserveAspectRatio: "xMinYMid meet", "aria-hidden": "true" });
      icon.append(svg("path", { d: back, stroke: ink.rule, "stroke-width": 2, fill: "none" }), svg("path", { d: front, stroke: `var(--${colour})`, "stroke-width": width, fill: "none" }));
      card.append(icon, el("h2", t(`${kind}.title`)), el("p", t(`${kind}.lead`)));
      cards.append(card);
    }
    const starts = el("ul", "", "starts"), below = el("div", "", "below"), examples = el("section");
    for (const kind of DATA.pages) {
      for (const [key, fragment] of Object.entries(PAGES[kind].examples ?? {})) {
        const line = el("li");
        line.append(el("a", t(`start.${key}`), "", { href: `${kind}.html${fragment}${state.lang === DATA.language ? "" : `&lang=${state.lang}`}` }));
        starts.append(line);
      }
    }
    examples.append(el("h2", t("index.starts")), starts);
    const [graph, networks, flat, ...others] = unique(["graph", "networks", "tables", ...DATA.files.map((file) => file.group)]).map(filesOf), both = el("div");
    both.append(...[graph, networks, ...others].filter(Boolean));
    below.append(examples, ...(both.children.length ? [both] : []), ...(flat ? [flat] : []));
    $("charts").replaceChildren(cards, below);
  };
  $("legend").hidden = true;
  watch(["lang", "theme"], draw);
  draw();
}

/* Start the page once its font is loaded, so that text is measured as it will be drawn. */
async function start() {
  await Promise.all([document.fonts.load(`400 13px ${FAMILY}`), document.fonts.load(`650 13px ${FAMILY}`)]);
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  const initial = location.hash.length > 1 ? readAddress() : validState(DATA.start ?? {});
  Object.assign(state, initial);
  applyTheme();
  translate();
  listenHeader();
  writeAddress();
  PAGES[DATA.kind].start();
  watch(["chosen", "lang"], () => { $("announcer").textContent = $("panel").hidden ? "" : $("panel").querySelector("h2").textContent; });
  document.documentElement.dataset.ready = "true";
}
start();

})();
