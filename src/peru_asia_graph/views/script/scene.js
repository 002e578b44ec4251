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
