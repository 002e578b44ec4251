/* Start the page when its font has loaded, so that text is measured as it will be drawn. */
async function start() {
  await Promise.all([document.fonts.load(`400 13px ${FAMILY}`), document.fonts.load(`650 13px ${FAMILY}`)]);
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  const saved = document.documentElement.dataset.open; // the state in which a page was saved as one file
  const initial = location.hash.length > 1 ? readAddress() : saved ? readAddress(saved) : validState(DATA.start ?? {});
  Object.assign(state, initial);
  applyTheme();
  translate();
  listenHeader();
  writeAddress();
  listenStories();
  PAGES[DATA.kind].start();
  listenShare();
  if (storyStep() && state.chosen === "") bringStepIntoView();
  makePrintable();
  watch(["chosen", "lang"], () => { $("announcer").textContent = $("panel").hidden ? "" : $("panel").querySelector("h2").textContent; });
  document.documentElement.dataset.ready = "true";
}
start();
