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
