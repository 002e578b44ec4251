/* Search, filters, language, theme, menus: controls change the state, and the page is updated from the state. */
function listenHeader() {
  $("language").addEventListener("click", (event) => {
    event.preventDefault();
    change({ lang: state.lang === "en" ? "es" : "en" });
    keepChoice();
  });
  $("theme").hidden = false;
  $("theme").addEventListener("click", () => {
    change({ theme: dark() ? "light" : "dark" });
    keepChoice();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { applyTheme(); for (const [names, run] of watchers) if (names.includes("theme")) run(["theme"]); });
  addEventListener("hashchange", () => { change(readAddress(), false); tellMissing(); });
  watch(["lang", "source"], tellMissing);
  tellMissing();
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else change({ chosen: "", only: "" });
  });
  listenPrint();
  watch(["lang"], translate);
  watch(["theme"], applyTheme);
}

/* `find(text)` returns the matching ids, best first; `go(id)` opens one; `showMatches(ids or null)` highlights them. */
function listenSearch(find, go, showMatches) {
  const announce = (text) => {
    const found = text.trim() ? find(text) : null;
    showMatches(found);
    $("found").textContent = found === null ? "" : found.length === 0 ? tPage("found.none") : found.length === 1 ? tPage("found.one") : tPage("found.many", { count: number(found.length) });
    return found ?? [];
  };
  $("find").addEventListener("input", (event) => announce(event.target.value));
  $("find").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const [first] = announce(event.target.value);
    if (first === undefined) return;
    showMatches(null);
    $("found").textContent = "";
    go(first);
  });
}

/* Whether a filter of this page has a value; an address may name filters of another page or of changed data. */
const offered = new Map();
const unknownFilters = (wanted) => Object.fromEntries(FILTER_NAMES.filter((name) => offered.size && name !== "source" && wanted[name] !== "" && !offered.get(name)?.(wanted[name])).map((name) => [name, ""]));

/* `choices` is [[state name, values, label of a value]]; `least` adds the field for the minimum share. */
function fillFilters(choices, least) {
  const sheet = $("filter-sheet");
  if (!offered.size) {
    for (const [name, values] of choices) offered.set(name, (value) => values.includes(value));
    if (least) offered.set("min", (value) => value >= 0 && value <= 100);
    change(unknownFilters(state));
  }
  sheet.replaceChildren();
  for (const [name, values, wording] of choices) {
    if (values.length < 2) continue;
    const label = el("label", t(`filter.${name}`)), select = el("select", "", "", { id: `filter-${name}` });
    select.append(new Option(t("filter.any"), ""));
    for (const value of values) select.append(new Option(wording(value), value));
    select.value = state[name];
    select.addEventListener("change", () => change({ [name]: select.value }));
    label.append(select);
    sheet.append(label);
  }
  if (least) {
    const label = el("label", t("filter.min")), input = el("input", "", "", { id: "filter-min", type: "number", min: 0, max: 100, step: 5 });
    input.value = state.min;
    input.addEventListener("input", () => change({ min: input.value }));
    label.append(input);
    sheet.append(label);
  }
  const clear = el("button", t("filter.clear"), "", { type: "button", id: "filter-clear" });
  clear.addEventListener("click", () => {
    change({ ...NO_FILTERS, ...(GRAPH ? { source: state.source } : {}) });
    fillFilters(choices, least);
  });
  sheet.append(clear);
  countFilters();
}
function countFilters() { $("filtered").textContent = filtersOn().filter((name) => !GRAPH || name !== "source").length || ""; }

/* --- controls of a network ------------------------------------------------------------------------------ */
function listenYear() {
  const years = [...edges, ...nodes.values()].flatMap((thing) => [thing.start, thing.end]).filter((year) => year !== undefined && year <= LAST_YEAR);
  const slider = $("year");
  if (!years.length) {
    document.querySelector(".year").hidden = true;
    return;
  }
  Object.assign(slider, { min: Math.max(Math.min(...years) - 1, 1000), max: LAST_YEAR + 1 });
  const follow = () => {
    slider.value = state.year || LAST_YEAR;
    $("year-shown").textContent = state.year;
    slider.classList.toggle("any", state.year === "");
    $("any-year").setAttribute("aria-pressed", String(state.year === ""));
    slider.setAttribute("aria-valuetext", state.year || t("year.any"));
  };
  slider.addEventListener("input", () => change({ year: slider.value }));
  $("any-year").addEventListener("click", () => change({ year: "" }));
  watch(["year", "lang"], follow);
  follow();
}

function networkFilters() {
  const choices = [
    ...Object.keys(FILTERS).map((name) => [name, filterValues(name), (value) => filterLabel(name, value)]),
    ["certainty", certainties(), (value) => capital(term(value))],
  ];
  fillFilters(choices, edges.some(isSized));
}

