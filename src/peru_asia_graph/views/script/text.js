/* Text metrics in the page's font, wrapping and truncation; the colours of the theme. */
const FAMILY = '"Source Sans 3", sans-serif';
const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();
const ink = {};

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["paper", "card", "ink", "muted", "rule", "line", "band", "accent", "highlight", "halo", "differ", "china", "japan", "korea", "peru", "brazil", "other", "none", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "k0", "k1", "k2", "k3", "k4"];
  for (const name of names) ink[name] = style.getPropertyValue(`--${name}`).trim();
}

function widthOf(text, size, weight = 400) {
  const key = `${weight} ${size} ${text}`;
  if (!widths.has(key)) {
    ruler.font = `${weight} ${size}px ${FAMILY}`;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}

function truncate(text, size, room, weight = 400) {
  if (text.length < 300 && widthOf(text, size, weight) <= room) return text;
  let start = text.slice(0, Math.min(text.length, Math.ceil(room / size) * 4));
  while (start && widthOf(`${start}…`, size, weight) > room) start = start.slice(0, -1).trimEnd();
  return `${start}…`;
}

/* Wrap a name into at most `lines` lines; the last one is truncated where necessary. */
function wrap(text, size, room, lines, weight = 400) {
  const rest = text.slice(0, 400).split(" ");
  const found = [];
  while (rest.length && found.length < lines) {
    let line = rest.shift();
    while (rest.length && widthOf(`${line} ${rest[0]}`, size, weight) <= room) line += ` ${rest.shift()}`;
    found.push(line);
  }
  if (rest.length || text.length > 400) found[found.length - 1] += ` ${rest.join(" ")}`;
  return found.map((line) => truncate(line, size, room, weight));
}
