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
