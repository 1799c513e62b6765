// The picture: vis-network draws symbols and lines where they were placed beforehand; names
// are drawn here, in an even size, as many as fit without covering one another.

const stage = find("picture");
const SYMBOL = 10;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const ONE_LINE = 34; // letters of a label that must do with one line
const FOREMOST = 14; // how many of the most linked things are named whatever they cover
const MANY_LINKS = 2500; // from here on, lines are left out while the picture moves
const LETTERS = 22; // of a label on a line, which has three at the most

let network = null;
let drawn = { nodes: null, edges: null };
let hovered = { thing: null, link: null };
let moved = false; // whether the reader has chosen a place of their own
let labelBoxes = [];
let mute = 1; // how far what is not highlighted steps back
const styles = new Map(); // the last look of each thing and link, to tell what changed
const spots = new Map(); // where things stand that were brought in later
let stretch = { x: 1, y: 1 };

const lowest = (values) => values.reduce((low, value) => Math.min(low, value), Infinity);
const highest = (values) => values.reduce((high, value) => Math.max(high, value), -Infinity);

// Places

function spot(id) {
  const { x, y } = place(id);
  return { x: x * stretch.x, y: y * stretch.y };
}

function place(id) {
  const thing = things[id];
  if (state.all) return { x: thing.all[0], y: thing.all[1] };
  if (thing.open) return thing;
  if (!spots.has(id)) spots.set(id, freeSpot(id));
  return spots.get(id);
}

// Places were made for a desk: on a screen of another shape they are drawn out to fill it.
function setStretch() {
  const { width, height } = stage.getBoundingClientRect();
  const [across, down] = ["x", "y"].map((axis) => {
    const values = [...seen.things].map((id) => place(id)[axis]);
    return Math.max(200, highest(values) - lowest(values));
  });
  const ratio = (height - 90) / down / ((width - 120) / across);
  stretch = { x: 1 / Math.min(1, Math.max(0.5, ratio)), y: Math.max(1, Math.min(2.4, ratio)) };
}

// The nearest free place to what a thing is linked to, on a spiral around it.
function freeSpot(id) {
  const anchor = linksOf[id]
    .map((link) => other(link, id))
    .filter((near) => seen.things.has(near) && (things[near].open || spots.has(near)))
    .sort((one, two) => linkCount[one] - linkCount[two])[0];
  const start = anchor === undefined ? { x: 0, y: 0 } : place(anchor);
  if (!spots.size) things.filter((thing) => thing.open).forEach(occupy);
  for (let step = turns.get(anchor) ?? 4; ; step += 1) {
    const far = 17 * Math.sqrt(step) + 12;
    const x = Math.round(start.x + far * Math.cos(step * 2.39996)); // the golden angle
    const y = Math.round(start.y + far * Math.sin(step * 2.39996));
    if (!isFree(x, y)) continue;
    turns.set(anchor, step);
    occupy({ x, y });
    return { x, y };
  }
}

const occupied = new Map();
const turns = new Map(); // how far the spiral around each thing has come
const NEAR = 30;
const cellAt = (x, y) => `${Math.floor(x / NEAR)},${Math.floor(y / NEAR)}`;

function occupy({ x, y }) {
  const key = cellAt(x, y);
  occupied.set(key, [...(occupied.get(key) ?? []), { x, y }]);
}

function isFree(x, y) {
  for (const i of [-NEAR, 0, NEAR])
    for (const j of [-NEAR, 0, NEAR])
      if (
        occupied
          .get(cellAt(x + i, y + j))
          ?.some((taken) => Math.hypot(taken.x - x, taken.y - y) < NEAR)
      )
        return false;
  return true;
}

function forgetSpots() {
  for (const known of [spots, occupied, turns]) known.clear();
}

// Looks

const inTrail = (what, id) => !trail || trail[what].has(id);

function size(id) {
  const most = Math.log2(2 + linkCount[id]);
  return SYMBOL + Math.min(5, Math.max(0, most - 2)) - (things[id].open ? 0 : 2);
}