/* The sources side by side, or one: a button for each, or a menu if there are many. */
const MANY_SOURCES = 3;
function listenSources() {
  const holder = $("one-source"), choices = [["", t("said.all")], ...SOURCES.map((source) => [source.name, [source.short, source.year].filter(Boolean).join(" ")])];
  holder.hidden = !SEVERAL;
  if (!SEVERAL) return;
  const fill = () => {
    choices[0][1] = t("said.all");
    if (SOURCES.length > MANY_SOURCES) {
      const menu = el("select", "", "", { id: "source-menu", "aria-label": t("col.source") });
      menu.append(...choices.map(([name, text]) => new Option(text, name)));
      menu.value = state.source;
      menu.addEventListener("change", () => change({ source: menu.value }));
      holder.replaceChildren(menu);
    } else holder.replaceChildren(...choices.map(([name, text]) => {
      const button = el("button", text, "", { type: "button", "aria-pressed": String(state.source === name), "data-source": name });
      button.addEventListener("click", () => {
        change({ source: name });
        holder.querySelector('[aria-pressed="true"]').focus();
      });
      return button;
    }));
  };
  watch(["source", "lang"], fill);
  fill();
}

/* How many hold, are not known or do not hold in the year: counts rows of a board, otherwise drawn lines. */
function heldCounts() {
  const best = (times) => ["true", "unknown"].find((one) => times.includes(one)) ?? "false";
  const times = DATA.board ? shownBoard.rows.map(rowInYear)
    : view.drawn.filter((edge) => !HOME.has(edge.relation)).map((edge) => best((edge.said ?? edge.parts ?? [edge]).map((one) => holdsIn(one, state.year))));
  return Object.fromEntries(["true", "unknown", "false"].map((time) => [time, times.filter((one) => one === time).length]));
}

function showHeld() {
  if (!$("held")) return; // a page with its own legend
  $("held").replaceChildren(...heldEntries().map(legendEntry));
}

/* The list shown first on a phone: all names, assets at the top. */
function fillList() {
  const list = $("list");
  if (!phone()) return list.replaceChildren();
  const all = visibleGraph(), ids = highlight.matches === null ? null : new Set(highlight.matches);
  const rows = el("ul");
  const weight = (node) => (ASSETS.has(node.type) ? 0 : node.type === "State" ? 1 : 2);
  const order = (a, b) => weight(a) - weight(b) || byName(nameOf(a), nameOf(b));
  const found = all.nodes.filter((node) => (ids === null || ids.has(node.id)) && (state.year === "" || node.type !== "State")).sort(order);
  const times = state.year === "" ? [""] : ["true", "unknown", "false"], at = (time) => found.filter((node) => time === "" || nodeHolds(node) === time);
  for (const [node, time] of times.flatMap((one) => at(one).slice(0, 300).map((node, place) => [node, place === 0 ? one : ""]))) {
    if (time) rows.append(el("li", t(`list.${time}`, { year: state.year, count: number(at(time).length) }), `when ${time}`));
    const row = el("li"), link = goTo(node.id, ""), home = FILTERS.country(node)[0];
    link.dataset.id = node.id;
    const tag = el("span", codeOf(home), "tag");
    if (!tag.textContent) tag.append(svg("svg", { viewBox: "0 0 14 14", "aria-hidden": "true" }, svg("path", { d: iconOf(node), fill: "#fff", "fill-rule": "evenodd" })));
    tag.style.background = `var(--${tone(home)})`;
    const about = [capital(term(node.event ?? node.type)), node.date ? formatDate(node.date) : "", ownersLine(node)].filter(Boolean).join(" · ");
    link.append(tag, el("span", shortName(node)), el("span", about, "small"));
    row.append(link);
    if (state.year !== "") row.className = nodeHolds(node);
    rows.append(row);
  }
  for (const node of highlight.matches === null ? foldNodes() : []) {
    const row = el("li"), open = el("button", node.label, "unfold", { type: "button" });
    open.addEventListener("click", () => toggleFold(node.fold));
    row.append(open);
    rows.append(row);
  }
  return list.replaceChildren(found.length ? rows : el("p", nothingText(), "small"));
}

function ownersLine(node) {
  const held = mergeSaid(linksOf(node.id).filter((edge) => edge.relation === "stake" && edge.to === node.id && edge.basis !== "indirect" && edge.certainty !== "former"));
  if (!held.length) {
    const named = unique(linksOf(node.id).filter((edge) => edge.relation === NAMED && edge.to === node.id && edge.certainty !== "former").map((edge) => nameOf(nodes.get(edge.from))));
    return named.length ? `${named.slice(0, 4).join(", ")} (${t("nostake")})` : "";
  }
  const saying = (lines) => unique(lines.flatMap((edge) => (edge.said ?? [edge]).map((one) => one.source))), all = saying(held).length;
  const by = (edge) => (saying([edge]).length < all ? ` (${saying([edge]).map(shortOf).join(", ")})` : ""); // not stated by all of them
  return held.slice(0, 4).map((edge) => `${nameOf(nodes.get(edge.from))}${isSized(edge) ? ` ${shareText(edge)}` : ""}${by(edge)}`).join(", ");
}
