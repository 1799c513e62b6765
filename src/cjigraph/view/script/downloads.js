// Files of what is shown, made in the page.

const clean = (text) =>
  String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, "\ufffd");

function save(name, type, content) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: `cjigraph-${view.name}.${name}` });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), 10000);
  say(`${link.download} is saved.`);
}

const shownThings = () => [...seen.things].sort((one, two) => one - two).map((id) => things[id]);
const shownLinks = () => [...seen.links].sort((one, two) => one - two).map((id) => links[id]);
const saidText = (link) => link.said.map((number) => sources[number][0]).join("; ");

// XML

const xml = (namespace, root) => {
  const file = document.implementation.createDocument(namespace, root);
  const make = (name, attributes = {}, ...children) => {
    const element = file.createElementNS(namespace, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, clean(value));
    element.append(...children.map((child) => (typeof child === "string" ? clean(child) : child)));
    return element;
  };
  const text = () =>
    `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(file)}\n`;
  return { top: file.documentElement, make, text };
};

const THING_FIELDS = {
  label: (thing) => thing.name,
  kind: (thing) => kinds[thing.group].label,
  start: (thing) => thing.from ?? "",
  end: (thing) => thing.to ?? "",
  page: (thing) => thing.href,
  alt: (thing) => thing.alt.join("; "),
};
const LINK_FIELDS = {
  relation: (link) => relations[link.kind].key,
  label: (link) => relations[link.kind].label,
  said: saidText,
};

function gexf() {
  const { top, make, text } = xml("http://gexf.net/1.3", "gexf");
  top.setAttribute("version", "1.3");
  const declare = (kind, fields) =>
    make(
      "attributes",
      { class: kind },
      ...Object.keys(fields).map((name) =>
        make("attribute", { id: `${kind}-${name}`, title: name, type: "string" }),
      ),
    );
  const values = (kind, fields, item) =>
    make(
      "attvalues",
      {},
      ...Object.entries(fields).map(([name, read]) =>
        make("attvalue", { for: `${kind}-${name}`, value: read(item) }),
      ),
    );
  top.append(
    make(
      "graph",
      { defaultedgetype: "directed", mode: "static" },
      declare("node", THING_FIELDS),
      declare("edge", LINK_FIELDS),
      make(
        "nodes",
        {},
        ...shownThings().map((thing) =>
          make("node", { id: thing.iri, label: thing.name }, values("node", THING_FIELDS, thing)),
        ),
      ),
      make(
        "edges",
        {},
        ...shownLinks().map((link) =>
          make(
            "edge",
            {
              id: link.id,
              source: things[link.from].iri,
              target: things[link.to].iri,
              weight: times(link),
              type: link.arrows ? "directed" : "undirected",
            },
            values("edge", LINK_FIELDS, link),
          ),
        ),
      ),
    ),
  );
  return text();
}

function graphml() {
  const { top, make, text } = xml("http://graphml.graphdrawing.org/xmlns", "graphml");
  const declare = (kind, fields) =>
    Object.keys(fields).map((name) =>
      make("key", { id: `${kind}-${name}`, for: kind, "attr.name": name, "attr.type": "string" }),
    );
  const values = (kind, fields, item) =>
    Object.entries(fields).map(([name, read]) =>
      make("data", { key: `${kind}-${name}` }, String(read(item))),
    );
  top.append(
    ...declare("node", THING_FIELDS),
    ...declare("edge", LINK_FIELDS),
    make("key", { id: "edge-weight", for: "edge", "attr.name": "weight", "attr.type": "int" }),
    make(
      "graph",
      { edgedefault: "directed" },
      ...shownThings().map((thing) =>
        make("node", { id: thing.iri }, ...values("node", THING_FIELDS, thing)),
      ),
      ...shownLinks().map((link) =>
        make(
          "edge",
          { id: `link-${link.id}`, source: things[link.from].iri, target: things[link.to].iri },
          ...values("edge", LINK_FIELDS, link),
          make("data", { key: "edge-weight" }, String(times(link))),
        ),
      ),
    ),
  );
  return text();
}

// CSV, for spreadsheets