function nodeLook(thing) {
  const kind = kinds[thing.group];
  const chosen = state.thing === thing.id || state.end === thing.id;
  const colour = hue(kind.hue);
  const fill = thing.guessed ? paper() : colour; // hollow: its place is only a guess
  const strong = { background: fill, border: ink() };
  return {
    id: thing.id,
    ...spot(thing.id),
    shape: thing.shape,
    size: size(thing.id) + (chosen ? 3 : 0),
    color: { background: fill, border: chosen ? ink() : colour, highlight: strong, hover: strong },
    borderWidth: chosen ? 3 : 1.5,
    opacity: inTrail("things", thing.id) ? 1 : 0.18,
  };
}

function edgeLook(link) {
  const { hue: pair, dashes } = relations[link.kind];
  const colour = hue(pair);
  const lit = trail && trail.links.has(link.id);
  return {
    id: link.id,
    from: link.from,
    to: link.to,
    arrows: link.arrows ? { to: { enabled: true, scaleFactor: 0.55 } } : "",
    color: {
      color: colour,
      highlight: colour,
      hover: colour,
      opacity: lit ? 1 : trail ? 0.1 : 0.62,
    },
    dashes: dashes.length ? dashes : false,
    width: Math.min(9, 1.2 + 1.1 * Math.log2(times(link))) + (lit ? 0.8 : 0),
    hoverWidth: 0.6,
    selectionWidth: 1,
    smooth: link.bend
      ? {
          enabled: true,
          type: link.bend > 0 ? "curvedCW" : "curvedCCW",
          roundness: Math.abs(link.bend),
        }
      : { enabled: false },
  };
}

// Give vis-network what has changed, and no more: it is slow to be told everything.
function update(set, wanted, look, tag) {
  const gone = set.getIds().filter((id) => !wanted.has(id));
  if (gone.length) {
    set.remove(gone);
    gone.forEach((id) => styles.delete(tag + id));
  }
  const fresh = [];
  for (const id of wanted) {
    const item = look(id);
    const text = JSON.stringify(item);
    if (styles.get(tag + id) === text) continue;
    styles.set(tag + id, text);
    fresh.push(item);
  }
  if (fresh.length) set.update(fresh);
}

function draw(before) {
  if (before && before.all !== state.all) setStretch();
  fill();
  if (network.getSelectedNodes().length || network.getSelectedEdges().length) network.unselectAll();
  redraw();
}

function fill() {
  update(drawn.nodes, seen.things, (id) => nodeLook(things[id]), "t");
  update(drawn.edges, seen.links, (id) => edgeLook(links[id]), "l");
}

let waiting = false;

// Drawing is put off to the next frame, so that several changes make one drawing.
function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    network.redraw();
  });
}

// Names on the picture

const measured = new Map();

function textWidth(context, text) {
  if (!measured.has(text)) measured.set(text, context.measureText(text).width);
  return measured.get(text);
}

// A label broken where words end. The layout counts on this: see `view/layout`.
function lines(label) {
  const broken = [""];
  for (const word of label.split(/\s+/)) {
    const last = broken.length - 1;
    const wider = broken[last] ? `${broken[last]} ${word}` : word;
    if (wider.length <= LETTERS || !broken[last]) broken[last] = cutTo(wider, LETTERS);
    else if (broken.length === 3) {
      broken[last] = `${cutTo(broken[last], LETTERS - 1)}…`.replace("……", "…");
      break;
    } else broken.push(cutTo(word, LETTERS));
  }
  return broken;
}

const cutTo = (text, most) =>
  text.length > most ? `${[...text].slice(0, most - 1).join("")}…` : text;

// Which names come first where there is room for few.
function byWeight() {
  const weight = (id) =>
    (id === hovered.thing ? 4e6 : 0) +
    (id === state.thing || id === state.end ? 2e6 : 0) +
    (trail && trail.things.has(id) ? 1e6 : 0) +
    linkCount[id];
  return [...seen.things]
    .filter((id) => inTrail("things", id) || id === hovered.thing)
    .sort((one, two) => weight(two) - weight(one) || one - two);
}

