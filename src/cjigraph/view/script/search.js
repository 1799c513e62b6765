// Search by name, other name or acronym, forgiving misspellings.

const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const initials = (folded) =>
  folded
    .split(" ")
    .map((word) => word[0] ?? "")
    .join("");

// Made at the first search: few readers of a large page search at once.
let index = null;

function makeIndex() {
  return things.map((thing) => {
    const names = [...new Set([thing.name, thing.label, ...thing.alt].map(fold))];
    return { thing, names, short: initials(names[0]) };
  });
}

function search(text, most = 12) {
  const query = fold(text);
  if (!query) return [];
  index ??= makeIndex();
  let found = rank(query, nearness);
  // Comparing letter by letter is slow, and worth it only where plainer ways find little.
  if (found.length < 3) found = rank(query, (each) => nearness(each) || likeness(each));
  return found.slice(0, most).map(({ thing }) => thing);

  function nearness({ names, short }) {
    const best = Math.max(...names.map((name) => fit(name, query)));
    return Math.max(best, query.length > 1 && short === query ? 70 : 0);
  }

  function likeness({ names }) {
    return Math.max(...names.map((name) => likenessOf(name, query)));
  }
}

function rank(query, score) {
  return index
    .map((each) => ({ thing: each.thing, score: score(each) }))
    .filter((each) => each.score > 0)
    .sort(
      (one, two) =>
        two.score - one.score ||
        linkCount[two.thing.id] - linkCount[one.thing.id] ||
        one.thing.id - two.thing.id,
    );
}

function fit(name, query) {
  if (name === query) return 100;
  if (name.startsWith(query)) return 80;
  if (` ${name}`.includes(` ${query}`)) return 60;
  if (name.includes(query)) return 40;
  return query.split(" ").every((word) => ` ${name}`.includes(` ${word}`)) ? 30 : 0;
}

// How much of a query a name holds, if each of its words may be a little wrong.
function likenessOf(name, query) {
  const words = name.split(" ");
  let total = 0;
  for (const wanted of query.split(" ")) {
    const allowed = wanted.length < 3 ? 0 : wanted.length < 7 ? 1 : 2;
    const begun = (word) => (word.startsWith(wanted) ? 0 : edits(word, wanted, allowed));
    const distance = Math.min(...words.map(begun));
    if (distance > allowed) return 0;
    total += 1 - distance / (allowed + 1);
  }
  return (20 * total) / query.split(" ").length;
}

// How many letters must be added, dropped, changed or swapped; more than `most` is all alike.
function edits(one, two, most) {
  if (Math.abs(one.length - two.length) > most) return most + 1;
  let before = [];
  let row = Array.from({ length: two.length + 1 }, (_, column) => column);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= two.length; j += 1) {
      const same = one[i - 1] === two[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same);
      const swapped = i > 1 && j > 1 && one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1];
      if (swapped) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[two.length];
}

// A field with a list of suggestions, as the ARIA combobox pattern has it.
function suggest(input, list, choose) {
  let found = [];
  let active = -1;

  function show(results) {
    found = results;
    active = results.length ? 0 : -1;
    list.replaceChildren(...results.map(option));
    list.hidden = !results.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark();
  }

  function option(thing, place) {
    const take = () => pick(place);
    return el(
      "li",
      // Taken on pressing, before the field loses its focus and closes the list.
      {
        role: "option",
        id: `${list.id}-${place}`,
        onmousedown: (event) => event.preventDefault(),
        onclick: take,
      },
      symbol(thing.group),
      el("span", {}, named(thing.name), el("small", {}, kinds[thing.group].label)),
    );
  }

  function mark() {
    [...list.children].forEach((item, place) =>
      item.setAttribute("aria-selected", String(place === active)),
    );
    if (active >= 0) {
      input.setAttribute("aria-activedescendant", `${list.id}-${active}`);
      list.children[active].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function pick(place) {
    const thing = found[place];
    input.value = "";
    show([]);
    if (thing) choose(thing.id);
  }

  function look() {
    show(search(input.value));
    if (input.value.trim() && !found.length) say(`Nothing is called “${input.value.trim()}”.`);
    else if (found.length) say(`${count(found.length, "thing")} found.`);
  }

  input.addEventListener("input", look);
  input.addEventListener("blur", () => show([]));
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      active = (active + step + found.length) % found.length;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!found.length) look();
      if (found.length) pick(active);
    } else if (event.key === "Escape") {
      input.value = "";
      show([]);
    }
  });
}
