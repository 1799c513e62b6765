// The legend, which is also the filter: what is ticked is shown.

const boxes = { kinds: [], relations: [] };

function makeLegend() {
  const inKind = tally(things, (thing) => thing.group);
  const inRelation = tally(links, (link) => link.kind);
  const byName = (list) => (one, two) =>
    (list[one].kind ?? "").localeCompare(list[two].kind ?? "") ||
    list[one].label.localeCompare(list[two].label);
  fillLegend("kinds", kinds, inKind, byName(kinds), symbol, "kindsOff");
  fillLegend(
    "relations",
    relations,
    inRelation,
    (one, two) => inRelation.get(two) - inRelation.get(one) || one - two,
    sample,
    "relationsOff",
  );
}

function tally(list, key) {
  const counts = new Map();
  for (const item of list) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

function fillLegend(id, list, counts, order, icon, off) {
  const numbers = list.map((_, number) => number).sort(order);
  const rows = numbers.map((number) => {
    const box = el("input", {
      type: "checkbox",
      onchange: () => change({ [off]: toggled(state[off], number) }),
    });
    boxes[id][number] = box;
    return el(
      "label",
      { class: "tick" },
      box,
      icon(number),
      el("span", {}, list[number].label),
      el("small", {}, String(counts.get(number) ?? 0)),
    );
  });
  const all = (choice) => change({ [off]: new Set(choice ? [] : numbers) });
  const what = id === "kinds" ? "things" : "links";
  const both = el(
    "div",
    { class: "row" },
    el(
      "button",
      { type: "button", onclick: () => all(true) },
      "All",
      el("span", { class: "unseen" }, ` ${what}`),
    ),
    el(
      "button",
      { type: "button", onclick: () => all(false) },
      "None",
      el("span", { class: "unseen" }, ` of the ${what}`),
    ),
  );
  find(id).append(...(numbers.length > 2 ? [both] : []), ...rows);
  find(id).hidden = !numbers.length;
}

function showLegend() {
  boxes.kinds.forEach((box, number) => {
    box.checked = !state.kindsOff.has(number);
  });
  boxes.relations.forEach((box, number) => {
    box.checked = !state.relationsOff.has(number);
  });
}

function showNotice() {
  const whole = seen.things.size === things.length && seen.links.size === links.length;
  const some =
    `${seen.things.size.toLocaleString("en-GB")} of ${count(things.length, "thing")} and ` +
    `${seen.links.size.toLocaleString("en-GB")} of ${count(links.length, "link")} are shown`;
  const all = things.length
    ? `All ${count(things.length, "thing")} and ${count(links.length, "link")} are shown.`
    : "There is nothing to show.";
  const most = foremost
    ? `the ${MOST.toLocaleString("en-GB")} things with the most links; search and Expand bring in others`
    : "";
  const rule = state.all ? most && `: ${most}` : view.rule && `: ${view.rule}`;
  const late = kinds.some((kind, number) => kind.off && state.kindsOff.has(number));
  const more = late ? " The legend brings in more kinds of thing." : "";
  find("notice").textContent = whole ? all : `${some}${rule}.${more}`;
  find("show-all").hidden = !view.rule;
  find("show-all").textContent = state.all
    ? "Show the opening view"
    : foremost
      ? `Show ${MOST.toLocaleString("en-GB")}`
      : "Show all";
}
