/* The Share menu: a link to this view, the page as one file, embed code, pictures, citation and description. */
const EMBEDDED = new URLSearchParams(location.search).has("embed");
const PLAIN_TABLE = document.querySelector("#table noscript")?.textContent ?? ""; // replaced by the tables of the page
const bundleScript = () => document.querySelector('script[src$="/page.js"]');

/* Copy the link, and briefly confirm it on its button. */
async function copyLink() {
  const button = $("copy-link");
  try {
    await navigator.clipboard.writeText(pageLink());
    button.textContent = t("link.copied");
    $("announcer").textContent = t("link.copied");
    setTimeout(() => { button.textContent = t("link"); }, 2500);
  } catch {
    showTexts(t("link"), [["", pageLink()]]); // a frame may not write to the clipboard
  }
}

/* Texts to copy, each with its label, in a dialog. */
const unfolded = (text) => text.split("\n").reduce((lines, line) => lines + Math.ceil((line.length + 1) / 72), 0);
function showTexts(title, texts, note = "") {
  const parts = texts.map(([name, text], place) => {
    const part = el("section"), area = el("textarea", "", "", { readonly: "", rows: Math.min(12, unfolded(text)), "aria-label": name || title, spellcheck: "false" });
    const button = el("button", t("share.copy"), "", { type: "button", "data-copy": place });
    area.textContent = text;
    button.addEventListener("click", async () => {
      area.select();
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = t("share.copied");
      } catch { /* the text is selected, to be copied by hand */ }
    });
    part.append(...(name ? [el("h3", name)] : []), area, button);
    return part;
  });
  $("share").open = false;
  $("share-title").textContent = title.replace(/ …$/, "");
  $("share-parts").replaceChildren(...(note ? [el("p", note, "note")] : []), ...parts);
  $("share-texts").showModal();
  $("share-texts").querySelector("[data-copy], #share-close").focus();
}

function embedCode() {
  return `<iframe src="${attribute(pageLink(true))}" title="${attribute(document.title)}" width="100%" height="640" style="border:0" loading="lazy"></iframe>`;
}
const attribute = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

/* --- the page as one file ------------------------------------------------------------------------------- */
/* The texts to embed are in a script, because a page opened from disk may load scripts but not read files. */
function loadOneFile() {
  if (window.pagOneFile) return Promise.resolve(window.pagOneFile);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = bundleScript().src.replace(/page\.js$/, "one-file.js");
    script.addEventListener("load", () => resolve(window.pagOneFile));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

/* Long data is compressed if the drawing library is embedded, as in a page written by `pag view`, to keep shared files small. */
async function packed(node) {
  if (node.type !== "application/json" || node.textContent.length < LONG_DATA) return node;
  const stream = new Blob([node.textContent]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return { type: "application/gzip", id: node.id, textContent: btoa(letters) };
}

async function oneFile() {
  const { texts, documents } = await loadOneFile();
  /* In a single-file page this script is embedded in the document, so it must not contain a comment or script tag. */
  const element = (node) => `\u003cscript type="${node.type}" id="${node.id}">${node.textContent}\u003c/script>`;
  let page = documents[DATA.kind][DATA.language];
  const withLibrary = page.includes("vis-network.min"); // the full placeholder would be replaced here too
  const put = (mark, text) => { page = page.replace(mark, () => text); };
  for (const [name, text] of Object.entries(texts)) put(`{{${name}}}`, text); // names of things come last, because they may contain anything
  put("{{data}}", element(withLibrary ? await packed($("data")) : $("data")));
  put(element({ type: "application/json", id: "about", textContent: "{}" }), element($("about")));
  put("<noscript>\n</noscript>", `<noscript>${PLAIN_TABLE}</noscript>`);
  const opened = new URL(pageLink()).hash.slice(1);
  if (opened) put(/^<!doctype html>\n<html /, `<!doctype html>\n<html data-open="${attribute(opened)}" `);
  return page;
}

async function savePage() {
  try {
    save(new Blob([await oneFile()], { type: "text/html" }), "html");
  } catch {
    showTexts(t("share.page"), [], t("share.page.failed"));
  }
}

/* --- embedding ----------------------------------------------------------------------------------------- */
function startEmbedded() {
  document.documentElement.classList.add("embed");
  const line = el("p", "", "source-line"), name = el("strong"), whole = el("a", "", "", { target: "_blank", rel: "noopener" }), sources = el("span");
  line.append(name, sources, whole);
  document.querySelector(".stage").before(line);
  const follow = () => {
    name.textContent = document.title;
    sources.textContent = credit();
    whole.textContent = t("share.whole");
    whole.href = pageLink();
  };
  watch(Object.keys(EMPTY), follow);
  follow();
}

function listenShare() {
  drawOrigins();
  watch(["lang"], drawOrigins);
  if (!$("share")) return;
  const linked = bundleScript() !== null;
  $("save-page").hidden = !linked;
  $("page-note").hidden = linked;
  $("save-page").addEventListener("click", savePage);
  $("copy-link").addEventListener("click", copyLink);
  $("share-embed").addEventListener("click", () => (onTheWeb() ? showTexts(t("share.embed"), [["", embedCode()]], t("share.embed.note")) : showTexts(t("share.embed"), [], t("share.embed.where"))));
  $("share-cite").addEventListener("click", () => showTexts(t("share.cite"), [["APA", apaCitation()], ["BibTeX", bibtexCitation()]]));
  $("share-alt").addEventListener("click", () => showTexts(t("share.alt"), [["", altText()]], t("share.alt.note")));
  $("share-close").addEventListener("click", () => $("share-texts").close());
  $("share-texts").addEventListener("keydown", (event) => event.stopPropagation()); // Escape only closes the dialog
  listenAlt();
  if (EMBEDDED) startEmbedded();
}
