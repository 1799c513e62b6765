// The same as tables: every thing and link that is shown, sortable and searchable.

const PAGE = 200;

function makeTable({ id, more, look, tally: tallyId, columns, rows, noun }) {
  const table = find(id);
  const order = { column: columns.findIndex((column) => column.first), down: false };
  let most = PAGE;
  let list = [];

  const heads = columns.map((column, place) => {
    const button = el("button", { type: "button", onclick: () => sortBy(place) }, column.name);
    return el("th", { scope: "col" }, column.sort ? button : column.name);
  });
  table.tHead.replaceChildren(el("tr", {}, ...heads));
  find(look).addEventListener("input", () => show());
  find(look).form.hidden = false;
  find(look).form.addEventListener("submit", (event) => event.preventDefault());
  find(more).addEventListener("click", () => {
    most += PAGE;
    paint();
  });

  function sortBy(place) {
    order.down = order.column === place ? !order.down : false;
    order.column = place;
    show();
  }

  function show() {
    const wanted = fold(find(look).value).split(" ").filter(Boolean);
    const { sort } = columns[order.column];
    list = rows()
      .map((item) => ({ item, key: sort(item) }))
      .filter(({ item }) => wanted.every((word) => words(item).includes(word)));
    list.sort((one, two) => (order.down ? compare(two, one) : compare(one, two)));
    most = PAGE;
    paint();
  }

  const words = (item) => fold(columns.map((column) => column.text?.(item) ?? "").join(" "));

  function paint() {
    heads.forEach((head, place) => {
      if (place === order.column)
        head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const chosen = ({ item }) => (id === "things" ? state.thing : state.link) === item.id;
    const body = list
      .slice(0, most)
      .map((each) =>
        el(
          "tr",
          chosen(each) ? { class: "chosen" } : {},
          ...columns.map((column) =>
            el("td", column.number ? { class: "number" } : {}, ...[column.cell(each.item)].flat()),
          ),
        ),
      );
    table.tBodies[0].replaceChildren(...body);
    find(tallyId).textContent =
      list.length > most ? `${most} of ${count(list.length, noun)}` : count(list.length, noun);
    find(more).hidden = list.length <= most;
  }

  return show;
}

const compare = (one, two) =>
  (typeof one.key === "number" ? one.key - two.key : collator.compare(one.key, two.key)) ||
  one.item.id - two.item.id;
const collator = new Intl.Collator("en-GB", { numeric: true });

const toPicture = (thing) =>
  el(
    "button",
    {
      type: "button",
      class: "plain",
      onclick: () => {
        select(thing.id);
        keepInSight(thing.id);
        panel.focus();
      },
    },
    named(thing.name),
  );

const shownDegree = (thing) => linksOf[thing.id].filter((link) => seen.links.has(link.id)).length;

const thingColumns = [
  {
    name: "Name",
    first: true,
    sort: (thing) => thing.name,
    text: (thing) => [thing.name, ...thing.alt].join(" "),
    cell: toPicture,
  },
  {
    name: "Kind",
    sort: (thing) => kinds[thing.group].label,
    text: (thing) => kinds[thing.group].label,
    cell: (thing) => kinds[thing.group].label,
  },
  {
    name: "From",
    sort: (thing) => thing.from ?? "",
    text: (thing) => thing.from,
    cell: (thing) => thing.from ?? "",
  },
  {
    name: "To",
    sort: (thing) => thing.to ?? "",
    text: (thing) => thing.to,
    cell: (thing) => thing.to ?? "",
  },
  { name: "Links", number: true, sort: shownDegree, cell: (thing) => String(shownDegree(thing)) },
  {
    name: "Page",
    cell: (thing) =>
      thing.href
        ? el(
            "a",
            { href: thing.href, target: "_blank", rel: "noopener noreferrer" },
            "page",
            el("span", { class: "unseen" }, ` of ${thing.name}`),
          )
        : "",
  },
];

const linkColumns = [
  {
    name: "From",
    first: true,
    sort: (link) => things[link.from].name,
    text: (link) => things[link.from].name,
    cell: (link) => named(things[link.from].name),
  },
  {
    name: "Link",
    sort: (link) => relations[link.kind].label,
    text: (link) => relations[link.kind].label,
    cell: (link) =>
      el(
        "button",
        { type: "button", class: "plain", onclick: () => openLink(link.id) },
        relations[link.kind].label,
        el("span", { class: "unseen" }, `: ${things[link.from].name} to ${things[link.to].name}`),
      ),
  },
  {
    name: "To",
    sort: (link) => things[link.to].name,
    text: (link) => things[link.to].name,
    cell: (link) => named(things[link.to].name),
  },
  { name: "Times", number: true, sort: (link) => times(link), cell: (link) => String(times(link)) },
  {
    name: "Said in",
    sort: (link) => (link.said.length ? sources[link.said[0]][0] : ""),
    text: (link) => link.said.map((number) => sources[number][0]).join(" "),
    cell: (link) => saidShort(link),
  },
];

function saidShort(link) {
  const first = link.said
    .slice(0, 3)
    .flatMap((number, place) => [place ? "; " : "", ...passage(number)]);
  const more = link.said.length - 3;
  return more > 0 ? [...first, `; and ${more} more`] : first;
}

let showTables = [];

function makeTables() {
  showTables = [
    makeTable({
      id: "things",
      more: "things-more",
      look: "things-look",
      tally: "things-count",
      noun: "thing",
      columns: thingColumns,
      rows: () => [...seen.things].map((id) => things[id]),
    }),
    makeTable({
      id: "links",
      more: "links-more",
      look: "links-look",
      tally: "links-count",
      noun: "link",
      columns: linkColumns,
      rows: () => [...seen.links].map((id) => links[id]),
    }),
  ];
}
