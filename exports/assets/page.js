"use strict";
(async () => {
const LINE_KINDS = {"solid": {"dash": []}, "dashed": {"dash": [7, 4]}, "dotted": {"dash": [0.1, 4.5], "cap": "round"}, "former": {"dash": [11, 3, 2, 3]}, "named": {"dash": [], "hollow": true, "width": 3.6}, "named-dotted": {"dash": [3, 2.5], "hollow": true, "width": 3.6}, "named-former": {"dash": [11, 3, 2, 3], "hollow": true, "width": 3.6}}, SEARCH_WORDS = {"ignored": ["a", "about", "al", "an", "and", "are", "at", "be", "been", "by", "como", "con", "cual", "cuale", "cuando", "cuanta", "cuanto", "de", "del", "did", "do", "doe", "donde", "duena", "dueno", "el", "en", "enter", "entered", "entra", "entrada", "entran", "entrar", "entro", "entry", "era", "es", "firma", "firman", "firmo", "for", "from", "fue", "fueron", "ha", "had", "han", "happen", "happened", "has", "have", "hay", "how", "in", "into", "invest", "invested", "invierte", "invierten", "is", "it", "its", "la", "las", "lo", "los", "many", "much", "o", "ocurrio", "of", "on", "or", "own", "owned", "owner", "para", "paso", "por", "posee", "poseen", "propietaria", "propietario", "que", "quien", "quiene", "s", "se", "sign", "signed", "sobre", "son", "su", "sucedio", "sus", "that", "the", "there", "these", "thi", "those", "to", "un", "una", "uno", "was", "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "with", "y"], "interrogatives": ["como", "cual", "cuale", "cuando", "cuanta", "cuanto", "donde", "duena", "dueno", "firma", "firman", "firmo", "happen", "happened", "how", "invest", "invested", "invierte", "invierten", "ocurrio", "own", "owned", "owner", "paso", "posee", "poseen", "propietaria", "propietario", "que", "quien", "quiene", "sign", "signed", "sucedio", "what", "when", "where", "which", "who", "whom", "whose", "why"], "alike": {"own": "own", "owned": "own", "owner": "own", "ownership": "own", "posee": "own", "poseen": "own", "dueno": "own", "duena": "own", "propietario": "own", "propietaria": "own", "propiedad": "own", "block": "block", "lote": "block", "bloque": "block", "mine": "mine", "mina": "mine", "fta": "fta", "tlc": "fta", "agreement": "agreement", "accord": "agreement", "treaty": "agreement", "treatie": "agreement", "acuerdo": "agreement", "tratado": "agreement", "convenio": "agreement", "buy": "buy", "bought": "buy", "compra": "buy", "compro": "buy", "compran": "buy", "sign": "sign", "signed": "sign", "firma": "sign", "firmo": "sign", "firman": "sign", "firmado": "sign", "visit": "visit", "visited": "visit", "visita": "visit", "visito": "visit", "visitan": "visit", "vote": "vote", "voted": "vote", "voto": "vote", "vota": "vote", "votan": "vote", "differ": "differ", "difference": "differ", "difieren": "differ", "difiere": "differ", "diferencia": "differ", "immigrant": "immigrant", "immigration": "immigrant", "inmigrante": "immigrant", "inmigracion": "immigrant", "investment": "investment", "invest": "investment", "invested": "investment", "announce": "investment", "announced": "investment", "inversion": "investment", "inversione": "investment", "invierte": "investment", "invierten": "investment", "anuncia": "investment", "anuncio": "investment", "anunciado": "investment", "anunciada": "investment", "happen": "happen", "happened": "happen", "paso": "happen", "ocurrio": "happen", "sucedio": "happen", "import": "import", "imported": "import", "importacion": "import", "importacione": "import", "importa": "import", "importan": "import", "importo": "import", "output": "output", "production": "output", "produce": "output", "produced": "output", "produccion": "output", "producen": "output", "largest": "largest", "biggest": "largest", "ambassador": "ambassador", "embajador": "ambassador", "embajadora": "ambassador", "embajadore": "ambassador", "president": "president", "presidente": "president", "presidenta": "president", "minister": "minister", "ministro": "minister", "ministra": "minister", "deport": "deport", "deported": "deport", "deportation": "deport", "deportado": "deport", "deportacion": "deport", "export": "export", "exported": "export", "exportacion": "export", "exportacione": "export", "exporta": "export", "exportan": "export", "growth": "growth", "grow": "growth", "grew": "growth", "crecimiento": "growth", "crece": "growth", "crecen": "growth", "crecio": "growth", "crecieron": "growth", "rate": "rate", "tasa": "rate", "share": "share", "participacion": "share", "proporcion": "share", "porcentaje": "share", "cuota": "share", "value": "value", "valor": "value", "valore": "value", "price": "price", "precio": "price", "number": "number", "numero": "number", "population": "population", "poblacion": "population", "recognise": "recognise", "recognised": "recognise", "recognize": "recognise", "recognized": "recognise", "reconoce": "recognise", "reconocen": "recognise", "reconocio": "recognise", "reconocimiento": "recognise", "relocate": "relocate", "relocated": "relocate", "relocation": "relocate", "move": "relocate", "moved": "relocate", "trasladar": "relocate", "trasladado": "relocate", "reubicacion": "relocate", "reasentamiento": "relocate", "mining": "mining", "mineria": "mining", "minero": "mining", "minera": "mining", "fishery": "fishery", "fisherie": "fishery", "pesca": "fishery", "pesquero": "fishery", "pesquera": "fishery", "copper": "copper", "cobre": "copper", "iron": "iron", "hierro": "iron", "gold": "gold", "oro": "gold", "silver": "silver", "plata": "silver", "oil": "oil", "petroleo": "oil", "tax": "tax", "taxe": "tax", "impuesto": "tax", "firm": "firm", "company": "firm", "companie": "firm", "empresa": "firm", "china": "china", "chinese": "china", "chino": "china", "japan": "japan", "japanese": "japan", "japon": "japan", "japone": "japan", "japonesa": "japan", "japonese": "japan", "korea": "korea", "korean": "korea", "corea": "korea", "coreano": "korea", "coreana": "korea", "peru": "peru", "peruvian": "peru", "peruano": "peru", "peruana": "peru"}, "kinds": {"MiningProject": "mine", "FreeTradeAgreement": "FTA"}}, LONG_DATA = 150000;
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

/* The search words of a page, processed as on the site: split at other characters, without accents and a final s,
   equivalent words merged (SEARCH_WORDS, from words/search.json). */
const wordsOf = (text) => foldAccents(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const stemOf = (word) => (word.length > 3 && word.endsWith("s") ? word.slice(0, -1) : word);
const likened = (word) => own(SEARCH_WORDS.alike, stemOf(word)) ?? stemOf(word);
const likenedAll = (text) => new Set(wordsOf(text).map(likened));

/* The words of the query: ignored words only count if there are no others. */
function wantedWords(text) {
  const words = wordsOf(text), content = words.filter((word) => !SEARCH_WORDS.ignored.includes(stemOf(word)));
  return content.length ? content : words;
}

/* Whether each word is part of a text or, as a whole word, among its words or the additional ones. */
const hasWords = (wanted, folded, known) => wanted.every((word) => folded.includes(word) || known.has(likened(word)));

/* Additional words of a thing: its kind and commodities in all languages, its states, the years of its dates. */
function knownWords({ type, event, sector, country: home, date, until, id }) {
  const codes = [type, event, ...(sector ?? [])].filter(Boolean), states = [home, id].flat().filter((slug) => own(DATA.countries, slug));
  const labels = codes.flatMap((code) => [humanize(code), own(SEARCH_WORDS.kinds, code) ?? "", ...Object.values(DATA.glossary ?? {}).map((terms) => own(terms, code) ?? "")]);
  const lands = states.flatMap((slug) => Object.keys(DATA.words).map((lang) => own(DATA.countries, slug)[lang] ?? ""));
  return likenedAll([...labels, ...lands, ...(`${date ?? ""} ${until ?? ""}`.match(/\d{4}/g) ?? [])].join(" "));
}

/* Text metrics in the page's font, wrapping and truncation; the colours of the theme. */
const FAMILY = '"Source Sans 3", sans-serif';
const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();
const ink = {};

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["paper", "card", "ink", "muted", "rule", "line", "band", "accent", "highlight", "halo", "differ", "china", "japan", "korea", "peru", "brazil", "other", "none", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "k0", "k1", "k2", "k3", "k4"];
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

/* An indented list for a narrow window: names below each other, links in the left gutter. */

/* Links that share their busier end share a track in the gutter; return the track of each link. */
function tracksOf(links) {
  const busy = new Map(), tracks = new Map();
  for (const link of links) for (const end of [link.from, link.to]) busy.set(end, (busy.get(end) ?? 0) + 1);
  const keys = links.map((link) => (busy.get(link.from) > busy.get(link.to) ? `from ${link.from}` : `to ${link.to}`));
  for (const key of keys) if (!tracks.has(key)) tracks.set(key, tracks.size);
  return { of: new Map(links.map((link, i) => [link.id, tracks.get(keys[i])])), many: tracks.size };
}

/* In: items in order with their depths. Out: positions one below the other, links routed on tracks in the left gutter. */
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
    labels.set(a.id, (labels.get(a.id) ?? 0) + (isSized(link) ? 1 : 0));
    routes.set(link.id, { elbow: true, from: [a.left, a.y], to: [b.left, b.y], x, label: [frame.width - beside, a.y] });
  }
  const titles = frame.more ? [{ text: frame.more, left: gutter + 10, y: y + 8 }] : [];
  return { places, routes, titles, spines: [], width: frame.width, height: Math.max(0, y - frame.gap) + (frame.more ? 24 : 0) };
}

/* The graph model: what holds in a year, what passes the filters, what a chain includes. Nothing is drawn here. */
const nodes = new Map((DATA.nodes ?? []).map((node) => [node.id, node]));
const edges = (DATA.edges ?? []).map((edge) => ({ ...edge, id: JSON.stringify([edge.from, edge.key ?? "", edge.to]) }));
/* A link without an end is known up to the last year of its source; in the user's own graph it holds forever. */
const UNDATED = new Set(SOURCES.filter((source) => source.year === undefined).map((source) => source.name));
/* The last year of the sources; of a source without a date, and of the user's own graph, the last that is stated. */
const LAST_YEAR = Math.max(0, ...SOURCES.map((source) => source.year ?? 0), ...(SOURCES.length && !UNDATED.size ? [] : [
  ...[...edges, ...(DATA.entries ?? []).flatMap((entry) => entry.links ?? [])].filter((thing) => !SOURCES.length || UNDATED.has(thing.source)), ...nodes.values(),
].flatMap((thing) => [thing.start ?? 0, thing.end ?? 0])));
/* The last year shown: that of the selected source, or else of all sources. */
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

/* The kind of an ownership line: a stake with its share, a former or uncertain one, one without a share, a named company. */
function lineClass(edge) {
  if (HOME.has(edge.relation)) return "home";
  if (edge.relation === NAMED) return "named";
  if (UNCERTAIN.has(edge.certainty)) return edge.certainty === "former" ? "former" : "uncertain";
  return HOLDING.has(edge.relation) && !isSized(edge) ? "unstated" : "share";
}

/* "true", "unknown" (not known then) or "false" for the year; the same rule as holds_in in query/network.py. */
function holdsIn(thing, year) {
  if (year === "") return "true";
  const { start, end, begun = start ?? end, lasted } = thing, at = Number(year);
  const covered = SOURCE_YEARS.get(thing.source) ?? 9999, former = thing.certainty === "former";
  if ((start !== undefined && at < start) || at > (end ?? (former ? covered : 9999))) return "false";
  const held = lasted ?? end ?? (start !== undefined && !former ? covered : start);
  return begun <= at && at <= held ? "true" : "unknown"; // false where one is undefined
}

/* A node holds like the best of its dated links; a dealing according to its own date. */
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
const nothingText = () => t(filtersOn().length || state.people || highlight.matches !== null ? "nothing" : "nothing.said");

function applyFilters() {
  const open = openIds();
  const wanted = Object.keys(FILTERS).filter((name) => state[name] !== "");
  const fits = (node) => wanted.every((name) => FILTERS[name](node).includes(state[name]));
  const pair = (edge) => wanted.every((name) => [edge.from, edge.to].some((id) => FILTERS[name](nodes.get(id)).includes(state[name])));
  const edgeFits = (edge) => pair(edge) && inSource(edge) && (state.certainty === "" || edge.certainty === state.certainty)
    && (state.min === "" || (edge.share ?? edge.high ?? (isSized(edge) ? 100 : -1)) >= Number(state.min));
  const lines = (filtersOn().length ? edges.filter(edgeFits) : edges).filter((edge) => open === null || (open.has(edge.from) && open.has(edge.to)));
  const ids = new Set(lines.flatMap((edge) => [edge.from, edge.to]));
  if (state.certainty === "" && state.min === "") for (const node of nodes.values()) if (fits(node) && (open === null || open.has(node.id))) ids.add(node.id);
  return { ids, lines };
}

/* --- chains -------------------------------------------------------------------------------------------- */
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
const shareSource = (row) => edgeByKey.get(row.paths?.[0]?.[0]) ?? {}; // a chain belongs to one source
function shareValue(row) {
  if (row.percent !== undefined && row.percent !== null) return percent(Number(row.percent));
  const [low, high] = [Number(row.low), Number(row.high)];
  return high > low ? `${number(low)}–${percent(high)}` : percent(low);
}

/* "27 % = 45 % × 60 %"; empty for a single stated number, if a step has no share, or if not all chains are listed. */
function shareProduct(row) {
  const paths = (row.paths ?? []).map((path) => path.map((key) => edgeByKey.get(key)));
  if (row.more || !paths.length || paths.every((path) => path.length < 2) || paths.flat().some((edge) => edge?.share === undefined)) return "";
  return `${shareValue(row)} = ${paths.map((path) => path.map((edge) => percent(edge.share)).join(" × ")).join(" + ")}`;
}

/* --- visible graph -------------------------------------------------------------------------------------- */
/* Drop redundant lines: duplicates of a stake, indirect stakes parallel to their chain, self-loops. */
function drawableLines(lines) {
  const stakes = new Set(lines.filter((edge) => edge.relation === "stake").map((edge) => `${edge.from}\u0000${edge.to}`));
  const direct = lines.filter((edge) => (edge.relation === "stake" && edge.basis !== "indirect") || edge.relation === "hasSubsidiary");
  const below = new Map(), at = (id, edge) => `${edge.source ?? ""}\u0000${id}`; // a chain belongs to one source
  for (const edge of direct) below.set(at(edge.from, edge), [...(below.get(at(edge.from, edge)) ?? []), edge.to]);
  const chained = (edge) => (below.get(at(edge.from, edge)) ?? []).some((middle) => middle !== edge.to && (below.get(at(middle, edge)) ?? []).includes(edge.to));
  const share = (edge) => JSON.stringify([edge.from, edge.to, edge.source, sizeOf(edge)]), stated = new Set(direct.map(share)); // both as owner and as parent
  return mergeSaid(lines.filter((edge) => edge.from !== edge.to
    && !(edge.relation === NAMED && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(edge.relation === "hasSubsidiary" && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(HOME.has(edge.relation) && stakes.has(`${edge.from}\u0000${edge.to}`))
    && !(edge.basis === "indirect" && (stated.has(share(edge)) || chained(edge)))));
}

function visibleGraph() {
  let { ids, lines } = applyFilters();
  if (state.only && nodes.has(state.only)) {
    const chain = chainAround(state.only);
    ids = new Set([...ids].filter((id) => chain.has(id)));
    ids.add(state.only);
    lines = lines.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  }
  const told = storyIds();
  if (told) {
    ids = new Set([...ids].filter((id) => told.has(id)));
    lines = lines.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  }
  const drawn = drawableLines(lines);
  if (DATA.kind === "ownership" && !state.only) {
    const used = new Set(drawn.flatMap((edge) => [edge.from, edge.to]));
    ids = new Set([...ids].filter((id) => used.has(id) || nodes.get(id).type !== "State"));
  }
  return { nodes: [...nodes.values()].filter((node) => ids.has(node.id)), lines, drawn };
}

/* The columns of the ownership layout: states, owners, firms held, mines and blocks. */
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
let knownOf = null; // for each thing, the words it is known by besides its names, and those of its names
const readKnown = () => new Map([...nodes.values()].map((node) => [node.id, new Set([...knownWords(node), ...likenedAll(searchTexts.get(node.id))])]));
function search(text) {
  const words = foldAccents(text).split(/\s+/).filter(Boolean), wanted = wantedWords(text);
  if (!wanted.length) return [];
  knownOf ??= readKnown();
  const called = (node) => searchTexts.get(node.id).split("\u0000").includes(words.join(" ")); // also by another name
  const folded = (node) => `${searchTexts.get(node.id)}\u0000${foldAccents(nameOf(node))}`, named = (node) => words.every((word) => folded(node).includes(word)), knows = (node) => hasWords(wanted, "", knownOf.get(node.id));
  const drawn = new Set(DATA.board ? coreRows(mergedRows()).map((row) => row.id) : []);
  const begins = (text, word) => text.split(word).slice(0, -1).some((before, place) => !(place || before) || /[^\p{L}\p{N}]$/u.test(before));
  const score = (node) => (called(node) ? -1 : foldAccents(nameOf(node)).startsWith(words[0]) ? 0 : !words.every((word) => begins(folded(node), word)) ? (knows(node) ? 3 : 4) : begins(foldAccents(node.label), words[0]) ? 1 : 2); // matches within a word come last
  const found = [...nodes.values()].filter((node) => named(node) || hasWords(wanted, folded(node), knownOf.get(node.id)));
  const scores = new Map(found.map((node) => [node, score(node)]));
  return found.sort((a, b) => scores.get(a) - scores.get(b) || drawn.has(b.id) - drawn.has(a.id) || byName(nameOf(a), nameOf(b)));
}

/* Several sources: equal statements are one line, with both values if they differ. */
const DIFFERENCES = new Map((DATA.differences ?? []).map((row) => [[row.a, row.b].sort().join("\u0000"), row.kind]));
const kindOf = (a, b) => DIFFERENCES.get([a.key, b.key].sort().join("\u0000")) ?? (sizeOf(a) === sizeOf(b) ? "agrees" : a.share === undefined || b.share === undefined ? "refines" : "value");
const APART = new Set((DATA.differences ?? []).filter((row) => row.kind === "level").flatMap((row) => [row.a, row.b])); // one names an owner of the other's owner
/* Whether sources differ on a line: on its share, or on who holds the asset directly. */
const isApart = (edge) => Boolean(edge.differ) || (SEVERAL && state.source === "" && isSized(edge) && (edge.said ?? [edge]).length === 1 && APART.has(edge.key));
const rankOfSource = (edge) => SOURCES.findIndex((source) => source.name === edge.source);
const sameSaid = (edge) => JSON.stringify([edge.from, edge.to, edge.relation, edge.basis ?? "", edge.role ?? ""]);

/* Merge the statements of several sources about the same two; direct and indirect ones, and those of one source, stay separate.
   A merged line has `said`, the statements in source order; `differ` if two values are incompatible. */
function mergeSaid(lines) {
  if (!SEVERAL) return lines;
  const groups = new Map();
  for (const edge of lines) groups.set(sameSaid(edge), [...(groups.get(sameSaid(edge)) ?? []), edge]);
  const merged = [];
  for (const group of groups.values()) {
    const told = [];
    for (const edge of [...group].sort((a, b) => rankOfSource(a) - rankOfSource(b))) {
      const others = told.filter((said) => said.every((one) => one.source !== edge.source));
      const best = others.sort((a, b) => contrast(a, edge) - contrast(b, edge))[0]; // of successive stakes, the one that agrees
      if (best) best.push(edge);
      else told.push([edge]);
    }
    merged.push(...told.map(lineOf));
  }
  return merged;
}
const CONTRASTS = ["agrees", "refines", "value", "later"];
const contrast = (said, edge) => Math.max(...said.map((one) => CONTRASTS.indexOf(kindOf(one, edge))));

function lineOf(said) {
  if (said.length === 1) return said[0];
  const held = said.filter((edge) => edge.certainty === "former" || !UNCERTAIN.has(edge.certainty)), sure = held.length ? held : said; // not a plan beside a holding
  const shares = sure.filter((edge) => edge.share !== undefined), kinds = said.flatMap((a, i) => said.slice(i + 1).map((b) => kindOf(a, b)));
  const differ = kinds.includes("value"), later = !differ && kinds.includes("later");
  const exact = shares.reduce((best, edge) => (String(edge.share).length > String(best.share).length ? edge : best), shares[0]);
  const line = { ...(sure.find(isSized) ?? sure[0]), said, differ, later };
  return shares.length ? { ...line, share: differ || later ? Math.max(...shares.map((edge) => edge.share)) : exact.share } : line;
}

/* The share of a line as text: "11.6 ≠ 11.7 %" if sources differ, "25 → 40 %" if one describes a later time. */
function shareText(edge) {
  if (!isSized(edge) || (!edge.differ && !edge.later)) return sizeText(edge);
  const byYear = [...edge.said].sort((a, b) => (edge.later ? (SOURCE_YEARS.get(a.source) ?? 0) - (SOURCE_YEARS.get(b.source) ?? 0) : 0));
  const values = unique(byYear.filter(isSized).map(sizeOf));
  return `${values.join(edge.differ ? " ≠ " : " → ")}\u00a0%`;
}

/* What is initially collapsed and can be expanded below the picture: assets without Asian owners from further sources, and
   everything other than mines and blocks. Nothing in the user's own graph. */
const FOLDS = { sources: 1, other: 2 }; // bits of `state.all`
const opened = (name) => (Number(state.all) & FOLDS[name]) !== 0;
const toggleFold = (name) => change({ all: String(Number(state.all) ^ FOLDS[name]).replace(/^0$/, ""), chosen: "", only: "" });

/* The ids shown, null for all: those of the selected source, or else all of the first source and, of the others, those
   connected with Asia; for ownership the mines and blocks. The chain of a selected name is always shown. */
function openIds() {
  const whole = state.source !== "" ? new Set(edges.filter(inSource).flatMap((edge) => [edge.from, edge.to])) : !SEVERAL || opened("sources") ? null : coreIds();
  const mines = MINES && !opened("other") ? mineIds(whole) : null;
  if (mines === null && (whole === null || state.source !== "")) return whole;
  const ids = new Set(mines ?? whole);
  for (const id of storyIds() ?? []) ids.add(id);
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
    /* Only parties in Asia are shown, the others are in the panel: an agreement may have fifty. */
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

/* --- mines and blocks ------------------------------------------------------------------------------------ */
const MINES = DATA.kind === "ownership" && SOURCES.length > 0;
const investedIn = (node) => (node.facts ?? []).some((fact) => fact.kind === "investment" && inSource(fact)) && linksOf(node.id).some((edge) => edge.to === node.id && !HOME.has(edge.relation));
const isMine = (node) => node.type === "MiningProject" || node.type === "HydrocarbonBlock" || (!ASSETS.has(node.type) && investedIn(node));

/* The mines, blocks and firms that received an investment, all their owners, and the firms these hold: of all, or of `whole`. */
const mineIdsOf = new Map();
function mineIds(whole) {
  const key = `${state.source} ${whole === null}`;
  if (mineIdsOf.has(key)) return mineIdsOf.get(key);
  const found = new Set([...nodes.values()].filter((node) => isMine(node) && (whole === null || whole.has(node.id))).flatMap((node) => [...reach(node.id, false)]));
  const held = [...found].filter((id) => nodes.get(id).type !== "State").flatMap((id) => linksOf(id).filter((edge) => edge.from === id && HOLDING.has(edge.relation)).map((edge) => edge.to));
  for (const id of held) if (!ASSETS.has(nodes.get(id).type)) for (const other of reach(id, false)) found.add(other);
  if (whole !== null) for (const id of found) if (!whole.has(id)) found.delete(id);
  mineIdsOf.set(key, found);
  return found;
}

/* The available folds: {id, fold, label}, each a box below the last column. */
function foldNodes() {
  if (!MINES || state.only || storyStep() || filtersOn().some((name) => name !== "source")) return [];
  const made = (fold, count, label) => ({ id: `fold ${fold}`, fold, group: true, type: "", members: [], label: t(opened(fold) ? `fold.${fold}.less` : `fold.${fold}`, { count: number(count), source: label }) });
  const whole = !SEVERAL || opened("sources") || state.source !== "" ? null : coreIds(), mines = mineIds(whole);
  const assets = [...nodes.values()].filter((node) => ASSETS.has(node.type) && (whole === null || whole.has(node.id)) && linksOf(node.id).length);
  const other = assets.filter((node) => !mines.has(node.id)).length, behind = state.source === "" ? foldedCount() : 0;
  const names = SOURCES.slice(1).map((source) => source.short).join(", ");
  return [...(behind ? [made("sources", behind, names)] : []), ...(other ? [made("other", other, "")] : [])];
}

/* A network too large to read initially shows groups by column and home state. A group opens into its members, a large one
   first into parts by name. Out: nodes and lines like those of `visibleGraph`, with groups in place of their members. */
const READABLE = 200;
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

/* Merge the lines between the same two ends, and count them. */
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

/* A scene is a list of parts (paths and texts) that can be painted on a canvas or written as SVG with the same result. */
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
/* The line styles are defined in small/line_kinds.json, which the small pictures of cards also read. */
const DASHES = Object.fromEntries(Object.entries(LINE_KINDS).map(([name, { dash }]) => [name, dash]));
const HOLLOW = new Set(Object.keys(LINE_KINDS).filter((name) => LINE_KINDS[name].hollow)); // a company named without a stake: a double line with an open arrowhead

const shape = (d, look) => ({ d, ...look });
const textPart = (text, x, y, look) => ({ text, x: round(x), y: round(y), size: 13, weight: 400, anchor: "start", ...look });
function roundedRect(x, y, w, h, r = 3.5) {
  return `M${round(x + r)} ${round(y)}h${round(w - 2 * r)}a${r} ${r} 0 0 1 ${r} ${r}v${round(h - 2 * r)}a${r} ${r} 0 0 1 ${-r} ${r}h${round(2 * r - w)}a${r} ${r} 0 0 1 ${-r} ${-r}v${round(2 * r - h)}a${r} ${r} 0 0 1 ${r} ${-r}z`;
}

/* A node as a box: tile with icon, name, code of its home state or its year. */
function boxParts(node, box, look) {
  const { left, w, h, y, lines, size, tag } = box;
  const top = y - h / 2, tile = size * 1.45, colour = ink[box.tone ?? tone(node.group ? FILTERS.country(node)[0] : homeInColour(node))];
  const solid = node.type === "State" && !node.group && (!box.open || box.head);
  const parts = [shape(roundedRect(left, top, w, h), {
    fill: solid ? colour : look.chosen ? ink.highlight : ink.card, stroke: look.chosen || look.cursor ? ink.accent : box.open ? "" : colour, width: look.chosen || look.cursor ? 2.4 : 1,
  })];
  if (node.group) parts.unshift(shape(roundedRect(left + 3, top + 3, w, h), { fill: ink.card, stroke: colour, width: 1 }));
  if (!solid) parts.push(shape(`M${round(left + 3.5)} ${round(top)}h${round(tile - 3.5)}v${round(h)}h${round(3.5 - tile)}a3.5 3.5 0 0 1 -3.5 -3.5v${round(7 - h)}a3.5 3.5 0 0 1 3.5 -3.5z`, look.unknown ? { fill: ink.card, stroke: colour, width: 1 } : { fill: colour }));
  const scale = size / 15.5;
  if (!node.fold) parts.push({ d: iconOf(node), fill: look.unknown && !solid ? colour : "#fff", move: [round(left + (tile - 14 * scale) / 2), round(y - 7 * scale), round(scale * 100) / 100] });
  const step = size * 1.18, notes = box.notes ?? [], small = Math.max(11, size - 2.5), middle = y - (notes.length * small * 1.25) / 2;
  lines.forEach((line, place) => parts.push(textPart(line, left + tile + 6, middle + (place - (lines.length - 1) / 2) * step + size * 0.33, {
    size, fill: solid ? "#fff" : ink.ink, weight: solid || node.group ? 650 : 400,
  })));
  notes.forEach((note, place) => parts.push(textPart(note, left + tile + 6, middle + (lines.length / 2) * step + (place + 0.8) * small * 1.25, { size: small, fill: solid ? "#fff" : ink.muted })));
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
  const hollow = HOLLOW.has(look.style), d = routePath(route, look.arrow ? (hollow ? 8 : 6) : 0);
  const parts = [shape(d, { stroke: look.colour, width: look.width, dash: DASHES[look.style], cap: LINE_KINDS[look.style]?.cap ?? "butt" })];
  if (hollow) parts.push(shape(d, { stroke: ink.paper, width: look.width - 2, over: true }));
  if (look.arrow) {
    const half = Math.max(3.6, look.width * 0.8);
    parts.push(shape(`M${round(end[0])} ${round(end[1])}l${8 * side} ${round(-half)}v${round(2 * half)}z`, hollow ? { fill: ink.paper, stroke: look.colour, width: 1 } : { fill: look.colour }));
  }
  return parts.map(({ over, ...part }) => ({ ...part, alpha: over && look.alpha > 0.2 ? 1 : look.alpha }));
}

/* A self-loop: an arc over the right end of its box, further ones above it. */
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
  Object.assign(ctx, { font: `${part.italic ? "italic " : ""}${part.weight} ${part.size}px ${FAMILY}`, textAlign: part.anchor === "middle" ? "center" : part.anchor, textBaseline: "alphabetic", lineJoin: "round" });
  if (part.halo) {
    Object.assign(ctx, { strokeStyle: part.halo, lineWidth: 4 });
    ctx.strokeText(part.text, part.x, part.y);
  }
  ctx.fillStyle = part.fill;
  ctx.fillText(part.text, part.x, part.y);
}

function sceneSvg({ parts, title, dx, dy, width, height }, name) {
  const root = svg("svg", { xmlns: NS, viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`, width: Math.ceil(width), height: Math.ceil(height), "font-family": "Source Sans 3, Source Sans Pro, Noto Sans, Segoe UI, Arial, sans-serif", role: "img", "aria-labelledby": "picture-name picture-text" });
  root.append(svg("title", { id: "picture-name" }, name), svg("desc", { id: "picture-text" }, altText()), svg("rect", { width: "100%", height: "100%", fill: ink.paper }));
  root.append(...title.map(partSvg), svg("g", { transform: `translate(${dx} ${dy})` }, ...parts.map(partSvg)));
  for (const text of root.querySelectorAll("text")) {
    /* With another font, each text keeps its width. */
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
    if (part.italic) look["font-style"] = "italic";
    if (part.halo) Object.assign(look, { stroke: part.halo, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" });
    return svg("text", look, part.text);
  }
  const look = { ...shared, d: part.d, fill: part.fill ?? "none", "fill-rule": "evenodd" };
  if (part.stroke) Object.assign(look, { stroke: part.stroke, "stroke-width": part.width ?? 1, "stroke-linecap": part.cap ?? "butt" });
  if (part.dash?.length) look["stroke-dasharray"] = part.dash.join(" ");
  if (part.move) look.transform = `${shared.transform ?? ""} translate(${part.move[0]} ${part.move[1]}) scale(${part.move[2]})`;
  return svg("path", look);
}

/* Download the scene as SVG or PNG and the table as CSV. */
function save(blob, ending) {
  const link = el("a", "", "", { download: `${DATA.kind}.${ending}`, href: URL.createObjectURL(blob) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const svgText = (root) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root)}\n`;
const saveSvg = (root) => save(new Blob([svgText(root)], { type: "image/svg+xml" }), "svg");

/* A cell that a spreadsheet would run as a formula is prefixed with an apostrophe. */
function csvCell(value) {
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?[\d.,]+$/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
const saveCsv = (rows) => save(new Blob([`\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`], { type: "text/csv" }), "csv");

/* `scene()` returns a scene with its frame (see `networkScene`), `rows()` the table with its header row. */
function listenDownloads(scene, rows) {
  $("save-svg").addEventListener("click", () => saveSvg(sceneSvg(scene(), document.title)));
  $("save-png").addEventListener("click", () => savePng(scene()));
  $("save-csv").addEventListener("click", () => saveCsv(rows()));
  $("print").addEventListener("click", () => print());
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
  startCitations();
  panel.replaceChildren(close, headingOf(id, nameOf(node)), el("p", about.filter(Boolean).join(" · "), "fact"));
  const also = (node.names ?? []).filter((name) => name !== nameOf(node));
  if (also.length) panel.append(el("p", t("also", { names: also.join("; ") }), "fact"));
  const traits = [...(node.sector ?? []).map(term), ...unique((node.facts ?? []).filter((fact) => fact.kind === "phase" && inSource(fact)).map(phaseInWords))];
  if (traits.length) panel.append(el("p", capital(traits.join(" · ")), "fact"));
  addLinks(panel, id);
  addShares(panel, id);
  addFacts(panel, node);
  addCitations(panel, (node.where ?? []).filter(placeInSource));
  panel.scrollTop = 0;
}

/* --- citations: numbered throughout the panel, each listed once in full at its end --------------------------- */
let cited = [];
const startCitations = () => { cited = []; };

/* The numbers of citations, "[1, 3]", with their texts as tooltips. */
function cite(where) {
  const numbers = where.map((place) => (cited.includes(place) ? cited.indexOf(place) : cited.push(place) - 1) + 1);
  return el("span", `[${unique(numbers).sort((a, b) => a - b).join(", ")}]`, "cite", { title: where.map(citation).join("\n") });
}

/* The numbered citations, then further citations that name the thing, collapsed if there are many. */
function addCitations(panel, named) {
  const list = el("ol", "", "citations");
  for (const place of cited) list.append(el("li", citation(place)));
  if (cited.length) panel.append(el("h3", t("col.where")), list);
  const rest = named.filter((place) => !cited.includes(place));
  if (!rest.length) return;
  if (rest.length <= 6) return panel.append(el("h3", t("named")), places(rest));
  const fold = el("details", "", "more");
  fold.append(el("summary", t("named.many", { count: number(rest.length) })), places(rest));
  return panel.append(fold);
}

/* A phase, with its certainty and dates unless it is current: "operation planned from 2015". */
const phaseInWords = (fact) => [term(fact.value), fact.certainty === "stated" ? "" : term(fact.certainty), phaseWhen(fact)].filter(Boolean).join(" ");
function phaseWhen(fact) {
  const parts = [];
  if (fact.date && fact.date === fact.until) return formatDate(fact.date);
  if (fact.date) parts.push(MOMENT_PHASES.has(fact.value) ? formatDate(fact.date) : fromWhen(fact.date));
  if (fact.until) parts.push(untilWhen(fact.until));
  if (fact.asof && !fact.date) parts.push(t("asof", { date: formatDate(fact.asof) }));
  return parts.join(" ");
}

/* Return to the row in the list of names. */
function backToList(id) {
  const row = [...$("list").querySelectorAll(".go")].find((one) => one.dataset.id === id);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "center" });
}

/* As high as the diagram next to it, at most as high as the window. */
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

/* A name that selects the thing, followed by the link to its card. */
function nameAndCard(id) {
  if (!cardOf(id)) return goTo(id);
  const both = el("span", "", "named");
  both.append(goTo(id), " ", el("a", "↗", "to-card", { href: cardOf(id), "aria-label": t("card.of", { name: nameOf(nodes.get(id)) }) }));
  return both;
}

/* The sum of the direct stakes for each source that states at least two, and the remainder; nothing is added across sources. */
function addSum(panel, lines) {
  const direct = lines.flatMap((edge) => edge.said ?? [edge]).filter((edge) => isSized(edge) && edge.basis !== "indirect" && edge.certainty !== "former" && edge.certainty !== "planned");
  for (const source of unique(direct.map((edge) => edge.source))) {
    const stakes = direct.filter((edge) => edge.source === source), shares = stakes.map((edge) => edge.share);
    // Bounds and possible stakes cannot be summed, and shares that one holder sold to another were never held by both.
    if (shares.includes(undefined) || stakes.some((one) => UNCERTAIN.has(one.certainty)) || stakes.some((one) => stakes.some((next) => one.end <= next.start))) continue;
    const sum = Math.round(shares.reduce((a, b) => a + b, 0) * 1000) / 1000;
    if (shares.length > 1) panel.append(el("p", `${SEVERAL ? `${shortOf(source)}: ` : ""}${t(sum === 100 ? "sum.whole" : sum < 100 ? "sum.rest" : "sum.over", { sum: percent(sum), rest: percent(Math.round((100 - sum) * 1000) / 1000) })}`, "small"));
  }
}

function addShares(panel, id) {
  const rows = sharesOf(id).filter((row) => nodes.has(row.owner) && nodes.has(row.asset));
  const worked = rows.filter((row) => shareProduct(row));
  if (!worked.length) return;
  const list = el("ul");
  for (const row of worked) {
    const line = el("li");
    line.append(nameAndCard(row.owner === id ? row.asset : row.owner), el("span", shareValue(row), "share"), el("span", `${SEVERAL ? `${shortOf(shareSource(row).source)}: ` : ""}${shareProduct(row)}`, "small"));
    list.append(line);
  }
  panel.append(el("h3", t("effective")), list);
}

function remarks(edge) {
  const parts = [];
  if (edge.role) parts.push(term(edge.role));
  if (edge.relation === "stake" && !isSized(edge)) parts.push(t("unstated"));
  if (edge.relation === NAMED) parts.push(t("nostake"));
  if (edge.basis) parts.push(term(edge.basis));
  if (edge.certainty && edge.certainty !== "stated") parts.push(term(edge.certainty));
  if (edge.relation === "participant") parts.push(...[periodOf(edge)].filter(Boolean));
  else parts.push(...heldWhen(edge));
  if (state.year !== "") parts.push(t(`holds.${holdsIn(edge, state.year)}`, { year: state.year }));
  return parts;
}

/* A start with bounds gets no "from": "from by 2013" is not English. */
const fromWhen = (date) => (/[[/]/.test(date) ? formatDate(date) : t("since", { date: formatDate(date) }));

/* An end known only as a bound: "until 2014 at the latest". */
const untilWhen = (date) => (isBound(date) ? t("date.latest", { date: untilWhen(date.slice(3, -1)) }) : t("until", { date: formatDate(date) }));

/* From when, as of when and until when something held. */
const heldWhen = ({ since, asof, until }) => [since && fromWhen(since), asof && t("asof", { date: formatDate(asof) }), until && untilWhen(until)].filter(Boolean);

const periodOf = ({ since, until }) => (until && !since ? untilWhen(until) : formatDate(unique([since, until].filter(Boolean)).join("/")));
/* The dates of a line: without an end it began at its start, unless it is part of something at one moment. */
const lineWhen = ({ relation, since, until }) => (since && !until && relation !== "participant" ? fromWhen(since) : periodOf({ since, until }));

function addLinks(panel, id, fits = () => true) {
  const groups = new Map();
  const behind = (edge) => edge.relation === "stake" && edge.basis === "indirect";
  const other = (edge) => nameOf(nodes.get(edge.from === id ? edge.to : edge.from));
  for (const edge of mergeSaid(linksOf(id).filter(fits)).sort((a, b) => behind(a) - behind(b) || byName(other(a), other(b)))) {
    const title = behind(edge) ? t(edge.from === id ? "indirect.holds" : "indirect.held") : relation(edge.relation, edge.from === id ? 0 : 1);
    groups.set(title, [...(groups.get(title) ?? []), edge]);
  }
  for (const [title, lines] of groups) {
    const list = el("ul", "", lines.length > 30 ? "members" : "");
    if (lines.length > 30) list.tabIndex = 0;
    for (const edge of lines.slice(0, 500)) {
      const row = el("li");
      row.append(nameAndCard(edge.from === id ? edge.to : edge.from), el("span", `${!edge.differ && isApart(edge) ? "≠ " : ""}${shareText(edge)}`, `share${isApart(edge) ? " differ" : ""}`));
      if (edge.said) row.append(...edge.said.flatMap((one) => [el("span", `${shortOf(one.source)}: ${[edge.differ || edge.later || sizeOf(one) !== sizeOf(edge) ? shareText(one) : "", ...remarks(one)].filter(Boolean).join("; ")} `, "small"), ...(one.where?.length ? [cite(one.where)] : [])]).reduce(joinCites, []));
      else {
        const notes = remarks(edge);
        const who = SEVERAL && state.source === "" && edge.source ? `${shortOf(edge.source)}: ` : "";
        const line = el("span", `${who}${notes.join("; ")}${notes.length ? " " : ""}`, "small");
        if (edge.where?.length) line.append(cite(edge.where));
        if (line.hasChildNodes()) row.append(line);
      }
      list.append(row);
    }
    panel.append(el("h3", title), list);
    if (lines.some((edge) => edge.to === id && edge.relation === "stake")) addSum(panel, lines);
  }
}

/* A citation precedes it on the line. */
function joinCites(rows, part) {
  if (part.className === "cite" && rows.length) rows[rows.length - 1].append(part);
  else rows.push(part);
  return rows;
}

/* Further facts: a home state that is not a link of the network, the phase of a project, an announced investment. */
function addFacts(panel, node, fits = () => true) {
  const linked = linksOf(node.id).some((edge) => HOME.has(edge.relation));
  const facts = (node.facts ?? []).filter(inSource).filter((fact) => fits(fact) && (fact.kind !== "home" || !linked));
  for (const kind of unique(facts.map((fact) => fact.kind))) {
    const list = el("ul");
    for (const [fact, ...again] of sameAmounts(facts.filter((one) => one.kind === kind))) {
      const row = el("li");
      const value = fact.amount ? t("usd", { amount: number(Number(fact.amount)) }) : fact.kind === "home" ? country(fact.value) : fact.printed || capital(term(fact.value ?? ""));
      row.append(el("span", value), el("span", fact.date && fact.kind !== "phase" ? periodOf({ since: fact.date, until: fact.until }) : phaseWhen(fact), "share"));
      row.append(...[fact, ...again].map(factNotes).filter((line) => line.hasChildNodes()));
      if (again.length) row.append(el("span", t("fact.again"), "small"));
      list.append(row);
    }
    panel.append(el("h3", t(`fact.${kind}`)), list);
  }
}

/* Facts; an amount that a source states more than once is listed once. */
function sameAmounts(facts) {
  const groups = new Map();
  for (const [place, fact] of facts.entries()) {
    const key = fact.amount ? `${fact.source ?? ""} ${fact.amount}` : place;
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  return [...groups.values()];
}

/* The subject of a fact, its status and certainty, and its citation. */
function factNotes(fact) {
  const notes = [fact.status, fact.certainty === "stated" ? "" : fact.certainty].filter(Boolean).map(term);
  const line = el("span", [SEVERAL && fact.source ? `${shortOf(fact.source)}:` : "", notes.join("; ")].filter(Boolean).join(" ").replace(/(.)$/, "$1 "), "small");
  if (fact.where) line.append(cite(fact.where.split("; ")));
  return line;
}

/* The content as sortable tables; long ones are extended on demand. */
const PAGE = 100;
const PHONE_ROWS = 12; // rows on a phone at first
const tables = []; // {title, heads, rows: [{cells, sort, id}], numeric}; a cell is a text, {id, text} or {text, make()}

function drawTables() {
  const section = $("table");
  section.replaceChildren();
  for (const table of tables) {
    const heading = el("h2", `${table.title()} `);
    const rows = table.rows();
    heading.append(el("span", number(rows.length), "count"));
    if (GRAPH && SOURCES.length) {
      section.append(foldedTable(table, heading, rows));
      continue;
    }
    const scroll = el("div", "", "scroll", { tabindex: 0, role: "region", "aria-label": table.title() });
    scroll.append(tableOf(table, rows));
    section.append(heading, scroll);
  }
}

/* The table of a network opens on demand, because the picture comes first; not for the user's own graph. */
function foldedTable(table, heading, rows) {
  const fold = el("details", "", "fold"), summary = el("summary");
  summary.append(heading);
  fold.append(summary);
  const fill = () => {
    const scroll = el("div", "", "scroll", { tabindex: 0, role: "region", "aria-label": table.title() });
    scroll.append(tableOf(table, rows));
    fold.append(scroll);
  };
  fold.addEventListener("toggle", () => {
    table.open = fold.open;
    if (fold.open && fold.childElementCount === 1) fill();
  });
  if (table.open) {
    fill();
    fold.open = true;
  }
  return fold;
}

/* The links to the tables open the first. */
function listenTables() {
  for (const link of document.querySelectorAll('a[href="#table"]')) link.addEventListener("click", (event) => {
    event.preventDefault(); // the address is the state
    tables[0].open = true;
    drawTables();
    $("table").scrollIntoView();
    $("table").querySelector("summary, .scroll")?.focus({ preventScroll: true });
  });
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
  const sorted = sortRows(rows, table.sorted), first = Math.max(PHONE_ROWS, 1 + sorted.findIndex((row) => row.ids?.includes(state.chosen)));
  const add = (from) => {
    const page = from === 0 && phone() ? first : table.page ?? PAGE;
    for (const row of sorted.slice(from, from + page)) body.append(rowOf(row, table));
    if (sorted.length <= from + page) return;
    const more = el("tr"), cell = el("td", "", "", { colspan: table.heads().length }), button = el("button", t("more"), "", { type: "button" });
    button.addEventListener("click", () => { more.remove(); add(from + page); });
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
  const heads = table.heads();
  row.cells.forEach((cell, column) => {
    const made = el("td", "", table.numeric.includes(column) ? "number" : "");
    made.dataset.head = heads[column]; // on a phone the cells of a row are stacked
    if (cell.make) made.append(cell.make());
    else if (typeof cell === "object") made.append(goTo(cell.id, cell.text));
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
  const holding = DATA.kind === "ownership", shares = edges.some(isSized);
  const named = (a, b) => byName(nameOf(nodes.get(a)), nameOf(nodes.get(b)));
  tables.push({
    id: "lines", numeric: shares ? [3] : [], title: () => t("lines"),
    heads: () => [t(holding ? "col.owner" : DIRECTED ? "col.from" : "col.name"), t("col.relation"), t(holding ? "col.owned" : DIRECTED ? "col.to" : "col.linked"), ...(shares ? [t("col.share")] : []), t("col.remarks"), t("col.date"), ...(SEVERAL ? [t("col.source")] : []), t("col.where")],
    rows: () => [...visibleGraph().lines].sort((a, b) => named(a.from, b.from) || named(a.to, b.to)).map((edge) => ({
      ids: [edge.from, edge.to],
      cells: [
        link(edge.from), relation(edge.relation, 0), link(edge.to), ...(shares ? [sizeText(edge)] : []),
        remarks({ ...edge, since: "", until: "" }).join("; "), lineWhen(edge), ...(SEVERAL ? [shortOf(edge.source)] : []), (edge.where ?? []).map(formatPlace).join("; "),
      ],
      sort: shares ? { 3: edge.share ?? edge.low ?? edge.high ?? -1, 5: date(edge) } : { 4: date(edge) },
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

/* Source marks on a line: one disc per source, filled if it states the line, hollow if not, in a separate colour if the
   sources differ; and the announced amounts next to the assets. */
const MARKS = SEVERAL && DATA.kind === "ownership";
const FEW_SOURCES = 3; // above this number, the marks are one text: "2 of 5"
const MARK = { size: 11, step: 15, least: 6.2, most: 7 };

/* A letter for each source: the first letter of its short name that no earlier source has. */
const LETTERS = SOURCES.reduce((letters, source) => {
  const free = [...source.short.toUpperCase()].find((letter) => /[A-Z\d]/.test(letter) && ![...letters.values()].includes(letter));
  return letters.set(source.name, free ?? "?");
}, new Map());

const saidBy = (edge) => (edge.said ?? [edge]).map((one) => one.source);
const describedBy = (id) => unique(incident.get(id).filter((edge) => !HOME.has(edge.relation)).map((edge) => edge.source));

/* The marks of a line: none with one source; in the overview only if sources differ, or if only one of several sources that
   mention the asset, or only a later one, states it. */
function marksOf(edge, always) {
  if (!MARKS || state.source !== "" || HOME.has(edge.relation) || edge.relation === "bundle") return [];
  const said = saidBy(edge), apart = isApart(edge) || edge.later || !said.includes(SOURCES[0].name) || describedBy(edge.to).length > said.length;
  if (!always && !apart) return [];
  return SOURCES.map((source) => ({ letter: LETTERS.get(source.name), said: said.includes(source.name), differ: isApart(edge) && said.includes(source.name) }));
}

const marksWidth = (marks) => (!marks.length ? 0 : marks.length > FEW_SOURCES ? widthOf(fewOf(marks), MARK.size, 650) + 8 : marks.length * MARK.step + 3);
const fewOf = (marks) => t("marks.of", { count: marks.filter((mark) => mark.said).length, all: marks.length });

/* The marks, right-aligned at x. */
function markParts(marks, x, y, size, alpha) {
  if (!marks.length) return [];
  if (marks.length > FEW_SOURCES) return labelParts(fewOf(marks), x, y, MARK.size, alpha, marks.some((mark) => mark.differ) ? DIFFER : { weight: 650 });
  const radius = Math.min(MARK.most, Math.max(MARK.least, size * 0.54));
  const patch = shape(roundedRect(x - marks.length * MARK.step - 1, y - radius, marks.length * MARK.step + 2, 2 * radius, 2), { fill: ink.halo, alpha: patchAlpha(alpha) });
  return [patch, ...marks.flatMap((mark, place) => {
    const at = x - (marks.length - place - 0.5) * MARK.step;
    const [fill, stroke, letter] = mark.differ ? [ink.differ, ink.ink, ink.ink] : mark.said ? [ink.ink, ink.ink, ink.paper] : [ink.paper, ink.line, ink.muted];
    return [shape(circle(at, y, radius - 0.5), { fill, stroke, width: 1, alpha }), textPart(mark.letter, at, y + 3.9, { size: MARK.size, weight: 650, anchor: "middle", fill: letter, alpha })];
  })];
}

/* A line in words: "Daewoo holds 11.6 % (Sanborn & Yong, 2013); 11.7 % (GEM, 2025), they differ". */
function lineInWords(edge) {
  const year = (name) => SOURCES.find((source) => source.name === name)?.year;
  const one = (said) => `${[shareText({ ...said, said: undefined }) || (said.relation === NAMED ? t("nostake") : said.relation === "stake" ? t("unstated") : relation(said.relation, 0).toLowerCase()), said.basis === "indirect" ? term("indirect") : ""].filter(Boolean).join(" ")}${said.source && SOURCES.length ? ` (${[shortOf(said.source), year(said.source)].filter(Boolean).join(", ")})` : ""}`;
  const told = (edge.said ?? [edge]).map(one).join("; ");
  return `${nameOf(nodes.get(edge.from))}: ${told}${edge.differ ? `, ${t("marks.differ")}` : isApart(edge) ? `, ${t("marks.level")}` : ""}`;
}

/* --- amounts ---------------------------------------------------------------------------------------------- */
/* The amounts announced for a project, without duplicates, never added up: "21, 38, 50". */
function amountsOf(node) {
  if (DATA.kind !== "ownership" || node.group || !(ASSETS.has(node.type) || investedIn(node)) || view.drawn.some((edge) => edge.from === node.id)) return "";
  return unique((node.facts ?? []).filter((fact) => fact.kind === "investment" && fact.amount && inSource(fact)).map((fact) => number(Number(fact.amount)))).join(", ");
}

/* Suggestions under the search field of a network: kind, other names, the reason; for another page, which page. */
const SUGGESTIONS = 8;
const ELSEWHERE = (DATA.elsewhere ?? []).map((row) => ({ ...row, folded: [row.label, row.es ?? "", ...(row.names ?? [])].map(foldAccents), known: knownWords(row) }));

/* The other name that matched, empty if the entry's own name has all the words. */
function otherName(name, names, words) {
  const has = (text) => words.every((word) => foldAccents(text).includes(word));
  return has(name) ? "" : names.find(has) ?? "";
}

/* Matches for a text, best first: {id, name, about, page}; at most eight, up to three from other pages, more if there is room. */
function suggest(text) {
  const words = foldAccents(text).split(/\s+/).filter(Boolean), wanted = wantedWords(text);
  if (!wanted.length) return [];
  const here = search(text).map((node) => ({
    id: node.id, name: nameOf(node),
    about: [term(node.event ?? node.type), node.country && node.type !== "State" ? country(node.country) : "", node.date ? formatDate(node.date) : "", alsoNamed(otherName(nameOf(node), [node.label, node.es ?? "", ...(node.names ?? [])], words))],
  }));
  const rank = (row) => (row.folded.includes(words.join(" ")) ? 0 : row.folded[0].startsWith(words[0]) ? 1 : 2);
  const away = ELSEWHERE.filter((row) => hasWords(wanted, row.folded.join("\u0000"), row.known)).sort((a, b) => rank(a) - rank(b) || byName(a.label, b.label)).map((row) => {
    const name = (state.lang === "es" && row.es) || row.label;
    return { id: row.id, name, page: row.page ?? "", away: true, about: [term(row.type), alsoNamed(otherName(name, [row.label, ...(row.names ?? [])], words)), row.page ? t("suggest.page", { page: t(`nav.${row.page}`) }) : t("suggest.data")] };
  });
  const first = here.slice(0, Math.max(SUGGESTIONS - 3, SUGGESTIONS - away.length));
  return [...first, ...away.slice(0, SUGGESTIONS - first.length)];
}
const alsoNamed = (name) => (name ? t("suggest.also", { name }) : "");

/* `go(id)` opens a name of this page, `light(ids, one)` highlights the matches and the chain of one. */
function listenSuggestions(go, light) {
  const field = $("find"), list = $("hints");
  let rows = [], active = -1;
  const close = () => {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const point = (place) => {
    active = place;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === place)));
    if (list.children[place]?.id) field.setAttribute("aria-activedescendant", list.children[place].id);
    else field.removeAttribute("aria-activedescendant");
    const found = search(field.value).filter((node) => view.layout?.places.has(view.at(node.id))).map((node) => node.id);
    light(field.value.trim() ? search(field.value).map((node) => node.id) : null, rows[place] ? (rows[place].away ? null : rows[place].id) : found.length === 1 ? found[0] : null);
  };
  const show = () => {
    rows = suggest(field.value);
    list.replaceChildren(...rows.map((row, place) => suggestion(row, place, () => pick(row))), ...(field.value.trim() && !rows.length ? [el("li", t("found.none"), "none", { role: "option", "aria-disabled": "true", "aria-selected": "false" })] : []));
    list.hidden = !field.value.trim();
    field.setAttribute("aria-expanded", String(!list.hidden));
    $("found").textContent = list.hidden ? "" : tPage(rows.length === 0 ? "found.none" : rows.length === 1 ? "found.one" : "found.many", { count: number(rows.length) });
    point(-1);
  };
  const pick = (row) => {
    if (!row) return;
    if (row.away && !pageAddress(row)) return;
    close();
    light(null, null);
    $("found").textContent = "";
    if (row.away) location.href = pageAddress(row);
    else go(row.id);
  };
  field.addEventListener("input", show);
  field.addEventListener("focus", () => { if (field.value.trim()) show(); });
  field.addEventListener("blur", () => {
    if (list.hidden) return; // picked
    close();
    light(field.value.trim() ? search(field.value).map((node) => node.id) : null, null);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows.length) {
      event.preventDefault();
      if (list.hidden) show();
      point((active + step + rows.length + (active < 0 && step < 0 ? 1 : 0)) % rows.length);
    } else if (event.key === "Enter") pick(rows[Math.max(active, 0)] ?? suggest(field.value)[0]);
    else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
}

function suggestion(row, place, pick) {
  const option = el("li", "", row.away && !pageAddress(row) ? "nowhere" : "", { role: "option", id: `hint-${place}`, "aria-selected": "false" });
  const [kind, ...why] = row.about.filter(Boolean);
  option.append(el("span", row.name, "name", { dir: "auto" }), el("span", kind ?? "", "kind"), ...(why.length ? [el("span", why.join(" · "), "why")] : []));
  option.addEventListener("click", pick);
  return option;
}

/* The address of another page or of a card; empty if it cannot be reached from this page. */
function pageAddress({ id, page }) {
  const link = page && document.querySelector(`nav a[href*="${page}"]`);
  if (!link) return cardOf(id);
  const parameters = new URLSearchParams(link.hash.slice(1));
  parameters.set("chosen", id);
  return `${link.href.split("#")[0]}#${parameters}`;
}

/* Search, filters, language, theme, menus: controls change the state, and the page is updated from the state. */
function listenHeader() {
  $("language").addEventListener("click", (event) => {
    event.preventDefault();
    change({ lang: state.lang === "en" ? "es" : "en" });
    keepChoice();
  });
  $("theme").hidden = false;
  $("theme").addEventListener("click", () => {
    change({ theme: dark() ? "light" : "dark" });
    keepChoice();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { applyTheme(); for (const [names, run] of watchers) if (names.includes("theme")) run(["theme"]); });
  addEventListener("hashchange", () => { change(readAddress(), false); tellMissing(); });
  watch(["lang", "source"], tellMissing);
  tellMissing();
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

/* `find(text)` returns the matching ids, best first; `go(id)` opens one; `showMatches(ids or null)` highlights them. */
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

/* Whether a filter of this page has a value; an address may name filters of another page or of changed data. */
const offered = new Map();
const unknownFilters = (wanted) => Object.fromEntries(FILTER_NAMES.filter((name) => offered.size && name !== "source" && wanted[name] !== "" && !offered.get(name)?.(wanted[name])).map((name) => [name, ""]));

/* `choices` is [[state name, values, label of a value]]; `least` adds the field for the minimum share. */
function fillFilters(choices, least) {
  const sheet = $("filter-sheet");
  if (!offered.size) {
    for (const [name, values] of choices) offered.set(name, (value) => values.includes(value));
    if (least) offered.set("min", (value) => value >= 0 && value <= 100);
    change(unknownFilters(state));
  }
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
    change({ ...NO_FILTERS, ...(GRAPH ? { source: state.source } : {}) });
    fillFilters(choices, least);
  });
  sheet.append(clear);
  countFilters();
}
function countFilters() { $("filtered").textContent = filtersOn().filter((name) => !GRAPH || name !== "source").length || ""; }

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
    $("year-shown").textContent = state.year;
    slider.classList.toggle("any", state.year === "");
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
    ["certainty", certainties(), (value) => capital(term(value))],
  ];
  fillFilters(choices, edges.some(isSized));
}

/* The sources side by side, or one: a button for each, or a menu if there are many. */
const MANY_SOURCES = 3;
function listenSources() {
  const holder = $("one-source"), choices = [["", t("said.all")], ...SOURCES.map((source) => [source.name, [source.short, source.year].filter(Boolean).join(" ")])];
  holder.hidden = !SEVERAL;
  if (!SEVERAL) return;
  const fill = () => {
    choices[0][1] = t("said.all");
    if (SOURCES.length > MANY_SOURCES) {
      const menu = el("select", "", "", { id: "source-menu", "aria-label": t("col.source") });
      menu.append(...choices.map(([name, text]) => new Option(text, name)));
      menu.value = state.source;
      menu.addEventListener("change", () => change({ source: menu.value }));
      holder.replaceChildren(menu);
    } else holder.replaceChildren(...choices.map(([name, text]) => {
      const button = el("button", text, "", { type: "button", "aria-pressed": String(state.source === name), "data-source": name });
      button.addEventListener("click", () => {
        change({ source: name });
        holder.querySelector('[aria-pressed="true"]').focus();
      });
      return button;
    }));
  };
  watch(["source", "lang"], fill);
  fill();
}

/* How many hold, are not known or do not hold in the year: counts rows of a board, otherwise drawn lines. */
function heldCounts() {
  const best = (times) => ["true", "unknown"].find((one) => times.includes(one)) ?? "false";
  const times = DATA.board ? shownBoard.rows.map(rowInYear)
    : view.drawn.filter((edge) => !HOME.has(edge.relation)).map((edge) => best((edge.said ?? edge.parts ?? [edge]).map((one) => holdsIn(one, state.year))));
  return Object.fromEntries(["true", "unknown", "false"].map((time) => [time, times.filter((one) => one === time).length]));
}

function showHeld() {
  if (!$("held")) return; // a page with its own legend
  $("held").replaceChildren(...heldEntries().map(legendEntry));
}

/* The list shown first on a phone: all names, assets at the top. */
function fillList() {
  const list = $("list");
  if (!phone()) return list.replaceChildren();
  const all = visibleGraph(), ids = highlight.matches === null ? null : new Set(highlight.matches);
  const rows = el("ul");
  const weight = (node) => (ASSETS.has(node.type) ? 0 : node.type === "State" ? 1 : 2);
  const order = (a, b) => weight(a) - weight(b) || byName(nameOf(a), nameOf(b));
  const found = all.nodes.filter((node) => (ids === null || ids.has(node.id)) && (state.year === "" || node.type !== "State")).sort(order);
  const times = state.year === "" ? [""] : ["true", "unknown", "false"], at = (time) => found.filter((node) => time === "" || nodeHolds(node) === time);
  for (const [node, time] of times.flatMap((one) => at(one).slice(0, 300).map((node, place) => [node, place === 0 ? one : ""]))) {
    if (time) rows.append(el("li", t(`list.${time}`, { year: state.year, count: number(at(time).length) }), `when ${time}`));
    const row = el("li"), link = goTo(node.id, ""), home = FILTERS.country(node)[0];
    link.dataset.id = node.id;
    const tag = el("span", codeOf(home), "tag");
    if (!tag.textContent) tag.append(svg("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, svg("path", { d: iconOf(node), fill: "#fff", "fill-rule": "evenodd" })));
    tag.style.background = `var(--${tone(home)})`;
    const about = [capital(term(node.event ?? node.type)), node.date ? formatDate(node.date) : "", ownersLine(node)].filter(Boolean).join(" · ");
    link.append(tag, el("span", shortName(node)), el("span", about, "small"));
    row.append(link);
    if (state.year !== "") row.className = nodeHolds(node);
    rows.append(row);
  }
  for (const node of highlight.matches === null ? foldNodes() : []) {
    const row = el("li"), open = el("button", node.label, "unfold", { type: "button" });
    open.addEventListener("click", () => toggleFold(node.fold));
    row.append(open);
    rows.append(row);
  }
  return list.replaceChildren(found.length ? rows : el("p", nothingText(), "small"));
}

function ownersLine(node) {
  const held = mergeSaid(linksOf(node.id).filter((edge) => edge.relation === "stake" && edge.to === node.id && edge.basis !== "indirect" && edge.certainty !== "former"));
  if (!held.length) {
    const named = unique(linksOf(node.id).filter((edge) => edge.relation === NAMED && edge.to === node.id && edge.certainty !== "former").map((edge) => nameOf(nodes.get(edge.from))));
    return named.length ? `${named.slice(0, 4).join(", ")} (${t("nostake")})` : "";
  }
  const saying = (lines) => unique(lines.flatMap((edge) => (edge.said ?? [edge]).map((one) => one.source))), all = saying(held).length;
  const by = (edge) => (saying([edge]).length < all ? ` (${saying([edge]).map(shortOf).join(", ")})` : ""); // not stated by all of them
  return held.slice(0, 4).map((edge) => `${nameOf(nodes.get(edge.from))}${isSized(edge) ? ` ${shareText(edge)}` : ""}${by(edge)}`).join(", ");
}

/* Printing: the picture on a landscape page, in the light theme; the table on request. The printed parts are always in the
   page, because a browser that prints on its own sends no event beforehand. */

function listenPrint() {
  let previous = "", due = 0;
  const switchTheme = (theme) => {
    state.theme = theme;
    applyTheme();
    for (const [names, run] of watchers) if (names.includes("theme")) run(["theme"]);
  };
  addEventListener("beforeprint", () => {
    previous = state.theme;
    switchTheme("light");
    makePrintable();
  });
  addEventListener("afterprint", () => {
    document.body.classList.remove("print-table");
    switchTheme(previous);
  });
  const later = () => { clearTimeout(due); due = setTimeout(makePrintable, 150); };
  watch(Object.keys(EMPTY), later);
  addEventListener("resize", later);
  if (!$("print")) return;
  const both = el("button", t("print.table"), "", { type: "button", id: "print-table", "data-t": "print.table" });
  both.addEventListener("click", () => {
    for (const table of tables) Object.assign(table, { open: true, page: Infinity }); // including collapsed or long ones
    drawTables();
    document.body.classList.add("print-table");
    print();
  });
  $("print").after(both);
}

function makePrintable() {
  const root = document.documentElement;
  if (GRAPH && view.layout) { // a network on a canvas; all other pictures are SVG
    const { width, height } = view.layout, theme = root.dataset.theme; // the page has a title already
    root.dataset.theme = "light";
    readColours();
    const made = sceneSvg({ parts: currentScene(), title: [], dx: 2, dy: 30, width: width + 4, height: height + 36 }, document.title);
    if (theme === undefined) delete root.dataset.theme; else root.dataset.theme = theme;
    readColours();
    $("printed")?.remove();
    $("figure").append(Object.assign(made, { id: "printed" }));
  }
}

/* Charts as scenes, like the networks: SVG on the page, SVG or PNG in a file, every figure selectable. A chart is
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
      /* The visible text of an item is the start of its accessible name (WCAG 2.5.3). */
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
  if (phone()) itemOfEntry(item.dataset.id, `#${CSS.escape(item.closest(".chart").id)}`)?.scrollIntoView({ block: "nearest" }); // the panel covers the lower half
};
const itemOfEntry = (id, inside) => [...document.querySelectorAll(`${inside} .item`)].find((item) => item.dataset.id === id);

/* Scroll to the row or item of an entry; with `take`, also move the keyboard focus. */
function scrollToItem(id, inside, take) {
  const item = itemOfEntry(id, inside);
  if (!item) return;
  if (take) moveFocus(item);
  const box = item.getBoundingClientRect();
  if (!phone() && box.top >= 0 && box.bottom <= innerHeight) return; // a selection does not scroll the page
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
  const blocks = [...document.querySelectorAll("#charts > *")].map((block) => block.getBoundingClientRect()).map((box) => [box.top - frame.top + 40, box.bottom - frame.top + 52]);
  return { parts, title, dx: 0, dy: 0, width: frame.width + 8, height, blocks, seen: 46 - frame.top };
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
const inTab = (entry) => entry.tab === undefined || entry.tab === state.open; // of a page with tabs
const fits = (entry) => fitsBut("", entry);
/* Whether an entry passes all filters but one: used for the counts of that filter's options. */
function fitsBut(one, entry) {
  const wanted = FILTER_NAMES.filter((name) => name !== "min" && name !== one && state[name] !== "");
  return inTab(entry) && wanted.every((name) => (name === "source" ? inSource(entry) : [entry[name]].flat().includes(state[name]))) && (highlight.matches === null || highlight.matches.includes(entry.id));
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
  panel.replaceChildren(close, headingOf(entry.about?.[0] ?? entry.id, entryName(entry)), ...facts, el("h3", t("col.where")), places(entry.where));
  panel.scrollTop = 0;
}

/* Redraw and restore the keyboard focus. */
function keepFocus(draw) {
  const at = document.activeElement?.closest?.("#charts .item"), chart = at?.closest(".chart")?.id, id = at?.dataset.id;
  draw();
  const again = id === undefined ? null : itemOfEntry(id, document.getElementById(chart) ? `#${CSS.escape(chart)}` : "#charts");
  if (again) moveFocus(again);
}

/* `draw(width)` fills `charts` and the page; `lines`, `sentence` and `table` return the contents of the panel, an item's name
   and the table. Entries that do not match filters and search are faded or, with `hideFiltered`, not drawn. With `drawsEmpty`
   a page without entries is also drawn. */
function startFigures({ draw, lines, table, choices, text, hideFiltered = false, drawsEmpty = false, rows = "#charts" }) {
  tables.push(table);
  const redraw = () => keepFocus(() => {
    charts.length = 0;
    if (entries.size || drawsEmpty) draw(Math.max(240, $("charts").clientWidth - (phone() ? 32 : 40)));
    else $("charts").replaceChildren(el("p", t("nothing.said"), "warning", { role: "note" }));
    updateItems();
    fitPanel();
  });
  const applyFilter = () => (hideFiltered ? redraw() : updateItems());
  const filter = () => fillFilters([...choices(), ...(SEVERAL ? [["source", SOURCES.map((source) => source.name), shortOf]] : [])], false);
  listenSearch((typed) => {
    const wanted = wantedWords(typed);
    const found = [...entries.values()].filter((entry) => inTab(entry) && hasWords(wanted, foldAccents(text(entry)), likenedAll(text(entry))));
    const whole = ` ${wordsOf(typed).join(" ")} `, named = ({ label, es = "", names = [] }) => [label, es, ...names].map((name) => ` ${wordsOf(name).join(" ")} `);
    const rank = (names) => (names.includes(whole) ? 0 : names.some((name) => name.startsWith(whole)) ? 1 : names.some((name) => name.includes(whole)) ? 2 : 3);
    const ranks = new Map(found.map((entry) => [entry.id, rank(named(entry))]));
    return [...ranks.keys()].sort((a, b) => ranks.get(a) - ranks.get(b)); // the first one is an exact match
  }, (id) => { change({ chosen: id }); scrollToItem(id, rows); }, (found) => { highlight.matches = found; applyFilter(); drawTables(); });
  watch(["lang", "theme"], () => { redraw(); filter(); });
  watch(["chosen", "lang"], () => { entryPanel(entries.get(state.chosen), lines); redraw(); });
  watch(FILTER_NAMES, () => { applyFilter(); countFilters(); $("found").textContent = [...entries.values()].some(fits) ? "" : t("nothing"); });
  watch(["story"], () => { redraw(); drawTables(); });
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

/* A section with its heading; collapsible on a phone, where it stays as the reader left it unless it must be open. */
const leftOpen = new Map();
function foldOnPhone(id, name, heading, open) {
  const made = el(phone() ? "details" : "section", "", name);
  if (!phone()) { made.append(heading); return made; }
  const summary = el("summary");
  summary.append(heading);
  made.append(summary);
  made.open = open || leftOpen.get(id) === true;
  summary.addEventListener("click", () => leftOpen.set(id, !made.open));
  return made;
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

/* The inset of the map, where many blocks are close together, and the list of sites without a location. */
/* The north-west coast at a larger scale, with names in a column on the right. */
function insetChart(inset, width) {
  const rows = [...inset].sort((a, b) => spot(a)[1] - spot(b)[1]), high = Math.max(300, rows.length * rowHeight(19) + 20), scale = high / (INSET[3] - INSET[1]), across = Math.round((INSET[2] - INSET[0]) * scale);
  const at = ([x, y]) => [(x - INSET[0]) * scale, (y - INSET[1]) * scale], parts = [], frame = [0, 0, across, high];
  for (const one of DATA.outlines) for (const ring of ringsOf(one.d)) {
    const d = polygonPath(clipBox(ring.map(at), frame));
    if (d) parts.push(shape(d, { fill: ink.card, stroke: ink.rule, width: 1 }));
  }
  parts.push(shape(`M0 0H${across}V${high}H0Z`, { stroke: ink.line, width: 1 }));
  const room = new Room(across, high), step = Math.min(rowHeight(22), (high - 16) / rows.length), named = Math.min(width - 4, across + 200);
  const drawn = rows.map((entry) => { const [x, y] = at(spot(entry)), found = room.near(x, y, 13, 13, 60) ?? { x, y, box: [x, y, x, y] }; room.take(found.box); return { entry, ...found }; });
  for (const one of DATA.outlines.filter((outline) => inBox(INSET, outline.at.map((value) => value / 100)))) {
    const [x, y] = at(one.at.map((value) => value / 100)), found = room.near(x, y, widthOf(departmentName(one), 11), 12, 40);
    if (found) parts.push(textPart(departmentName(one), found.x, found.y + 4, { size: 11, fill: ink.muted, halo: ink.card, anchor: "middle" }));
  }
  drawn.forEach(({ entry, x, y }, i) => {
    const mine = { entry: entry.id }, line = 14 + i * step, alpha = HOLD_ALPHA[siteHolds(entry)];
    parts.unshift(shape(`M${round(x)} ${round(y)}L${across + 12} ${round(line)}`, { stroke: ink.rule, width: 1 }));
    parts.push(...[...tapParts(across + 28, line), ...symbolParts(entry.type, coloursOf(entry), x, y, { size: 13, alpha, ring: entry.id === state.chosen ? ink.accent : "" })].map((part) => ({ ...part, ...mine })));
    parts.push({ ...textPart(truncate(siteLabel(entry), 13, width - across - 20), across + 16, line + 4.5, { fill: ink.ink, weight: weightOf(entry) < 2 ? 650 : 400 }), ...mine });
  });
  return { id: "inset", small: true, title: t("map.inset"), width: named, height: high + 2, parts: sortBelow(parts) };
}
/* Lines to the names are above the land and below the symbols. */
const sortBelow = (parts) => [...parts.filter((part) => !part.entry && part.fill), ...parts.filter((part) => !part.entry && !part.fill), ...parts.filter((part) => part.entry)];

/* The sites without a location, as a list with their symbols. */
function restChart(rest, width) {
  const rows = [...rest].sort((a, b) => KIND_ORDER.indexOf(a.type) - KIND_ORDER.indexOf(b.type) || byWeight(a, b)), columns = Math.max(1, Math.floor(width / 230)), deep = Math.ceil(rows.length / columns), room = width / columns, parts = [];
  rows.forEach((entry, i) => {
    const x = Math.floor(i / deep) * room, y = (i % deep) * rowHeight(21) + 12, mine = { entry: entry.id };
    parts.push(...[...tapParts(x + 12, y), ...symbolParts(entry.type, coloursOf(entry), x + 8, y, { size: 13, hollow: true, alpha: HOLD_ALPHA[siteHolds(entry)], ring: entry.id === state.chosen ? ink.accent : "" })].map((part) => ({ ...part, ...mine })));
    parts.push({ ...textPart(truncate(siteLabel(entry), 13, room - 30), x + 20, y + 4.5, { fill: ink.ink, weight: entry.id === state.chosen ? 650 : 400 }), ...mine });
  });
  return { id: "unplaced", small: true, title: `${t("map.rest")} · ${number(rows.length)}`, note: t("map.rest.note"), width, height: deep * rowHeight(21) + 4, parts };
}

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

/* Choose the layout and the largest font size that fits the window: columns or a ladder. */
const SIZES = [17, 16, 15, 14.5, 14, 13.5, 13, 12.5, 12, 11.5];
const TIGHT = 13; // below this size, boxes and gaps are as small as the text allows
const RUNGS = 20;

function boxOf(node, size, room, lines) {
  const tag = node.type === "State" ? "" : codeOf(node.country);
  const weight = node.type === "State" || node.group ? 650 : 400;
  const free = room - size * 1.45 - 12 - (tag ? widthOf(tag, size - 1) + 8 : 0);
  const wrapped = wrap(node.group ? node.label : shortName(node), size, free, lines, weight);
  const w = size * 1.45 + 12 + Math.max(...wrapped.map((line) => widthOf(line, size, weight))) + (tag ? widthOf(tag, size - 1) + 9 : 0);
  return { id: node.id, node, size, lines: wrapped, tag, w: Math.ceil(w), h: Math.round(wrapped.length * size * 1.18 + (size <= TIGHT ? 1 : 3)) };
}

function computeLayout(width, height) {
  if (!view.nodes.length) return { places: new Map(), routes: new Map(), titles: [{ text: nothingText(), left: 0, y: 12 }], spines: [], width, height: 40, size: 16 };
  const sized = phone() && state.chosen ? [15] : SIZES;
  for (const size of sized) {
    const layout = phone() ? ladderLayout(size, width) : columnLayout(size, width, height);
    if (layout.height <= height || size === sized[sized.length - 1]) return { ...layout, size };
  }
  return null;
}

function columnLayout(size, width, height) {
  const rank = DATA.kind === "ownership" && !view.levels ? ranks(view.nodes.filter((node) => !node.group), view.drawn.filter((edge) => edge.relation !== "bundle")) : null;
  const room = (edge) => (HOME.has(edge.relation) || edge.relation === "bundle" ? 4 : endLabel(edge) || marksOf(edge, chosenLine(edge)).length ? size * 1.08 : 7), needs = new Map();
  for (const edge of view.drawn) needs.set(edge.to, (needs.get(edge.to) ?? 0) + room(edge));
  const folds = view.nodes.filter((node) => node.fold).map((node) => boxOf(node, size, Math.min(340, width * 0.4), 1)), foot = folds.reduce((sum, box) => sum + box.h + 6, folds.length ? 8 : 0);
  const amounts = width < 1050 ? 0 : Math.max(0, ...view.nodes.map((node) => widthOf(amountsOf(node), size))), beside = amounts && Math.max(amounts, widthOf(t("head.amounts"), Math.max(11.5, size - 1.5), 600)) + 10;
  const boxes = view.nodes.filter((node) => !node.fold).map((node) => {
    const box = boxOf(node, size, Math.min(Math.max(width * (width < 1050 ? 0.185 : 0.215), 150), 300), view.nodes.length > 40 ? 2 : 4);
    const level = view.levels?.get(node.id) ?? rank?.get(node.id);
    const lines = node.type === "State" || node.group ? Math.min(needs.get(node.id) ?? 0, 72) : (needs.get(node.id) ?? 0) + 3;
    return { ...box, short: node.type === "State", h: Math.max(box.h, lines), ...(level === undefined ? {} : { rank: level }) };
  });
  const widest = new Map();
  for (const box of boxes) widest.set(box.rank, Math.max(widest.get(box.rank) ?? 0, box.w));
  for (const box of boxes) if (box.rank !== undefined) box.w = widest.get(box.rank);
  const order = (box) => [box.node.country ?? (box.node.type === "State" ? box.id : "~"), box.id].join();
  boxes.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const gap = size <= TIGHT ? 1 : size * 0.17;
  const layout = layeredLayout(boxes, view.drawn, { width: width - beside, height: height - foot, gap, most: size * (boxes.length > 25 ? 1.2 : 3), between: Math.max(size * 4.6, 60, ...view.drawn.map((edge) => widthOf(endLabel(edge), size) + marksWidth(marksOf(edge, chosenLine(edge))) + 24)), room });
  const heads = DATA.kind === "ownership" ? headsOf(layout) : [], last = layout.columns[layout.columns.length - 1];
  if (beside && last) heads.push({ text: t("head.amounts"), left: last.left + last.wide + 8, y: -14 });
  return placeFolds({ ...layout, titles: heads, spines: [], width: layout.width + beside, amounts: beside > 0 }, folds, last);
}

/* The folds are below the last column. */
function placeFolds(layout, folds, column) {
  if (!folds.length) return layout;
  let y = Math.max(...column.filter((box) => !box.dummy).map((box) => box.y + box.h / 2)) + 7;
  for (const box of folds) {
    const w = Math.max(box.w, column.wide), left = Math.min(column.left, layout.width - w - 4);
    layout.places.set(box.id, { ...box, w, left, x: left + w / 2, y: y + box.h / 2 });
    y += box.h + 6;
  }
  return { ...layout, height: Math.max(layout.height, y) };
}

function headsOf(layout) {
  return layout.columns.filter((column) => column.some((box) => !box.dummy)).map((column) => {
    const kinds = column.filter((box) => !box.dummy).map((box) => box.node);
    const key = kinds.every((node) => node.type === "State") ? "states" : kinds.every((node) => ASSETS.has(node.type)) ? "assets" : column === layout.columns.find((one) => one.some((box) => !box.dummy && box.node.type !== "State")) ? "owners" : "held";
    return { text: t(`head.${key}`), left: column.left, y: -14 };
  });
}

/* In the ladder, owners are listed under their home state, and each name says what it holds: "45 % of Pluspetrol Norte". */
const byHome = (a, b) => byName(a.country ? country(a.country) : "\uffff", b.country ? country(b.country) : "\uffff");
function ladderHeads(owners, chain) {
  const heads = new Map(), seen = new Set();
  for (const node of [...owners].sort((a, b) => byHome(a, b) || byName(nameOf(a), nameOf(b)))) {
    if (node.type === "State" || !node.country || seen.has(node.country) || !nodes.has(node.country) || chain.has(nodes.get(node.country))) continue;
    seen.add(node.country);
    heads.set(node.id, nodes.get(node.country));
  }
  return heads;
}
function ladderNotes(node, lines) {
  if (DATA.kind !== "ownership") return [];
  return lines.filter((edge) => edge.from === node.id && !HOME.has(edge.relation)).map((edge) => {
    const of = shortName(nodes.get(edge.to));
    return isSized(edge) ? t("ladder.share", { share: endLabel(edge), of }) : t(edge.relation === NAMED ? "ladder.named" : "ladder.holds", { of });
  });
}

function ladderLayout(size, width) {
  const around = state.chosen ? chainAround(state.chosen) : new Set();
  const held = new Set(view.drawn.filter((edge) => !HOME.has(edge.relation) && around.has(edge.from) && around.has(edge.to)).flatMap((edge) => [edge.from, edge.to]));
  const chain = view.nodes.filter((node) => around.has(node.id) && (node.id === state.chosen || node.type !== "State" || held.has(node.id)));
  const order = DATA.kind === "ownership" ? ranks(chain, view.drawn) : new Map(chain.map((node) => [node.id, DEALINGS.has(node.type) ? 1 : 0]));
  const least = Math.min(...order.values());
  const heads = DATA.kind === "ownership" ? ladderHeads(chain.filter((node) => order.get(node.id) === least), new Set(chain)) : new Map();
  const sorted = chain.map((node) => [node, order.get(node.id) - least]).sort(([a, x], [c, y]) => x - y || (x === 0 && heads.size ? byHome(a, c) : 0) || (a.start ?? 9999) - (c.start ?? 9999) || byName(nameOf(a), nameOf(c)));
  const few = sorted.filter(([node], place) => node.id === state.chosen || place < RUNGS);
  const ids = new Set(few.map(([node]) => node.id));
  const joins = (edge) => DATA.kind === "ownership" || edge.from === state.chosen || edge.to === state.chosen;
  const lines = view.drawn.filter((edge) => ids.has(edge.from) && ids.has(edge.to) && joins(edge) && (!HOME.has(edge.relation) || edge.from === state.chosen));
  const gutter = 40 + tracksOf(lines).many * 9;
  const room = Math.max(120, width - gutter - 40);
  const rows = few.flatMap(([node, depth]) => {
    const box = boxOf(node, size, room, 4), small = Math.max(11, size - 2.5), rest = size * 1.45 + 14 + (box.tag ? widthOf(box.tag, size) + 8 : 0);
    const notes = ladderNotes(node, lines).flatMap((note) => wrap(note, small, room - rest, 2)), wide = Math.max(box.w, ...notes.map((note) => widthOf(note, small) + rest));
    const head = heads.get(node.id), state = head && { ...boxOf(head, size, room, 1), depth: 0 };
    return [...(state ? [state] : []), { ...box, notes, w: wide, h: box.h + notes.length * small * 1.25, depth: Math.min(depth, 4) }];
  });
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
  if (group?.fold) toggleFold(group.fold);
  else if (group) openGroup(id);
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
  // vis-network learns a box's size when drawing it, and uses it for hit testing at the next refresh.
  view.network.redraw();
  view.network.setOptions({ groups: {} });
  view.network.redraw();
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
    const lines = DATA.kind === "ownership" && !node.group ? view.drawn.filter((edge) => edge.to === node.id && !HOME.has(edge.relation) && edge.relation !== "bundle").map(lineInWords) : [];
    if (lines.length) option.textContent += `. ${lines.join(". ")}`;
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

/* The legend of a network: colours, icons and line styles, on the page and in exported files. */
const LEGEND = { high: 16, size: 13, row: 24, gap: 18 };

function legendEntries() {
  if (MINES) return [...lineEntries(), ...markEntries(), ...signEntries().filter(({ mine }) => mine), { width: 0, parts: [], text: t("legend.homes") }];
  return [...homeEntries(), ...signEntries(), ...lineEntries()];
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
  return [...signs].map(([d, kinds]) => ({ mine: [ICONS.triangle, ICONS.drop].includes(d), width: 14, parts: [{ d, fill: ink.muted, move: [0, 1, 1] }], text: truncate(kinds.slice(0, 3).join(", "), LEGEND.size, 260) }));
}

function lineEntries() {
  const ruled = (style, cap) => [shape("M0 8H30", { stroke: ink.muted, width: 2, dash: DASHES[style], cap })];
  const all = {
    solid: { width: 30, parts: [shape("M0 5.5H15V10.5H0ZM15 6.5H30V9.5H15Z", { fill: ink.muted })], text: t("legend.solid") },
    dashed: { width: 30, parts: ruled("dashed", "butt"), text: t("legend.dashed") },
    dotted: { width: 30, parts: ruled("dotted", "round"), text: t("legend.dotted") },
    former: { width: 30, parts: ruled("former", "butt"), text: t("legend.former") },
  };
  const hollow = [shape("M0 8H22", { stroke: ink.muted, width: 3.6 }), shape("M0 8H22", { stroke: ink.paper, width: 1.6 }), shape("M29 8l-8 -3.6v7.2z", { fill: ink.paper, stroke: ink.muted, width: 1 })];
  const named = { width: 30, parts: hollow, text: t("legend.named") };
  if (SEVERAL && edges.some(isSized)) {
    const lines = mergeSaid(edges.filter((edge) => edge.relation === "stake" && inSource(edge)));
    const patch = (text, fill) => [shape(roundedRect(0, 0, 50, 16, 2), { fill }), textPart(text, 25, 12, { size: 11, weight: 650, anchor: "middle", fill: ink.ink })];
    if (lines.some((edge) => edge.differ)) all.differ = { width: 50, parts: patch("1 ≠ 2 %", ink.differ), text: t("legend.differ") };
    if (lines.some((edge) => !edge.differ && isApart(edge))) all.level = { width: 50, parts: patch("≠ 1 %", ink.differ), text: t("legend.level") };
    if (lines.some((edge) => edge.later)) all.later = { width: 50, parts: patch("1 → 2 %", ink.band), text: t("legend.later") };
  }
  return [...Object.values(all), ...(edges.some((edge) => edge.relation === NAMED) ? [named] : [])];
}

/* The meaning of the source marks, with their letters. */
function markEntries() {
  if (!MARKS || state.source !== "" || SOURCES.length > FEW_SOURCES) return [];
  const said = (says, differ) => markParts(SOURCES.map((source, place) => ({ letter: LETTERS.get(source.name), said: says(place), differ })), SOURCES.length * MARK.step, 8, 12, 1).slice(1);
  const names = SOURCES.map((source) => `${LETTERS.get(source.name)} ${[source.short, source.year].filter(Boolean).join(" ")}`).join(", ");
  return [{ width: SOURCES.length * MARK.step, parts: said((place) => place === 0, false), text: t("legend.marks", { names }) }];
}

/* The three tones of a year, with the count of each; empty for all years. */
function heldEntries() {
  if (state.year === "") return [];
  const look = { true: { fill: ink.muted, stroke: ink.muted }, unknown: { fill: ink.paper, stroke: ink.muted }, false: { fill: ink.rule, stroke: ink.rule } };
  const tones = Object.entries(heldCounts()).map(([time, count]) => ({ width: 13, parts: [shape(roundedRect(1, 2.5, 11, 11, 2), { width: 1, ...look[time] })], text: tPage(`held.${time}`, { count: number(count) }) }));
  return [{ width: 0, parts: [], text: `${state.year}:`, head: true }, ...tones];
}

function legendEntry({ width, parts, text, head = false }) {
  const entry = el(head ? "b" : "span");
  if (parts.length) entry.append(svg("svg", { width, height: LEGEND.high, "aria-hidden": "true" }, ...parts.map(partSvg)));
  entry.append(text);
  return entry;
}

function drawLegend() {
  $("legend").replaceChildren(...[...legendEntries().map(legendEntry), $("held")].filter(Boolean)); // space for the counts of a year is reserved, so that nothing moves
}

/* The legend for a scene of at least this width, placed from this position down: its parts, width and height. */
function legendParts(left, top, least) {
  const entries = [...legendEntries(), ...heldEntries()].map((entry) => ({ ...entry, room: entry.width ? entry.width + 6 : 0 }));
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

/* The board in a narrow window: each dealing is a text with its line and symbol below; names are under the line. */
function phoneBoard(groups, width) {
  const size = 14, edge = 6, bar = 12, left = edge + bar + 10, right = width - edge - bar - 10, undated = 30;
  const scale = yearScale(groups.flatMap((group) => group.rows).filter((row) => row.span).map((row) => row.span), left + 8, right - undated - 8);
  const laid = { scale, right: right - undated, undated }, items = [], below = [];
  let y = 26;
  const top = y, many = groups.reduce((sum, group) => sum + group.rows.length, 0);
  for (const group of groups) {
    const title = group.head ? country(group.head) : t("board.others"), colour = ink[group.head ? tone(group.head) : "other"], first = y;
    const head = [textPart(`${title} · ${number(group.rows.length)}`, right, y + 15, { size: 16, weight: 650, anchor: "end", fill: colour })];
    y += 24;
    const ticks = scale.ticks.filter((year, i, all) => i === 0 || scale.at(year) - scale.at(all[i - 1]) > 26);
    below.push(...ticks.map((year) => textPart(String(year), scale.at(year), y + 9, { size: 11, anchor: "middle", fill: ink.muted })), textPart(t("board.undated"), laid.right + undated / 2 + 4, y + 9, { size: 11, anchor: "middle", fill: ink.muted }));
    y += 16;
    // With a year, dealings of that year come first and others last, because the list is several screens long.
    for (const row of state.year === "" ? group.rows : ["true", "unknown", "false"].flatMap((time) => group.rows.filter((one) => rowInYear(one) === time))) {
      const made = phoneRow(row, y, { ...laid, left, width, edge, bar, size, colour, bold: ["agreement", "visit"].includes(row.sign) ? 600 : 400, end: right });
      items.push(made.item);
      y = made.bottom;
    }
    items.push({ id: group.head || "others", kind: group.head ? "bar" : "plain", label: `${title}, ${t("board.count", { count: group.rows.length })}`, parts: [shape(roundedRect(width - edge - bar, first, bar, y - first - 6, 3), { fill: colour }), ...head] });
    y += 10;
  }
  items.unshift({ id: BOARD.home, kind: "bar", label: `${country(BOARD.home)}, ${t("board.count", { count: many })}`, parts: [shape(roundedRect(edge, top, bar, y - top - 16, 3), { fill: ink[tone(BOARD.home)] }), textPart(`${country(BOARD.home)} · ${number(many)}`, edge, 17, { size: 16, weight: 650, fill: ink[tone(BOARD.home)] })] });
  if (state.year !== "") below.push(textPart(heldSentence(), width - edge, 17, { size: 12, weight: 600, anchor: "end", fill: ink.accent }));
  return { below, items, height: y };
}

function phoneRow(row, top, { left, end, size, colour, bold, scale, right, undated, edge, bar, width }) {
  const date = rowDate(row), lines = wrap([date, nameOf(nodes.get(row.id))].filter(Boolean).join(" "), size, end - left, 4, bold), parts = [];
  let y = top + size + 3;
  lines.forEach((line, i) => {
    if (i === 0 && date && line.startsWith(date)) {
      parts.push(textPart(`${date} `, left, y, { size, fill: ink.muted }), textPart(line.slice(date.length).trim() + (lines.length > 1 ? " " : ""), left + widthOf(`${date} `, size), y, { size, weight: bold, fill: ink.ink }));
    } else parts.push(textPart(i < lines.length - 1 ? `${line} ` : line, left, y, { size, weight: bold, fill: ink.ink }));
    y += size * 1.25;
  });
  const mark = markOf(row, { scale, right, undated });
  parts.push(shape(`M${edge + bar} ${round(y)}H${round(width - edge - bar)}`, { stroke: colour, width: 1, alpha: 0.5 }), ...rowMark(row, mark, y, size, colour));
  y += 8;
  const who = actorsOf(row).filter((id) => nodes.get(id)?.type !== "State" && !(row.beside ?? []).includes(id)).map((id) => nameOf(nodes.get(id))).join(" · ");
  if (who) {
    for (const line of wrap(who, 12, end - left, 2)) {
      y += 12;
      parts.push(textPart(line, left, y, { size: 12, fill: ink.accent }));
      y += 3;
    }
  }
  return { item: { id: row.id, kind: "row", label: rowSentence(row), parts }, bottom: y + 4 };
}

/* The panel of the board: both sides of a dealing and what each source says; for anyone else, the dealings they took part in. */
const FIRST_ROWS = 12;

function fillBoardPanel(id) {
  const panel = $("panel"), row = mergedRows().find((one) => one.id === id || one.said.some((said) => said.folded?.includes(id)));
  if (row) {
    boardPanelHead(panel, nodes.get(row.id), [capital(term(nodes.get(row.id).event ?? nodes.get(row.id).type)), rowDate(row) || t("undated")]);
    addSaid(panel, row);
    addSides(panel, row);
    addFacts(panel, nodes.get(row.id), (fact) => !DATE_FACTS.includes(fact.kind));
    return addCitations(panel, (nodes.get(row.id).where ?? []).filter(placeInSource));
  }
  const node = nodes.get(id);
  if (DEALINGS.has(node.type)) return fillPanel(id); // outside the board: its participants are its links
  const homes = node.country && node.type !== "State" ? t("home", { country: country(node.country) }) : "";
  boardPanelHead(panel, node, [capital(term(node.type)), homes]);
  const also = (node.names ?? []).filter((name) => name !== nameOf(node));
  if (also.length) panel.append(el("p", t("also", { names: also.join("; ") }), "fact"));
  addRows(panel, boardGroups(mergedRows().filter((one) => lights(one, id))).flatMap((group) => group.rows), countsOf(id));
  addSeries(panel, id);
  addLinks(panel, id, (edge) => !["participant", "party"].includes(edge.relation));
  addFacts(panel, node);
  addCitations(panel, (node.where ?? []).filter(placeInSource));
}

function boardPanelHead(panel, node, about) {
  const close = el("button", "×", "close", { type: "button", "aria-label": t("close") });
  close.addEventListener("click", () => change({ chosen: "", only: "" }));
  startCitations();
  panel.replaceChildren(close, headingOf(node.id, nameOf(node)), el("p", about.filter(Boolean).join(" · "), "fact"));
  panel.scrollTop = 0;
}

/* The participants by side; those without a known side, and the subjects, below. */
function addSides(panel, row) {
  const kinds = (id) => ["State"].includes(nodes.get(id)?.type);
  const sides = [[t("board.side", { state: country(BOARD.home) }), [BOARD.home, ...(row.home ?? [])]]];
  for (const partner of row.partners) sides.push([t("board.side", { state: country(partner) }), [partner, ...(row.across ?? []).filter((id) => !kinds(id) && (row.partners.length === 1 || stateOf(id) === partner))]]);
  const placed = new Set(sides.flatMap(([, ids]) => ids));
  sides.push([t("board.beside"), actorsOf(row).filter((id) => !placed.has(id))]);
  for (const [title, ids] of sides.filter(([, some]) => some.length)) {
    const list = el("ul");
    for (const id of ids.filter((one) => nodes.has(one))) {
      const line = el("li"), links = linksOf(row.id).concat(...(row.folded ?? []).map((event) => linksOf(event) ?? [])).filter((edge) => edge.from === id && edge.role);
      line.append(nameAndCard(id), el("span", unique(links.map((edge) => term(edge.role))).join(", "), "small"));
      list.append(line);
    }
    panel.append(el("h3", title), list);
  }
}

/* What each source says: date, certainty, related events and citation. */
function addSaid(panel, row) {
  panel.append(el("h3", t("board.says")));
  const facts = (nodes.get(row.id).facts ?? []).filter((fact) => inSource(fact) && DATE_FACTS.includes(fact.kind));
  for (const one of row.said) {
    const list = el("ul"), events = [row.id, ...(one.folded ?? [])], dates = facts.filter((fact) => fact.source === one.source);
    if (dates.length) panel.append(datesLine(one, dates));
    else if (SEVERAL) panel.append(el("p", `${shortOf(one.source)}: ${rowDate(one) || t("undated")}`, "fact"));
    for (const id of events) {
      const links = linksOf(id).filter((edge) => edge.to === id && ["participant", "party"].includes(edge.relation) && (edge.source ?? "") === one.source), where = unique(links.flatMap((edge) => edge.where ?? []));
      if (!where.length || (id === row.id && dates.length)) continue;
      const line = el("li"), when = links.find((edge) => edge.since || edge.until), sure = links.map((edge) => edge.certainty).find((certainty) => certainty && certainty !== "stated");
      line.append(el("span", id === row.id ? t("board.this") : nameOf(nodes.get(id))), el("span", when ? periodOf(when) : "", "share"));
      if (sure) line.append(el("span", term(sure), "small"));
      line.append(cite(where));
      list.append(line);
    }
    if (list.hasChildNodes()) panel.append(list);
  }
}

/* The dates that a source gives for an agreement: "DESTA: signed 2009; in force 2010 [1]". */
const DATE_FACTS = ["signed", "in-force", "ended"];
function datesLine(one, dates) {
  const line = el("p", "", "fact said-dates"), order = (fact) => DATE_FACTS.indexOf(fact.kind);
  if (SEVERAL) line.append(el("b", shortOf(one.source)), ": ");
  line.append([...dates].sort((a, b) => order(a) - order(b)).map((fact) => t(`board.${fact.kind}`, { date: periodOf({ since: fact.date, until: fact.until }) })).join("; "), " ");
  line.append(cite(unique(dates.flatMap((fact) => (fact.where ? fact.where.split("; ") : [])))));
  return line;
}

/* How many of a state's dealings are on its bar (those with it alone), and how many are not shown. */
function countsOf(id) {
  const all = mergedRows().filter((row) => lights(row, id)), drawn = shownRows().filter((row) => lights(row, id));
  const alone = drawn.filter((row) => row.partners.length === 1 && row.partners[0] === id).length, hidden = all.length - drawn.length;
  const bar = barStates(shownRows()).includes(id) && alone < all.length ? t("board.alone", { count: number(alone), state: country(id) }) : "";
  return [bar, hidden ? t("board.hidden", { count: number(hidden) }) : ""].filter(Boolean).join(" ");
}

function addRows(panel, rows, counts) {
  if (!rows.length) return;
  const list = el("ul");
  const add = (some) => some.forEach((row) => {
    const line = el("li");
    line.append(nameAndCard(row.id), el("span", rowDate(row), "share"), el("span", [t(`sign.${row.sign}`), row.partners.map(country).join(", ")].filter(Boolean).join(" · "), "small"));
    list.append(line);
  });
  add(rows.slice(0, FIRST_ROWS));
  panel.append(el("h3", t("board.dealings", { count: number(rows.length) })), ...(counts ? [el("p", counts, "small")] : []), list);
  if (rows.length <= FIRST_ROWS) return;
  const more = el("button", t("board.all", { count: number(rows.length) }), "", { type: "button" });
  more.addEventListener("click", () => { more.remove(); add(rows.slice(FIRST_ROWS)); });
  panel.append(more);
}

/* The time series, each with its source: first and last value with citations. */
function addSeries(panel, id) {
  const lines = seriesOf(id);
  if (!lines.length) return;
  const list = el("ul");
  for (const line of lines) {
    const row = el("li"), [first, last] = [line.points[0], line.points[line.points.length - 1]];
    row.append(el("span", seriesName(line)), el("span", t("board.from-to", { first: first[0], a: seriesValue(line, first[1]), last: last[0], b: seriesValue(line, last[1]) }), "small"));
    if (line.where) row.lastChild.append(" ", cite(line.where));
    list.append(row);
  }
  panel.append(el("h3", t("board.series")), list);
}

/* The text alternative of the picture, generated from what is shown: for screen readers, and to accompany a saved picture. */
const ALT_LINKS = 8, ALT_CHARTS = 8;
const listed = (parts) => new Intl.ListFormat(state.lang, { type: "conjunction" }).format(parts);

function altText() {
  const parts = [`${document.title}.`, GRAPH ? altOfNetwork() : altOfCharts()];
  if (state.year) parts.push(t("alt.year", { year: state.year }));
  const known = SOURCES.filter((source) => inSource({ source: source.name }));
  if (known.length) parts.push(t("alt.sources", { sources: known.map((source) => (source.year ? `${source.short} (${source.year})` : source.short)).join("; ") }));
  return parts.filter(Boolean).join(" ");
}

function altOfNetwork() {
  const { nodes: shown, lines } = visibleGraph(), counts = new Map();
  for (const node of shown) counts.set(node.type ?? "", (counts.get(node.type ?? "") ?? 0) + 1);
  const kinds = [...counts].sort((a, b) => b[1] - a[1]).map(([type, count]) => `${type ? term(type) : t("alt.other")} (${number(count)})`);
  const whole = t("alt.network", { names: number(shown.length), lines: number(lines.length), kinds: kinds.join(", ") });
  return [whole, altOfLit(), altOfChosen()].filter(Boolean).join(" ");
}

const altOfLit = () => (state.story ? t("alt.lit", { names: listed(highlight.matches?.filter((id) => nodes.has(id)).map((id) => nameOf(nodes.get(id))) ?? []) }) : "");

/* The description of the selected name: each link with its share. */
function altOfChosen() {
  const node = nodes.get(state.chosen);
  if (!node) return "";
  const said = mergeSaid(linksOf(node.id)).map((edge) => {
    const other = nodes.get(edge.from === node.id ? edge.to : edge.from);
    return [relation(edge.relation, edge.from === node.id ? 0 : 1), nameOf(other), shareInWords(edge)].filter(Boolean).join(" ");
  });
  const more = said.length > ALT_LINKS ? [t("alt.more", { count: number(said.length - ALT_LINKS) })] : [];
  return t("alt.chosen", { name: nameOf(node), links: [...said.slice(0, ALT_LINKS), ...more].join("; ") || t("alt.nothing") });
}

/* Each chart with its number of figures, the minimum and the maximum. */
function altOfCharts() {
  const told = charts.map((chart) => {
    const found = unique(chart.parts.map((part) => part.entry).filter(Boolean)).map((id) => entries.get(id)).filter(Boolean);
    const amounts = found.filter((entry) => entry.amount !== undefined), name = chart.label ?? chart.title;
    if (!amounts.length) return found.length ? t(found.length === 1 ? "alt.chart.plain.one" : "alt.chart.plain", { name, count: number(found.length) }) : "";
    const ranges = unique(amounts.map((entry) => entry.unit)).map((unit) => {
      const of = amounts.filter((entry) => entry.unit === unit).map((entry) => entry.amount), [least, most] = [Math.min, Math.max].map((pick) => pick(...of));
      return t(of.length === 1 ? "alt.range.one" : "alt.range", { count: number(of.length), least: number(least), most: unit ? `${number(most)} ${term(unit)}` : t("usd", { amount: number(most) }) });
    });
    return t("alt.chart", { name, ranges: listed(ranges) });
  }).filter(Boolean);
  const chosen = entries.get(state.chosen), more = told.length > ALT_CHARTS ? t("alt.more", { count: number(told.length - ALT_CHARTS) }) : "";
  const listedRows = tables.length ? tables[0].rows().length : 0;
  const rows = told.length || !tables.length ? "" : t(listedRows === 1 ? "alt.rows.one" : "alt.rows", { count: number(listedRows) });
  return [told.slice(0, ALT_CHARTS).join(" "), more && `${more}.`, rows, chosen ? t("alt.chosen", { name: entryName(chosen), links: chosen.text ?? "" }) : ""].filter(Boolean).join(" ");
}

/* The text is the picture's accessible name: set at the start, because a missing name is an error, then updated shortly after each state change. */
function listenAlt() {
  const text = el("p", "", "", { id: "alt-text" }), canvas = $("canvas");
  $("figure").prepend(text);
  if (canvas) for (const [name, value] of [["role", "img"], ["aria-labelledby", "alt-text"]]) canvas.setAttribute(name, value);
  else $("figure").setAttribute("aria-describedby", "alt-text");
  let waiting = 0;
  const name = () => { text.textContent = altText(); };
  watch(Object.keys(EMPTY), () => {
    clearTimeout(waiting);
    waiting = setTimeout(name, 150);
  });
  name();
}

/* How to cite the page with its sources: APA and BibTeX, with the date of access. */
const DATASET = ABOUT.dataset ?? {};
const isoDay = (day) => `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
const onTheWeb = () => /^https?:$/.test(location.protocol);

/* The address of this view, or that of the graph if the page is a file, whose path is useless to others. */
function pageLink(embedded = false) {
  const link = new URL(location.href);
  for (const name of ["embed", "lang"]) link.searchParams.delete(name);
  const kept = { lang: state.lang === DATA.language ? "" : state.lang, theme: state.theme }; // possibly chosen by a server or an earlier visit
  for (const [name, value] of Object.entries(kept)) if (value && !RegExp(`[#&]${name}=`).test(link.hash)) link.hash += `${link.hash.length > 1 ? "&" : ""}${name}=${value}`;
  if (embedded) link.searchParams.set("embed", "1");
  return link.href;
}
const citedAddress = () => (onTheWeb() ? pageLink() : DATASET.address ?? "");
const citedSources = () => SOURCES.filter((source) => inSource({ source: source.name }));
/* In the footer, for whoever gets the page alone: what each source is, how far it reaches, its licence, and the version of the graph. */
function drawOrigins() {
  const list = el("ul"), shown = [...SOURCES, ...(DATA.board?.sources ?? []).filter((one) => !SOURCES.some((source) => source.name === one.name))];
  for (const source of shown) {
    const line = el("li"), cited = ABOUT.sources?.[source.name]?.citation ?? source.title ?? "";
    line.append(el("b", source.short), cited && ` ${sentenceEnd(cited)}`, source.date ? ` ${t("footer.upto", { date: formatDate(source.date) })}` : "");
    if (source.licence) line.append(" ", el("a", licenceName(source.licence), "", { href: source.licence, rel: "noreferrer" }));
    list.append(line);
  }
  const version = DATASET.version ? `${localized(DATASET.title)} ${DATASET.version}` : "";
  const graph = version && t("footer.graph", { graph: version, date: formatDate(DATASET.issued ?? ""), address: DATASET.address });
  const last = [graph, onTheWeb() ? "" : t("footer.copy")].filter(Boolean).join(" · ");
  $("origins").replaceChildren(...(shown.length && DATA.kind !== "sources" ? [list] : []), ...(last ? [el("p", last)] : []));
}

const sentenceEnd = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

function apaCitation(day = new Date()) {
  const title = `${document.title} [${t("cite.page")}]`, year = DATASET.issued?.slice(0, 4) ?? t("cite.undated");
  const graph = localized(DATASET.title), version = DATASET.version ? ` (${t("cite.version", { version: DATASET.version })})` : "";
  const date = day.toLocaleDateString(state.lang, { year: "numeric", month: "long", day: "numeric" });
  const head = DATASET.creator ? `${sentenceEnd(DATASET.creator)} (${year}). ${title}.` : `${title}. (${year}).`;
  const address = citedAddress();
  const seen = address ? t("cite.retrieved", { date, address }) : t("cite.seen", { date });
  const sources = citedSources().map((source) => sentenceEnd(ABOUT.sources?.[source.name]?.citation ?? source.title ?? source.short));
  return [[head, graph && `${graph}${version}.`, seen].filter(Boolean).join(" "), ...(sources.length ? [t("cite.sources"), ...sources.map((text) => `– ${text}`)] : [])].join("\n");
}

const BIBTEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "{": "\\{", "}": "\\}" };
const bibtexText = (text) => text.replace(/[\\~^{}]|[&%$#_]/g, (sign) => BIBTEX[sign] ?? `\\${sign}`);
const bibtexAddress = (address) => address.replace(/[{}\\]/g, encodeURIComponent);
function bibtexEntry(key, fields) {
  const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@misc{${key},\n${lines.join(",\n")}\n}`;
}

function bibtexCitation(day = new Date()) {
  const sources = citedSources(), key = (name) => name.replace(/[^\w-]+/g, "-");
  const page = bibtexEntry(`${key(DATA.kind)}-page`, {
    author: DATASET.creator && `{${bibtexText(DATASET.creator)}}`, title: `{${bibtexText(document.title)}}`, year: DATASET.issued?.slice(0, 4),
    howpublished: bibtexText([localized(DATASET.title), DATASET.version && t("cite.version", { version: DATASET.version }), t("cite.page")].filter(Boolean).join(", ")),
    note: sources.length ? bibtexText(`${t("cite.sources")} ${sources.map((source) => source.short).join("; ")}`) : "",
    url: bibtexAddress(citedAddress()), urldate: isoDay(day),
  });
  const others = sources.map((source) => bibtexEntry(key(source.name), {
    title: `{${bibtexText(source.title ?? source.short)}}`, year: source.year ? String(source.year) : "",
    note: bibtexText(ABOUT.sources?.[source.name]?.citation ?? ""), url: bibtexAddress(ABOUT.sources?.[source.name]?.page ?? ""),
  }));
  return [page, ...others].join("\n\n");
}

/* A picture of 1920 × 1080 for slides: title, selection, scene, and the sources in the footer. */
const SLIDE = { width: 1920, height: 1080, side: 48, top: 118, bottom: 76, heading: 40, foot: 24, least: 0.75 };

/* The state shown next to the title: the story's step, the selected name, the year. */
function stateInWords() {
  const chosen = nodes.get(state.chosen) ?? entries.get(state.chosen), told = storyStep();
  const name = chosen ? (nodes.has(state.chosen) ? nameOf(chosen) : entryName(chosen)) : "";
  return [told ? localized(told.step.text) : "", name, state.year, state.source && shortOf(state.source)].filter(Boolean).join(" · ");
}

/* The part of the scene that is drawn: for a network all of it; for a page of charts whole blocks, from the first one visible. */
function sceneWindow(scene, room) {
  const whole = { top: SLIDE.heading, bottom: scene.height - SLIDE.foot };
  if (!scene.blocks?.length) return whole;
  const { blocks, seen } = scene, tall = (least) => (room.height * scene.width) / Math.max(room.width * least, 1);
  if (whole.bottom - whole.top <= tall(1)) return whole;
  const first = Math.max(0, blocks.findIndex(([top, bottom]) => (top + bottom) / 2 > seen));
  const top = first === 0 ? SLIDE.heading : blocks[first][0];
  let last = first;
  while (blocks[last + 1] && blocks[last + 1][1] - top <= tall(1)) last += 1;
  return { top, bottom: Math.min(blocks[last][1], top + tall(SLIDE.least)) };
}

function paintSlide(ctx, scene) {
  const { width, height, side, top, bottom } = SLIDE, room = { width: width - 2 * side, height: height - top - bottom };
  const line = (text, x, y, look) => textPart(text, x, y, { fill: ink.ink, ...look });
  ctx.fillStyle = ink.paper;
  ctx.fillRect(0, 0, width, height);
  const [about] = wrap(stateInWords(), 22, room.width, 1), credits = wrap(credit(), 17, room.width, 2);
  paint(ctx, [
    line(truncate(document.title, 38, room.width, 650), side, 62, { size: 38, weight: 650 }),
    ...(about ? [line(about, side, 98, { size: 22, fill: ink.muted })] : []),
    ...(DATA.title == null ? credits.map((text, place) => line(text, side, height - 26 - 22 * (credits.length - 1 - place), { size: 17, fill: ink.muted })) : []),
  ]);
  const { top: from, bottom: to } = sceneWindow(scene, room), scale = Math.min(room.width / scene.width, room.height / (to - from), 2);
  const wide = scene.width * scale;
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, top, width, (to - from) * scale + 1);
  ctx.clip();
  ctx.translate((width - wide) / 2, top - from * scale);
  ctx.scale(scale, scale);
  paint(ctx, scene.title.filter((part) => part.text !== document.title && part.text !== credit())); // both are on the slide already
  ctx.translate(scene.dx, scene.dy);
  paint(ctx, scene.parts);
  ctx.restore();
}

function savePng(scene) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: SLIDE.width, height: SLIDE.height });
  paintSlide(canvas.getContext("2d"), scene);
  canvas.toBlob((blob) => save(blob, "png"), "image/png");
}

/* The Share menu: a link to this view, the page as one file, embed code, pictures, citation and description. */
const EMBEDDED = new URLSearchParams(location.search).has("embed");
const PLAIN_TABLE = document.querySelector("#table noscript")?.textContent ?? ""; // replaced by the tables of the page
const bundleScript = () => document.querySelector('script[src$="/page.js"]');

/* Copy the link, and briefly confirm it on its button. */
async function copyLink() {
  const button = $("copy-link");
  try {
    await navigator.clipboard.writeText(pageLink());
    button.textContent = t("link.copied");
    $("announcer").textContent = t("link.copied");
    setTimeout(() => { button.textContent = t("link"); }, 2500);
  } catch {
    showTexts(t("link"), [["", pageLink()]]); // a frame may not write to the clipboard
  }
}

/* Texts to copy, each with its label, in a dialog. */
const unfolded = (text) => text.split("\n").reduce((lines, line) => lines + Math.ceil((line.length + 1) / 72), 0);
function showTexts(title, texts, note = "") {
  const parts = texts.map(([name, text], place) => {
    const part = el("section"), area = el("textarea", "", "", { readonly: "", rows: Math.min(12, unfolded(text)), "aria-label": name || title, spellcheck: "false" });
    const button = el("button", t("share.copy"), "", { type: "button", "data-copy": place });
    area.textContent = text;
    button.addEventListener("click", async () => {
      area.select();
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = t("share.copied");
      } catch { /* the text is selected, to be copied by hand */ }
    });
    part.append(...(name ? [el("h3", name)] : []), area, button);
    return part;
  });
  $("share").open = false;
  $("share-title").textContent = title.replace(/ …$/, "");
  $("share-parts").replaceChildren(...(note ? [el("p", note, "note")] : []), ...parts);
  $("share-texts").showModal();
  $("share-texts").querySelector("[data-copy], #share-close").focus();
}

function embedCode() {
  return `<iframe src="${attribute(pageLink(true))}" title="${attribute(document.title)}" width="100%" height="640" style="border:0" loading="lazy"></iframe>`;
}
const attribute = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

/* --- the page as one file ------------------------------------------------------------------------------- */
/* The texts to embed are in a script, because a page opened from disk may load scripts but not read files. */
function loadOneFile() {
  if (window.pagOneFile) return Promise.resolve(window.pagOneFile);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = bundleScript().src.replace(/page\.js$/, "one-file.js");
    script.addEventListener("load", () => resolve(window.pagOneFile));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

/* Long data is compressed if the drawing library is embedded, as in a page written by `pag view`, to keep shared files small. */
async function packed(node) {
  if (node.type !== "application/json" || node.textContent.length < LONG_DATA) return node;
  const stream = new Blob([node.textContent]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return { type: "application/gzip", id: node.id, textContent: btoa(letters) };
}

async function oneFile() {
  const { texts, documents } = await loadOneFile();
  /* In a single-file page this script is embedded in the document, so it must not contain a comment or script tag. */
  const element = (node) => `\u003cscript type="${node.type}" id="${node.id}">${node.textContent}\u003c/script>`;
  let page = documents[DATA.kind][DATA.language];
  const withLibrary = page.includes("vis-network.min"); // the full placeholder would be replaced here too
  const put = (mark, text) => { page = page.replace(mark, () => text); };
  for (const [name, text] of Object.entries(texts)) put(`{{${name}}}`, text); // names of things come last, because they may contain anything
  put("{{data}}", element(withLibrary ? await packed($("data")) : $("data")));
  put(element({ type: "application/json", id: "about", textContent: "{}" }), element($("about")));
  put("<noscript>\n</noscript>", `<noscript>${PLAIN_TABLE}</noscript>`);
  const opened = new URL(pageLink()).hash.slice(1);
  if (opened) put(/^<!doctype html>\n<html /, `<!doctype html>\n<html data-open="${attribute(opened)}" `);
  return page;
}

async function savePage() {
  try {
    save(new Blob([await oneFile()], { type: "text/html" }), "html");
  } catch {
    showTexts(t("share.page"), [], t("share.page.failed"));
  }
}

/* --- embedding ----------------------------------------------------------------------------------------- */
function startEmbedded() {
  document.documentElement.classList.add("embed");
  const line = el("p", "", "source-line"), name = el("strong"), whole = el("a", "", "", { target: "_blank", rel: "noopener" }), sources = el("span");
  line.append(name, sources, whole);
  document.querySelector(".stage").before(line);
  const follow = () => {
    name.textContent = document.title;
    sources.textContent = credit();
    whole.textContent = t("share.whole");
    whole.href = pageLink();
  };
  watch(Object.keys(EMPTY), follow);
  follow();
}

function listenShare() {
  drawOrigins();
  watch(["lang"], drawOrigins);
  if (!$("share")) return;
  const linked = bundleScript() !== null;
  $("save-page").hidden = !linked;
  $("page-note").hidden = linked;
  $("save-page").addEventListener("click", savePage);
  $("copy-link").addEventListener("click", copyLink);
  $("share-embed").addEventListener("click", () => (onTheWeb() ? showTexts(t("share.embed"), [["", embedCode()]], t("share.embed.note")) : showTexts(t("share.embed"), [], t("share.embed.where"))));
  $("share-cite").addEventListener("click", () => showTexts(t("share.cite"), [["APA", apaCitation()], ["BibTeX", bibtexCitation()]]));
  $("share-alt").addEventListener("click", () => showTexts(t("share.alt"), [["", altText()]], t("share.alt.note")));
  $("share-close").addEventListener("click", () => $("share-texts").close());
  $("share-texts").addEventListener("keydown", (event) => event.stopPropagation()); // Escape only closes the dialog
  listenAlt();
  if (EMBEDDED) startEmbedded();
}

/* Stories that step through the page. A step is a sentence with its citations; the things it names are highlighted. */
const STORIES = ABOUT.stories ?? [];

function storyStep(text = state.story) {
  const [name, number] = text.split("/"), story = STORIES.find((one) => one.name === name);
  const at = /^\d{1,3}$/.test(number ?? "1") ? Number(number ?? 1) : 0, step = story?.steps[at - 1];
  return step ? { story, step, at } : null;
}

/* In a network taller than the window, the subject of a step: the highlighted names, and those linked to them. */
function storyIds() {
  const told = DATA.kind === "ownership" ? storyStep() : null;
  return told && new Set(told.step.lit.filter((id) => nodes.has(id)).flatMap((id) => [id, ...linksOf(id).flatMap((edge) => [edge.from, edge.to])]));
}

/* A state is highlighted by the dealings given in the step: by itself it would highlight all of its dealings. */
function litNames(step) {
  const others = GRAPH ? step.lit.filter((id) => nodes.get(id)?.type !== "State") : step.lit;
  return DATA.kind === "diplomacy" && others.length && DATA.board ? others : step.lit;
}

/* Show a step: everything but language and theme is reset, so that the things it names are visible. */
function tell(story, at) {
  const step = story.steps[at - 1];
  if (!step) return;
  const { lang, theme, ...plain } = EMPTY;
  change({ ...plain, year: step.year, story: `${story.name}/${at}` });
  bringStepIntoView();
}

function bringStepIntoView() {
  if (!GRAPH) bringLitIntoView();
  else if (phone()) scrollOnPhone();
}

/* On a phone the step covers the lower half: highlighted items are scrolled below the tools, which stay at the top. */
function scrollOnPhone() {
  const lit = document.querySelector("#board .item.row.lit") ?? document.querySelector(".stage"), tools = document.querySelector(".tools");
  scrollBy(0, lit.getBoundingClientRect().top - (getComputedStyle(tools).position === "sticky" ? tools.offsetHeight : 0) - 30);
}

/* Charts may be taller than the window: a step scrolls to the first highlighted item. */
function bringLitIntoView() {
  const items = [...document.querySelectorAll("#charts .item")].filter((item) => storyStep()?.step.lit.includes(item.dataset.id));
  const seen = ({ top, bottom }) => top >= 0 && bottom <= innerHeight;
  if (items.length && !items.some((item) => seen(item.getBoundingClientRect()))) items[0].closest("svg").scrollIntoView({ block: "center" });
}

function endStory() {
  change({ story: "", year: "" });
  $("share").querySelector("summary").focus({ preventScroll: true });
}

/* The step is in the panel's place; the panel replaces it while a name is selected. */
function showStep() {
  const told = storyStep(), aside = $("story");
  aside.hidden = told === null || state.chosen !== "";
  document.body.classList.toggle("told", !aside.hidden);
  if (told === null) return;
  const { story, step, at } = told;
  const button = (key, className, run, off) => {
    const made = el("button", t(key), className, { type: "button" });
    made.disabled = off;
    made.addEventListener("click", run);
    return made;
  };
  const close = el("button", "×", "close", { type: "button", "aria-label": t("story.end") }), row = el("div", "", "steps");
  close.addEventListener("click", endStory);
  const focused = document.activeElement?.classList, again = ["previous", "next"].find((name) => aside.contains(document.activeElement) && focused.contains(name));
  row.append(button("story.previous", "previous", () => tell(story, at - 1), at === 1), el("span", t("story.step", { at, count: story.steps.length })), button("story.next", "next", () => tell(story, at + 1), at === story.steps.length));
  aside.replaceChildren(close, el("h2", localized(story.title)), row, el("p", localized(step.text), "sentence"), ...(step.where.length ? [places(step.where)] : []));
  if (again) aside.querySelector(`.${again}:enabled`)?.focus({ preventScroll: true }) ?? aside.querySelector("button:enabled:not(.close)")?.focus({ preventScroll: true });
  $("announcer").textContent = `${t("story.step", { at, count: story.steps.length })}: ${localized(step.text)}`;
}

/* Links to the stories after the page's lead. */
function linkStories() {
  const lead = document.querySelector(".lead");
  lead.querySelector(".stories")?.remove();
  const line = el("span", ` ${t(STORIES.length > 1 ? "story.many" : "story.one")} `, "stories");
  STORIES.forEach((story, place) => {
    const link = el("a", localized(story.title), "", { href: `#story=${story.name}/1` });
    link.addEventListener("click", (event) => { event.preventDefault(); tell(story, 1); $("story").querySelector(".next")?.focus({ preventScroll: true }); });
    line.append(place ? ", " : "", link);
  });
  lead.append(line);
}

function listenStories() {
  if (!STORIES.length || !document.querySelector(".stage")) return;
  document.querySelector(".stage").append(el("aside", "", "", { id: "story", "aria-label": t("story"), tabindex: -1, hidden: "" }));
  const light = () => {
    const step = storyStep()?.step;
    highlight.matches = step ? litNames(step) : null;
    if (step?.year && state.year === "") change({ year: step.year });
  };
  watch(["story"], light);
  watch(["story", "chosen", "lang"], showStep);
  watch(["lang"], () => { linkStories(); $("story").setAttribute("aria-label", t("story")); });
  $("find")?.addEventListener("input", () => { if (state.story) change({ story: "" }); });
  addEventListener("keydown", (event) => {
    const told = storyStep(), busy = document.querySelector("dialog[open], details.menu[open]") || event.target.closest?.("input, select, textarea, [role=listbox], [data-roving], .item");
    if (!told || state.chosen || busy || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") endStory();
    else if (event.key === "ArrowRight") tell(told.story, told.at + 1);
    else if (event.key === "ArrowLeft") tell(told.story, told.at - 1);
    else return;
    event.preventDefault();
  }, { capture: true });
  light();
  linkStories();
  showStep();
}

/* The page of a network: computes the layout for the window, draws it and applies the state. */
const NETWORK_PAGE = { start: startNetwork };
PAGES.ownership = {
  ...NETWORK_PAGE,
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

const homeOf = (id) => (nodes.has(id) ? homeInColour(nodes.get(id)) : groupOf(id)?.country);

/* The state whose colour a firm has: its home state, or else that of its owners if all have the same; as on the map. */
const coloured = new Map();
function homeInColour(node) {
  const [stated] = FILTERS.country(node);
  if (stated !== undefined || !MINES || ASSETS.has(node.type) || node.group) return stated;
  if (!coloured.has(node.id)) {
    coloured.set(node.id, undefined); // owners may own each other
    const owners = unique(linksOf(node.id).filter((edge) => edge.to === node.id && ["stake", "hasSubsidiary"].includes(edge.relation) && edge.certainty !== "former").map((edge) => edge.from));
    const homes = unique(owners.map((id) => homeInColour(nodes.get(id))));
    coloured.set(node.id, homes.length === 1 ? homes[0] : undefined);
  }
  return coloured.get(node.id);
}

/* --- drawing -------------------------------------------------------------------------------------------- */
/* Stakes that the source itself calls indirect are labelled so, because they are part of another's share. */
const shareInWords = (edge) => `${shareText(edge)}${edge.basis === "indirect" && isSized(edge) ? ` ${term("indirect")}` : ""}`;
/* The share at the end of a line. */
const endLabel = (edge) => `${!edge.differ && isApart(edge) ? "≠ " : ""}${shareInWords(edge)}`;

function edgeLook(edge, chain) {
  const times = (edge.said ?? [edge]).map((one) => holdsIn(one, state.year)), time = ["true", "unknown"].find((one) => times.includes(one)) ?? "false";
  const on = !chain || (edge.relation === "bundle" ? edge.from === focusId() || edge.to === focusId() : lineInChain(edge, focusId(), chain));
  const home = HOME.has(edge.relation), doubt = UNCERTAIN.has(edge.certainty), kind = lineClass(edge);
  const ends = Math.min(...[edge.from, edge.to].map((id) => (nodes.has(id) ? alphaOf(nodes.get(id), null) : 1)));
  const base = home ? 0.42 : chain ? 1 : edge.relation === "bundle" ? 0.5 : 0.72;
  return {
    on, arrow: DIRECTED && !home,
    colour: ink[tone(home ? edge.from : homeOf(edge.from))],
    width: home ? 1.1 : kind === "named" ? LINE_KINDS.named.width : edge.relation === "bundle" ? Math.min(0.8 + Math.sqrt(edge.count) / 2, 10) : edge.share === undefined || doubt ? 1.7 : 1.2 + edge.share * 0.06,
    style: lineStyle(edge, kind),
    alpha: Math.min(time === "false" ? 0.08 : time === "unknown" && !home ? 0.42 : 1, on ? base : state.only ? 0.4 : 0.07, ends),
  };
}

/* Each style has one meaning: dash-dot is former, dotted is unconfirmed, hollow is a company only named. */
function lineStyle(edge, kind) {
  const doubt = !UNCERTAIN.has(edge.certainty) ? "" : edge.certainty === "former" ? "former" : "dotted";
  if (kind === "named") return doubt ? `named-${doubt}` : "named";
  return doubt || (kind === "unstated" ? "dashed" : "solid");
}

function currentScene() {
  const { layout } = view, chain = currentFocus(), parts = [];
  for (const spine of layout.spines) parts.push(...spineParts(spine));
  const size = Math.max(11.5, layout.size - 1.5);
  for (const title of layout.titles) parts.push(textPart(title.text, title.left, title.y + 4, { size, weight: 600, fill: ink.muted }));
  const drawn = view.drawn.filter((edge) => layout.routes.has(edge.id)).map((edge) => [edge, layout.routes.get(edge.id), edgeLook(edge, chain)]);
  for (const on of [false, true]) {
    for (const [edge, route, look] of drawn) if (look.on === on) parts.push(...lineParts(edge, route, look));
    for (const [edge, route, look] of drawn) if (look.on === on) parts.push(...endParts(edge, route, Math.max(11, layout.size - 1), Math.min(1, look.alpha / 0.72), on && chosenLine(edge)));
  }
  const loops = new Map();
  for (const edge of view.lines.filter((one) => one.from === one.to && layout.places.has(one.from))) {
    loops.set(edge.from, (loops.get(edge.from) ?? 0) + 1);
    parts.push(...loopParts(edge, layout.places.get(edge.from), edgeLook(edge, chain), loops.get(edge.from)));
  }
  if (chain && layout.routes.size === 0) parts.push(...focusLines(layout, chain));
  for (const box of layout.places.values()) parts.push(...boxParts(box.node, box, { alpha: alphaOf(box.node, chain), unknown: !box.node.group && nodeHolds(box.node) === "unknown", chosen: box.id === state.chosen, cursor: box.id === highlight.cursor }), ...amountParts(box, chain));
  if (chain && !phone()) parts.push(...effectiveParts(layout, parts)); // the ladder has no room for products; they are in the panel
  return parts;
}

/* The lines of the selected chain have the marks of all sources, and reserved space for them. */
const chosenChain = { key: "", chain: null };
function chosenLine(edge) {
  if (!state.chosen || !nodes.has(state.chosen) || highlight.hovered !== null) return false;
  const key = `${state.chosen} ${state.source}`;
  if (chosenChain.key !== key) Object.assign(chosenChain, { key, chain: focusChain(state.chosen) });
  return lineInChain(edge, state.chosen, chosenChain.chain);
}

/* The label at the end of a line: its share and the source marks. */
function endParts(edge, route, size, alpha, always) {
  const text = route.elbow ? "" : endLabel(edge), marks = marksOf(edge, always), end = route.elbow ? route.to : route[route.length - 1]; // in a ladder, the boxes show the shares
  const wide = marksWidth(marks), fromRight = !route.elbow && entrySide(route) > 0;
  const x = fromRight ? end[0] + 10 + wide + (text ? widthOf(text, size) : 0) : end[0] - (marks.length ? 9 : 10);
  if (route.elbow) return [];
  return [...markParts(marks, x, end[1], size, alpha), ...(text ? labelParts(text, x - wide, end[1], size, alpha, isApart(edge) ? DIFFER : {}) : [])];
}

/* The amount announced for a project, to the right of its box. */
function amountParts(box, chain) {
  const text = view.layout.amounts ? amountsOf(box.node) : "", size = Math.max(11, view.layout.size - 1);
  return text ? [textPart(text, box.left + box.w + 8, box.y + size * 0.33, { size, fill: ink.muted, alpha: alphaOf(box.node, chain) })] : [];
}

const DIFFER = { weight: 650, differ: true };
/* Lines do not pass behind texts, which would look struck out. */
const patchAlpha = (alpha) => (alpha < 0.3 ? 0.6 : 1);
/* A share at the end of its line, on a background patch. */
function labelParts(text, x, y, size, alpha, look = {}) {
  const w = widthOf(text, size, look.weight ?? 400) + 6;
  const patches = (look.differ ? [ink.halo, ink.differ] : [ink.halo]).map((fill) => shape(roundedRect(x - w + 3, y - size * 0.55, w, size * 1.1, 2), { fill, alpha: fill === ink.differ ? Math.max(alpha, 0.6) : patchAlpha(alpha) }));
  return [...patches, textPart(text, x, y + size * 0.33, { fill: ink.ink, ...look, size, anchor: "end", alpha })];
}

function spineParts({ x, ...spine }) {
  const last = spine.ticks[spine.ticks.length - 1];
  const d = `M${round(x)} ${round(spine.top)}V${round(last)}${spine.ticks.map((y) => `M${round(x)} ${round(y)}h${spine.indent - 8}`).join("")}`;
  return [shape(d, { stroke: ink[tone(spine.head)], width: 1.1, alpha: 0.5 })];
}

const FEW = 12;
/* In the board layout only the links of the selected node are drawn, between facing sides. */
function focusLines(layout, chain) {
  const here = layout.places.get(focusId());
  const others = [...chain].filter((id) => id !== here?.id && layout.places.has(id));
  if (!here || others.length > FEW) return []; // many links would hide their ends, so the ends are highlighted instead
  return others.map((id) => {
    const there = layout.places.get(id);
    const same = Math.abs(there.left - here.left) < 20, right = there.left > here.left;
    const a = [right && !same ? here.left + here.w : here.left, here.y], b = [right && !same ? there.left : same ? there.left : there.left + there.w, there.y];
    const bend = same ? -26 : (b[0] - a[0]) / 2;
    return shape(`M${round(a[0])} ${round(a[1])}C${round(a[0] + bend)} ${round(a[1])} ${round(b[0] - (same ? -bend : bend))} ${round(b[1])} ${round(b[0])} ${round(b[1])}`, { stroke: ink.accent, width: 1.6 });
  });
}

/* The bounding box of a text: left, top, right, bottom. */
function extent({ text, x, y, size, weight, anchor }) {
  const wide = widthOf(text, size, weight), left = x - wide * { start: 0, middle: 0.5, end: 1 }[anchor];
  return [left, y - size * 0.72, left + wide, y + size * 0.1];
}
function meets(a, b) {
  return a[0] < b[2] + 2 && b[0] < a[2] + 2 && a[1] < b[3] && b[1] < a[3];
}

/* The effective share of each owner in the selected asset, as a product or only the result, if there is room next to or
   below the box. The panel lists all of them. */
function effectiveParts(layout, drawn) {
  const id = focusId(), size = Math.max(11, layout.size - 1), look = { size, weight: 650, fill: ink.accent, halo: ink.halo };
  const taken = drawn.filter((part) => part.text !== undefined && (part.alpha ?? 1) > 0.3).map(extent);
  return sharesOf(id).filter((row) => shareProduct(row) && layout.places.has(row.owner) && layout.places.has(row.asset)).flatMap((row) => {
    const box = layout.places.get(row.owner === id ? row.asset : row.owner), right = box.left + box.w;
    const places = [shareProduct(row), shareValue(row)].flatMap((text) => [textPart(text, right + 12, box.y + size * 0.33, look), textPart(text, box.left, box.y + box.h / 2 + size * 1.02, look)]);
    const free = places.find((part) => extent(part)[2] <= layout.width + 4 && !taken.some((other) => meets(extent(part), other)));
    if (!free) return [];
    const [left, top, end, bottom] = extent(free);
    taken.push(extent(free));
    return [shape(roundedRect(left - 3, top - 1, end - left + 6, bottom - top + 2, 2), { fill: ink.halo, alpha: 0.9 }), free];
  });
}

/* --- applying the state -------------------------------------------------------------------------------- */
function repaint() {
  if (!view.layout) return;
  view.parts = currentScene();
  view.network.redraw();
}

function relayout() {
  document.body.classList.toggle("chosen-page", state.chosen !== "");
  const { nodes: members, lines, drawn, at, levels } = groupNodes(visibleGraph());
  Object.assign(view, { nodes: [...members, ...(phone() ? [] : foldNodes())], lines, drawn, at, levels });
  const canvas = $("canvas"), width = canvas.clientWidth;
  const top = canvas.getBoundingClientRect().top + scrollY;
  const room = phone() ? 0 : Math.max(360, innerHeight - top - 2);
  const layout = computeLayout((width || 350) - 2 * MARGIN.x, room - MARGIN.top - MARGIN.bottom);
  applyLayout(layout, Math.max(room, layout.height + MARGIN.top + MARGIN.bottom));
  $("back").hidden = state.open === "" && !view.nodes.some((node) => node.group && !node.fold); // its space is reserved from the start, so that nothing moves
  bringChosen();
  fillKeys();
  repaint();
}

function showPanel() {
  const panel = $("panel"), open = state.chosen !== "" && nodes.has(state.chosen);
  panel.hidden = !open;
  if (open) fillPanel(state.chosen);
  $("only").disabled = !open && !state.only;
  $("only").setAttribute("aria-pressed", String(state.only !== ""));
  $("back").disabled = state.open === "";
  const folded = state.source === "" && !MINES ? foldedCount() : 0;
  $("whole").hidden = !folded;
  $("whole").textContent = tPage(state.all ? "whole.less" : "whole", { count: number(folded) });
  $("whole").setAttribute("aria-pressed", String(state.all !== ""));
}

/* A selection does not scroll the page: if the diagram is taller than the window, it is moved within the frame instead. */
function bringChosen() {
  const box = state.chosen && !phone() ? view.layout.places.get(view.at(state.chosen)) : null;
  if (!box) return;
  const top = $("canvas").getBoundingClientRect().top, from = Math.max(top, 0), at = top + view.network.canvasToDOM({ x: box.x, y: box.y }).y;
  if (at - box.h / 2 >= from && at + box.h / 2 <= innerHeight - 8) return;
  const centre = view.network.getViewPosition();
  view.network.moveTo({ position: { x: centre.x, y: centre.y + (at - (from + innerHeight) / 2) / view.network.getScale() }, animation: false });
}

/* On a phone the panel is above the list. */
function showChosen() {
  if (phone()) document.querySelector(".stage").scrollIntoView();
}

function startNetwork() {
  document.body.classList.add("graph-page");
  networkTables();
  networkFilters();
  listenYear();
  listenSuggestions((id) => { change({ chosen: id }); showChosen(); }, (found, one) => {
    Object.assign(highlight, { matches: found, hovered: one });
    fillList();
    repaint();
  });
  listenSources();
  listenTables();
  openCanvas(repaint);
  $("only").addEventListener("click", () => change({ only: state.only ? "" : state.chosen }));
  $("whole").addEventListener("click", () => change({ all: state.all ? "" : "1" }));
  $("back").addEventListener("click", () => change({ open: "", chosen: "" }));
  watch(["chosen", "lang", "year", "only", "open", "all", "source"], showPanel);
  watch([...FILTER_NAMES, "lang"], () => { countFilters(); });
  watch(["lang"], () => { networkFilters(); drawLegend(); });
  watch(["theme", "only", "all", "source"], drawLegend);
  watch(["year", "lang", "theme", ...CHOICES, ...FILTER_NAMES], showHeld);
  watch(["chosen", "lang", "only", "all", "open", ...FILTER_NAMES, "theme"], () => { relayout(); fitPanel(); });
  watch(["story"], () => { relayout(); fillList(); });
  watch(["year"], repaint);
  watch(["only", "all", "lang", "year", "chosen", "open", ...FILTER_NAMES], () => { drawTables(); fillList(); });
  addEventListener("resize", () => { fillList(); relayout(); fitPanel(); });
  listenDownloads(() => networkScene(view.parts, view.layout), () => csvRows(tables[0]));
  drawLegend();
  showPanel();
  fillList();
  relayout();
  fitPanel();
  drawTables();
  showHeld();
}

/* The scene with title above and the legend below, for a file. */
function networkScene(parts, layout) {
  const head = { size: 20, weight: 650, fill: ink.ink }, top = layout.height + 90;
  const { parts: legend, width, height } = legendParts(24, top, Math.max(layout.width, widthOf(document.title, head.size, head.weight)));
  const around = [textPart(document.title, 24, 30, head), ...legend];
  if (DATA.title == null) around.push(textPart(credit(), 24, top + height + 18, { size: 12, fill: ink.muted })); // not for the user's own graph
  return { parts, title: around, dx: 24, dy: 74, width: width + 48, height: top + height + 34 };
}

/* The diplomacy page: the board, and how the selection, the search, the year and the filters affect it. */
PAGES.diplomacy = {
  start: startBoard,
};
const shownBoard = { rows: [], items: [], below: [], lines: [], width: 0, height: 0, elements: [] };

/* Build the board for the window. On a phone its height follows its rows. */
function layBoard() {
  const holder = $("board"), width = Math.max(320, holder.clientWidth), rows = shownRows(), groups = boardGroups(rows);
  const lines = state.chosen ? seriesOf(state.chosen).slice(0, 3) : [];
  const top = holder.getBoundingClientRect().top + scrollY;
  shownBoard.rows = rows;
  const laid = phone() ? null : placeBoard(groups, width, innerHeight - top - 8, lines.length);
  const drawn = laid ? drawBoard(laid, lines) : phoneBoard(groups, width);
  Object.assign(shownBoard, { width, lines, height: Math.ceil(laid ? laid.height : drawn.height), ...drawn });
  const at = document.activeElement?.closest?.("#board .item")?.dataset.id;
  holder.replaceChildren(rows.length ? boardSvg() : el("p", nothingText(), "note"));
  if (at !== undefined) shownBoard.elements.find((item) => item.dataset.id === at)?.focus({ preventScroll: true });
  lightBoard();
  showHeld();
}

function boardSvg() {
  const { width, height, items, below } = shownBoard;
  const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": t("keys") });
  root.append(...below.map(partSvg));
  shownBoard.elements = items.map((item) => {
    /* The visible text of an item is in its accessible name (WCAG 2.5.3). */
    const written = item.parts.map((part) => part.text ?? "").join("").trim(), label = item.label.startsWith(written) ? item.label : `${written}: ${item.label}`;
    const made = svg("g", { class: `item ${item.kind}`, "data-id": item.id, ...(item.kind === "plain" ? {} : { tabindex: -1, role: "button", "aria-label": label }) }, svg("title", {}, item.label), ...item.parts.map(partSvg));
    if (item.kind !== "plain") {
      made.addEventListener("mouseenter", () => { highlight.hovered = item.id; lightBoard(); });
      made.addEventListener("mouseleave", () => { highlight.hovered = null; lightBoard(); });
    }
    root.append(made);
    return made;
  });
  rovingTabindex(root, shownBoard.elements.filter((item) => !item.classList.contains("plain")), (item) => change({ chosen: item.dataset.id }));
  root.addEventListener("click", (event) => { if (!event.target.closest(".item[role]")) change({ chosen: "", only: "" }); });
  return root;
}

/* Highlight what belongs to the selection; the three answers for a year have three tones. */
function lightBoard() {
  const lit = litBoard(shownBoard.rows), held = new Map(shownBoard.rows.map((row) => [row.id, rowInYear(row)]));
  for (const [place, item] of shownBoard.elements.entries()) {
    const { id } = item.dataset, row = item.classList.contains("row") ? held.get(id) : undefined, on = isLit(shownBoard.items[place], lit);
    item.classList.toggle("faded", !on);
    item.classList.toggle("lit", Boolean(lit) && on);
    item.classList.toggle("chosen", id === state.chosen);
    item.classList.toggle("unknown", row === "unknown");
    item.classList.toggle("not-then", row === "false");
  }
}

/* A row is highlighted, or participants of a highlighted row of the same group; a partner's bar with any of its rows. */
function isLit(item, lit) {
  if (!lit) return true;
  if (item.kind === "row") return lit.rows.has(item.id);
  if (item.kind === "plain") return Boolean(item.rows?.some((id) => lit.rows.has(id)));
  return lit.who.has(item.id) && (!item.rows?.length || lit.points.has(item.id) || item.rows.some((id) => lit.rows.has(id)));
}

/* On a phone, where there is no room above the picture: how many rows hold in the year, may hold, do not. */
const heldSentence = () => `${state.year}: ${Object.entries(heldCounts()).map(([time, count]) => tPage(`held.${time}`, { count: number(count) })).join(", ")}`;

/* Dealings outside the board: without the home state or without a partner; each can be selected. */
function drawAside() {
  const ids = unique(BOARD.aside.filter(([, source]) => inSource({ source })).map(([id]) => id)).filter((id) => nodes.has(id));
  const list = el("ul");
  for (const id of ids.sort((a, b) => (nodes.get(a).start ?? 9999) - (nodes.get(b).start ?? 9999) || byName(nameOf(nodes.get(a)), nameOf(nodes.get(b))))) {
    const row = el("li"), button = el("button", nameOf(nodes.get(id)), "go", { type: "button" });
    button.addEventListener("click", () => change({ chosen: id }));
    row.append(nodes.get(id).date ? `${formatDate(nodes.get(id).date)} ` : "", button);
    list.append(row);
  }
  $("aside").hidden = !ids.length;
  $("aside").querySelector("summary").textContent = t("board.aside", { count: number(ids.length), state: country(BOARD.home) });
  $("aside").querySelector("ul")?.remove();
  $("aside").append(list);
}

function boardControls() {
  const rows = mergedRows(), partners = unique(rows.flatMap(statesIn)).filter((id) => id !== BOARD.home).sort((a, b) => byName(country(a), country(b)));
  fillFilters([
    ["country", partners, country],
    ["kind", unique(rows.map((row) => row.sign)).sort(), (sign) => capital(t(`sign.${sign}`))],
    ["certainty", unique(rows.map((row) => row.certainty).filter(Boolean)).sort(), (value) => capital(term(value))],
  ], false);
  const folded = state.source === "" ? foldedRows() : 0;
  $("whole").hidden = !folded && state.all === "";
  $("whole").textContent = state.all ? tPage("whole.less") : tPage("whole", { count: number(folded) });
  $("whole").setAttribute("aria-pressed", String(state.all !== ""));
  $("people").hidden = !rows.some((row) => row.people);
  $("people").setAttribute("aria-pressed", String(state.people === ""));
  $("only").disabled = state.chosen === "" && state.only === "";
  $("only").setAttribute("aria-pressed", String(state.only !== ""));
}

/* Symbols instead of colours: states are named on their bars. */
function drawBoardLegend() {
  const held = $("held"); // placed above the dates, to their left
  $("legend").replaceChildren(...boardLegend().map(legendEntry));
  if (held) $("legend").after(held);
}
function boardLegend() {
  const sign = (name, toward = "partner") => ({ width: 16, parts: [shape(signPath(name, toward, 8, 8, 5), { fill: ink.muted })], text: t(`legend.${name}`) });
  return [
    sign("agreement"), sign("visit"), sign("relations"), sign("deed"),
    { width: 24, parts: [shape(roundedRect(0, 5, 24, 6, 1.5), { fill: ink.muted, alpha: 0.6 })], text: t("legend.period") },
    { width: 16, parts: [shape(circle(8, 8, 5), { stroke: ink.muted, width: 1.4 })], text: t("legend.hollow") },
    { width: 6, parts: [shape("M3 0V16", { stroke: ink.line, width: 1, dash: [2, 3] })], text: t("legend.scale") },
  ];
}

function boardScene() {
  const head = { size: 20, weight: 650, fill: ink.ink }, { width, height, items, below } = shownBoard, lit = litBoard(shownBoard.rows);
  const held = new Map(shownBoard.rows.map((row) => [row.id, rowInYear(row)])), tones = { unknown: 0.55, false: 0.2 }; // as on the page
  const tone = (item) => Math.min(isLit(item, lit) ? 1 : 0.16, (item.kind === "row" && tones[held.get(item.id)]) || 1);
  const parts = [...below, ...items.flatMap((item) => (tone(item) < 1 ? item.parts.map((part) => ({ ...part, alpha: (part.alpha ?? 1) * tone(item) })) : item.parts))];
  let x = 24;
  const legend = [...boardLegend(), ...heldEntries()].flatMap((entry) => {
    const at = [x, height + 62];
    x += entry.width + 24 + widthOf(entry.text, LEGEND.size);
    return [...entry.parts.map((part) => ({ ...part, at })), textPart(entry.text, at[0] + entry.width + 6, at[1] + 12.5, { size: LEGEND.size, fill: ink.muted })];
  });
  const title = [textPart(document.title, 24, 30, head), ...legend, textPart([credit(), ...unique(shownBoard.lines.map(seriesSource)).filter((source) => !SOURCES.includes(source)).map((source) => `${source.short}${source.licence ? ` (${licenceName(source.licence)})` : ""}`)].join("; "), 24, height + 104, { size: 12, fill: ink.muted })];
  return { parts, title, dx: 12, dy: 46, width: Math.max(width + 24, x), height: height + 120 };
}

function startBoard() {
  document.body.classList.add("board-page");
  networkTables();
  listenYear();
  listenSuggestions((id) => change({ chosen: id }), (found, one) => { Object.assign(highlight, { matches: found, hovered: one }); lightBoard(); });
  listenSources();
  listenTables();
  $("only").addEventListener("click", () => change({ only: state.only ? "" : state.chosen }));
  $("whole").addEventListener("click", () => change({ all: state.all ? "" : "1" }));
  $("people").addEventListener("click", () => change({ people: state.people === "" ? "0" : "" }));
  const panel = () => { $("panel").hidden = !nodes.has(state.chosen); if (nodes.has(state.chosen)) fillBoardPanel(state.chosen); };
  const redraw = () => { layBoard(); fitPanel(); };
  watch(["chosen", "lang", "source", "year", "only", "all", "people", ...FILTER_NAMES], panel);
  watch(["chosen", "lang", "only", "all", "people", ...FILTER_NAMES], boardControls);
  watch(["lang", "theme"], drawBoardLegend);
  watch(["story"], redraw);
  watch(["lang", "source"], drawAside);
  watch(["chosen", "lang", "only", "all", "people", "theme", "year", ...FILTER_NAMES], redraw);
  watch(["only", "all", "lang", "year", "chosen", ...FILTER_NAMES], drawTables);
  addEventListener("resize", redraw);
  listenDownloads(boardScene, () => csvRows(tables[0]));
  drawBoardLegend();
  boardControls();
  panel();
  drawAside();
  redraw();
  drawTables();
}

/* Announced investments: a bar per project, and the same amounts as dots by country, sector and status. */
PAGES.investments = {
  start: startInvestments,
};

const formatAmount = (entry) => (entry.amount === undefined ? unstatedText(entry) : t("usd", { amount: number(entry.amount) }));
const investmentSentence = (entry) => [entryName(entry), formatAmount(entry), entry.investors.join(", "), country(entry.country), term(entry.status)].join("; ");

function startInvestments() {
  startFigures({
    hideFiltered: phone(), // above this, the bars are more than a screenful
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

const byAmount = (a, b) => (b.amount ?? -1) - (a.amount ?? -1) || byName(a.country, b.country) || byName(entryName(a), entryName(b));
/* Largest first; announcements of one project are listed together, at the place of the largest. */
function ordered() {
  const projects = new Map();
  for (const entry of [...entries.values()].filter((one) => !phone() || fits(one)).sort(byAmount)) projects.set(entry.project ?? entry.id, [...(projects.get(entry.project ?? entry.id) ?? []), entry]);
  return [...projects.values()].flat();
}
const sameProject = (a, b) => a?.project !== undefined && a.project === b?.project;
const mostOf = () => Math.max(1, ...[...entries.values()].map((entry) => entry.amount ?? 0));

function barsChart(width) {
  const narrow = width < 500, parts = [], names = ordered().map((entry) => `${entryName(entry)}${entry.investors[0] === entry.label ? "" : ` · ${entry.investors.join(", ")}`}`);
  const left = narrow ? 0 : Math.min(Math.max(...names.map((name) => widthOf(name, 13))) + 42, Math.round(width * 0.46)), room = width - left - 106;
  let y = 0, top = 0;
  const all = ordered();
  all.forEach((entry, place) => {
    if (!sameProject(all[place - 1], entry)) top = y;
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
      parts.push({ ...textPart(`${number(entry.amount)}${entry.date ? ` (${entry.date.replace("/", "–")})` : ""}${sameProject(all[place - 1], entry) && all[place - 1].amount === entry.amount ? `, ${t("inv.same")}` : ""}`, left + w + 6, bar + 11, { size: 13, weight: 600, fill: ink.ink }), ...owner });
    }
    y += step;
    // A project announced more than once: a bracket around its lines.
    if (sameProject(all[place - 1], entry) && !sameProject(entry, all[place + 1])) parts.push(shape(`M${narrow ? width - 8 : left - 9} ${round(top + 4)}h5V${round(y - 4)}h-5`, { stroke: ink.muted, width: 1.4 }));
  });
  return { id: "bars", title: t("inv.bars"), note: t("inv.bars.note"), width, height: y + 4, parts };
}
const unstatedText = (entry) => (entry.text === "n.a." ? t("inv.na.short") : entry.text === "To be defined" || entry.status === "to-be-defined" ? term("to-be-defined") : entry.text);

const NO_STATUS = "not-available";

/* One row per value: a dot per announcement at its amount; those without an amount are hatched squares at the end. */
function stripsChart(name, width) {
  // A status that a source does not print is not shown as one.
  const rows = ordered().filter((entry) => name !== "status" || entry.status !== NO_STATUS), unstated = ordered().length - rows.length;
  const values = unique(rows.map((entry) => entry[name])), left = 128, free = Math.min(130, width * 0.26), room = width - left - free - 16, parts = [];
  const wording = (value) => (name === "country" ? country(value) : capital(term(value)));
  const x = (amount) => left + Math.sqrt(amount / mostOf()) * room;
  const blocks = values.map((value) => rows.filter((entry) => entry[name] === value));
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
  return { id: `by-${name}`, small: true, title: t(`inv.by.${name}`), note: name === "country" ? t("inv.strips.note") : unstated ? t("inv.status.note", { count: number(unstated) }) : "", width, height: y + 22, parts };
}
const circle = (x, y, r) => `M${round(x - r)} ${round(y)}a${round(r)} ${round(r)} 0 1 0 ${round(2 * r)} 0a${round(r)} ${round(r)} 0 1 0 ${round(-2 * r)} 0z`;

/* Tables 1 to 4 as small multiples; each figure selects its cell. */
PAGES.trade = {
  start: startTrade,
};

const PARTNERS = ["china", "japan", "south-korea", "world"].filter((slug) => [...entries.values()].some((entry) => entry.partner === slug));
const partnerName = (slug) => (own(DATA.countries, slug) ? country(slug) : slug === "world" ? t("world") : slug);
const formatCell = (entry) => (entry.unit === "usd" ? t("usd", { amount: fixed(entry.amount / 1e6) }) : entry.unit === "usd-million" || entry.unit === "million-usd" ? t("usd", { amount: fixed(entry.amount) }) : `${signed(entry.amount)}\u00a0%`);
const fixed = (value) => number(value, 1, 1);
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
  const row = (title, note, key, drawn) => {
    const made = drawn.filter((chart) => chart.parts.some((part) => part.entry));
    if (!made.length) return "";
    const block = el("section"), grid = el("div");
    Object.assign(grid.style, { display: "grid", gridTemplateColumns: `repeat(${Math.min(across, made.length)}, 1fr)`, gap: `14px ${gap}px` });
    grid.append(...made.map((chart) => figure(chart, cellSentence)));
    block.append(el("h2", title), el("p", note, "lead"), key ?? "", grid);
    return block;
  };
  const sectors = ["mining-and-oil", "fishery", "chemical", "agriculture-and-livestock", "textile-and-leather", "wood-and-paper", "metal-mechanical-and-electronics", "various-jewelry-crafts"];
  const classes = ["pg", "nrbm", "ltm", "mtm", "htm"];
  const shades = (list, order) => new Map(list.map((code, i) => [code, order[i]]));
  const bySector = shades(sectors, ["s0", "s1", "s3", "s2", "s4", "s5", "s6", "s7"]), byClass = shades(classes, ["k0", "k1", "k2", "k3", "k4"]); // no colour of a state; technology from low to high
  const key = (shade, coded) => keyline([...shade].flatMap(([code, colour]) => {
    const one = [...entries.values()].find((entry) => entry.category === code && (!coded || entry.notation));
    return one ? [[`var(--${colour})`, coded ? `${one.notation} ${entryName(one)}` : entryName(one)]] : [];
  }));
  $("charts").replaceChildren(
    row(t("trade.t2"), t("trade.t2.note"), key(bySector), PARTNERS.map((partner) => stackChart("table-2", partner, bySector, room))),
    row(t("trade.t3"), t("trade.t3.note"), key(byClass), PARTNERS.map((partner) => stackChart("table-3", partner, byClass, room))),
    row(t("trade.t4"), t("trade.t4.note"), key(byClass, true), PARTNERS.map((partner) => growthChart(partner, classes, byClass, room))),
    row(t("trade.t1"), t("trade.t1.note"), null, ["exports", "imports"].map((flow) => goodsChart(flow, across > 1 ? Math.floor((width - gap) / 2) : width))),
  );
}

/* A stacked column per year, with the total in words below. */
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

/* The map: a filled symbol at a position given by a source, a hollow one if only the department is known, a list of the rest. */
PAGES.map = {
  start: startMap,
};

const EXTENT = [-82.4, 0, -68.4, 18.6]; // west, north, east, south in degrees east and south: Peru and its waters
const INSET = [-81.62, 3.3, -80.3, 5.65], INSET_LEAST = 4; // Talara and Tumbes, drawn in an inset if at least this many sites are there
const KIND_ORDER = ["MiningProject", "HydrocarbonBlock", "InfrastructureProject", "MineralDeposit"];
const HOLD_ALPHA = { true: 1, unknown: 0.55, false: 0.16 };
const siteLabel = (entry) => (state.lang === "es" && entry.es) || entry.short || entry.label;
const inBox = ([west, north, east, south], [x, y]) => west <= x && x <= east && north <= y && y <= south;

const positionOf = (entry) => entry.positions.find((point) => inSource(point));
const placesOf = (entry) => entry.places.filter((place) => inSource(place));
const departmentOf = (entry) => placesOf(entry).find((place) => place.department)?.department;
const linksIn = (entry) => entry.links.filter(inSource);
const inAsiaState = (slug) => own(DATA.countries, slug)?.asia === true;

/* [home state or "", percent] from the first source with a complete split; without shares the named states, in equal parts. */
function splitOf(entry) {
  const source = Object.keys(entry.split ?? {}).sort((a, b) => SOURCES.findIndex((one) => one.name === a) - SOURCES.findIndex((one) => one.name === b)).find((name) => name === "" || inSource({ source: name }));
  if (source !== undefined && entry.split[source].some(([state_]) => state_)) return { shares: entry.split[source], source };
  const states = unique(linksIn(entry).filter((link) => link.home && link.certainty !== "former").map((link) => link.home)).sort();
  return { shares: states.length ? states.map((one) => [one, 1]) : [["", 1]], equal: states.length > 0 };
}
const statesOfSite = (entry) => unique([
  ...Object.entries(entry.split ?? {}).filter(([name]) => name === "" || inSource({ source: name })).flatMap(([, shares]) => shares.map(([slug]) => slug)),
  ...linksIn(entry).filter((link) => link.certainty !== "former").map((link) => link.home),
].filter(Boolean));
/* A small share is drawn as a sixth so that it is visible; the panel has the number. */
const coloursOf = (entry) => { const { shares } = splitOf(entry), whole = shares.reduce((sum, [, share]) => sum + share, 0); return shares.map(([slug, share]) => [ink[slug ? tone(slug) : "none"], slug ? Math.max(share, whole / 6) : share]); };

/* Held by someone in the year, not known, or held by no known owner. */
function siteHolds(entry) {
  if (state.year === "") return "true";
  const found = new Set(linksIn(entry).map((link) => holdsIn(link, state.year)));
  return found.has("true") ? "true" : found.has("unknown") || !found.size ? "unknown" : "false";
}

/* Drawing order by importance: the selected site, assets with Asian owners, assets with owners or projects, deposits. */
const weightOf = (entry) => (entry.id === state.chosen ? 0 : statesOfSite(entry).some(inAsiaState) ? 1 : linksIn(entry).length || entry.type !== "MineralDeposit" ? 2 : 3);
const byWeight = (a, b) => weightOf(a) - weightOf(b) || byName(siteLabel(a), siteLabel(b));
const kindName = (type) => capital(term(type));

function siteSentence(entry) {
  const { shares, equal } = splitOf(entry), point = positionOf(entry);
  const states = shares.filter(([slug]) => slug).map(([slug, share]) => (equal ? country(slug) : `${country(slug)} ${percent(share)}`)).join(", ");
  return [kindName(entry.type), states, point ? positionText(point) : departmentOf(entry) ? t("map.in", { place: departmentOf(entry) }) : t("map.nowhere")].filter(Boolean).join("; ");
}
const degrees = (value, positive, negative) => `${number(Math.abs(value), 8)}° ${value < 0 ? negative : positive}`;
const positionText = (point) => `${degrees(point.lat, "N", "S")}, ${degrees(point.long, "E", state.lang === "es" ? "O" : "W")}${point.accuracy === "approximate" ? ` (${t("map.approximate")})` : ""}`;

function startMap() {
  const homes = unique([...entries.values()].flatMap((entry) => entry.country)).sort((a, b) => byName(country(a), country(b)));
  for (const entry of entries.values()) {
    Object.defineProperty(entry, "text", { get: () => siteSentence(entry) }); // for the text alternative
    Object.defineProperty(entry, "country", { get: () => statesOfSite(entry) }); // with one source selected, those whose owners it names
  }
  const kinds = KIND_ORDER.filter((kind) => [...entries.values()].some((entry) => entry.type === kind));
  startFigures({
    hideFiltered: true,
    drawsEmpty: true,
    draw: drawMap,
    text: (entry) => [entry.label, entry.es ?? "", ...entry.names, ...entry.links.map((link) => link.label), ...entry.places.map((place) => place.label)].join(" "),
    choices: () => [["country", homes, country], ["type", kinds, kindName]],
    lines: siteLines,
    table: {
      id: "lines", numeric: [], title: () => t("nav.map"),
      heads: () => ["col.name", "col.kind", "map.position", "map.places", "map.owners", "col.where"].map((key) => t(key)),
      rows: () => [...entries.values()].filter(fits).map((entry) => ({
        ids: [entry.id],
        cells: [{ id: entry.id, text: entryName(entry) }, kindName(entry.type), entry.positions.filter(inSource).map(positionText).join("; "), unique(placesOf(entry).map((place) => localized({ en: place.label, es: place.es ?? place.label }))).join("; "),
          ownersIn(entry).join("; "), entry.where.filter(placeInSource).map(formatPlace).join("; ")],
      })),
    },
  });
  watch(["year", "open"], () => { charts.length = 0; keepFocus(() => drawMap(Math.max(240, $("charts").clientWidth - (phone() ? 32 : 40)))); updateItems(); });
  addEventListener("keydown", (event) => { if (event.key === "Escape") change({ open: "" }); });
}

/* The panel: places, positions, and holders or named companies, by source; nothing is added up. */
function siteLines(entry) {
  const list = (rows) => { const made = el("ul"); made.append(...rows.map((row) => { const line = el("li"); line.append(...row); return line; })); return made; };
  const from = (source) => (SEVERAL && source ? shortOf(source) : "");
  const { shares, equal, source } = splitOf(entry), states = shares.filter(([slug]) => slug);
  const found = [kindName(entry.type), entry.names.length ? t("also", { names: entry.names.slice(0, 6).join("; ") }) : ""];
  if (states.length) found.push(el("h3", t(equal ? "map.states.named" : "map.states")), list(shares.map(([slug, share]) => [el("span", slug ? country(slug) : t("map.open")), el("span", equal ? "" : percent(share), "share")])));
  if (states.length && !equal && from(source)) found.push(el("p", from(source), "small"));
  found.push(el("h3", t("map.places")));
  const spots = entry.positions.filter(inSource).map((point) => [el("span", positionText(point)), el("span", from(point.source), "small")]);
  const named = placesOf(entry).map((place) => [el("span", localized({ en: place.label, es: place.es ?? place.label })), el("span", from(place.source), "small")]);
  found.push(spots.length + named.length ? list([...spots, ...named]) : el("p", t("map.nowhere"), "fact"));
  for (const name of unique(linksIn(entry).map((link) => link.source ?? ""))) {
    const links = mergeLinks(linksIn(entry).filter((link) => (link.source ?? "") === name));
    found.push(el("h3", [t("map.owners"), from(name)].filter(Boolean).join(" · ")), list(links.map((link) => {
      const notes = [link.how === "stake" ? (link.basis === "indirect" ? term("indirect") : "") : link.hows.map(term).join(", "), link.certainty && link.certainty !== "stated" ? term(link.certainty) : "", link.home ? country(link.home) : "", ...heldWhen({ since: link.since, until: link.until })].filter(Boolean);
      return [el("span", link.label), el("span", sizeText(link), "share"), el("span", notes.join("; "), "small"), places(link.where)];
    })));
  }
  const ownership = linksIn(entry).length ? document.querySelector('.head nav a[href*="ownership"]') : null;
  if (ownership) { const line = el("p", "", "fact"); line.append(el("a", t("map.ownership"), "", { href: `${ownership.getAttribute("href").split("#")[0]}#chosen=${entry.id}` })); found.push(line); }
  return found;
}

/* Each owner once, with each stated share; if there are several, with the sources of each. */
function ownersIn(entry) {
  const found = new Map();
  for (const link of linksIn(entry)) found.set(link.label, [...(found.get(link.label) ?? []), ...(isSized(link) ? [link] : [])]);
  return [...found].map(([label, links]) => {
    const shares = unique(links.map(sizeText)), by = (share) => unique(links.filter((link) => sizeText(link) === share).map((link) => shortOf(link.source ?? ""))).join(", ");
    return [label, shares.map((share) => share + (shares.length > 1 ? ` (${by(share)})` : "")).join(", ")].filter(Boolean).join(" ");
  });
}

/* Equal statements about one owner are merged, with all citations; an owner without any share is also listed once. */
function mergeLinks(links) {
  const found = new Map();
  for (const link of links) {
    const named = link.how !== "stake" && !isSized(link) ? "" : link.how;
    const key = JSON.stringify([named, ...["owner", "basis", "certainty", "share", "low", "high", "since", "until"].map((name) => link[name])]), one = found.get(key);
    found.set(key, { ...link, hows: unique([...(one?.hows ?? []), link.how]), where: unique([...(one?.where ?? []), ...link.where]) });
  }
  return [...found.values()];
}

/* --- drawing -------------------------------------------------------------------------------------------- */
function drawMap(width) {
  const wide = width > 760, top = $("charts").getBoundingClientRect().top + scrollY;
  const high = wide ? Math.min(900, Math.max(560, innerHeight - top - 34)) : Math.min(680, width * 1.36);
  const across = wide ? Math.min(Math.round(high * 0.8), width - 330) : width, side = wide ? width - across - 28 : width;
  const sites = [...entries.values()].filter(fits).sort(byWeight), row = el("div", "", "map-page"), right = el("div");
  const placed = sites.filter((entry) => positionOf(entry)), inExtent = placed.filter((entry) => inBox(EXTENT, spot(entry)));
  const apart = inExtent.filter((entry) => inBox(INSET, spot(entry))), inset = apart.length >= INSET_LEAST ? apart : [];
  const onMap = inExtent.filter((entry) => !inset.includes(entry)), hollow = sites.filter((entry) => !positionOf(entry) && departmentOf(entry));
  const rest = sites.filter((entry) => !inExtent.includes(entry) && !hollow.includes(entry));
  const chart = mapChart(onMap, hollow, inset.length, across, high);
  window.pagMap = { map: onMap.map((one) => one.id), hollow: hollow.map((one) => one.id), inset: inset.map((one) => one.id), list: rest.map((one) => one.id), groups: chart.groups };
  if (inExtent.length + hollow.length) row.append(figure(chart, siteSentence, pickSite));
  else row.append(el("p", t(entries.size ? (sites.length ? "map.none" : "nothing") : "map.empty"), "warning", { role: "note" }));
  right.append(mapKeys(sites));
  const beside = inset.length && rest.length && side > 620, lower = el("div", "", "map-lower");
  if (inset.length) lower.append(figure(insetChart(inset, beside ? 330 : side), siteSentence));
  if (rest.length) lower.append(figure(restChart(rest, beside ? side - 360 : side), siteSentence));
  if (beside) lower.style.gridTemplateColumns = "330px minmax(0, 1fr)";
  right.append(lower);
  row.append(right);
  row.style.gridTemplateColumns = wide ? `${across}px minmax(0, 1fr)` : "minmax(0, 1fr)";
  const note = el("p", `${t("map.outlines")} `, "note");
  note.append(el("a", "juaneladio/peru-geojson", "", { href: DATA.credit, rel: "noreferrer" }), " (Mozilla Public License 2.0).");
  right.append(note);
  $("charts").replaceChildren(row);
}
const spot = (entry) => { const point = positionOf(entry); return [point.long, -point.lat]; };
const pickSite = (item) => (window.pagMap.groups[item.dataset.id] && state.open !== item.dataset.id ? change({ open: item.dataset.id }) : chooseItem(item));

/* Home states and kinds as filter buttons with counts; the year and how many sites had owners then. */
function mapKeys(sites) {
  const box = el("div", "", "map-keys"), all = [...entries.values()].filter(inSource);
  const button = (name, value, text, sign) => {
    const made = el("button", "", "", { type: "button", "aria-pressed": String(state[name] === value), "data-key": `${name} ${value}` });
    made.append(sign, text);
    made.addEventListener("click", () => { change({ [name]: state[name] === value ? "" : value }); if ($(`filter-${name}`)) $(`filter-${name}`).value = state[name]; document.querySelector(`[data-key="${name} ${value}"]`)?.focus(); });
    return made;
  };
  const icon = (parts) => svg("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" }, ...parts.map(partSvg));
  const homes = unique(all.flatMap((entry) => entry.country)), asian = homes.filter(inAsiaState).sort((a, b) => count(b) - count(a)), others = homes.filter((slug) => !inAsiaState(slug)).sort((a, b) => count(b) - count(a));
  function count(slug) { return all.filter((entry) => entry.country.includes(slug) && fitsBut("country", entry)).length; }
  const first = el("div", "", "keys"), second = el("div", "", "keys"), kinds = KIND_ORDER.filter((kind) => all.some((entry) => entry.type === kind));
  first.append(...[...asian, ...others].map((slug) => button("country", slug, `${country(slug)} ${number(count(slug))}`, icon([shape(roundedRect(0, 0, 14, 14, 3), { fill: ink[tone(slug)] })]))));
  second.append(...kinds.map((kind) => button("type", kind, `${kindName(kind)} ${number(all.filter((entry) => entry.type === kind && fitsBut("type", entry)).length)}`, icon(symbolParts(kind, [[ink.muted, 1]], 7, 7, { size: 14 })))));
  const legend = el("p", "", "keyline"), sample = (text, options, shares = [[ink.muted, 1]]) => { const made = el("span"); made.append(icon(symbolParts("HydrocarbonBlock", shares, 7, 7, { size: 14, ...options })), text); return made; };
  legend.append(sample(t("map.exact"), {}), sample(t("map.department"), { hollow: true }), sample(t("map.shared"), {}, [[ink.china, 1], [ink.korea, 1]]), sample(t("legend.none"), {}, [[ink.none, 1]]));
  box.append(...(homes.length ? [el("h2", t("map.homes")), first] : []), el("h2", t("map.kinds")), second, legend, yearLine(sites));
  return box;
}

function yearLine(sites) {
  const line = el("p", "", "year-line"), label = el("label", `${t("map.year")} `), select = el("select", "", "", { id: "map-year" });
  const years = [...entries.values()].flatMap((entry) => entry.links.flatMap((link) => [link.start, link.end, link.begun, link.lasted])).filter((year) => year !== undefined && year <= LAST_YEAR);
  if (!years.length) return "";
  select.append(new Option(t("year.any"), ""));
  for (let year = Math.max(...years, lastYear()); year >= Math.min(...years) - 1; year -= 1) select.append(new Option(String(year), String(year)));
  if (state.year && ![...select.options].some((one) => one.value === state.year)) select.append(new Option(state.year, state.year));
  select.value = state.year;
  select.addEventListener("change", () => { change({ year: select.value }); $("map-year")?.focus(); });
  label.append(select);
  line.append(label);
  if (state.year) {
    const held = (answer) => number(sites.filter((entry) => linksIn(entry).length && siteHolds(entry) === answer).length);
    line.append(" ", t("map.held", { year: state.year, held: held("true"), unknown: held("unknown"), not: held("false") }));
  }
  return line;
}

/* The symbols that fit on the map; the others are counted in an expandable label. */
function mapChart(onMap, hollow, inset, width, height) {
  const scale = Math.min(height / (EXTENT[3] - EXTENT[1]), width / (EXTENT[2] - EXTENT[0])), dx = width - (EXTENT[2] - EXTENT[0]) * scale;
  const at = ([x, y]) => [dx + (x - EXTENT[0]) * scale, (y - EXTENT[1]) * scale], move = [round(dx - EXTENT[0] * scale), round(-EXTENT[1] * scale), Math.round(scale * 10) / 1000];
  const room = new Room(width, height), below = [], parts = [], labels = [], groups = {}, marks = new Set(hollow.map(departmentOf));
  for (const one of DATA.outlines) below.push({ ...shape(one.d, { fill: marks.has(one.name) ? ink.band : ink.card, stroke: ink.rule, width: 0.9 / move[2] }), move });
  if (inset) {
    const [left, top] = at(INSET), [right, bottom] = at(INSET.slice(2));
    below.push(shape(roundedRect(left, top, right - left, bottom - top, 2), { stroke: ink.line, width: 1 }), textPart("A", left + 3, top - 4, { size: 13, weight: 650, fill: ink.ink }));
    room.take([left, top - 16, right, bottom]);
  }
  if (phone()) hollowStacks(hollow, at, room, parts, below); // space on land is scarce: sites that may be anywhere on it come first
  const drawn = symbolPlaces(onMap, at, room, groups);
  for (const one of drawn) {
    const mine = { entry: one.entry.id }, look = { alpha: HOLD_ALPHA[siteHolds(one.entry)], size: one.size, ring: one.entry.id === state.chosen ? ink.accent : "" };
    if (one.far > 2) below.push(shape(`M${round(one.true[0])} ${round(one.true[1])}L${round(one.x)} ${round(one.y)}`, { stroke: ink.line, width: 1 }), shape(circle(...one.true, 1.6), { fill: ink.line }));
    if (one.members && one.entry.id === state.open) below.push(...bubbleParts(one)); // its members are separate items now
    else parts.push(...[...tapParts(one.x, one.y), ...(one.members ? bubbleParts(one) : symbolParts(one.entry.type, coloursOf(one.entry), one.x, one.y, look))].map((part) => ({ ...part, ...mine })));
  }
  if (!phone()) hollowStacks(hollow, at, room, parts, below);
  departmentNames(at, room, below, inset);
  for (const one of drawn) if (!one.members) siteName(one, room, labels, below);
  // The arrow keys move from department to department.
  parts.sort((a, b) => byName(districtOf(a), districtOf(b)));
  const opened = drawn.find((one) => one.members && one.entry.id === state.open);
  return { id: "places", title: document.title, label: mapSentence(onMap, hollow, inset), width, height, groups, parts: [...below, ...parts, ...labels, ...(opened ? calloutParts(opened, width, height) : [])] };
}
const districtOf = ({ entry: id }) => { const entry = entries.get(id); return positionOf(entry)?.department?.[0] ?? departmentOf(entry) ?? "~"; };
const mapSentence = (onMap, hollow, inset) => t("map.alt", { exact: number(onMap.length + inset), department: number(hollow.length) });

function symbolPlaces(onMap, at, room, groups) {
  const drawn = [], crowded = [];
  for (const entry of onMap) {
    const weight = weightOf(entry), size = weight < 2 ? 14 : weight === 2 ? 12 : 9, [x, y] = at(spot(entry));
    const wide = Math.max(size, leastTap()), found = room.near(x, y, wide, wide, weight < 3 ? 30 : 0);
    if (!found) { crowded.push({ entry, x, y }); continue; }
    room.take(found.box);
    drawn.push({ entry, ...found, size, true: [x, y] });
  }
  while (crowded.length) {
    const [first] = crowded, near = crowded.filter((one) => Math.hypot(one.x - first.x, one.y - first.y) < 26);
    for (const one of near) crowded.splice(crowded.indexOf(one), 1);
    const middle = ["x", "y"].map((axis) => near.reduce((sum, one) => sum + one[axis], 0) / near.length);
    if (near.length === 1) { const found = room.near(...middle, Math.max(9, leastTap()), Math.max(9, leastTap()), 60); if (found) { room.take(found.box); drawn.push({ entry: first.entry, ...found, size: 9, true: middle }); continue; } }
    const found = room.near(...middle, Math.max(19, leastTap()), Math.max(19, leastTap()), 90) ?? { x: middle[0], y: middle[1], box: [0, 0, 0, 0], far: 0 };
    room.take(found.box);
    groups[first.entry.id] = near.map((one) => one.entry.id);
    drawn.push({ entry: first.entry, members: near.map((one) => one.entry), ...found, size: 19, true: middle });
  }
  return drawn;
}
const bubbleParts = (one) => [shape(circle(one.x, one.y, 9), { fill: ink.card, stroke: ink.muted, width: 1.4 }), textPart(number(one.members.length), one.x, one.y + 4.2, { size: 12, weight: 650, fill: ink.ink, anchor: "middle" })];

/* The members of an expanded count, each with symbol and name, in a box next to it. */
function calloutParts(one, width, height) {
  const wide = Math.max(...one.members.map((entry) => widthOf(siteLabel(entry), 13))) + 40, high = one.members.length * rowHeight(20) + 10;
  const left = Math.min(Math.max(4, one.x + 14), width - wide - 4), top = Math.min(Math.max(4, one.y - high / 2), height - high - 4);
  const parts = [shape(roundedRect(left, top, wide, high, 6), { fill: ink.card, stroke: ink.line, width: 1 })];
  one.members.forEach((entry, i) => {
    const y = top + 5 + rowHeight(20) * (i + 0.5), mine = { entry: entry.id };
    parts.push(...symbolParts(entry.type, coloursOf(entry), left + 14, y, { size: 12 }).map((part) => ({ ...part, ...mine })), { ...textPart(siteLabel(entry), left + 26, y + 4.5, { fill: ink.ink }), ...mine });
  });
  return parts;
}

/* Department names are in capitals, so that they are not mistaken for names of nearby symbols. */
const departmentName = (one) => one.name.toUpperCase();
function departmentNames(at, room, below, inset) {
  if (room.width < 420) return;
  for (const one of DATA.outlines) {
    const [x, y] = at(one.at.map((value) => value / 100)), wide = widthOf(departmentName(one), 11);
    if (one.name === "Callao" || (inset && inBox(INSET, one.at.map((value) => value / 100)))) continue;
    const found = room.near(x, y, wide, 12, 34, 2);
    if (!found) continue;
    room.take(found.box);
    below.push(textPart(departmentName(one), found.x, found.y + 4, { size: 11, fill: ink.muted, anchor: "middle" }));
  }
}

/* A name next to its symbol if there is room; for assets with Asian owners it is moved further away rather than left out. */
function siteName(one, room, labels, below) {
  const weight = weightOf(one.entry), text = (positionOf(one.entry).accuracy === "approximate" ? "≈ " : "") + siteLabel(one.entry), bold = weight === 0 ? 650 : 400, size = weight < 2 ? 13 : 11.5;
  const shown = truncate(text, size, 190, bold), wide = widthOf(shown, size, bold) + 2, r = one.size / 2 + 4, h = size;
  for (const far of weight < 2 ? [0, 8, 16, 26, 38, 52, 70, 90] : weight === 2 ? [0, 8, 16, 26] : [0]) {
    const reach = r + far, around = [[reach, -h / 2], [-reach - wide, -h / 2], [r, -h - far - 2], [r, far + 2], [-r - wide, -h - far - 2], [-r - wide, far + 2], [-wide / 2, -h - reach], [-wide / 2, reach]];
    for (const [dx, dy] of around) {
      const box = [one.x + dx, one.y + dy, one.x + dx + wide, one.y + dy + h];
      if (!room.free(box, 1)) continue;
      room.take(box);
      if (far > 8) below.push(shape(`M${round(one.x)} ${round(one.y)}L${round(dx < -r ? box[2] : Math.max(box[0], one.x))} ${round((box[1] + box[3]) / 2)}`, { stroke: ink.line, width: 0.8 }));
      labels.push({ ...textPart(shown, box[0] + 1, box[1] + h * 0.82, { size, weight: bold, fill: weight < 2 ? ink.ink : ink.muted, halo: ink.halo }), entry: one.entry.id });
      return;
    }
  }
}

/* The audit: claims grouped by verdict, worst first; the stated and the recomputed value as two bars on one scale. */
PAGES.audit = {
  start: startAudit,
};

const VERDICTS = {
  differs: ["M3.2 1.8L7 5.6L10.8 1.8L12.2 3.2L8.4 7L12.2 10.8L10.8 12.2L7 8.4L3.2 12.2L1.8 10.8L5.6 7L1.8 3.2Z", "k3"],
  "holds-under-a-reading": ["M1.6 6.4C3.2 3.6 5.4 3.6 7.2 5.2C8.7 6.5 10 6.5 11.2 4.4L12.9 5.4C11.2 8.6 8.4 8.9 6 6.9C4.8 5.9 4 6 3.2 7.4ZM1.6 10.9C3.2 8.1 5.4 8.1 7.2 9.7C8.7 11 10 11 11.2 8.9L12.9 9.9C11.2 13.1 8.4 13.4 6 11.4C4.8 10.4 4 10.5 3.2 11.9Z", "s2"],
  "cannot-be-checked": ["M6 9.6H8.2V8.6C8.2 7 11 6.6 11 4A4 4 0 0 0 3 4H5.2A1.8 1.8 0 0 1 8.8 4C8.8 5.4 6 5.8 6 8.4ZM6 11H8.2V13.2H6Z", "muted"],
  holds: ["M2 7L6 11L13 3L11.6 1.8L5.8 8.4L3.2 5.7Z", "s0"],
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
    const heading = el("h2", `${t(`audit.${verdict}`)} `), section = foldOnPhone(verdict, "verdict", heading, !made.length || some.length < whole.length || some.some((entry) => entry.id === state.chosen));
    heading.append(el("span", some.length === whole.length ? number(whole.length) : t("audit.count", { shown: number(some.length), count: number(whole.length) }), "count"));
    section.append(el("p", t(`audit.${verdict}.means`), "lead"));
    const parts = verdict === "holds" ? unique(some.map((entry) => entry.type)).sort((a, b) => byName(kindLabel(a), kindLabel(b))) : [null];
    for (const kind of parts) section.append(claimList(`${verdict}${kind === null ? "" : `-${kind}`}`, kind === null ? t(`audit.${verdict}`) : kindLabel(kind), some.filter((entry) => kind === null || entry.type === kind), width, kind !== null));
    made.push(section);
  }
  $("charts").replaceChildren(auditSummary(all, width), ...(matching.length ? made : [el("p", t("audit.nothing"))]));
}

/* The number of claims that hold, and each claim as a square that links to its row. */
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

/* A list of claims; each row is a separate SVG, so that printing can break pages between rows. */
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

/* Right edges of the columns; null if the window is too narrow for columns. */
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
/* The overlap of both intervals is tinted; an unbounded end is an arrow, a number without width a diamond. */
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
  const y = 3, keys = { stated: [shape(`M0 ${y}H26V${y + 8}H0Z`, { fill: ink.line })], recomputed: [shape(`M0 ${y}H26V${y + 8}H0Z`, { fill: ink.s0 })], both: [shape("M4 0H22V14H4Z", { fill: ink.s0, alpha: 0.3 })] };
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

/* The sources: what each is; a bar and a table comparing two on the same thing; a second tab with contradictions within one. */
PAGES.sources = {
  start: startSources,
};

/* Symbol and colour of each kind of difference, in the order of the bar; a later source is not an error. */
const DIFFERENCE_KINDS = { agrees: ["=", "s0"], refines: ["≈", "s4"], later: ["→", "s2"], level: ["⇅", "s5"], silent: ["–", "s7"], date: ["≠", "k2"], value: ["≠", "k3"] };
const WITHIN = "within";
const kindOfDifference = (kind) => t(`sources.kind.${kind}`);
const propertyName = (name) => (own(DATA.words[state.lang], `sources.property.${name}`) === undefined ? humanize(name) : t(`sources.property.${name}`));
const sideText = (side, entry) => (side.says && side.says + (side.indirect ? ` (${t("sources.indirect")})` : "") + (side.date ? `: ${formatDate(side.date)}` : "")) || (side.value ? (entry.property === "sharePercent" ? percent(Number(side.value)) : formatDate(side.value)) : t("sources.nothing"));
const signOf = (kind) => own(DIFFERENCE_KINDS, kind)?.[0] ?? "";
const tabEntries = () => [...entries.values()].filter(inTab);

function startSources() {
  const all = [...entries.values()].filter((entry) => !entry.tab), kinds = Object.keys(DIFFERENCE_KINDS).filter((kind) => all.some((entry) => entry.kind === kind));
  for (const entry of entries.values()) Object.assign(entry, entry.tab ? { sources: [entry.source] } : { sources: entry.both.map((side) => side.source), type: entry.property });
  startFigures({
    hideFiltered: true,
    drawsEmpty: true,
    draw: drawSources,
    text: (entry) => (entry.tab ? [entry.label, entry.description, entry.reading ?? ""] : [entry.label, entry.es ?? "", propertyName(entry.property), kindOfDifference(entry.kind), ...entry.both.map((side) => sideText(side, entry))]).join(" "),
    choices: () => [["kind", kinds, (kind) => capital(kindOfDifference(kind))], ["type", unique(all.map((entry) => entry.property)), (name) => capital(propertyName(name))]],
    lines: differenceLines,
    table: {
      id: "lines", numeric: [], page: 1000,
      title: () => t(state.open === WITHIN ? "sources.within" : "sources.differences"),
      heads: () => (state.open === WITHIN ? ["sources.what", "sources.describe", "sources.reading", "col.where"] : ["sources.about", "sources.property", "sources.one", "sources.other", "sources.kind", "sources.remark"]).map((key) => t(key)),
      rows: () => tabEntries().filter(fits).map(entryRow),
    },
  });
  watch(["open"], () => { redrawSources(); drawTables(); });
  watch(["lang"], () => { document.querySelector('label[for="filter-type"]')?.replaceChildren(t("sources.property")); });
}
const redrawSources = () => { charts.length = 0; keepFocus(() => drawSources(Math.max(240, $("charts").clientWidth - (phone() ? 32 : 40)))); updateItems(); };

/* The name of an entry: a link to its subject's card if there are cards; otherwise it opens the panel. */
function entryLink(entry) {
  if (!SITE.card || !entry.about.length) return goTo(entry.id, entryName(entry));
  return el("a", entryName(entry), "", { href: cardOf(entry.about[0]) });
}

function entryRow(entry) {
  const name = { text: entryName(entry), make: () => entryLink(entry) };
  if (entry.tab) return { ids: [entry.id], cells: [name, entry.description, entry.reading ?? "", entry.where.map(formatPlace).join("; ")] };
  const side = (one) => ({ text: `${shortOf(one.source)}: ${sideText(one, entry)}${one.where.length ? ` (${one.where.map(formatPlace).join("; ")})` : ""}`, make: () => sideBox(one, entry, 2) });
  const kind = { text: kindOfDifference(entry.kind), make: () => { const made = el("span", "", `sign ${entry.kind}`); made.append(el("b", signOf(entry.kind), "", { "aria-hidden": "true" }), ` ${kindOfDifference(entry.kind)}`); return made; } };
  return { ids: [entry.id], sort: { 4: Object.keys(DIFFERENCE_KINDS).length - Object.keys(DIFFERENCE_KINDS).indexOf(entry.kind) }, cells: [name, propertyName(entry.property), ...entry.both.map(side), kind, remarkOf(entry)] };
}
const remarkOf = (entry) => {
  const who = [entry.judged_by, entry.judged_on].filter(Boolean).join(", ");
  return entry.preferred ? t("sources.preferred", { source: shortOf(entry.preferred), reason: `${entry.reason ?? ""}${who && ` (${who})`}` }) : "";
};

function sideBox(side, entry, few = side.where.length) {
  const box = el("div");
  box.append(el("span", shortOf(side.source), "who"), el("span", sideText(side, entry), side.says || side.value ? "said" : "said silent"));
  if (side.where.length) box.append(places(side.where.slice(0, few)));
  if (side.where.length > few) box.append(el("p", t("sources.places", { count: number(side.where.length - few) }), "small"));
  return box;
}

/* The panel of a difference or a discrepancy. */
function differenceLines(entry) {
  const links = SITE.card ? entry.about.map((slug) => el("a", entry.tab ? humanize(slug) : entryName(entry), "", { href: cardOf(slug) })) : [];
  const more = links.length ? [el("p", "", "fact")] : [];
  for (const link of links) more[0].append(link, " ");
  if (entry.tab) return [entry.description, ...(entry.reading ? [el("h3", t("sources.reading")), el("p", entry.reading)] : []), ...more];
  return [`${signOf(entry.kind)} ${capital(kindOfDifference(entry.kind))} · ${propertyName(entry.property)}`, t(`sources.kind.${entry.kind}.means`), ...entry.both.map((side) => sideBox(side, entry)), remarkOf(entry), ...more];
}

function drawSources(width) {
  const cards = el("section", "", "sources"), list = el("section", "", "differences");
  cards.append(el("h2", t("sources.each")), ...DATA.described.map(sourceCard));
  const tabs = el("div", "", "keys tabs"), within = [...entries.values()].filter((entry) => entry.tab).length, between = entries.size - within;
  for (const [tab, key, count] of [["", "sources.differences", between], [WITHIN, "sources.within", within]]) {
    const made = el("button", `${t(key)} ${number(count)}`, "", { type: "button", "aria-pressed": String(state.open === tab), "data-tab": tab });
    made.addEventListener("click", () => { change({ open: tab, chosen: "", ...NO_FILTERS }); document.querySelector(`[data-tab="${tab}"]`)?.focus(); });
    tabs.append(made);
  }
  list.append(tabs);
  if (state.open === WITHIN) list.append(el("p", t("sources.within.lead"), "note"));
  else if (!between) list.append(el("p", t(DATA.described.length > 1 ? "sources.none" : "sources.single"), "warning", { role: "note" }));
  else list.append(el("p", t("sources.differences.lead"), "note"), figure(differenceBar(width), differenceSentence), kindKeys());
  $("charts").replaceChildren(cards, list);
}
const differenceSentence = (entry) => `${entryName(entry)}, ${propertyName(entry.property)}: ${kindOfDifference(entry.kind)}. ${entry.both.map((side) => `${shortOf(side.source)}: ${sideText(side, entry)}`).join("; ")}`;

/* One bar with a slice for each difference, by kind; each slice opens its statements. */
function differenceBar(width) {
  const all = tabEntries().sort((a, b) => Object.keys(DIFFERENCE_KINDS).indexOf(a.kind) - Object.keys(DIFFERENCE_KINDS).indexOf(b.kind) || byName(entryName(a), entryName(b)));
  const kinds = Object.keys(DIFFERENCE_KINDS).filter((kind) => all.some((entry) => entry.kind === kind)), gap = 4, step = Math.min(30, (width - gap * (kinds.length - 1)) / all.length), parts = [], high = 30;
  let x = 0;
  for (const kind of kinds) {
    const members = all.filter((entry) => entry.kind === kind), colour = ink[DIFFERENCE_KINDS[kind][1]], room = step * members.length;
    if (step < 3) parts.push(shape(roundedRect(x, 0, room, high, 2), { fill: colour }));
    else members.forEach((entry, i) => {
      const mine = { entry: entry.id }, chosen = entry.id === state.chosen;
      parts.push({ ...shape(roundedRect(x + i * step, 0, step - 1, high, 1), { fill: colour, stroke: chosen ? ink.ink : undefined, width: 2 }), ...mine });
      if (step >= 10) parts.push({ ...textPart(signOf(kind), x + i * step + (step - 1) / 2, high / 2 + 4.5, { size: 12, weight: 650, fill: inkOn(colour), anchor: "middle" }), ...mine });
    });
    x += room + gap;
  }
  return { id: "bar", title: document.title, label: t("sources.bar", { count: number(all.length) }), width, height: high + 2, parts };
}

/* A button for each kind: symbol, word, count and meaning. */
function kindKeys() {
  const line = el("div", "", "keys"), all = tabEntries();
  for (const [kind, [sign, colour]] of Object.entries(DIFFERENCE_KINDS)) {
    const whole = all.filter((entry) => entry.kind === kind), count = whole.filter((entry) => fitsBut("kind", entry)).length;
    if (!whole.length) continue;
    const key = el("button", "", "", { type: "button", "aria-pressed": String(state.kind === kind), "data-kind": kind, title: t(`sources.kind.${kind}.means`) });
    key.append(svg("svg", { width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: "M0 0H12V12H0Z", fill: ink[colour] })), `${sign} ${capital(kindOfDifference(kind))} ${number(count)}`);
    key.addEventListener("click", () => { change({ kind: state.kind === kind ? "" : kind }); if ($("filter-kind")) $("filter-kind").value = state.kind; document.querySelector(`[data-kind="${kind}"]`)?.focus(); });
    line.append(key);
  }
  const both = el("div");
  both.append(line, state.kind ? el("p", t(`sources.kind.${state.kind}.means`), "note") : kindMeanings(all));
  return both;
}

/* The meaning of each kind that occurs. */
function kindMeanings(all) {
  const fold = el("details"), list = el("dl");
  for (const [kind, [sign]] of Object.entries(DIFFERENCE_KINDS).filter(([one]) => all.some((entry) => entry.kind === one))) list.append(el("dt", `${sign} ${capital(kindOfDifference(kind))}`), el("dd", t(`sources.kind.${kind}.means`)));
  fold.append(el("summary", t("sources.kinds.mean")), list);
  return fold;
}

/* A source: title, dates, licence, counts; how to cite it is collapsed. */
function sourceCard(source) {
  const card = el("article", "", "source"), more = el("details"), facts = el("dl");
  const fact = (key, value) => { if (value) { const made = el("dd"); made.append(value); facts.append(el("dt", t(`sources.${key}`)), made); } };
  const link = (address, text = address) => (/^https?:\/\//.test(address ?? "") ? el("a", text, "", { href: address, rel: "noreferrer" }) : address ?? "");
  const about = [source.date && t("sources.upto", { date: formatDate(source.date) }), ["things", "statements", "places"].map((key) => t(`sources.count.${key}${source[key] === 1 ? ".one" : ""}`, { count: number(source[key]) })).join(", ")].filter(Boolean).join(" · ");
  const name = el("h3", sourcePage(source.name) ? "" : source.short);
  if (sourcePage(source.name)) name.append(el("a", source.short, "to-card", { href: sourcePage(source.name) }));
  card.append(name, el("p", source.title, "title"), el("p", about, "note"));
  fact("licence", source.licence && link(source.licence, licenceName(source.licence)));
  fact("asof", source.as_of && formatDate(source.as_of));
  fact("citation", source.citation);
  fact("address", source.address && link(source.address));
  more.append(el("summary", t("sources.more")), facts);
  card.append(more);
  return card;
}

/* Start the page when its font has loaded, so that text is measured as it will be drawn. */
async function start() {
  await Promise.all([document.fonts.load(`400 13px ${FAMILY}`), document.fonts.load(`650 13px ${FAMILY}`)]);
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  const saved = document.documentElement.dataset.open; // the state in which a page was saved as one file
  const initial = location.hash.length > 1 ? readAddress() : saved ? readAddress(saved) : validState(DATA.start ?? {});
  Object.assign(state, initial);
  applyTheme();
  translate();
  listenHeader();
  writeAddress();
  listenStories();
  PAGES[DATA.kind].start();
  listenShare();
  if (storyStep() && state.chosen === "") bringStepIntoView();
  makePrintable();
  watch(["chosen", "lang"], () => { $("announcer").textContent = $("panel").hidden ? "" : $("panel").querySelector("h2").textContent; });
  document.documentElement.dataset.ready = "true";
}
start();

})();