// Boxes kept in cells, so that asking whether one is free looks at few others.
function makeRoom() {
  const cells = new Map();
  const CELL = 80;
  const each = ({ x, y, w, h }, call) => {
    for (let i = Math.floor(x / CELL); i <= Math.floor((x + w) / CELL); i += 1)
      for (let j = Math.floor(y / CELL); j <= Math.floor((y + h) / CELL); j += 1)
        if (call(`${i},${j}`)) return true;
    return false;
  };
  const meets = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  return {
    isFree: (box) => !each(box, (cell) => cells.get(cell)?.some((taken) => meets(box, taken))),
    take: (box) =>
      each(box, (cell) => {
        if (!cells.has(cell)) cells.set(cell, []);
        cells.get(cell).push(box);
        return false;
      }),
  };
}

function drawNames(context) {
  const scale = network.getScale();
  const { width, height } = stage.getBoundingClientRect();
  const room = makeRoom(); // where there is neither a symbol nor a name
  const bare = makeRoom(); // where there is no name
  for (const each of [room, bare]) {
    each.take(besidePicture(".tools"));
    if (view.axis.length) each.take({ x: 0, y: 0, w: width, h: 24 });
  }
  const onScreen = [];
  for (const id of byWeight()) {
    const at = network.canvasToDOM(spot(id));
    if (at.x < -60 || at.y < -40 || at.x > width + 60 || at.y > height + 20) continue;
    const r = size(id) * scale;
    onScreen.push({ id, at, r });
    if (r > 3) room.take({ x: at.x - r * 0.8, y: at.y - r * 0.8, w: 1.6 * r, h: 1.6 * r, id });
  }
  labelBoxes = [];
  inPixels(context, () => {
    for (const each of onScreen) drawMark(context, each);
    let left = 450; // more could not be read, and would take long to draw
    onScreen.forEach((each, rank) => {
      if (left <= 0) return;
      // The foremost names may cover a symbol rather than be left out.
      const places = rank < FOREMOST || each.id === state.thing ? [room, bare] : [room];
      const box = places.reduce(
        (found, free) => found ?? placeName(context, free, each, { width, height }),
        null,
      );
      if (!box) return;
      room.take(box);
      bare.take(box);
      writeName(context, box);
      left -= 1;
    });
    drawLinkNames(context, room, width, height);
  });
}

// Where a control lies over the picture, so that no name is written under it.
function besidePicture(selector) {
  const box = document.querySelector(selector).getBoundingClientRect();
  const frame = stage.getBoundingClientRect();
  return { x: box.x - frame.x, y: box.y - frame.y, w: box.width, h: box.height };
}

function inPixels(context, paint) {
  const ratio = context.canvas.width / context.canvas.clientWidth;
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.textAlign = "center";
  context.textBaseline = "middle";
  paint();
  context.restore();
}

function drawMark(context, { id, at, r }) {
  const { mark, shape } = kinds[things[id].group];
  if (r < 7 || !inTrail("things", id)) return;
  const font = `700 ${Math.round(Math.min(16, r * (shape === "star" ? 0.7 : 0.92)))}px ${FONT}`;
  if (context.font !== font) context.font = font; // reading a font is dear
  context.fillStyle = things[id].guessed ? hue(kinds[things[id].group].hue) : paper();
  context.fillText(mark, at.x, at.y + markDrop(shape, r));
  const hidden = seen.folded.get(id);
  if (hidden) badge(context, `+${hidden}`, at.x + r, at.y - r);
}

function badge(context, text, x, y) {
  context.font = `700 11px ${FONT}`;
  halo(context, text, x + 6, y - 2);
}

function halo(context, text, x, y) {
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = paper();
  context.strokeText(text, x, y);
  context.fillStyle = ink();
  context.fillText(text, x, y);
}

