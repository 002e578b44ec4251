/* A page of checked statements, as the audit is: each a row with a sign for its outcome, its columns, and its place. In:
   `columns` [{id, en, es, numeric}], `entries` [{id, label, es, mark, cells: {column: text or {en, es}}, notes: [text or {en, es}], where}]. */
const OUTCOMES = { same: ["M2 7L6 11L13 3L11.6 1.8L5.8 8.4L3.2 5.7Z", "s2"], differs: ["M3.2 1.8L7 5.6L10.8 1.8L12.2 3.2L8.4 7L12.2 10.8L10.8 12.2L7 8.4L3.2 12.2L1.8 10.8L5.6 7L1.8 3.2Z", "s3"], open: ["M6 9.6H8.2V8.6C8.2 7 11 6.6 11 4A4 4 0 0 0 3 4H5.2A1.8 1.8 0 0 1 8.8 4C8.8 5.4 6 5.8 6 8.4ZM6 11H8.2V13.2H6Z", "s1"] };
const inWords = (value) => (value && typeof value === "object" ? value[state.lang] ?? value.en : value ?? "");

function startChecked() {
  const columns = DATA.columns ?? [];
  startFigures({
    draw: drawChecked,
    text: (entry) => [entry.label, entry.es ?? "", ...Object.values(entry.cells ?? {}).map(inWords)].join(" "),
    choices: () => [["mark", Object.keys(OUTCOMES).filter((mark) => [...entries.values()].some((entry) => entry.mark === mark)), (mark) => t(`mark.${mark}`)]],
    lines: (entry) => [t(`mark.${entry.mark}`), ...columns.map((column) => `${inWords(column)}: ${inWords(entry.cells?.[column.id])}`), ...(entry.notes ?? []).map(inWords)],
    table: {
      id: "lines", numeric: columns.flatMap((column, place) => (column.numeric ? [place + 1] : [])), title: () => t(`nav.${DATA.kind}`),
      heads: () => [t("col.name"), ...columns.map(inWords), t("filter.mark"), t("col.where")],
      rows: () => [...entries.values()].filter(fits).map((entry) => ({
        ids: [entry.id],
        cells: [{ id: entry.id, text: entryName(entry) }, ...columns.map((column) => String(inWords(entry.cells?.[column.id]))), t(`mark.${entry.mark}`), entry.where.map(placeWords).join("; ")],
      })),
    },
  });
}

function drawChecked(width) {
  const columns = DATA.columns ?? [], room = phone() ? 0 : columns.length * 130, parts = [];
  let y = 24;
  if (!phone()) columns.forEach((column, place) => parts.push(words(inWords(column), width - room + (place + 1) * 130 - 12, 12, { size: 13, weight: 600, fill: ink.muted, anchor: "end" })));
  for (const entry of entries.values()) {
    const [sign, colour] = own(OUTCOMES, entry.mark) ?? OUTCOMES.open, mine = { entry: entry.id };
    const lines = wrap(entryName(entry), 14, width - room - 52, 3), cells = columns.map((column) => String(inWords(entry.cells?.[column.id])));
    const tall = lines.length * 18 + (phone() ? 18 : 0) + 8;
    parts.push({ ...shape(frameOf(0, y, width, tall, 2), { fill: entry.id === state.chosen ? ink.mark : ink.paper }), ...mine }, shape(`M0 ${y + tall}H${width}`, { stroke: ink.rule, width: 1 }));
    parts.push({ d: sign, fill: ink[colour], move: [4, y + 6, 1.1], ...mine });
    lines.forEach((line, i) => parts.push({ ...words(line, 28, y + 17 + i * 18, { size: 14, fill: ink.ink }), ...mine }));
    if (phone()) parts.push({ ...words(cut(cells.join(" · "), 13, width - 30), 28, y + 17 + lines.length * 18, { size: 13, weight: 600, fill: ink.ink }), ...mine });
    else cells.forEach((cell, place) => parts.push({ ...words(cut(cell, 14, 114), width - room + (place + 1) * 130 - 12, y + 17, { size: 14, weight: 600, fill: ink.ink, anchor: "end" }), ...mine }));
    y += tall;
  }
  const marks = Object.entries(OUTCOMES).map(([mark, [, colour]]) => [mark, colour, [...entries.values()].filter((entry) => entry.mark === mark).length]).filter(([, , count]) => count);
  const sentence = (entry) => `${entryName(entry)} (${t(`mark.${entry.mark}`)})`;
  $("charts").replaceChildren(keyline(marks.map(([mark, colour, count]) => [`var(--${colour})`, `${t(`mark.${mark}`)}: ${number(count)}`])), figure({ id: "checked", title: t(`${DATA.kind}.title`), small: true, width, height: y + 4, parts }, sentence));
}

/* The page to enter by: a card a page, each with a small drawing of what is behind it. */
const SKETCHES = {
  ownership: ["M8 14H60M8 34H60M8 54H60M8 72H60", "M60 14C120 14 120 30 180 30M60 34C120 34 120 32 180 32M60 54C120 54 120 62 180 62M60 72C120 72 120 64 180 64", "china"],
  diplomacy: ["M8 20H190M8 42H190M8 64H190", "M20 20h10M120 20h26M150 20h30M60 42h8M158 42h8M170 42h6M24 64h6M104 64h40M150 64h20", "korea"],
  investments: ["M8 8V78", "M10 16H180M10 32H150M10 48H90M10 64H40", "japan"],
  trade: ["M8 78H190", "M20 76V50M50 76V30M80 76V14M120 76V60M150 76V40M180 76V24", "s2"],
  audit: ["M8 20H190M8 42H190M8 64H190", "M150 14l6 8l14 -14M150 36l6 8l14 -14M150 58l6 8l14 -14", "peru"],
};
const STARTS = {
  block8: "ownership.html#chosen=block-8", minajusta: "ownership.html#chosen=mina-justa&year=2013", blocks: "ownership.html#type=HydrocarbonBlock",
  hu: "diplomacy.html#chosen=hu-jintao", y2013: "diplomacy.html#year=2013", largest: "investments.html#chosen=quellaveco-investment-t5",
};

function startIndex() {
  const draw = () => {
    const cards = el("div", "", "cards");
    for (const [kind, [back, front, colour]] of Object.entries(SKETCHES)) {
      const card = el("a", "", "entry", { href: `${kind}.html${location.hash}` });
      const picture = svg("svg", { viewBox: "0 0 198 84", preserveAspectRatio: "xMinYMid meet", "aria-hidden": "true" });
      const stroke = kind === "trade" ? 16 : kind === "diplomacy" || kind === "investments" ? 9 : 3.5;
      picture.append(svg("path", { d: back, stroke: ink.rule, "stroke-width": 2, fill: "none" }), svg("path", { d: front, stroke: `var(--${colour})`, "stroke-width": stroke, fill: "none" }));
      card.append(picture, el("h2", t(`${kind}.title`)), el("p", t(`${kind}.sees`)));
      cards.append(card);
    }
    const starts = el("ul", "", "starts");
    for (const [key, address] of Object.entries(STARTS)) {
      const line = el("li");
      line.append(el("a", t(`start.${key}`), "", { href: address + (state.lang === DATA.language ? "" : `&lang=${state.lang}`) }));
      starts.append(line);
    }
    $("charts").replaceChildren(cards, el("h2", t("index.starts")), starts, el("p", t("index.more"), "sees"));
  };
  $("legend").hidden = true;
  watch(["lang", "theme"], draw);
  draw();
}
