// The query page: YASGUI with our prefixes, examples and terms, results with labels, and charts. Nothing is fetched
// from elsewhere.
"use strict";
(() => {
  const settings = JSON.parse(document.getElementById("settings").textContent);
  const endpoint = new URL("/sparql", location.href).href;
  const base = settings.ontology.replace(/ontology#$/, "");
  const shorten = (iri) => {
    for (const [prefix, space] of Object.entries(settings.prefixes))
      if (iri.startsWith(space) && /^[\w-]+$/.test(iri.slice(space.length))) return `${prefix}:${iri.slice(space.length)}`;
    return iri;
  };
  // The editor marks prefixes it does not see declared; the endpoint would know them.
  const declare = (query) => {
    const used = Object.keys(settings.prefixes).filter((prefix) =>
      new RegExp(`(^|[^\\w:?<-])${prefix}:`, "m").test(query) && !new RegExp(`prefix\\s+${prefix}:`, "i").test(query));
    return used.map((prefix) => `PREFIX ${prefix}: <${settings.prefixes[prefix]}>\n`).join("") + query;
  };
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const isNumber = (term) => term && /#(integer|decimal|double|float|positiveInteger|nonNegativeInteger|int|long)$/.test(term.datatype || "");
  const rowsOf = (yasr) => (yasr.results && yasr.results.getBindings()) || null;

  // Labels of our addresses, asked of the endpoint once each.
  const labels = new Map();
  async function learn(iris) {
    const unknown = [...new Set(iris)].filter((iri) => iri.startsWith(base) && !labels.has(iri) && !/[<>"{}|\\^`\s]/.test(iri)).slice(0, 1000);
    if (!unknown.length) return;
    const query = `SELECT ?x ?label WHERE { VALUES ?x { ${unknown.map((iri) => `<${iri}>`).join(" ")} } ?x rdfs:label ?label }`;
    const answer = await fetch(endpoint, {
      method: "POST", body: new URLSearchParams({ query }), headers: { Accept: "application/sparql-results+json" },
    });
    if (!answer.ok) return;
    for (const row of (await answer.json()).results.bindings) labels.set(row.x.value, row.label.value);
    for (const iri of unknown) if (!labels.has(iri)) labels.set(iri, shorten(iri));
  }

  class Plain {
    constructor(yasr) { this.yasr = yasr; this.priority = 20; this.label = "Answer"; }
    getIcon() { return element("span", "≡"); }
    canHandleResults() { return rowsOf(this.yasr) !== null; }
    async draw() {
      const rows = rowsOf(this.yasr), names = this.yasr.results.getVariables();
      await learn(rows.slice(0, 1000).flatMap((row) => Object.values(row).filter((term) => term.type === "uri").map((term) => term.value)));
      const table = element("table", undefined, { class: "answer" }), head = table.createTHead().insertRow();
      for (const name of names) head.append(element("th", name.replaceAll("_", " "), { scope: "col" }));
      const body = table.createTBody();
      for (const row of rows.slice(0, 1000)) {
        const line = body.insertRow();
        for (const name of names) line.append(this.cell(row[name]));
      }
      const count = element("p", `${rows.length} row${rows.length === 1 ? "" : "s"}${rows.length > 1000 ? ", the first 1000 shown" : ""}`);
      this.yasr.resultsEl.replaceChildren(table, count);
    }
    cell(term) {
      const cell = element("td");
      if (!term) return cell;
      if (isNumber(term)) cell.className = "number";
      if (term.type !== "uri") { cell.textContent = term.value; return cell; }
      const shown = labels.get(term.value) || shorten(term.value);
      const inside = term.value.startsWith(base);
      if (!inside && !/^https?:/.test(term.value)) { cell.textContent = term.value; return cell; }
      cell.append(element("a", shown, { href: inside ? `/${term.value.slice(base.length)}` : term.value, title: term.value, rel: "noreferrer" }));
      return cell;
    }
  }

  class Chart {
    constructor(yasr) { this.yasr = yasr; this.priority = 5; this.label = "Chart"; }
    getIcon() { return element("span", "▤"); }
    columns() {
      const rows = rowsOf(this.yasr);
      if (!rows || rows.length < 2 || rows.length > 60) return null;
      const names = this.yasr.results.getVariables();
      const number = names.find((name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || isNumber(row[name])));
      const text = names.find((name) => name !== number && rows.every((row) => row[name] && !isNumber(row[name])));
      return number && text ? [text, number] : null;
    }
    canHandleResults() { return this.columns() !== null; }
    async draw() {
      const [text, number] = this.columns(), rows = rowsOf(this.yasr).filter((row) => row[number]);
      await learn(rows.map((row) => row[text]).filter((term) => term.type === "uri").map((term) => term.value));
      const values = rows.map((row) => Number(row[number].value)), most = Math.max(...values.map(Math.abs), 1e-12);
      const make = (name, attributes, content) => {
        const made = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
        if (content !== undefined) made.textContent = content;
        return made;
      };
      const picture = make("svg", { viewBox: `0 0 760 ${rows.length * 24 + 30}`, class: "chart", role: "img", "aria-label": `${number} by ${text}` });
      picture.append(make("text", { x: 250, y: 16 }, number.replaceAll("_", " ")));
      rows.forEach((row, at) => {
        const label = labels.get(row[text].value) || row[text].value, y = at * 24 + 24;
        picture.append(
          make("text", { x: 240, y: y + 15, "text-anchor": "end" }, label.length > 34 ? `${label.slice(0, 33)}…` : label),
          make("rect", { x: 250, y: y + 2, height: 18, width: Math.max(1, (Math.abs(values[at]) / most) * 420) }),
          make("text", { x: 256 + (Math.abs(values[at]) / most) * 420, y: y + 15 }, row[number].value));
      });
      this.yasr.resultsEl.replaceChildren(picture);
    }
  }

  Yasgui.Yasr.registerPlugin("plain", Plain);
  Yasgui.Yasr.registerPlugin("chart", Chart);
  Yasgui.Yasr.defaults.defaultPlugin = "plain";
  Yasgui.Yasr.defaults.pluginOrder = ["plain", "chart", "table", "response", "boolean", "error"];
  Yasgui.Yasr.defaults.prefixes = settings.prefixes;
  // Those that come with the editor ask servers elsewhere; ours knows the terms of this graph.
  Yasgui.Yasqe.registerAutocompleter({
    name: "terms", bulk: true, autoShow: false,
    isValidCompletionPosition: (yasqe) => /^pag:[\w-]*$/.test(yasqe.getCompleteToken().string),
    get: async () => settings.terms.map((term) => `pag:${term}`),
    preProcessToken: (yasqe, token) => token, postProcessToken: (yasqe, token, suggested) => suggested,
  });
  Yasgui.Yasqe.defaults.autocompleters = ["variables", "terms"];
  const start = declare("SELECT ?block WHERE { ?x a pag:HydrocarbonBlock ; rdfs:label ?block }");
  Yasgui.Yasqe.defaults.value = start;
  const yasgui = new Yasgui(document.getElementById("yasgui"), {
    requestConfig: { endpoint, method: "POST", headers: () => ({}), acceptHeaderSelect: "application/sparql-results+json,*/*;q=0.9", acceptHeaderGraph: "text/turtle" },
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    copyEndpointOnNewTab: true, persistenceId: null, autofocus: true,
  });
  window.yasgui = yasgui;
  const warning = document.getElementById("warning"), watched = new WeakSet();
  const warn = (text) => { warning.textContent = text || ""; warning.hidden = !text; };
  yasgui.on("query", (_, tab) => {
    warn("");
    const editor = tab.getYasqe();
    if (!watched.has(editor)) editor.on("queryResponse", (_editor, response) => warn(response.headers.get("Pag-Warning")));
    watched.add(editor);
  });
  const choice = document.getElementById("example");
  for (const { name, title } of settings.examples) choice.append(element("option", title, { value: name }));
  choice.addEventListener("change", () => {
    const example = settings.examples.find(({ name }) => name === choice.value);
    if (!example) return;
    const tab = yasgui.getTab() || yasgui.addTab(true);
    tab.setQuery(declare(example.query));
    tab.query().catch(() => undefined);
  });
})();
