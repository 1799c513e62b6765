// Which things and links are shown, given what a reader has chosen.

const linkCount = things.map((thing) => linksOf[thing.id].length);
const OFF_LIMIT = 300; // as many of the kinds that were off at first as come at one time

function wasThere(first, last, state) {
  if (!first && !last) return state.undated;
  if (state.asOf) return (!first || first <= state.asOf) && (!last || last >= state.asOf);
  return (
    (!state.since || !last || last >= `${state.since}-01-01`) &&
    (!state.until || !first || first <= `${state.until}-12-31`)
  );
}

// How often a link holds: of work done together, only what falls within the time.
function times(link) {
  if (!link.works || !hasTime(state)) return link.value;
  return link.works.filter((work) => wasThere(work[3], work[4], state)).length;
}

const hasTime = (state) => Boolean(state.asOf || state.since || state.until || !state.undated);

const MOST = 5000; // more things at one time make no picture, and bring a browser to a halt

// What "all" means: everything, or the most linked where that is too much.
const foremost =
  things.length <= MOST
    ? null
    : new Set(
        [...things.keys()]
          .sort(
            (one, two) =>
              things[two].open - things[one].open || linkCount[two] - linkCount[one] || one - two,
          )
          .slice(0, MOST),
      );

function isOpen(thing, state) {
  if (state.all && (!foremost || foremost.has(thing.id))) return true;
  return thing.open || state.revealed.has(thing.id);
}

// What would be shown if nothing were collapsed.
function uncollapsed(state) {
  const timed = hasTime(state);
  const fits = (thing) =>
    !state.kindsOff.has(thing.group) && (!timed || wasThere(thing.from, thing.to, state));
  const chosen = things.filter((thing) => isOpen(thing, state) && fits(thing));
  const late = things.filter(
    (thing) => kinds[thing.group].off && !isOpen(thing, state) && fits(thing),
  );
  late.sort((one, two) => linkCount[two.id] - linkCount[one.id] || one.id - two.id);
  const shown = new Set([...chosen, ...late.slice(0, OFF_LIMIT)].map((thing) => thing.id));
  return { things: shown, links: linksAmong(shown, state, timed) };
}

function linksAmong(shown, state, timed) {
  const among = new Set();
  for (const link of links) {
    if (!shown.has(link.from) || !shown.has(link.to)) continue;
    if (state.relationsOff.has(link.kind)) continue;
    if (timed && !held(link, state)) continue;
    among.add(link.id);
  }
  return among;
}

function held(link, state) {
  if (link.works) return link.works.some((work) => wasThere(work[3], work[4], state));
  return !(link.from_ || link.to_) || wasThere(link.from_, link.to_, state);
}

// Collapsing a thing hides what hangs only on it; `folded` says how many hang on each.
function shownNow(state) {
  const shown = uncollapsed(state);
  const folded = new Map();
  for (const id of state.collapsed) {
    if (!shown.things.has(id)) continue;
    const hanging = [...neighbours(id, shown).things].filter(
      (near) => near !== id && !state.collapsed.has(near) && hangsOn(near, id, shown),
    );
    hanging.forEach((near) => shown.things.delete(near));
    folded.set(id, hanging.length);
  }
  if (folded.size) shown.links = linksAmong(shown.things, state, hasTime(state));
  return { ...shown, folded };
}

function hangsOn(near, id, shown) {
  return [...neighbours(near, shown).things].every((end) => end === id || end === near);
}

// The things linked to a thing that are not shown, though no filter hides them.
function unshown(id, shown, state) {
  const timed = hasTime(state);
  const near = linksOf[id]
    .filter((link) => !state.relationsOff.has(link.kind))
    .map((link) => things[other(link, id)])
    .filter((thing) => !shown.things.has(thing.id) && !state.kindsOff.has(thing.group))
    .filter((thing) => !timed || wasThere(thing.from, thing.to, state));
  return [...new Set(near)];
}
