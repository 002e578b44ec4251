/* The page comes to life once its font is there, so that every width is measured as it will be drawn. */
const MODULES = { ownership: startNetwork, diplomacy: startNetwork, graph: startNetwork, investments: startInvestments, trade: startTrade, index: startIndex, audit: startAudit };
async function start() {
  await Promise.all([document.fonts.load(`400 13px ${FAMILY}`), document.fonts.load(`650 13px ${FAMILY}`)]);
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  const asked = location.hash.length > 1 ? readAddress() : checked(DATA.start ?? {});
  Object.assign(state, asked);
  dress();
  translate();
  listenHead();
  writeAddress();
  MODULES[DATA.kind]?.();
  watch(["chosen", "lang"], () => { $("told").textContent = $("panel").hidden ? "" : $("panel").querySelector("h2").textContent; });
  document.documentElement.dataset.ready = "true";
}
start();
