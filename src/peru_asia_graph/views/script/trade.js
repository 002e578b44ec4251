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
