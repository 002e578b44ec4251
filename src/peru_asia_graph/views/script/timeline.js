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
