/* The index page: a card for each page with its icon, example questions, and the files of data. */
PAGES.index = { start: startIndex };

const PLAIN_ICON = { back: "M8 8V78", front: "M10 70H180", colour: "rule", width: 2 };
const formatSize = (bytes) => (bytes < 1e6 ? `${number(Math.max(1, bytes / 1e3), 0)}\u00a0kB` : `${number(bytes / 1e6, 1)}\u00a0MB`);

/* The files of one group with their purpose and size. */
function filesOf(group) {
  const files = DATA.files.filter((file) => file.group === group);
  if (!files.length) return null;
  const section = el("section"), list = el("ul", "", "files");
  for (const file of files) {
    const line = el("li");
    line.append(el("a", file.name.split("/").pop(), "", { href: file.name, download: "" }), el("span", formatSize(file.size), "size"), el("span", file[state.lang], "for"));
    list.append(line);
  }
  section.append(el("h2", t(`index.${group}`)), list);
  return section;
}

function startIndex() {
  const draw = () => {
    const cards = el("div", "", "cards");
    for (const kind of DATA.pages) {
      const { back, front, colour, width } = PAGES[kind].icon ?? PLAIN_ICON;
      const card = el("a", "", "entry", { href: `${kind}.html${location.hash}` });
      const icon = svg("svg", { viewBox: "0 0 198 84", preserveAspectRatio: "xMinYMid meet", "aria-hidden": "true" });
      icon.append(svg("path", { d: back, stroke: ink.rule, "stroke-width": 2, fill: "none" }), svg("path", { d: front, stroke: `var(--${colour})`, "stroke-width": width, fill: "none" }));
      card.append(icon, el("h2", t(`${kind}.title`)), el("p", t(`${kind}.lead`)));
      cards.append(card);
    }
    const starts = el("ul", "", "starts"), below = el("div", "", "below"), examples = el("section");
    for (const kind of DATA.pages) {
      for (const [key, fragment] of Object.entries(PAGES[kind].examples ?? {})) {
        const line = el("li");
        line.append(el("a", t(`start.${key}`), "", { href: `${kind}.html${fragment}${state.lang === DATA.language ? "" : `&lang=${state.lang}`}` }));
        starts.append(line);
      }
    }
    examples.append(el("h2", t("index.starts")), starts);
    const [graph, networks, flat, ...others] = unique(["graph", "networks", "tables", ...DATA.files.map((file) => file.group)]).map(filesOf), both = el("div");
    both.append(...[graph, networks, ...others].filter(Boolean));
    below.append(examples, ...(both.children.length ? [both] : []), ...(flat ? [flat] : []));
    $("charts").replaceChildren(cards, below);
  };
  $("legend").hidden = true;
  watch(["lang", "theme"], draw);
  draw();
}
