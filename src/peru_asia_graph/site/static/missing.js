/* The page that a web host shows for an address where no file is: a statement has its card on a page with others. */
"use strict";
(() => {
  const path = decodeURIComponent(location.pathname), slug = path.split("/").pop().replace(/\.html$/, "");
  const page = Object.keys(window.pagPlaces ?? {}).find((name) => window.pagPlaces[name].includes(slug));
  const root = path.slice(0, path.lastIndexOf("/id/") + 1);
  if (page && path.includes("/id/")) location.replace(`${root}${page}.html#${slug}`);
})();
