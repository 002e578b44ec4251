/* A picture of 1920 × 1080 for slides: title, selection, scene, and the sources in the footer. */
const SLIDE = { width: 1920, height: 1080, side: 48, top: 118, bottom: 76, heading: 40, foot: 24, least: 0.75 };

/* The state shown next to the title: the story's step, the selected name, the year. */
function stateInWords() {
  const chosen = nodes.get(state.chosen) ?? entries.get(state.chosen), told = storyStep();
  const name = chosen ? (nodes.has(state.chosen) ? nameOf(chosen) : entryName(chosen)) : "";
  return [told ? localized(told.step.text) : "", name, state.year, state.source && shortOf(state.source)].filter(Boolean).join(" · ");
}

/* The part of the scene that is drawn: for a network all of it; for a page of charts whole blocks, from the first one visible. */
function sceneWindow(scene, room) {
  const whole = { top: SLIDE.heading, bottom: scene.height - SLIDE.foot };
  if (!scene.blocks?.length) return whole;
  const { blocks, seen } = scene, tall = (least) => (room.height * scene.width) / Math.max(room.width * least, 1);
  if (whole.bottom - whole.top <= tall(1)) return whole;
  const first = Math.max(0, blocks.findIndex(([top, bottom]) => (top + bottom) / 2 > seen));
  const top = first === 0 ? SLIDE.heading : blocks[first][0];
  let last = first;
  while (blocks[last + 1] && blocks[last + 1][1] - top <= tall(1)) last += 1;
  return { top, bottom: Math.min(blocks[last][1], top + tall(SLIDE.least)) };
}

function paintSlide(ctx, scene) {
  const { width, height, side, top, bottom } = SLIDE, room = { width: width - 2 * side, height: height - top - bottom };
  const line = (text, x, y, look) => textPart(text, x, y, { fill: ink.ink, ...look });
  ctx.fillStyle = ink.paper;
  ctx.fillRect(0, 0, width, height);
  const [about] = wrap(stateInWords(), 22, room.width, 1), credits = wrap(credit(), 17, room.width, 2);
  paint(ctx, [
    line(truncate(document.title, 38, room.width, 650), side, 62, { size: 38, weight: 650 }),
    ...(about ? [line(about, side, 98, { size: 22, fill: ink.muted })] : []),
    ...(DATA.title == null ? credits.map((text, place) => line(text, side, height - 26 - 22 * (credits.length - 1 - place), { size: 17, fill: ink.muted })) : []),
  ]);
  const { top: from, bottom: to } = sceneWindow(scene, room), scale = Math.min(room.width / scene.width, room.height / (to - from), 2);
  const wide = scene.width * scale;
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, top, width, (to - from) * scale + 1);
  ctx.clip();
  ctx.translate((width - wide) / 2, top - from * scale);
  ctx.scale(scale, scale);
  paint(ctx, scene.title.filter((part) => part.text !== document.title && part.text !== credit())); // both are on the slide already
  ctx.translate(scene.dx, scene.dy);
  paint(ctx, scene.parts);
  ctx.restore();
}

function savePng(scene) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: SLIDE.width, height: SLIDE.height });
  paintSlide(canvas.getContext("2d"), scene);
  canvas.toBlob((blob) => save(blob, "png"), "image/png");
}
