/* The page that a web host shows for missing addresses: statements and codes have their cards on shared
   pages. */
"use strict";
addEventListener("DOMContentLoaded", () => {
  const path = decodeURIComponent(location.pathname).replace(/\.html$/, ""), start = Math.max(path.lastIndexOf("/id/"), path.lastIndexOf("/code/"));
  if (start < 0) return;
  const wanted = path.slice(start + 1);
  const page = Object.keys(window.pagPlaces ?? {}).find((name) => window.pagPlaces[name].includes(wanted));
  if (page) location.replace(`${path.slice(0, start + 1)}${page}.html#${wanted.replace(/^id\//, "").replaceAll("/", "-")}`);
});
