// The data of the page, and small tools that every other part uses.

const page = JSON.parse(document.getElementById("data").textContent);
const { view, kinds, relations, sources } = page;
const things = page.nodes;
const links = page.edges;

links.forEach((link, number) => {
  link.id = number;
});

// Links of each thing, both ways, by its number.
const linksOf = things.map(() => []);
for (const link of links) {
  linksOf[link.from].push(link);
  if (link.to !== link.from) linksOf[link.to].push(link);
}

const numberOf = new Map(things.map((thing) => [thing.key, thing.id]));

const other = (link, id) => (link.from === id ? link.to : link.from);

const find = (id) => document.getElementById(id);

// Make an element. Text only ever becomes a text node, so that no label is ever markup.
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

// A label in a run of its own, so that right-to-left names leave their neighbours alone.
const named = (text) => el("bdi", {}, text);

const count = (number, noun) =>
  `${number.toLocaleString("en-GB")} ${noun}${number === 1 ? "" : "s"}`;

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
