// The years that are shown, or one day on which to see how things stood.

const years = [Infinity, -Infinity];
things.forEach((thing) => takeIn(thing.from, thing.to));
links.forEach((link) => takeIn(link.from_, link.to_));
links.forEach((link) => link.works?.forEach((work) => takeIn(work[3], work[4])));

function takeIn(...days) {
  for (const day of days.filter(Boolean)) {
    years[0] = Math.min(years[0], Number(day.slice(0, 4)));
    years[1] = Math.max(years[1], Number(day.slice(0, 4)));
  }
}

function makeTime() {
  const [first, last] = years;
  find("time").hidden = first > last;
  for (const side of ["since", "until"]) {
    Object.assign(find(side), { min: first, max: last, step: 1 });
    find(side).addEventListener("input", () => moveYear(side, Number(find(side).value)));
  }
  find("as-of").addEventListener("change", () =>
    change({ asOf: find("as-of").value, since: null, until: null }),
  );
  find("undated").addEventListener("change", () => change({ undated: find("undated").checked }));
}

// The two ends never pass each other; at the outermost years there is no filter.
function moveYear(side, value) {
  const [first, last] = years;
  const since = side === "since" ? value : Math.min(state.since ?? first, value);
  const until = side === "until" ? value : Math.max(state.until ?? last, value);
  change({ asOf: "", since: since > first ? since : null, until: until < last ? until : null });
}

function showTime() {
  const [first, last] = years;
  const shown = { since: state.since ?? first, until: state.until ?? last };
  for (const side of ["since", "until"]) {
    find(side).value = shown[side];
    find(`${side}-year`).textContent = shown[side];
  }
  find("as-of").value = state.asOf;
  find("undated").checked = state.undated;
}
