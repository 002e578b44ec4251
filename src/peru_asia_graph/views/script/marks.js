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
