/* Stories that step through the page. A step is a sentence with its citations; the things it names are highlighted. */
const STORIES = ABOUT.stories ?? [];

function storyStep(text = state.story) {
  const [name, number] = text.split("/"), story = STORIES.find((one) => one.name === name);
  const at = /^\d{1,3}$/.test(number ?? "1") ? Number(number ?? 1) : 0, step = story?.steps[at - 1];
  return step ? { story, step, at } : null;
}

/* In a network taller than the window, the subject of a step: the highlighted names, and those linked to them. */
function storyIds() {
  const told = DATA.kind === "ownership" ? storyStep() : null;
  return told && new Set(told.step.lit.filter((id) => nodes.has(id)).flatMap((id) => [id, ...linksOf(id).flatMap((edge) => [edge.from, edge.to])]));
}

/* A state is highlighted by the dealings given in the step: by itself it would highlight all of its dealings. */
function litNames(step) {
  const others = GRAPH ? step.lit.filter((id) => nodes.get(id)?.type !== "State") : step.lit;
  return DATA.kind === "diplomacy" && others.length && DATA.board ? others : step.lit;
}

/* Show a step: everything but language and theme is reset, so that the things it names are visible. */
function tell(story, at) {
  const step = story.steps[at - 1];
  if (!step) return;
  const { lang, theme, ...plain } = EMPTY;
  change({ ...plain, year: step.year, story: `${story.name}/${at}` });
  bringStepIntoView();
}

function bringStepIntoView() {
  if (!GRAPH) bringLitIntoView();
  else if (phone()) scrollOnPhone();
}

/* On a phone the step covers the lower half: highlighted items are scrolled below the tools, which stay at the top. */
function scrollOnPhone() {
  const lit = document.querySelector("#board .item.row.lit") ?? document.querySelector(".stage"), tools = document.querySelector(".tools");
  scrollBy(0, lit.getBoundingClientRect().top - (getComputedStyle(tools).position === "sticky" ? tools.offsetHeight : 0) - 30);
}

/* Charts may be taller than the window: a step scrolls to the first highlighted item. */
function bringLitIntoView() {
  const items = [...document.querySelectorAll("#charts .item")].filter((item) => storyStep()?.step.lit.includes(item.dataset.id));
  const seen = ({ top, bottom }) => top >= 0 && bottom <= innerHeight;
  if (items.length && !items.some((item) => seen(item.getBoundingClientRect()))) items[0].closest("svg").scrollIntoView({ block: "center" });
}

function endStory() {
  change({ story: "", year: "" });
  $("share").querySelector("summary").focus({ preventScroll: true });
}

/* The step is in the panel's place; the panel replaces it while a name is selected. */
function showStep() {
  const told = storyStep(), aside = $("story");
  aside.hidden = told === null || state.chosen !== "";
  document.body.classList.toggle("told", !aside.hidden);
  if (told === null) return;
  const { story, step, at } = told;
  const button = (key, className, run, off) => {
    const made = el("button", t(key), className, { type: "button" });
    made.disabled = off;
    made.addEventListener("click", run);
    return made;
  };
  const close = el("button", "×", "close", { type: "button", "aria-label": t("story.end") }), row = el("div", "", "steps");
  close.addEventListener("click", endStory);
  const focused = document.activeElement?.classList, again = ["previous", "next"].find((name) => aside.contains(document.activeElement) && focused.contains(name));
  row.append(button("story.previous", "previous", () => tell(story, at - 1), at === 1), el("span", t("story.step", { at, count: story.steps.length })), button("story.next", "next", () => tell(story, at + 1), at === story.steps.length));
  aside.replaceChildren(close, el("h2", localized(story.title)), row, el("p", localized(step.text), "sentence"), ...(step.where.length ? [places(step.where)] : []));
  if (again) aside.querySelector(`.${again}:enabled`)?.focus({ preventScroll: true }) ?? aside.querySelector("button:enabled:not(.close)")?.focus({ preventScroll: true });
  $("announcer").textContent = `${t("story.step", { at, count: story.steps.length })}: ${localized(step.text)}`;
}

/* Links to the stories after the page's lead. */
function linkStories() {
  const lead = document.querySelector(".lead");
  lead.querySelector(".stories")?.remove();
  const line = el("span", ` ${t(STORIES.length > 1 ? "story.many" : "story.one")} `, "stories");
  STORIES.forEach((story, place) => {
    const link = el("a", localized(story.title), "", { href: `#story=${story.name}/1` });
    link.addEventListener("click", (event) => { event.preventDefault(); tell(story, 1); $("story").querySelector(".next")?.focus({ preventScroll: true }); });
    line.append(place ? ", " : "", link);
  });
  lead.append(line);
}

function listenStories() {
  if (!STORIES.length || !document.querySelector(".stage")) return;
  document.querySelector(".stage").append(el("aside", "", "", { id: "story", "aria-label": t("story"), tabindex: -1, hidden: "" }));
  const light = () => {
    const step = storyStep()?.step;
    highlight.matches = step ? litNames(step) : null;
    if (step?.year && state.year === "") change({ year: step.year });
  };
  watch(["story"], light);
  watch(["story", "chosen", "lang"], showStep);
  watch(["lang"], () => { linkStories(); $("story").setAttribute("aria-label", t("story")); });
  $("find")?.addEventListener("input", () => { if (state.story) change({ story: "" }); });
  addEventListener("keydown", (event) => {
    const told = storyStep(), busy = document.querySelector("dialog[open], details.menu[open]") || event.target.closest?.("input, select, textarea, [role=listbox], [data-roving], .item");
    if (!told || state.chosen || busy || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") endStory();
    else if (event.key === "ArrowRight") tell(told.story, told.at + 1);
    else if (event.key === "ArrowLeft") tell(told.story, told.at - 1);
    else return;
    event.preventDefault();
  }, { capture: true });
  light();
  linkStories();
  showStep();
}
