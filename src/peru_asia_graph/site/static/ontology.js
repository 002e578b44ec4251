// Filters the list of all terms by name; Enter goes to the first.
"use strict";
{
  const box = document.getElementById("find"), list = document.getElementById("terms");
  const input = box.querySelector("input"), items = [...list.querySelectorAll("li")];
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const names = items.map((item) => plain(item.textContent));
  const narrow = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    const found = items.filter((item, place) => (item.hidden = !words.every((word) => names[place].includes(word))) === false);
    const { none, one, many } = box.dataset;
    if (words.length) list.open = true;
    box.querySelector("output").textContent = !words.length ? "" : found.length === 0 ? none : found.length === 1 ? one : many.replace("%", found.length);
    return found;
  };
  input.addEventListener("input", narrow);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    narrow()[0]?.querySelector("a").click();
  });
  box.hidden = false;
}
