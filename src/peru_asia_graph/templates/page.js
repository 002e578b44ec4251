"use strict";
/* In: the data element (nodes, edges, options, picture). Out: picture, search, panel.
   Names reach the page through textContent or the canvas only, never as markup. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { picture } = data;
  const SMALLEST = 11 / picture.font; // below this a label would be under 11 px
  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  const touching = new Map(data.nodes.map((node) => [node.id, []]));
  for (const edge of data.edges) {
    touching.get(edge.from).push(edge);
    if (edge.to !== edge.from) touching.get(edge.to).push(edge);
  }
  const $ = (id) => document.getElementById(id);
  const state = { chosen: null, hovered: null, matches: null };
  const hint = innerWidth > 700 ? $("found").textContent : "";
  const FACE = "'Helvetica Neue', Arial, 'Liberation Sans', Helvetica, sans-serif";
  const ink = {};

  const readInk = () => {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["paper", "card", "ink", "muted", "rule", "line", "band", "accent", "mark"]) {
      ink[name] = style.getPropertyValue(`--${name}`).trim();
    }
  };
  const element = (tag, textContent = "", className = "") => Object.assign(document.createElement(tag), { textContent, className });
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  /* Which boxes and lines stand out now: the neighbourhood of a chosen or hovered box, or what the search found. */
  const focus = () => state.hovered ?? state.chosen;
  const near = (id) => {
    const at = focus();
    if (at !== null) return id === at || touching.get(at).some((edge) => edge.from === id || edge.to === id);
    return state.matches === null || state.matches.has(id);
  };
  const lineNear = (edge) => {
    const at = focus();
    if (at !== null) return edge.from === at || edge.to === at;
    return state.matches === null || state.matches.has(edge.from) || state.matches.has(edge.to);
  };

  /* --- drawing ------------------------------------------------------------------------------------------ */
  function drawBox(ctx, node) {
    const { w, h, lines, tag } = node;
    const left = node.x - w / 2, top = node.y - h / 2;
    ctx.save();
    ctx.globalAlpha = near(node.id) ? 1 : 0.22;
    ctx.beginPath();
    ctx.roundRect(left, top, w, h, 4);
    ctx.fillStyle = node.id === state.chosen ? ink.mark : ink.card;
    ctx.fill();
    ctx.save();
    ctx.clip();
    ctx.fillStyle = node.color;
    ctx.fillRect(left, top, picture.tile, h);
    ctx.restore();
    ctx.lineWidth = node.id === focus() ? 2.2 : 1;
    ctx.strokeStyle = node.id === focus() ? ink.accent : node.color;
    ctx.stroke();
    ctx.save();
    ctx.translate(left + (picture.tile - 13) / 2, node.y - 6.5);
    ctx.scale(13 / 14, 13 / 14);
    ctx.fillStyle = "#fff";
    ctx.fill(new Path2D(node.glyph), "evenodd");
    ctx.restore();
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillStyle = ink.ink;
    ctx.font = `${picture.font}px ${FACE}`;
    lines.forEach((line, place) => {
      ctx.fillText(line, left + picture.tile + 7, node.y + (place - (lines.length - 1) / 2) * picture.line + 0.5);
    });
    ctx.textAlign = "right";
    ctx.fillStyle = ink.muted;
    if (tag) ctx.fillText(tag, left + w - 7, node.y + 0.5);
    ctx.restore();
  }

  function drawLine(ctx, edge) {
    const way = edge.way;
    const [end] = way.slice(-1);
    const back = end[0] < way[0][0] ? -1 : 1;
    const on = lineNear(edge), picked = on && focus() !== null;
    ctx.save();
    ctx.globalAlpha = on ? 1 : 0.12;
    ctx.strokeStyle = ctx.fillStyle = picked ? ink.accent : ink.line;
    ctx.lineWidth = edge.weight;
    ctx.lineCap = edge.style === "dotted" ? "round" : "butt";
    ctx.setLineDash({ solid: [], dashed: [7, 4], dotted: [0.5, 4] }[edge.style]);
    ctx.beginPath();
    ctx.moveTo(...way[0]);
    for (let step = 1; step < way.length; step += 1) {
      const [x0, y0] = way[step - 1];
      const last = step === way.length - 1;
      const x1 = way[step][0] - (last ? 6 * back : 0), y1 = way[step][1];
      const bend = Math.min(Math.abs(x1 - x0) / 2, 120) * back;
      ctx.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
    }
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(...end);
    ctx.lineTo(end[0] - 8 * back, end[1] - 4);
    ctx.lineTo(end[0] - 8 * back, end[1] + 4);
    ctx.fill();
    ctx.restore();
  }

  function drawShare(ctx, edge) {
    const { way, share } = edge;
    const [x1, y] = way[way.length - 1], back = x1 < way[0][0] ? -1 : 1, x = x1 - 11 * back;
    ctx.globalAlpha = lineNear(edge) ? 1 : 0.12;
    ctx.font = `${picture.font}px ${FACE}`;
    ctx.textBaseline = "middle";
    ctx.textAlign = back > 0 ? "right" : "left";
    ctx.lineWidth = 5;
    ctx.lineJoin = "round";
    ctx.strokeStyle = ink.paper;
    ctx.strokeText(share, x, y + 0.5);
    ctx.fillStyle = ink.ink;
    ctx.fillText(share, x, y + 0.5);
  }

  function drawBand(ctx, band) {
    ctx.fillStyle = ink.band;
    ctx.beginPath();
    ctx.roundRect(...band.box, 10);
    ctx.fill();
    ctx.fillStyle = ink.muted;
    ctx.font = `600 ${picture.font}px ${FACE}`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillText(band.title, band.box[0] + 13, band.box[1] + 17);
  }

  /* --- moving ------------------------------------------------------------------------------------------- */
  const all = { x: 0, y: 0, width: picture.width, height: picture.height };
  const room = () => {
    const canvas = $("canvas"), panel = $("panel");
    const covered = !panel.hidden && panel.offsetWidth < innerWidth / 2 ? panel.offsetWidth : 0;
    return { width: canvas.clientWidth - covered - 40, height: canvas.clientHeight - 28, covered };
  };

  function show(network, box, ease, smallest = SMALLEST) {
    const { width, height, covered } = room();
    const scale = Math.max(Math.min(width / box.width, height / box.height, 1.5), smallest);
    const x = box.x + Math.min(box.width, width / scale) / 2 + covered / 2 / scale;
    const y = box.y + Math.min(box.height, height / scale) / 2;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    network.moveTo({ position: { x, y }, scale, animation: ease && !calm && { duration: 300, easingFunction: "easeInOutQuad" } });
  }

  /* A picture too large to be read in the window makes the page longer instead of its labels smaller. */
  function open(network) {
    const frame = document.querySelector(".picture");
    frame.style.minHeight = "";
    const { width, height } = room();
    const readable = Math.min(width / picture.width, height / picture.height) >= SMALLEST;
    const scale = Math.max(Math.min(width / picture.width, 1.25), SMALLEST);
    if (!readable && innerWidth > 700) frame.style.minHeight = `${Math.ceil(picture.height * scale + 28)}px`;
    network.setSize("100%", "100%");
    show(network, all, false);
  }

  function bring(network, id) {
    const node = nodes.get(id), canvas = $("canvas").getBoundingClientRect();
    if (node.hidden) return;
    const { width } = room(), scale = network.getScale(), position = network.getViewPosition();
    const at = network.canvasToDOM({ x: node.x, y: node.y });
    const side = (node.w / 2) * scale + 20, seen = width + 40;
    position.x += Math.max(at.x + side - seen, 0) / scale - Math.max(side - at.x, 0) / scale;
    if (at.y < 20 || at.y > canvas.height - 20) {
      position.y = node.y;
      at.y = canvas.height / 2;
    }
    network.moveTo({ position, scale });
    const top = at.y + canvas.top;
    if (top < 60 || top > innerHeight - 60) scrollBy({ top: top - innerHeight / 2, behavior: "smooth" });
  }

  /* --- panel -------------------------------------------------------------------------------------------- */
  function fillPanel(id, choose) {
    const panel = $("panel"), node = nodes.get(id);
    panel.replaceChildren();
    const close = element("button", "×", "close");
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", () => choose(null));
    panel.append(close, element("h2", node.label), element("p", [node.kind, node.home, node.date].filter(Boolean).join(" · "), "fact"));
    const groups = new Map();
    for (const edge of touching.get(id)) {
      const out = edge.from === id, title = edge.words[out ? 0 : 1];
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push([edge, nodes.get(out ? edge.to : edge.from)]);
    }
    for (const [title, rows] of groups) {
      const list = element("ul");
      for (const [edge, other] of rows) {
        const row = element("li"), link = element("button", other.label);
        link.addEventListener("click", () => choose(other.id, true));
        row.append(link, element("span", edge.share, "share"));
        if (edge.notes.length) row.append(element("span", edge.notes.join("; "), "small"));
        if (edge.where) row.append(element("span", edge.where, "small"));
        list.append(row);
      }
      panel.append(element("h3", title), list);
    }
    if (node.where) panel.append(element("h3", "Named in the source"), element("p", node.where, "small"));
    panel.scrollTop = 0;
  }

  /* --- search ------------------------------------------------------------------------------------------- */
  function search(text) {
    const words = plain(text).split(/\s+/).filter(Boolean);
    const found = data.nodes.filter((node) => words.every((word) => plain(node.label).includes(word)));
    state.matches = words.length ? new Set(found.map((node) => node.id)) : null;
    $("found").textContent = !words.length ? hint : found.length === 0 ? "No such name" : found.length === 1 ? "1 name; Enter opens it" : `${found.length} names; Enter opens the first`;
    for (const row of document.querySelectorAll("tbody tr")) {
      const named = [...row.querySelectorAll("a")].map((link) => plain(link.textContent));
      row.hidden = !named.some((name) => words.every((word) => name.includes(word)));
    }
    return found;
  }

  /* --- start -------------------------------------------------------------------------------------------- */
  function start() {
    for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
    readInk();
    search("");
    const boxes = data.nodes.map((node) => ({
      ...node, shape: "custom",
      ctxRenderer: ({ ctx }) => ({ drawNode: () => drawBox(ctx, node), nodeDimensions: { width: node.w ?? 0, height: node.h ?? 0 } }),
    }));
    const network = new vis.Network($("canvas"), { nodes: boxes, edges: data.edges }, data.options);
    network.on("beforeDrawing", (ctx) => {
      for (const band of picture.bands) drawBand(ctx, band);
      const lines = data.edges.filter((edge) => edge.way.length > 1 && (!edge.quiet || (focus() !== null && lineNear(edge))));
      for (const on of [false, true]) {
        for (const edge of lines) if (lineNear(edge) === on) drawLine(ctx, edge);
        for (const edge of lines) if (lineNear(edge) === on && edge.share) drawShare(ctx, edge);
      }
    });
    const choose = (id, near = false) => {
      state.chosen = id;
      state.hovered = null;
      $("panel").hidden = id === null;
      for (const row of document.querySelectorAll("#names tbody tr")) row.classList.toggle("chosen", id !== null && row.id === `id/${id}`);
      history.replaceState(null, "", id === null ? "#" : `#id/${encodeURIComponent(id)}`);
      if (id === null) network.unselectAll();
      else {
        fillPanel(id, choose);
        network.selectNodes([id], false);
        if (near) bring(network, id);
      }
      network.redraw();
    };
    listen(network, choose);
    open(network);
    fromAddress(choose);
  }

  function fromAddress(choose) {
    let id = "";
    try { id = decodeURIComponent(location.hash.replace(/^#id\//, "")); } catch { return; }
    if (nodes.has(id)) choose(id, true);
  }

  function listen(network, choose) {
    const hover = (id) => { state.hovered = id; $("canvas").classList.toggle("over", id !== null); network.redraw(); };
    network.on("click", ({ nodes: [id] }) => choose(id ?? null));
    network.on("hoverNode", ({ node }) => hover(node));
    network.on("blurNode", () => hover(null));
    $("find").addEventListener("input", (event) => { search(event.target.value); network.redraw(); });
    $("find").addEventListener("keydown", (event) => {
      const [first] = event.key === "Enter" ? search(event.target.value) : [];
      if (first) choose(first.id, innerWidth > 700);
    });
    addEventListener("keydown", (event) => { if (event.key === "Escape") choose(null); });
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("td a");
      const id = link && decodeURIComponent(link.hash.slice(4));
      if (!link || !nodes.has(id)) return;
      event.preventDefault();
      choose(id);
    });
    const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor, animation: { duration: 150, easingFunction: "easeOutQuad" } });
    $("nearer").addEventListener("click", () => zoom(1.3));
    $("farther").addEventListener("click", () => zoom(1 / 1.3));
    $("whole").addEventListener("click", () => show(network, all, true, 0));
    /* The wheel scrolls the page unless Ctrl is held, so that the tables below stay within reach. */
    $("canvas").addEventListener("wheel", (event) => { if (!event.ctrlKey) event.stopPropagation(); }, { capture: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readInk(); network.redraw(); });
    addEventListener("resize", () => { if (state.chosen === null) open(network); });
    window.pagNetwork = network;
  }

  start();
})();
