/* Printing: the picture on a landscape page, in the light theme; the table on request. The printed parts are always in the
   page, because a browser that prints on its own sends no event beforehand. */

function listenPrint() {
  let previous = "", due = 0;
  const switchTheme = (theme) => {
    state.theme = theme;
    applyTheme();
    for (const [names, run] of watchers) if (names.includes("theme")) run(["theme"]);
  };
  addEventListener("beforeprint", () => {
    previous = state.theme;
    switchTheme("light");
    makePrintable();
  });
  addEventListener("afterprint", () => {
    document.body.classList.remove("print-table");
    switchTheme(previous);
  });
  const later = () => { clearTimeout(due); due = setTimeout(makePrintable, 150); };
  watch(Object.keys(EMPTY), later);
  addEventListener("resize", later);
  if (!$("print")) return;
  const both = el("button", t("print.table"), "", { type: "button", id: "print-table", "data-t": "print.table" });
  both.addEventListener("click", () => {
    for (const table of tables) Object.assign(table, { open: true, page: Infinity }); // including collapsed or long ones
    drawTables();
    document.body.classList.add("print-table");
    print();
  });
  $("print").after(both);
}

function makePrintable() {
  const root = document.documentElement;
  if (GRAPH && view.layout) { // a network on a canvas; all other pictures are SVG
    const { width, height } = view.layout, theme = root.dataset.theme; // the page has a title already
    root.dataset.theme = "light";
    readColours();
    const made = sceneSvg({ parts: currentScene(), title: [], dx: 2, dy: 30, width: width + 4, height: height + 36 }, document.title);
    if (theme === undefined) delete root.dataset.theme; else root.dataset.theme = theme;
    readColours();
    $("printed")?.remove();
    $("figure").append(Object.assign(made, { id: "printed" }));
  }
}
