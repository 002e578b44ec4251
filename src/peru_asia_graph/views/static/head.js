/* Common to all pages: theme and language, remembered on a server, and the search with suggestions (the ARIA combobox
   pattern). Suggestions come from the server, or from an index of names loaded at first use. */
"use strict";
(() => {
  const root = document.documentElement, served = location.protocol.startsWith("http");
  const recall = (name) => { try { return served ? localStorage.getItem(name) : null; } catch { return null; } };
  const remember = (name, value) => { try { if (served) localStorage.setItem(name, value); } catch { /* not allowed here */ } };
  const asked = () => new URLSearchParams(location.hash.slice(1)).get("theme");
  const theme = asked() ?? recall("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  // The start page of a folder on a web host: in Spanish if the browser prefers it, unless another language was chosen.
  const preferred = () => (navigator.languages ?? []).map((tag) => tag.slice(0, 2)).find((code) => ["en", "es"].includes(code));
  const spanish = document.currentScript?.dataset.spanish;
  if (spanish && served && (recall("language") ?? preferred()) === "es") location.replace(spanish);
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

  /* The switch of a page of the site; interactive pages keep theirs in the page state. */
  function listenTheme() {
    const button = document.getElementById("theme");
    if (document.getElementById("data") || !button) return;
    // Pages in a folder store nothing: the language is passed on to the next one.
    const tell = () => {
      for (const link of served || !root.dataset.theme ? [] : document.querySelectorAll('a[href*=".html"]')) {
        const fields = new URLSearchParams(link.hash.slice(1));
        fields.set("theme", root.dataset.theme);
        link.hash = String(fields);
      }
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember("theme", root.dataset.theme);
      tell();
    });
    tell();
    root.dataset.ready = "true";
  }

  /* The target of an anchor may be within collapsed sections. */
  function revealTarget() {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* no address of ours */ }
    const named = document.getElementById(name);
    if (!named?.closest("details:not([open])")) return;
    for (let fold = named.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    named.scrollIntoView();
  }

  /* On a phone the cells of a row are stacked, each with its column heading. */
  function stackTables() {
    for (const table of innerWidth <= 700 ? document.querySelectorAll(".answer table") : []) {
      const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
      for (const row of table.tBodies[0]?.rows ?? []) [...row.cells].forEach((cell, place) => { cell.dataset.head = heads[place] ?? ""; });
      table.classList.add("stacked");
    }
  }

  /* --- search without a server: a script with the function `pagNames`, see search.js --- */
  let loading = null;
  const loadNames = (address) => loading ??= new Promise((resolve) => {
    const script = Object.assign(document.createElement("script"), { src: address });
    script.addEventListener("load", resolve);
    script.addEventListener("error", resolve);
    document.head.append(script);
  });

  const findNames = (form, text, most) => (window.pagNames?.(text, most, root.lang) ?? []).map((one) => ({ ...one, href: form.dataset.root + one.href }));

  /* Return the matches for a text, as {label, kind, why, href, guess}. */
  async function suggest(form, text, signal) {
    if (form.dataset.index) {
      await loadNames(form.dataset.index);
      return findNames(form, text, 8);
    }
    const address = new URL(form.action);
    address.search = new URLSearchParams({ q: text, lang: root.lang });
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
    return answer.ok ? (await answer.json()).found : [];
  }

  /* Without a server: matches for the words in the search page's address, or for the name in a missing page's address. */
  const MOST = 60, MOST_NEAR = 5;
  const nameInPath = () => {
    const name = location.pathname.split("/").at(-1).replace(/\.\w+$/, "").replaceAll("-", " ");
    try { return decodeURIComponent(name); } catch { return name; }
  };
  async function listHits(form) {
    const said = document.getElementById("found"), near = document.getElementById("near");
    const text = near ? nameInPath() : new URLSearchParams(location.search).get("q") ?? "";
    if (!text.trim()) return;
    if (!near) form.querySelector("input").value = text;
    await loadNames(form.dataset.index);
    const hits = findNames(form, text, near ? MOST_NEAR : MOST);
    if (near) near.hidden = !hits.length;
    else said.textContent = hits[0]?.guess ? form.querySelector("input").dataset.near : hits.length === MOST ? said.dataset.many : hits.length ? "" : said.dataset.none.replace("{}", () => text);
    document.getElementById("hits").replaceChildren(...hits.map((one) => {
      const item = document.createElement("li"), link = Object.assign(document.createElement("a"), { href: one.href, textContent: one.label });
      item.append(link, " ", Object.assign(document.createElement("span"), { className: "kind", textContent: one.kind }), " ", Object.assign(document.createElement("span"), { className: "why", textContent: one.why }));
      return item;
    }));
  }

  /* --- the combobox --- */
  function listenSearch(form) {
    const input = form.querySelector("input"), list = form.querySelector("ul");
    let chosen = -1, asked = null, timer = 0;
    const options = () => [...list.querySelectorAll("[role=option]")];
    const close = () => {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (place) => {
      const all = options();
      chosen = all.length ? (place + all.length + 1) % (all.length + 1) : -1;
      if (chosen === all.length) chosen = -1;
      all.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
      if (chosen === -1) { input.removeAttribute("aria-activedescendant"); return; }
      input.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    };
    const part = (text, name) => Object.assign(document.createElement("span"), { textContent: text, className: name });
    const show = (found) => {
      list.replaceChildren(...found.map((one, number) => {
        const option = Object.assign(document.createElement("li"), { id: `suggestion-${number}` });
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.href = one.href;
        option.append(part(one.label, "name"), part(one.kind, "kind"), ...(one.why ? [part(one.why, "why")] : []));
        return option;
      }));
      const near = found[0]?.guess ? input.dataset.near : "";
      if (near) list.dataset.near = near;
      else delete list.dataset.near;
      form.querySelector(".status").textContent = found.length ? near : input.dataset.none;
      if (found.length) delete list.dataset.none;
      else list.dataset.none = input.dataset.none;
      list.setAttribute("role", found.length ? "listbox" : "none"); // a listbox needs options
      list.hidden = false;
      chosen = -1;
      input.setAttribute("aria-expanded", String(found.length > 0));
      input.removeAttribute("aria-activedescendant");
    };
    const ask = async () => {
      asked?.abort();
      asked = new AbortController();
      const text = input.value, { signal } = asked;
      if (!text.trim()) { form.querySelector(".status").textContent = ""; close(); return; }
      try {
        const found = await suggest(form, text, signal);
        if (!signal.aborted && document.activeElement === input) show(found);
      } catch (error) { if (error.name !== "AbortError") close(); }
    };
    const go = (option) => { location.assign(option.dataset.href); close(); };
    if (form.dataset.index) input.addEventListener("focus", () => loadNames(form.dataset.index));
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, form.dataset.index ? 0 : 90); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask();
        else choose(event.key === "ArrowDown" ? chosen + 1 : chosen === -1 ? options().length - 1 : chosen - 1);
      } else if (event.key === "Escape") {
        event.stopPropagation();
        if (!list.hidden) event.preventDefault(); // the browser would empty the box
        close();
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        go(options()[chosen]);
      }
    });
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) go(option); });
    form.addEventListener("submit", async (event) => {
      if (!form.dataset.index) return;
      event.preventDefault(); // no server answers: go to the best hit
      const [best] = await suggest(form, input.value);
      if (best) go({ dataset: best });
      else location.assign(`${form.action}?${new URLSearchParams({ q: input.value })}`);
    });
    if (form.dataset.index && document.getElementById("hits")) listHits(form);
  }

  addEventListener("DOMContentLoaded", () => {
    listenTheme();
    // Before an interactive page changes the link of the switch.
    document.getElementById("language")?.addEventListener("click", (event) => remember("language", event.currentTarget.lang), true);
    // Open only if there is room.
    for (const fold of innerWidth <= 700 ? document.querySelectorAll("details[data-wide]") : []) fold.open = false;
    stackTables();
    revealTarget();
    addEventListener("hashchange", revealTarget);
    for (const form of document.querySelectorAll("form.search")) listenSearch(form);
  });
})();
