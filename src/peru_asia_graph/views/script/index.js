/* The page to enter by: a card a page, each with a small drawing of what is behind it. */
const SKETCHES = {
  ownership: ["M8 14H60M8 34H60M8 54H60M8 72H60", "M60 14C120 14 120 30 180 30M60 34C120 34 120 32 180 32M60 54C120 54 120 62 180 62M60 72C120 72 120 64 180 64", "china"],
  diplomacy: ["M8 20H190M8 42H190M8 64H190", "M20 20h10M120 20h26M150 20h30M60 42h8M158 42h8M170 42h6M24 64h6M104 64h40M150 64h20", "korea"],
  investments: ["M8 8V78", "M10 16H180M10 32H150M10 48H90M10 64H40", "japan"],
  trade: ["M8 78H190", "M20 76V50M50 76V30M80 76V14M120 76V60M150 76V40M180 76V24", "s2"],
  audit: ["M8 20H190M8 42H190M8 64H190", "M150 14l6 8l14 -14M150 36l6 8l14 -14M152 54l14 14M166 54l-14 14", "peru"],
};
const STARTS = {
  block8: "ownership.html#chosen=block-8", minajusta: "ownership.html#chosen=mina-justa&year=2013", blocks: "ownership.html#type=HydrocarbonBlock",
  hu: "diplomacy.html#chosen=hu-jintao", y2013: "diplomacy.html#year=2013", largest: "investments.html#chosen=quellaveco-investment-t5",
  differs: "audit.html#mark=differs",
};

const sizeWords = (bytes) => (bytes < 1e6 ? `${number(Math.max(1, bytes / 1e3), 0)}\u00a0kB` : `${number(bytes / 1e6, 1)}\u00a0MB`);

/* The files of one kind that stand beside the page, each with its purpose and its size. */
function filesOf(group) {
  const files = DATA.files.filter((file) => file.group === group);
  if (!files.length) return null;
  const section = el("section"), list = el("ul", "", "files");
  for (const file of files) {
    const line = el("li");
    line.append(el("a", file.name.split("/").pop(), "", { href: file.name, download: "" }), el("span", sizeWords(file.size), "size"), el("span", file[state.lang], "for"));
    list.append(line);
  }
  section.append(el("h2", t(`index.${group}`)), list);
  return section;
}

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
    const starts = el("ul", "", "starts"), below = el("div", "", "below"), asked = el("section");
    for (const [key, address] of Object.entries(STARTS)) {
      const line = el("li");
      line.append(el("a", t(`start.${key}`), "", { href: address + (state.lang === DATA.language ? "" : `&lang=${state.lang}`) }));
      starts.append(line);
    }
    asked.append(el("h2", t("index.starts")), starts);
    const [graph, networks, flat] = ["graph", "networks", "tables"].map(filesOf), both = el("div");
    both.append(...[graph, networks].filter(Boolean));
    below.append(asked, ...(both.children.length ? [both] : []), ...(flat ? [flat] : []));
    $("charts").replaceChildren(cards, below);
  };
  $("legend").hidden = true;
  watch(["lang", "theme"], draw);
  draw();
}
