// Symbols as paths, for the legend and for the picture as SVG, like those on the canvas.

const SVG = "http://www.w3.org/2000/svg";

function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const around = (corners, radius, turn, dent = 1) =>
  Array.from({ length: corners }, (_, corner) => {
    const angle = turn + (corner * 2 * Math.PI) / corners;
    const reach = radius * (corner % 2 ? dent : 1);
    return `${(reach * Math.cos(angle)).toFixed(2)} ${(reach * Math.sin(angle)).toFixed(2)}`;
  });

const polygon = (points) => `M${points.join("L")}Z`;

function outline(shape, r) {
  const up = -Math.PI / 2;
  switch (shape) {
    case "square":
      return polygon([`${-r} ${-r}`, `${r} ${-r}`, `${r} ${r}`, `${-r} ${r}`]);
    case "diamond":
      return polygon(around(4, r * 1.25, up));
    case "triangle":
      return polygon(around(3, r * 1.3, up));
    case "triangleDown":
      return polygon(around(3, r * 1.3, -up));
    case "hexagon":
      return polygon(around(6, r * 1.08, 0));
    case "star":
      return polygon(around(10, r * 1.35, up, 0.5));
    default:
      return `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  }
}

// The letters sit where a triangle has room for them.
const markDrop = (shape, r) => ({ triangle: 0.28 * r, triangleDown: -0.28 * r })[shape] ?? 0;

const night = window.matchMedia("(prefers-color-scheme: dark)");
let isDark = night.matches; // kept, for every stroke of the picture asks it

const hue = (pair) => pair[isDark ? 1 : 0];
const paper = () => (isDark ? "#15181d" : "#ffffff");
const ink = () => (isDark ? "#eceff3" : "#1b1f24");
const faint = () => (isDark ? "#3a414b" : "#d5dae1");

function symbol(group, size = 22) {
  const kind = kinds[group];
  const mark = svg("text", {
    "text-anchor": "middle",
    y: 3 + markDrop(kind.shape, 9),
    "font-size": kind.shape === "star" ? 6.5 : 8.5,
    "font-weight": 700,
    class: "on-hue",
  });
  mark.textContent = kind.mark;
  const drawing = svg(
    "svg",
    { viewBox: "-13 -13 26 26", width: size, height: size, "aria-hidden": "true" },
    svg("path", { d: outline(kind.shape, 9), class: "hue" }),
    mark,
  );
  return tinted(drawing, kind.hue);
}

function sample(number) {
  const { hue: pair, dashes, points } = relations[number];
  const drawing = svg(
    "svg",
    { viewBox: "0 0 34 10", width: 34, height: 10, "aria-hidden": "true" },
    svg("path", {
      d: points ? "M0 5H27" : "M0 5H34",
      class: "line",
      "stroke-width": 2,
      "stroke-dasharray": dashes.join(" "),
    }),
    ...(points ? [svg("path", { d: "M26 1L33 5L26 9Z", class: "hue" })] : []),
  );
  return tinted(drawing, pair);
}

// Both colours go along, so that the page's style sheet picks the one that fits.
function tinted(drawing, [light, dark]) {
  drawing.style.setProperty("--light", light);
  drawing.style.setProperty("--dark", dark);
  return drawing;
}
