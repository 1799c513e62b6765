// What is said of the selected thing or link, and where each part of it is said.

const panel = find("details");

function showDetails() {
  const open = state.thing !== null || state.link !== null;
  const kept = panel.contains(document.activeElement) && document.activeElement.dataset.keep;
  panel.hidden = !open;
  find("frame").classList.toggle("split", open);
  if (!open) return panel.replaceChildren();
  panel.replaceChildren(
    close(),
    ...(state.thing !== null ? aboutThing(things[state.thing]) : aboutLink(links[state.link])),
  );
  // Redrawing must not throw the reader's place on the keyboard away.
  if (kept) (panel.querySelector(`[data-keep="${kept}"]`) ?? panel).focus();
  return undefined;
}

function close() {
  const leave = () => {
    select(null);
    stage.focus({ preventScroll: true });
  };
  return el(
    "button",
    { type: "button", class: "close", "data-keep": "close", onclick: leave },
    el("span", { "aria-hidden": "true" }, "×"),
    el("span", { class: "unseen" }, "Close details"),
  );
}

const KNOWN = (first, last) =>
  first && last
    ? first === last
      ? day(first)
      : `${day(first)} to ${day(last)}`
    : first
      ? `from ${day(first)}`
      : last
        ? `until ${day(last)}`
        : "no date known";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