// A spreadsheet would run a cell that begins like a formula; the apostrophe stops it.
function cell(value) {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csv = (rows) => `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

const thingsCsv = () =>
  csv([
    ["address", "name", "kind", "from", "to", "other names"],
    ...shownThings().map((thing) => [
      thing.iri,
      thing.name,
      kinds[thing.group].label,
      thing.from ?? "",
      thing.to ?? "",
      thing.alt.join("; "),
    ]),
  ]);

const linksCsv = () =>
  csv([
    ["from", "from name", "relation", "link", "to", "to name", "times", "said in"],
    ...shownLinks().map((link) => [
      things[link.from].iri,
      things[link.from].name,
      relations[link.kind].key,
      relations[link.kind].label,
      things[link.to].iri,
      things[link.to].name,
      times(link),
      saidText(link),
    ]),
  ]);

// JSON, in the manner of networkx's node-link form

function json() {
  const place = (number) => ({
    label: sources[number][0],
    locator: sources[number][1],
    page: sources[number][2],
    document: sources[number][3],
  });
  return JSON.stringify(
    {
      directed: true,
      multigraph: true,
      graph: { title: view.title },
      nodes: shownThings().map((thing) => ({
        id: thing.iri,
        label: thing.name,
        kind: kinds[thing.group].label,
        start: thing.from,
        end: thing.to,
        alt: thing.alt,
        facts: thing.facts.map(([label, value, said]) => ({
          label,
          value,
          sources: said.map(place),
        })),
      })),
      edges: shownLinks().map((link) => ({
        source: things[link.from].iri,
        target: things[link.to].iri,
        key: relations[link.kind].key,
        label: relations[link.kind].label,
        weight: times(link),
        sources: link.said.map(place),
      })),
    },
    null,
    1,
  );
}

// The picture

function pictureSvg() {
  const shown = shownThings();
  const xs = shown.map((thing) => spot(thing.id).x);
  const ys = shown.map((thing) => spot(thing.id).y);
  const edge = (values, pick) => values.reduce((best, value) => pick(best, value), values[0] ?? 0);
  const box = { x: edge(xs, Math.min) - 90, y: edge(ys, Math.min) - 60 };
  const size_ = { w: edge(xs, Math.max) - box.x + 90, h: edge(ys, Math.max) - box.y + 60 };
  const title = svg("title");
  title.textContent = clean(view.title);
  const root = svg(
    "svg",
    {
      viewBox: `${box.x} ${box.y} ${size_.w} ${size_.h}`,
      width: size_.w,
      height: size_.h,
      role: "img",
      "font-family": "sans-serif",
      "font-size": 12,
      "text-anchor": "middle",
    },
    title,
    svg("rect", { ...box, width: size_.w, height: size_.h, fill: paper() }),
  );
  root.append(...shownLinks().map(svgLink), ...shown.map(svgThing), ...svgNames(shown));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root)}\n`;
}

function svgLink(link) {
  const one = spot(link.from);
  const two = spot(link.to);
  const bent = via(link);
  const far = Math.hypot(two.x - bent.x, two.y - bent.y) || 1;
  const gap = size(link.to) + 4;
  const [ux, uy] = [(two.x - bent.x) / far, (two.y - bent.y) / far];
  const tip = { x: two.x - ux * gap, y: two.y - uy * gap };
  const colour = hue(relations[link.kind].hue);
  const name = svg("title");
  name.textContent = clean(sentence(link));
  const line = svg("path", {
    d: `M${one.x} ${one.y}Q${bent.x} ${bent.y} ${tip.x} ${tip.y}`,
    fill: "none",
    stroke: colour,
    "stroke-width": Math.min(9, 1.2 + 1.1 * Math.log2(times(link))),
    "stroke-dasharray": relations[link.kind].dashes.join(" ") || "none",
    opacity: 0.7,
  });
  const head = `M${tip.x} ${tip.y}L${tip.x - ux * 9 - uy * 4} ${tip.y - uy * 9 + ux * 4}L${tip.x - ux * 9 + uy * 4} ${tip.y - uy * 9 - ux * 4}Z`;
  return svg("g", {}, name, line, ...(link.arrows ? [svg("path", { d: head, fill: colour })] : []));
}

function svgThing(thing) {
  const { x, y } = spot(thing.id);
  const kind = kinds[thing.group];
  const r = size(thing.id);
  const mark = svg("text", {
    y: (r * 0.33 + markDrop(kind.shape, r)).toFixed(1),
    "font-size": (r * 0.92).toFixed(1),
    "font-weight": 700,
    fill: paper(),
  });
  mark.textContent = kind.mark;
  const name = svg("title");
  name.textContent = clean(`${thing.name}, ${kind.label}`);
  return svg(
    "g",
    { transform: `translate(${x} ${y})` },
    name,
    svg("path", { d: outline(kind.shape, r), fill: hue(kind.hue) }),
    mark,
  );
}

// The names that fit at this size, most linked things first.
function svgNames(shown) {
  const room = makeRoom();
  const order = [...shown].sort(
    (one, two) => linkCount[two.id] - linkCount[one.id] || one.id - two.id,
  );
  order.forEach(({ id }) => room.take({ x: spot(id).x - 8, y: spot(id).y - 8, w: 16, h: 16 }));
  return order.flatMap((thing) => {
    const { x, y } = spot(thing.id);
    const texts = lines(thing.label);
    const w = Math.max(...texts.map((text) => text.length)) * 6.4;
    const box = { x: x - w / 2, y: y + size(thing.id) + 3, w, h: 14 * texts.length };
    if (!room.isFree(box)) return [];
    room.take(box);
    return texts.map((text, row) => {
      const name = svg("text", {
        x,
        y: box.y + 11 + 14 * row,
        fill: ink(),
        stroke: paper(),
        "stroke-width": 3,
        "paint-order": "stroke",
      });
      name.textContent = clean(text);
      return name;
    });
  });
}

const FILES = {
  png: () => stage.querySelector("canvas").toBlob((blob) => save("png", "image/png", blob)),
  svg: () => save("svg", "image/svg+xml", pictureSvg()),
  gexf: () => save("gexf", "application/gexf+xml", gexf()),
  graphml: () => save("graphml", "application/graphml+xml", graphml()),
  things: () => save("things.csv", "text/csv", thingsCsv()),
  links: () => save("links.csv", "text/csv", linksCsv()),
  json: () => save("json", "application/json", json()),
};

function makeDownloads() {
  find("downloads").hidden = false;
  for (const button of document.querySelectorAll("[data-file]"))
    button.addEventListener("click", () => FILES[button.dataset.file]());
}