// Where a name has room by its symbol: below, above, at the right, at the left; or, where
// nothing else is free, on one line at a side.
function placeName(context, room, { id, at, r }, { width, height }) {
  const strong = id === state.thing || id === state.end || id === hovered.thing;
  const font = `${strong ? 700 : 500} 12px ${FONT}`;
  if (context.font !== font) context.font = font;
  const label = things[id].label || things[id].key;
  const sized = (texts) => ({
    id,
    texts,
    font,
    text: texts.join(" "),
    h: 14 * texts.length,
    w: Math.max(...texts.map((text) => textWidth(context, text))) * (strong ? 1.08 : 1) + 4,
  });
  const full = sized(lines(label));
  const sides = (box) => [
    { ...box, x: at.x + r + 3, y: at.y - box.h / 2 },
    { ...box, x: at.x - r - box.w - 3, y: at.y - box.h / 2 },
  ];
  const ends = [at.y + r + 3, at.y - r - full.h - 3].map((y) => ({
    ...full,
    x: at.x - full.w / 2,
    y,
  }));
  const short = full.texts.length > 1 ? sides(sized([cutTo(label, ONE_LINE)])) : [];
  const fits = (box) =>
    (box.y >= 2 || at.y < 0) && (box.y + box.h <= height - 2 || at.y > height) && room.isFree(box);
  return [...ends, ...sides(full), ...short].map((box) => inward(box, width)).find(fits) ?? null;
}

// A name near the edge is moved inward rather than cut.
function inward(box, width) {
  const seenAtAll = box.x + box.w > 2 && box.x < width - 2;
  return seenAtAll ? { ...box, x: Math.max(2, Math.min(width - box.w - 2, box.x)) } : box;
}

function writeName(context, box) {
  labelBoxes.push(box);
  if (context.font !== box.font) context.font = box.font;
  box.texts.forEach((text, row) => halo(context, text, box.x + box.w / 2, box.y + 7 + 14 * row));
}

// What a link says stands on it where it is highlighted, or where the picture has few.
function drawLinkNames(context, room, width, height) {
  const lit = trail ? [...trail.links] : [];
  const weighty = trail ? [] : [...seen.links].filter((id) => times(links[id]) > 1);
  weighty.sort((one, two) => times(links[two]) - times(links[one]) || one - two);
  const few = trail || seen.links.size > 40 ? [] : [...seen.links];
  const chosen = [hovered.link, ...lit, ...weighty, ...few].filter((id) => id !== null);
  context.font = `500 11px ${FONT}`;
  for (const id of [...new Set(chosen)].slice(0, 120)) {
    if (!seen.links.has(id)) continue;
    const text = linkName(links[id], !trail && id !== hovered.link && seen.links.size > 14);
    if (!text) continue;
    const w = context.measureText(text).width + 4;
    for (const along of [0.5, 0.4, 0.6, 0.3, 0.7]) {
      const at = network.canvasToDOM(pointOn(links[id], along));
      const box = { x: at.x - w / 2, y: at.y - 7, w, h: 14, link: id, text };
      if (at.x < 0 || at.y < 0 || at.x > width || at.y > height || !room.isFree(box)) continue;
      room.take(box);
      labelBoxes.push(box);
      halo(context, text, at.x, at.y);
      break;
    }
  }
}

const weighted = links.some((link) => link.value > 1);

const linkName = (link, brief) => {
  const often = times(link) > 1 ? `×${times(link)}` : "";
  return brief && weighted ? often : `${relations[link.kind].label}${often && ` ${often}`}`;
};