function day(iso) {
  const [y, month, date] = iso.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${y}`;
}

function aboutThing(thing) {
  const kind = kinds[thing.group];
  return [
    el("p", { class: "kind" }, symbol(thing.group), kind.label),
    el("h2", {}, named(thing.name)),
    el(
      "p",
      {},
      `${capital(KNOWN(thing.from, thing.to))}.`,
      thing.guessed ? " It stands where its links suggest." : "",
    ),
    thing.href
      ? el(
          "p",
          {},
          el(
            "a",
            { href: thing.href, "data-keep": "page", target: "_blank", rel: "noopener noreferrer" },
            "Page of this thing",
          ),
        )
      : null,
    actions(thing),
    trails(thing),
    ...facts(thing),
    ...linkList(thing),
  ].filter(Boolean);
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function actions(thing) {
  const more = unshown(thing.id, seen, state).length;
  const button = (name, text, act) =>
    el("button", { type: "button", "data-keep": name, onclick: act }, text);
  return el(
    "div",
    { class: "row" },
    button("expand", more ? `Expand: ${more} more` : "Expand", () => expand(thing.id)),
    button("collapse", "Collapse", () => collapse(thing.id)),
    button("centre", "Centre", () =>
      moveTo({ position: spot(thing.id), scale: Math.max(1, network.getScale()) }),
    ),
  );
}

function trails(thing) {
  const choices = {
    near: "What it is linked to",
    back: view.back,
    forth: view.forth,
    path: "The shortest path to …",
  };
  const rows = Object.entries(choices).map(([value, text]) =>
    el(
      "label",
      { class: "tick" },
      el("input", {
        type: "radio",
        name: "trail",
        value,
        checked: state.trail === value,
        "data-keep": `trail-${value}`,
        onchange: () => change({ trail: value }),
      }),
      text,
    ),
  );
  return el(
    "fieldset",
    { class: "trails" },
    el("legend", {}, "Highlight"),
    ...rows,
    ...(state.trail === "path" ? pathTo(thing) : trailWords()),
  );
}

function trailWords() {
  if (!trail || state.trail === "near") return [];
  return [
    el(
      "p",
      { class: "hint" },
      trail.things.size > 1
        ? `${count(trail.things.size - 1, "thing")} in all.`
        : "There is nothing.",
    ),
  ];
}

function pathTo(thing) {
  const input = el("input", {
    id: "end-text",
    type: "text",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "end-list",
    "aria-autocomplete": "list",
    "data-keep": "end",
    autocomplete: "off",
    spellcheck: "false",
  });
  const list = el("ul", {
    id: "end-list",
    role: "listbox",
    "aria-label": "Things found",
    hidden: true,
  });
  suggest(input, list, (id) => {
    const hidden = !seen.things.has(id);
    change({ end: id, ...(hidden ? bringIn(things[id]) : {}) });
    say(pathWords(thing));
  });
  return [
    el("div", { class: "find" }, el("label", { for: "end-text" }, "To"), input, list),
    state.end === null ? null : el("p", {}, pathWords(thing)),
  ].filter(Boolean);
}

function pathWords(thing) {
  const end = things[state.end];
  const path = shortestPath(thing.id, state.end, seen);
  if (!path) return `No path leads from ${thing.name} to ${end.name} through what is shown.`;
  if (!path.steps.length) return "That is the thing itself.";
  const steps = path.steps.map(
    (link) => `${things[link.from].name} ${relations[link.kind].label} ${things[link.to].name}`,
  );
  return `${count(path.steps.length, "link")} to ${end.name}: ${steps.join("; ")}.`;
}

function facts(thing) {
  if (!thing.facts.length) return [];
  const rows = thing.facts.map(([label, value, said]) =>
    el("div", {}, el("dt", {}, label), el("dd", {}, factValue(value), where(said))),
  );
  return [el("h3", {}, "Facts"), el("dl", {}, ...rows)];
}

const factValue = (value) =>
  el("span", { dir: "auto" }, value.length > 400 ? `${value.slice(0, 400)}…` : value);

// Where something is said: a link to each passage, and to its document where that is online.
function where(said) {
  if (!said.length) return el("p", { class: "said" }, "This graph’s own statement.");
  return el(
    "p",
    { class: "said" },
    "Said in ",
    ...said.flatMap((number, place) => [place ? "; " : "", ...passage(number)]),
  );
}

function passage(number) {
  const [label, locator, href, address] = sources[number];
  const text = label || locator;
  const outside = (to, words) =>
    el("a", { href: to, target: "_blank", rel: "noopener noreferrer" }, named(words));
  return [
    href ? outside(href, text) : named(text),
    ...(address ? [" (", outside(address, "document"), ")"] : []),
  ];
}

function linkList(thing) {
  const shown = linksOf[thing.id].filter((link) => seen.links.has(link.id));
  const hidden = linksOf[thing.id].length - shown.length;
  if (!shown.length && !hidden) return [];
  const rows = [...shown].sort((one, two) => one.kind - two.kind || one.id - two.id).slice(0, 200);
  return [
    el("h3", {}, `Links (${shown.length})`),
    el("ul", { class: "links" }, ...rows.map((link) => linkRow(link, thing))),
    ...(shown.length > rows.length
      ? [el("p", { class: "hint" }, "The table of links has the rest.")]
      : []),
    ...(hidden
      ? [
          el(
            "p",
            { class: "hint" },
            `${count(hidden, "link")} more ${hidden === 1 ? "is" : "are"} not shown.`,
          ),
        ]
      : []),
  ];
}

function linkRow(link, thing) {
  const far = things[other(link, thing.id)];
  const away = link.from === thing.id;
  const go = el(
    "button",
    {
      type: "button",
      class: "plain",
      "data-keep": `go-${link.id}`,
      onclick: () => {
        select(far.id);
        keepInSight(far.id);
        panel.focus();
      },
    },
    named(far.name),
  );
  const relation = relations[link.kind].label + (times(link) > 1 ? ` ×${times(link)}` : "");
  const words = link.arrows && !away ? [go, ` ${relation} this`] : [`${relation} `, go];
  return el(
    "li",
    {},
    sample(link.kind),
    el(
      "span",
      {},
      ...words,
      el(
        "button",
        {
          type: "button",
          class: "plain where",
          "data-keep": `link-${link.id}`,
          onclick: () => openLink(link.id),
        },
        "where it is said",
        el("span", { class: "unseen" }, ` that ${sentence(link)}`),
      ),
    ),
  );
}

const sentence = (link) =>
  `${things[link.from].name} ${relations[link.kind].label} ${things[link.to].name}`;

function openLink(id) {
  const link = links[id];
  const missing = [link.from, link.to].filter((end) => !seen.things.has(end));
  const patches = missing.map((end) => bringIn(things[end]));
  const relationsOff = new Set(state.relationsOff);
  relationsOff.delete(link.kind);
  const revealed = new Set([...state.revealed, ...missing]);
  change({ ...Object.assign({}, ...patches), link: id, thing: null, relationsOff, revealed });
  panel.focus();
}

function aboutLink(link) {
  const end = (id) =>
    el(
      "button",
      {
        type: "button",
        class: "plain",
        "data-keep": `end-${id}`,
        onclick: () => {
          select(id);
          keepInSight(id);
          panel.focus();
        },
      },
      named(things[id].name),
    );
  const inTime = (work) => !hasTime(state) || wasThere(work[3], work[4], state);
  const works = (link.works ?? [])
    .filter(inTime)
    .map(([label, href, said]) =>
      el(
        "li",
        {},
        el(
          "span",
          {},
          href
            ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, named(label))
            : named(label),
          where(said),
        ),
      ),
    );
  return [
    el(
      "p",
      { class: "kind" },
      sample(link.kind),
      link.inferred ? "A link that follows from what is said" : "A link",
    ),
    el("h2", { class: "link" }, end(link.from), ` ${relations[link.kind].label} `, end(link.to)),
    ...(link.from_ || link.to_ ? [el("p", {}, `${capital(KNOWN(link.from_, link.to_))}.`)] : []),
    ...(works.length
      ? [
          el("h3", {}, count(works.length, "piece") + " of work"),
          el("ul", { class: "links" }, ...works),
        ]
      : [el("h3", {}, "Where it is said"), where(link.said)]),
  ];
}
