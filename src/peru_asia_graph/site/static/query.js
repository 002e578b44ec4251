/* The query page: examples, terms to insert, and answers as a table with labels, a chart, a graph or a sentence. */
"use strict";
(() => {
  const settings = JSON.parse(document.getElementById("settings").textContent), { words } = settings;
  const endpoint = new URL("/sparql", location.href).href, base = settings.ontology.replace(/ontology#$/, "");
  const $ = (id) => document.getElementById(id);
  const MOST = 1000;
  const shorten = (iri) => {
    for (const [prefix, space] of Object.entries(settings.prefixes))
      if (iri.startsWith(space) && /^[\w-]+$/.test(iri.slice(space.length))) return `${prefix}:${iri.slice(space.length)}`;
    return iri;
  };
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const isNumber = (term) => term && /#(integer|decimal|double|float|positiveInteger|nonNegativeInteger|int|long)$/.test(term.datatype || "");

  /* Labels of the graph's IRIs, each requested from the endpoint once. */
  const labels = new Map();
  async function learn(terms, signal) {
    const iris = terms.filter((term) => term?.type === "uri").map((term) => term.value);
    const unknown = [...new Set(iris)].filter((iri) => iri.startsWith(base) && !labels.has(iri) && !/[<>"{}|\\^`\s]/.test(iri)).slice(0, MOST);
    if (!unknown.length) return;
    const query = `SELECT ?x ?label WHERE { VALUES ?x { ${unknown.map((iri) => `<${iri}>`).join(" ")} } ?x rdfs:label ?label FILTER(LANG(?label) IN ("en", "")) }`;
    const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams({ query }), headers: { Accept: "application/sparql-results+json" }, signal });
    if (!answer.ok) return;
    for (const row of (await answer.json()).results.bindings) labels.set(row.x.value, row.label.value);
    for (const iri of unknown) if (!labels.has(iri)) labels.set(iri, shorten(iri));
  }

  function cellOf(term) {
    const cell = element("td");
    if (!term) return cell;
    if (isNumber(term)) cell.className = "number";
    const inside = term.type === "uri" && term.value.startsWith(base);
    if (inside || (term.type === "uri" && /^https?:/.test(term.value))) {
      const address = inside ? `/${term.value.slice(base.length)}` : term.value;
      cell.append(element("a", labels.get(term.value) || shorten(term.value), { href: address, title: term.value, rel: "noreferrer" }));
    } else cell.textContent = term.value;
    return cell;
  }

  function tableOf(names, rows) {
    const scroll = element("div", undefined, { class: "scroll", tabindex: 0, role: "region", "aria-label": words.answer });
    const table = element("table", undefined, { class: "answer" }), head = table.createTHead().insertRow(), body = table.createTBody();
    for (const name of names) head.append(element("th", name.replaceAll("_", " "), { scope: "col", ...(rows.some((row) => isNumber(row[name])) ? { class: "number" } : {}) }));
    for (const row of rows.slice(0, MOST)) {
      const line = body.insertRow();
      for (const name of names) line.append(cellOf(row[name]));
    }
    scroll.append(table);
    return scroll;
  }

  /* The columns from which a chart can be drawn: a text and a number; null if there are none. */
  function chartColumns(names, rows) {
    if (rows.length < 2 || rows.length > 60) return null;
    const number = names.find((name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || isNumber(row[name])));
    const text = names.find((name) => name !== number && rows.every((row) => row[name] && !isNumber(row[name])));
    return number && text ? [text, number] : null;
  }

  function chartOf([text, number], all) {
    const rows = all.filter((row) => row[number]), values = rows.map((row) => Number(row[number].value));
    const most = Math.max(...values.map(Math.abs), 1e-12);
    const make = (name, attributes, content) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      if (content !== undefined) made.textContent = content;
      return made;
    };
    const picture = make("svg", { viewBox: `0 0 760 ${rows.length * 24 + 30}`, class: "chart", role: "img", "aria-label": `${number} / ${text}` });
    picture.append(make("text", { x: 250, y: 16 }, number.replaceAll("_", " ")));
    rows.forEach((row, at) => {
      const label = labels.get(row[text].value) || row[text].value, y = at * 24 + 24, width = (Math.abs(values[at]) / most) * 420;
      picture.append(
        make("text", { x: 240, y: y + 15, "text-anchor": "end" }, label.length > 34 ? `${label.slice(0, 33)}…` : label),
        make("rect", { x: 250, y: y + 2, height: 18, width: Math.max(1, width) }), make("text", { x: 256 + width, y: y + 15 }, row[number].value));
    });
    return picture;
  }

  /* `asked` are the fields of the answered request; the form may have changed since. */
  function downloads(asked, formats) {
    const line = element("p", `${words.download} `);
    formats.forEach((format, at) => line.append(at ? " · " : "", element("a", format, { href: `/sparql?${new URLSearchParams([...asked, ["format", format.toLowerCase()]])}` })));
    return line;
  }

  async function rowsShown(asked, answer, signal) {
    const names = answer.head.vars, rows = answer.results.bindings;
    await learn(rows.slice(0, MOST).flatMap((row) => Object.values(row)), signal).catch(() => {}); // without labels, addresses are shown
    const table = tableOf(names, rows), columns = chartColumns(names, rows);
    const count = words.rows.replace("{count}", rows.length) + (rows.length > MOST ? ` ${words.first.replace("{count}", MOST)}` : "");
    const parts = [element("p", count), table, downloads(asked, ["CSV", "JSON"])];
    if (columns) {
      const button = element("button", words.chart, { type: "button", "aria-pressed": "false", id: "chart" }), picture = chartOf(columns, rows);
      button.addEventListener("click", () => {
        const on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        (on ? table : picture).replaceWith(on ? picture : table);
      });
      parts.splice(1, 0, button);
    }
    return parts;
  }

  async function ask(asked, signal) {
    const accept = "application/sparql-results+json, text/turtle;q=0.9, text/plain;q=0.5";
    const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams(asked), headers: { Accept: accept }, signal });
    const warning = answer.headers.get("Pag-Warning") ?? "", text = await answer.text();
    if (!answer.ok) return [warning, [element("pre", text, { class: "failure" })]];
    if (!answer.headers.get("Content-Type").includes("json")) return [warning, [downloads(asked, ["Turtle", "JSONLD"]), element("pre", text, { tabindex: 0 })]];
    const found = JSON.parse(text);
    return [warning, found.results ? await rowsShown(asked, found, signal) : [element("p", words[String(found.boolean)], { class: "verdict" })]];
  }

  /* A new query cancels the previous one: the answer shown is always that of the last query. */
  let running = new AbortController();
  async function run() {
    const asked = [["query", $("text").value], ...new URLSearchParams($("source")?.value ?? "")];
    running.abort();
    const { signal } = running = new AbortController();
    history.replaceState(null, "", `#query=${encodeURIComponent(asked[0][1])}`);
    $("warning").hidden = true;
    $("answer").replaceChildren(element("p", words.running));
    const [warning, parts] = await ask(asked, signal).catch((error) => ["", [element("pre", String(error), { class: "failure" })]]);
    if (signal.aborted) return;
    $("warning").textContent = warning;
    $("warning").hidden = !warning;
    $("answer").replaceChildren(...parts);
  }

  function setQuery(text) { $("text").value = text; }
  function readAddress() {
    const query = new URLSearchParams(location.hash.slice(1)).get("query");
    if (query) setQuery(query);
  }

  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  $("query").addEventListener("submit", (event) => { event.preventDefault(); run(); });
  $("text").addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); } });
  $("example").addEventListener("change", () => {
    const example = settings.examples[$("example").value];
    if (example) { setQuery(example); run(); }
  });
  $("term").addEventListener("change", () => {
    const box = $("text"), term = $("term").value;
    if (!/^\w+:[\w-]+$/.test(term)) return;
    box.setRangeText(`${term} `, box.selectionStart, box.selectionEnd, "end");
    $("term").value = "";
    box.focus();
  });
  addEventListener("hashchange", readAddress);
  readAddress();
  document.documentElement.dataset.ready = "true";
})();
