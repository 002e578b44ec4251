/* Suggestions under the search field of a network: kind, other names, the reason; for another page, which page. */
const SUGGESTIONS = 8;
const ELSEWHERE = (DATA.elsewhere ?? []).map((row) => ({ ...row, folded: [row.label, row.es ?? "", ...(row.names ?? [])].map(foldAccents), known: knownWords(row) }));

/* The other name that matched, empty if the entry's own name has all the words. */
function otherName(name, names, words) {
  const has = (text) => words.every((word) => foldAccents(text).includes(word));
  return has(name) ? "" : names.find(has) ?? "";
}

/* Matches for a text, best first: {id, name, about, page}; at most eight, up to three from other pages, more if there is room. */
function suggest(text) {
  const words = foldAccents(text).split(/\s+/).filter(Boolean), wanted = wantedWords(text);
  if (!wanted.length) return [];
  const here = search(text).map((node) => ({
    id: node.id, name: nameOf(node),
    about: [term(node.event ?? node.type), node.country && node.type !== "State" ? country(node.country) : "", node.date ? formatDate(node.date) : "", alsoNamed(otherName(nameOf(node), [node.label, node.es ?? "", ...(node.names ?? [])], words))],
  }));
  const rank = (row) => (row.folded.includes(words.join(" ")) ? 0 : row.folded[0].startsWith(words[0]) ? 1 : 2);
  const away = ELSEWHERE.filter((row) => hasWords(wanted, row.folded.join("\u0000"), row.known)).sort((a, b) => rank(a) - rank(b) || byName(a.label, b.label)).map((row) => {
    const name = (state.lang === "es" && row.es) || row.label;
    return { id: row.id, name, page: row.page ?? "", away: true, about: [term(row.type), alsoNamed(otherName(name, [row.label, ...(row.names ?? [])], words)), row.page ? t("suggest.page", { page: t(`nav.${row.page}`) }) : t("suggest.data")] };
  });
  const first = here.slice(0, Math.max(SUGGESTIONS - 3, SUGGESTIONS - away.length));
  return [...first, ...away.slice(0, SUGGESTIONS - first.length)];
}
const alsoNamed = (name) => (name ? t("suggest.also", { name }) : "");

/* `go(id)` opens a name of this page, `light(ids, one)` highlights the matches and the chain of one. */
function listenSuggestions(go, light) {
  const field = $("find"), list = $("hints");
  let rows = [], active = -1;
  const close = () => {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const point = (place) => {
    active = place;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === place)));
    if (list.children[place]?.id) field.setAttribute("aria-activedescendant", list.children[place].id);
    else field.removeAttribute("aria-activedescendant");
    const found = search(field.value).filter((node) => view.layout?.places.has(view.at(node.id))).map((node) => node.id);
    light(field.value.trim() ? search(field.value).map((node) => node.id) : null, rows[place] ? (rows[place].away ? null : rows[place].id) : found.length === 1 ? found[0] : null);
  };
  const show = () => {
    rows = suggest(field.value);
    list.replaceChildren(...rows.map((row, place) => suggestion(row, place, () => pick(row))), ...(field.value.trim() && !rows.length ? [el("li", t("found.none"), "none", { role: "option", "aria-disabled": "true", "aria-selected": "false" })] : []));
    list.hidden = !field.value.trim();
    field.setAttribute("aria-expanded", String(!list.hidden));
    $("found").textContent = list.hidden ? "" : tPage(rows.length === 0 ? "found.none" : rows.length === 1 ? "found.one" : "found.many", { count: number(rows.length) });
    point(-1);
  };
  const pick = (row) => {
    if (!row) return;
    if (row.away && !pageAddress(row)) return;
    close();
    light(null, null);
    $("found").textContent = "";
    if (row.away) location.href = pageAddress(row);
    else go(row.id);
  };
  field.addEventListener("input", show);
  field.addEventListener("focus", () => { if (field.value.trim()) show(); });
  field.addEventListener("blur", () => {
    if (list.hidden) return; // picked
    close();
    light(field.value.trim() ? search(field.value).map((node) => node.id) : null, null);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows.length) {
      event.preventDefault();
      if (list.hidden) show();
      point((active + step + rows.length + (active < 0 && step < 0 ? 1 : 0)) % rows.length);
    } else if (event.key === "Enter") pick(rows[Math.max(active, 0)] ?? suggest(field.value)[0]);
    else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
}

function suggestion(row, place, pick) {
  const option = el("li", "", row.away && !pageAddress(row) ? "nowhere" : "", { role: "option", id: `hint-${place}`, "aria-selected": "false" });
  const [kind, ...why] = row.about.filter(Boolean);
  option.append(el("span", row.name, "name", { dir: "auto" }), el("span", kind ?? "", "kind"), ...(why.length ? [el("span", why.join(" · "), "why")] : []));
  option.addEventListener("click", pick);
  return option;
}

/* The address of another page or of a card; empty if it cannot be reached from this page. */
function pageAddress({ id, page }) {
  const link = page && document.querySelector(`nav a[href*="${page}"]`);
  if (!link) return cardOf(id);
  const parameters = new URLSearchParams(link.hash.slice(1));
  parameters.set("chosen", id);
  return `${link.href.split("#")[0]}#${parameters}`;
}
