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
