// What a reader has chosen, kept in the page's address so that a link brings it back.

const FRESH = () => ({
  thing: null, // the selected thing, by number
  link: null, // or the selected link
  trail: "near", // what is highlighted: near, back, forth, or path
  end: null, // where the path ends
  all: false, // beyond the opening view
  revealed: new Set(),
  collapsed: new Set(),
  kindsOff: new Set(kinds.map((_, number) => number).filter((number) => kinds[number].off)),
  relationsOff: new Set(),
  since: null,
  until: null,
  asOf: "",
  undated: true,
  colours: "",
});

let state = FRESH();
let seen = { things: new Set(), links: new Set(), folded: new Map() };
let trail = null;
const listeners = [];

const onChange = (listener) => listeners.push(listener);

// Every choice comes through here: it changes the state, then all that shows it.
function change(patch, { remember = true } = {}) {
  const before = state;
  settle(patch);
  if (remember) writeAddress();
  for (const listener of listeners) listener(before);
}

function settle(patch) {
  state = { ...state, ...patch };
  seen = shownNow(state);
  if (state.thing !== null && !seen.things.has(state.thing)) state.thing = null;
  if (state.link !== null && !seen.links.has(state.link)) state.link = null;
  trail = trailNow();
}

function trailNow() {
  if (state.link !== null) {
    const link = links[state.link];
    return { things: new Set([link.from, link.to]), links: new Set([link.id]) };
  }
  if (state.thing === null) return null;
  if (state.trail === "path") {
    const known = state.end !== null && seen.things.has(state.end);
    return (known && shortestPath(state.thing, state.end, seen)) || neighbours(state.thing, seen);
  }
  if (state.trail === "near") return neighbours(state.thing, seen);
  return reach(state.thing, state.trail, seen);
}

// Select a thing wherever it is: one that is not shown yet is brought in.
function select(id, patch = {}) {
  const hidden = id !== null && !seen.things.has(id);
  const more = hidden ? bringIn(things[id]) : {};
  change({ thing: id, link: null, ...more, ...patch });
}

function bringIn(thing) {
  const kindsOff = new Set(state.kindsOff);
  kindsOff.delete(thing.group);
  const patch = { revealed: new Set([...state.revealed, thing.id]), kindsOff };
  patch.collapsed = new Set([...state.collapsed].filter((id) => !neighbourOf(id, thing.id)));
  if (hasTime(state) && !wasThere(thing.from, thing.to, state))
    Object.assign(patch, { since: null, until: null, asOf: "", undated: true });
  return patch;
}

const neighbourOf = (id, near) => linksOf[id].some((link) => other(link, id) === near);

function toggled(set, member) {
  const copy = new Set(set);
  if (!copy.delete(member)) copy.add(member);
  return copy;
}

// The address: short names, and only what differs from the opening view.

const keys = (ids) => [...ids].map((id) => things[id].key).join(" ");
const numbers = (text) =>
  new Set(
    (text ?? "")
      .split(" ")
      .filter((key) => numberOf.has(key))
      .map((key) => numberOf.get(key)),
  );
const kindKey = (number) => `${kinds[number].kind}/${kinds[number].label}`;
const relationKey = (number) => `${relations[number].key}/${relations[number].label}`;

function named_off(text, list, key) {
  const names = new Set((text ?? "").split("|"));
  return new Set(list.map((_, number) => number).filter((number) => names.has(key(number))));
}

function address() {
  const fresh = FRESH();
  const parts = new URLSearchParams();
  const put = (name, value) => value && parts.set(name, value);
  put("thing", state.thing !== null && things[state.thing].key);
  put("link", state.link !== null && String(state.link));
  put("trail", state.trail !== "near" && state.trail);
  put("end", state.end !== null && things[state.end].key);
  put("all", state.all && "1");
  put("more", keys(state.revealed));
  put("shut", keys(state.collapsed));
  const off = [...state.kindsOff].map(kindKey).join("|");
  if (off !== [...fresh.kindsOff].map(kindKey).join("|")) parts.set("kinds", off);
  put("links", [...state.relationsOff].map(relationKey).join("|"));
  put("since", state.since && String(state.since));
  put("until", state.until && String(state.until));
  put("on", state.asOf);
  put("dated", !state.undated && "1");
  put("colours", state.colours);
  return parts.toString();
}

function writeAddress() {
  const hash = address();
  try {
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  } catch {
    // A frame without an address of its own, as in a notebook, cannot keep one.
  }
}

const number = (text, list) =>
  /^\d+$/.test(text ?? "") && list[Number(text)] ? Number(text) : null;
const year = (text) => (/^\d{4}$/.test(text ?? "") ? Number(text) : null);

function readAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const fresh = FRESH();
  const [thing = null] = numbers(parts.get("thing"));
  const [end = null] = numbers(parts.get("end"));
  const trails = ["near", "back", "forth", "path"];
  return {
    ...fresh,
    thing,
    end,
    link: number(parts.get("link"), links),
    trail: trails.includes(parts.get("trail")) ? parts.get("trail") : "near",
    all: parts.has("all"),
    revealed: numbers(parts.get("more")),
    collapsed: numbers(parts.get("shut")),
    kindsOff: parts.has("kinds") ? named_off(parts.get("kinds"), kinds, kindKey) : fresh.kindsOff,
    relationsOff: named_off(parts.get("links"), relations, relationKey),
    since: year(parts.get("since")),
    until: year(parts.get("until")),
    asOf: /^\d{4}-\d\d-\d\d$/.test(parts.get("on") ?? "") ? parts.get("on") : "",
    undated: !parts.has("dated"),
    colours: ["light", "dark"].includes(parts.get("colours")) ? parts.get("colours") : "",
  };
}

let said = 0;

// Tell readers who listen; a message twice the same must still be told.
function say(text) {
  window.clearTimeout(said);
  find("status").textContent = "";
  said = window.setTimeout(() => {
    find("status").textContent = text;
  }, 60);
}
