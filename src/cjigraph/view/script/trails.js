// Ways through the network: what a thing is linked to, what it leads to, the shortest path.

// Everything that links lead on to from a thing ("back"), or that leads to it ("forth").
function reach(start, direction, shown) {
  const trail = { things: new Set([start]), links: new Set() };
  const waiting = [start];
  while (waiting.length) {
    const id = waiting.pop();
    for (const link of linksOf[id]) {
      const leads = !link.arrows || (direction === "back" ? link.from : link.to) === id;
      if (!leads || !shown.links.has(link.id)) continue;
      trail.links.add(link.id);
      const next = other(link, id);
      if (!trail.things.has(next)) {
        trail.things.add(next);
        waiting.push(next);
      }
    }
  }
  return trail;
}

function neighbours(id, shown) {
  const near = linksOf[id].filter((link) => shown.links.has(link.id));
  return {
    things: new Set([id, ...near.map((link) => other(link, id))]),
    links: new Set(near.map((link) => link.id)),
  };
}

// The fewest links from one thing to another, whichever way they point; null if none do.
function shortestPath(start, end, shown) {
  const cameBy = new Map([[start, null]]);
  let ring = [start];
  while (ring.length && !cameBy.has(end)) {
    const next = [];
    for (const id of ring) {
      for (const link of linksOf[id]) {
        const to = other(link, id);
        if (!shown.links.has(link.id) || cameBy.has(to)) continue;
        cameBy.set(to, link);
        next.push(to);
      }
    }
    ring = next;
  }
  if (!cameBy.has(end)) return null;
  const path = { things: new Set([end]), links: new Set(), steps: [] };
  for (let id = end; cameBy.get(id); id = other(cameBy.get(id), id)) {
    path.links.add(cameBy.get(id).id);
    path.steps.unshift(cameBy.get(id));
    path.things.add(other(cameBy.get(id), id));
  }
  return path;
}
