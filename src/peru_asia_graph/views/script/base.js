/* Data, translations, page state and its address. Names are only set as text, never as markup. */
const DATA = await (async ({ type, textContent }) => {
  if (type === "application/json") return JSON.parse(textContent);
  const packed = new Blob([Uint8Array.from(atob(textContent), (letter) => letter.charCodeAt(0))]);
  return new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).json();
})(document.getElementById("data"));
const ABOUT = JSON.parse(document.getElementById("about")?.textContent ?? "{}"); // the graph, its sources, the page's stories
const GRAPH = Boolean(DATA.nodes);
const $ = (id) => document.getElementById(id);
const NS = "http://www.w3.org/2000/svg";
DATA.countries = { ...ABOUT.countries, ...DATA.countries };
const FILTER_NAMES = ["country", "type", "sector", "phase", "certainty", "status", "table", "date", "verdict", "kind", "source", "min"];
const NO_FILTERS = Object.fromEntries(FILTER_NAMES.map((name) => [name, ""]));
const SITE = document.documentElement.dataset; // settings from a server or a static site: language, address of cards
const LANGUAGE = SITE.language ?? DATA.language;
const EMPTY = { chosen: "", year: "", only: "", all: "", people: "", ...NO_FILTERS, open: "", story: "", lang: LANGUAGE, theme: SITE.card && !/[#&]theme=/.test(location.hash) ? SITE.theme ?? "" : "" };
const state = { ...EMPTY };
/* User choices: each is a history entry, so that Back undoes one; other changes replace the entry. */
const CHOICES = ["chosen", "only", "open", "all", "source", "story"];
const highlight = { hovered: null, cursor: null, matches: null }; // the target of the pointer, the keyboard or the search
const watchers = [];
/* The scripts of the pages, registered by kind; `start` runs the page's script. */
const PAGES = {};

/* The address of a page of the site in this language; in a folder, Spanish pages are in a subfolder. */
const inLanguage = (file) => `${state.lang === "es" ? SITE.spanish ?? "" : ""}${file}`;
/* In a folder, statements share pages of cards: the page of each card (see places_script). */
const SHARED = new Map(Object.entries(window.pagPlaces ?? {}).flatMap(([page, cards]) => cards.map((card) => [card, page])));
/* The address of the card of a thing, if the page is within a site. */
function cardOf(id) {
  const page = SHARED.get(`id/${id}`);
  if (page) return inLanguage(`${page}.html#${encodeURIComponent(id)}`);
  return SITE.card ? inLanguage(SITE.card.replace("*", encodeURIComponent(id))) : "";
}

/* The address of the page of a source there. */
const sourcePage = (name) => (SITE.card ? inLanguage(SITE.card.replace("id/*", `graph/${encodeURIComponent(name)}`)) : "");

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
/* A heading that links to the card of a thing. */
const headingOf = (id, text) => {
  const heading = el("h2", cardOf(id) ? "" : text);
  if (cardOf(id)) heading.append(el("a", text, "to-card", { href: cardOf(id) }));
  return heading;
};
/* Within a site, the choice also applies to other pages. */
function keepChoice() {
  if (!SITE.card || !location.protocol.startsWith("http")) return;
  document.cookie = `lang=${state.lang};path=/;max-age=31536000;samesite=lax`;
  try { if (state.theme) localStorage.setItem("theme", state.theme); } catch { /* not allowed here */ }
}
const foldAccents = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const phone = () => innerWidth <= 700;
const byName = (a, b) => a.localeCompare(b, state.lang, { numeric: true });
const unique = (values) => [...new Set(values)];

/* --- sources: {name, short, title, year, date, licence}, in order; none for the user's own graph --------------- */
const SOURCES = DATA.sources ?? [];
const SEVERAL = SOURCES.length > 1;
const shortOf = (name) => [...SOURCES, ...(DATA.beside ?? [])].find((source) => source.name === name)?.short ?? name;
const sourceOf = (place) => [...SOURCES, ...(DATA.beside ?? [])].find((source) => place.startsWith(`${source.short} `)); // of a citation
const LICENCES = [[/creativecommons\.org\/licenses\/([a-z-]+)\/([\d.]+)/, (kind, version) => `CC ${kind.toUpperCase()} ${version}`], [/creativecommons\.org\/publicdomain\/zero\/([\d.]+)/, (version) => `CC0 ${version}`], [/creativecommons\.org\/publicdomain\/mark/, () => t("public")]];
function licenceName(address) {
  for (const [pattern, name] of LICENCES) if (pattern.test(address)) return name(...address.match(pattern).slice(1));
  return address;
}
/* For the footer of a saved picture: its sources, by licence. */
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
/* A name in a picture or list that also shows the symbol of its kind. */
const shortName = (node) => (node.short && nameOf(node) === node.label ? node.short : nameOf(node));
/* Creating a formatter is expensive: one is cached per language and number of digits. */
const formatters = new Map();
function number(value, digits = 2, least = 0) {
  const key = `${state.lang} ${digits} ${least}`;
  if (!formatters.has(key)) {
    const shape = { minimumFractionDigits: least, maximumFractionDigits: digits };
    formatters.set(key, new Intl.NumberFormat(state.lang === "es" ? "es-PE" : "en", shape));
  }
  return formatters.get(key).format(value);
}
const percent = (value) => `${number(value)}\u00a0%`;
/* The size of a stake without its unit: a number, or its bounds as "30–45", "≥ 52", "≤ 20"; empty if none is stated. */
const sizeOf = ({ share, low, high }) => (share !== undefined ? number(share)
  : low !== undefined && high !== undefined ? `${number(low)}–${number(high)}` : low !== undefined ? `≥\u00a0${number(low)}` : high !== undefined ? `≤\u00a0${number(high)}` : "");
const isSized = (edge) => sizeOf(edge) !== "";
const sizeText = (edge) => (isSized(edge) ? `${sizeOf(edge)}\u00a0%` : "");

/* A date known only as a latest one, such as [..2014]. */
const isBound = (text) => /^\[\.\.[^,.\]]+\]$/.test(text);
/* Format a date or period as written: 2012-05, 196X, 2010~, [..2011], [2014..2015], 1849/1874, 1997/[1997..]. */
function formatDate(text) {
  const [from, to] = text.split("/");
  if (to === undefined) return formatMoment(from);
  if (isBound(to)) return t("date.latest", { date: formatDate(`${from}/${to.slice(3, -1)}`) });
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
  const short = sourceOf(where)?.short, own_ = short === undefined ? where : where.slice(short.length + 1), named = state.lang === "en" ? rollCalls(fieldInWords(own_)) : placeInSpanish(fieldInWords(own_));
  return short === undefined ? named : `${short} ${named}`;
}
/* The field at the end of a record's citation, in words if there are any (see cited_places.py). */
const FIELDS = Object.entries(DATA.fields ?? {}).sort(([a], [b]) => b.length - a.length);
function fieldInWords(where) {
  const [field, words] = FIELDS.find(([code]) => where.startsWith("record ") && where.endsWith(`, ${code}`)) ?? [];
  return field === undefined ? where : where.slice(0, -field.length) + words[state.lang];
}
const rollCalls = (where) => where.replace(/\brcid (\d+) to (\d+), those dated (\d+)/, "roll calls $1 to $2, those of $3").replace(/^record header\b/, "header");
function placeInSpanish(where) {
  return where.replace(/^Table (\d)/, "Cuadro $1").replace(", row Caption", ", título").replace(/, row Source note /, ", nota de fuente ")
    .replace(/, row Note /, ", nota ").replace(", row ", ", fila ").replace(", lines ", ", líneas ").replace(/\bp\. (\d)/, "p. $1").replace(/^record header\b/, "encabezado").replace(/^record /, "registro ").replace(/\brcid (\d+) to (\d+), those dated (\d+)/, "votaciones $1 a $2, las de $3");
}
const workInWords = (work) => work.replace(/\b\d{4}-\d\d(-\d\d)?$/, formatDate);
const citation = (where) => formatPlace(where) + (own(DATA.works, where)?.length ? ` (${t("after", { works: DATA.works[where].map(workInWords).join("; ") })})` : "");

/* --- state ---------------------------------------------------------------------------------------------- */
function watch(names, run) { watchers.push([names, run]); }

function change(patch, updateAddress = true) {
  const changed = Object.keys(patch).filter((name) => state[name] !== patch[name]);
  if (!changed.length) return;
  Object.assign(state, patch);
  if (updateAddress) writeAddress(changed.some((name) => CHOICES.includes(name)));
  for (const [names, run] of watchers) if (names.some((name) => changed.includes(name))) run(changed);
}

function writeAddress(entry = false) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) if (value !== EMPTY[name]) parameters.set(name, value);
  const shared = new URLSearchParams(["lang", "theme"].filter((name) => parameters.has(name)).map((name) => [name, parameters.get(name)]));
  for (const link of SITE.card ? [] : document.querySelectorAll(".head a:not(#language)")) link.hash = String(shared);
  try { history[entry ? "pushState" : "replaceState"](null, "", `#${String(parameters).replaceAll("%2F", "/")}`); } catch { /* a frame without its own address */ }
}

