/* Theme of every page, remembered on a server; a page of the site follows the switch by itself. */
"use strict";
(() => {
  const root = document.documentElement, served = location.protocol.startsWith("http");
  const recall = (name) => { try { return served ? localStorage.getItem(name) : null; } catch { return null; } };
  const remember = (name, value) => { try { if (served) localStorage.setItem(name, value); } catch { /* not allowed here */ } };
  const theme = recall("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

  /* The switch of a page of the site; interactive pages have theirs in the state of the page. */
  function listenTheme() {
    const button = document.getElementById("theme");
    if (document.getElementById("data") || !button) return;
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember("theme", root.dataset.theme);
      show();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    show();
  }
  addEventListener("DOMContentLoaded", listenTheme);
})();
