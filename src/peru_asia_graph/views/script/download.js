/* Download the scene as SVG or PNG and the table as CSV. */
function save(blob, ending) {
  const link = el("a", "", "", { download: `${DATA.kind}.${ending}`, href: URL.createObjectURL(blob) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const svgText = (root) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root)}\n`;
const saveSvg = (root) => save(new Blob([svgText(root)], { type: "image/svg+xml" }), "svg");

/* A cell that a spreadsheet would run as a formula is prefixed with an apostrophe. */
function csvCell(value) {
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?[\d.,]+$/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
const saveCsv = (rows) => save(new Blob([`\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`], { type: "text/csv" }), "csv");

/* `scene()` returns a scene with its frame (see `networkScene`), `rows()` the table with its header row. */
function listenDownloads(scene, rows) {
  $("save-svg").addEventListener("click", () => saveSvg(sceneSvg(scene(), document.title)));
  $("save-png").addEventListener("click", () => savePng(scene()));
  $("save-csv").addEventListener("click", () => saveCsv(rows()));
  $("print").addEventListener("click", () => print());
}
