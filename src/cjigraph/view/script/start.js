// Everything is put together here.

function showColours() {
  const root = document.documentElement;
  if (state.colours) root.dataset.colours = state.colours;
  else delete root.dataset.colours;
  find("colours").value = state.colours;
  isDark = state.colours ? state.colours === "dark" : night.matches;
}

function start() {
  find("bench").hidden = false;
  if (window.matchMedia("(max-width: 760px)").matches) find("filters").open = false;
  settle(readAddress());
  showColours();
  startPicture();
  makeLegend();
  makeTime();
  makeTables();
  makeDownloads();
  suggest(find("find-text"), find("find-list"), (id) => {
    goTo(id);
    panel.focus();
  });
  find("find").addEventListener("submit", (event) => event.preventDefault());
  find("show-all").addEventListener("click", () => change({ all: !state.all }));
  find("reset").addEventListener("click", () => {
    forgetSpots();
    change(FRESH());
    fitAll();
    say("Everything is as it was at first.");
  });
  find("colours").addEventListener("change", () => change({ colours: find("colours").value }));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    select(null);
    stage.focus({ preventScroll: true });
  });

  onChange(showColours);
  onChange(draw);
  onChange(showLegend);
  onChange(showTime);
  onChange(showNotice);
  onChange(showDetails);
  onChange(() => showTables.forEach((show) => show()));
  onChange((before) => before.all !== state.all && fitAll());
  change({}, { remember: false });
  network.once("afterDrawing", () => performance.mark("drawn"));
  if (state.thing !== null) keepInSight(state.thing);

  window.addEventListener("hashchange", () => change(readAddress(), { remember: false }));
  night.addEventListener("change", () => change({}));
  window.addEventListener("beforeprint", () => {
    document.documentElement.dataset.colours = "light";
    isDark = false;
    fill();
    network.redraw(); // at once: there is no next frame before printing
  });
  window.addEventListener("afterprint", () => change({}));
}

start();

// For those who script the page: what is shown, and where its names stand.
window.cjigraph = {
  shown: () => ({
    things: shownThings().map((thing) => thing.iri),
    links: shownLinks().map((link) => link.id),
  }),
  labels: () => labelBoxes.map((box) => ({ ...box })),
  at: (iri) => {
    const thing = things.find((each) => each.iri === iri);
    return thing && network.canvasToDOM(spot(thing.id));
  },
  highlighted: () =>
    trail
      ? { things: [...trail.things].map((id) => things[id].iri), links: [...trail.links] }
      : null,
};