// The point that a bowed link bends towards, where vis-network has it.
function via(link) {
  const one = spot(link.from);
  const two = spot(link.to);
  const far = Math.hypot(two.x - one.x, two.y - one.y) * (Math.abs(link.bend) / 2 + 0.5);
  const angle = Math.atan2(one.y - two.y, two.x - one.x) + (link.bend / 2 + 0.5) * Math.PI;
  if (!link.bend) return { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
  return { x: one.x + far * Math.sin(angle), y: one.y + far * Math.cos(angle) };
}

function pointOn(link, along) {
  const ends = [spot(link.from), via(link), spot(link.to)];
  const share = [(1 - along) ** 2, 2 * along * (1 - along), along ** 2];
  const sum = (axis) => ends.reduce((total, end, place) => total + share[place] * end[axis], 0);
  return { x: sum("x"), y: sum("y") };
}

// The axis of a picture in time

function drawAxis(context) {
  const axis = state.all ? view.axisAll : view.axis;
  if (!axis.length) return;
  const { width, height } = stage.getBoundingClientRect();
  inPixels(context, () => {
    context.font = `600 12px ${FONT}`;
    let free = -Infinity;
    for (const [x, label] of axis) {
      const at = network.canvasToDOM({ x: x * stretch.x, y: 0 }).x;
      if (at < -40 || at > width + 40) continue;
      context.strokeStyle = faint();
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(at, 24);
      context.lineTo(at, height);
      context.stroke();
      const w = textWidth(context, `axis ${label}`);
      if (at - w / 2 < free) continue; // labels of the axis keep clear of one another too
      free = at + w / 2;
      halo(context, label, Math.max(w / 2, Math.min(width - w / 2, at)), 12);
    }
  });
}

// Looking from nearer or further

function fitAll(animate = true) {
  moved = false;
  const before = { ...stretch };
  setStretch();
  if (before.x !== stretch.x || before.y !== stretch.y) draw();
  fitTo([...seen.things].map(spot), animate);
}

function fitTo(places, animate) {
  if (!places.length) return;
  const { width, height } = stage.getBoundingClientRect();
  const xs = places.map((place) => place.x);
  const ys = places.map((place) => place.y);
  const span = (values) => highest(values) - lowest(values);
  const margin = { x: Math.min(70, width * 0.12), top: view.axis.length ? 44 : 26, bottom: 46 };
  const scale = Math.min(
    (width - 2 * margin.x) / Math.max(span(xs), 1),
    (height - margin.top - margin.bottom) / Math.max(span(ys), 1),
    1.6,
  );
  const drop = (margin.bottom - margin.top) / 2 / scale;
  const position = { x: lowest(xs) + span(xs) / 2, y: lowest(ys) + span(ys) / 2 + drop };
  moveTo({ position, scale }, animate);
}

function moveTo(options, animate = true) {
  const still = !animate || calm.matches;
  network.moveTo({
    ...options,
    animation: still ? false : { duration: 250, easingFunction: "easeInOutQuad" },
  });
}

function zoom(factor) {
  moved = true;
  moveTo({ scale: Math.max(0.02, Math.min(8, network.getScale() * factor)) });
}

function pan(x, y) {
  moved = true;
  const { x: atX, y: atY } = network.getViewPosition();
  const scale = network.getScale();
  moveTo({ position: { x: atX + x / scale, y: atY + y / scale } }, false);
}

// Bring a thing into sight, without moving if it is there already.
function keepInSight(id) {
  const { width, height } = stage.getBoundingClientRect();
  const at = network.canvasToDOM(spot(id));
  const outside = at.x < 10 || at.y < 10 || at.x > width - 10 || at.y > height - 10;
  if (outside && moved) moveTo({ position: spot(id) });
}

// The keyboard

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  const act = arrow
    ? () => (event.shiftKey ? pan(arrow[0] * 60, arrow[1] * 60) : step(arrow))
    : KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

const KEYS = {
  Enter: () =>
    state.thing === null && state.link === null ? step([0, 0]) : find("details").focus(),
  Escape: () => select(null),
  "+": () => zoom(1.3),
  "=": () => zoom(1.3),
  "-": () => zoom(1 / 1.3),
  0: () => fitAll(),
  n: () => nextLinked(),
  e: () => state.thing !== null && expand(state.thing),
  c: () => state.thing !== null && collapse(state.thing),
};

function step([x, y]) {
  const shown = [...seen.things];
  if (!shown.length) return;
  if (state.thing === null) {
    goTo(shown.reduce((best, id) => (linkCount[id] > linkCount[best] ? id : best)));
    return;
  }
  const from = spot(state.thing);
  const cost = (id) => {
    const to = spot(id);
    const along = (to.x - from.x) * x + (to.y - from.y) * y;
    const aside = Math.abs((to.x - from.x) * y) + Math.abs((to.y - from.y) * x);
    return along > 0 && along >= aside * 0.5 ? along + 2 * aside : Infinity;
  };
  const best = shown.reduce((near, id) => (cost(id) < cost(near) ? id : near), state.thing);
  if (best !== state.thing && cost(best) < Infinity) goTo(best);
}

let turn = { from: null, place: -1 };

// Go round what the thing is linked to, and come back to it by Escape or an arrow.
function nextLinked() {
  if (state.thing === null) return step([0, 0]);
  const onRound = turn.from !== null && turn.at === state.thing;
  const centre = onRound ? turn.from : state.thing;
  const near = [...neighbours(centre, seen).things].filter((id) => id !== centre);
  if (!near.length) return say("Nothing is linked to it.");
  const place = onRound ? (turn.place + 1) % near.length : 0;
  turn = { from: centre, place, at: near[place] };
  goTo(near[place]);
}

function goTo(id) {
  select(id);
  keepInSight(id);
  const thing = things[id];
  const near = neighbours(id, seen).things.size - 1;
  say(`${thing.name}, ${kinds[thing.group].label}, linked to ${count(near, "thing")}.`);
}

// Collapse and expand

function expand(id) {
  const more = unshown(id, seen, state).map((thing) => thing.id);
  const collapsed = new Set(state.collapsed);
  const wasShut = collapsed.delete(id);
  change({ revealed: new Set([...state.revealed, ...more]), collapsed });
  say(
    more.length || wasShut ? `${things[id].name} is expanded.` : "All its links are shown already.",
  );
}

function collapse(id) {
  change({ collapsed: new Set([...state.collapsed, id]) });
  const hidden = seen.folded.get(id) ?? 0;
  say(
    hidden
      ? `${count(hidden, "thing")} that hung on ${things[id].name} alone ${hidden === 1 ? "is" : "are"} hidden.`
      : `Nothing hangs on ${things[id].name} alone.`,
  );
}

// Setting up

function startPicture() {
  drawn = { nodes: new vis.DataSet(), edges: new vis.DataSet() };
  setStretch();
  fill();
  const many = links.length > MANY_LINKS;
  const interaction = { ...page.options.interaction, hideEdgesOnDrag: many, hideEdgesOnZoom: many };
  network = new vis.Network(stage, drawn, { ...page.options, interaction });
  stage.firstElementChild.tabIndex = -1; // the picture itself is the one stop for Tab
  fitTo([...seen.things].map(spot), false);
  network.on("beforeDrawing", (context) => {
    fillPaper(context);
    drawAxis(context);
  });
  network.on("afterDrawing", drawNames);
  network.on("click", onClick);
  network.on("doubleClick", ({ pointer }) => {
    moved = true;
    moveTo({ position: pointer.canvas, scale: network.getScale() * 1.5 });
  });
  network.on("hoverNode", ({ node }) => hover({ thing: node, link: null }));
  network.on("blurNode", () => hover({ thing: null, link: null }));
  network.on("hoverEdge", ({ edge }) => hover({ thing: null, link: edge }));
  network.on("blurEdge", () => hover({ thing: null, link: null }));
  network.on("dragEnd", () => {
    moved = true;
  });
  network.on("zoom", () => {
    moved = true;
  });
  // The wheel belongs to the page until the reader has taken hold of the picture.
  const keep = (event) => stage.contains(document.activeElement) || event.stopPropagation();
  stage.addEventListener("wheel", keep, { capture: true, passive: true });
  stage.addEventListener("keydown", onKey);
  new ResizeObserver(() => {
    redraw();
    if (!moved) fitAll(false);
  }).observe(stage);
  find("closer").addEventListener("click", () => zoom(1.3));
  find("further").addEventListener("click", () => zoom(1 / 1.3));
  find("fit").addEventListener("click", () => fitAll());
}

// Painted rather than left clear, so that a saved picture has its ground.
function fillPaper(context) {
  inPixels(context, () => {
    context.fillStyle = paper();
    context.fillRect(0, 0, context.canvas.clientWidth, context.canvas.clientHeight);
  });
}

function onClick({ nodes, edges }) {
  stage.focus({ preventScroll: true });
  if (nodes.length) select(nodes[0]);
  else if (edges.length) change({ link: edges[0], thing: null });
  else select(null);
}

function hover(what) {
  hovered = what;
  stage.classList.toggle("over", what.thing !== null || what.link !== null);
  redraw();
}
