/* The filter on the page of questions: hides questions and themes that lack any of the words typed. */
"use strict";
(() => {
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const box = document.getElementById("find"), told = document.getElementById("found");
  const themes = [...document.querySelectorAll("section.theme")].map((section) => ({
    section,
    link: document.querySelector(`nav.themes a[href="#${section.getAttribute("aria-labelledby")}"]`),
    name: folded(section.querySelector("h2").textContent),
    questions: [...section.querySelectorAll("li")].map((item) => ({ item, text: folded(`${item.textContent} ${item.dataset.name}`) })),
  }));

  function show() {
    const words = folded(box.value).split(/\s+/u).filter(Boolean);
    let count = 0;
    for (const { section, link, name, questions } of themes) {
      let any = false;
      for (const { item, text } of questions) {
        const fits = words.every((word) => text.includes(word) || name.includes(word));
        item.hidden = !fits;
        any ||= fits;
        count += fits ? 1 : 0;
      }
      section.hidden = link.hidden = !any;
    }
    const words_for = count === 1 ? told.dataset.one : count ? told.dataset.many : told.dataset.none;
    told.textContent = words.length ? words_for.replace("{count}", String(count)) : "";
  }

  box.closest(".find").hidden = false;
  box.addEventListener("input", show);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { box.value = ""; show(); }
  });
  show(); // values restored by the browser
})();