/* The source named by the address that this page does not have. */
const missing = { source: "" };
function tellMissing() {
  if (state.source !== "") missing.source = "";
  $("missing").hidden = !missing.source;
  $("missing").textContent = missing.source ? t("source.missing", { name: missing.source }) : "";
}

const readAddress = (text = location.hash.slice(1)) => validState(Object.fromEntries(new URLSearchParams(text)));

/* Return a complete state from the values of an address or of the page's data; invalid values are dropped. */
function validState(wanted) {
  const patch = {};
  for (const name of Object.keys(EMPTY)) patch[name] = own(wanted, name) ?? EMPTY[name];
  if (!own(DATA.words, patch.lang)) patch.lang = LANGUAGE;
  if (!["", "light", "dark"].includes(patch.theme)) patch.theme = "";
  if (patch.year !== "" && !/^[12]\d{3}$/.test(patch.year)) patch.year = "";
  if (!["", "1", "2", "3"].includes(patch.all)) patch.all = "";
  if (!["", "0"].includes(patch.people)) patch.people = "";
  missing.source = SOURCES.some((source) => source.name === patch.source) ? "" : patch.source;
  if (missing.source) patch.source = "";
  if (patch.story !== "" && !storyStep(patch.story)) patch.story = "";
  if (LAST_YEAR && patch.year > LAST_YEAR + 1) patch.year = ""; // the end of the slider
  const things = GRAPH ? DATA.nodes : DATA.entries ?? [];
  for (const name of ["chosen", "only"]) if (patch[name] !== "" && !things.some((thing) => thing.id === patch[name])) patch[name] = "";
  if (!GRAPH && patch.open !== "" && !things.some((entry) => [entry.id, entry.tab].includes(patch.open))) patch.open = "";
  return Object.assign(patch, unknownFilters(patch));
}

