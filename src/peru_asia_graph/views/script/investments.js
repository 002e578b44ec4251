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