/* --- language and theme --------------------------------------------------------------------------------- */
function translate() {
  document.documentElement.lang = state.lang;
  for (const part of document.querySelectorAll("[data-t]")) part.textContent = t(part.dataset.t);
  for (const part of document.querySelectorAll("[data-t-label]")) part.setAttribute("aria-label", t(part.dataset.tLabel));
  for (const part of document.querySelectorAll("[data-t-title]")) part.title = t(part.dataset.tTitle);
  for (const part of document.querySelectorAll("[data-t-hint]")) part.placeholder = t(part.dataset.tHint);
  const other = state.lang === "en" ? "es" : "en";
  Object.assign($("language"), { textContent: other === "es" ? "Español" : "English", lang: other });
  const brand = document.querySelector("a.brand");
  if (brand && !SITE.card) brand.setAttribute("href", `${{ en: "index", es: "inicio" }[state.lang]}.html${brand.hash}`);
  if (SITE.spanish) translateHead();
  $("title").textContent = DATA.title ?? t(`${DATA.kind}.title`);
  document.title = $("title").textContent;
}

/* In a folder, the links of the head lead to pages in this language; interactive pages have both languages in one file. */
function translateHead() {
  for (const part of document.querySelectorAll(".head a:not(#language), .head form")) {
    const name = part.href === undefined ? "action" : "href";
    part.dataset.plain ??= part.getAttribute(name);
    const both = part.matches("nav a") && !part.matches('[data-t="nav.questions"], [data-t="nav.data"]');
    part.setAttribute(name, both ? part.dataset.plain + (state.lang === LANGUAGE ? "" : `#lang=${state.lang}`) : inLanguage(part.dataset.plain));
  }
}

const dark = () => (state.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
function applyTheme() {
  if (state.theme) document.documentElement.dataset.theme = state.theme;
  else delete document.documentElement.dataset.theme;
  readColours();
}
