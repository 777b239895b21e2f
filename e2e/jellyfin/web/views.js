/** Three places for pages, filled in turn: a page that was left stays in the document, hidden and stale, until its place is needed. */
const PLACES = 3;
const nothing = () => undefined;

export function createViews(container) {
  const places = [];
  let index = -1;
  let onLeave = nothing;
  const leave = () => {
    const run = onLeave;
    onLeave = nothing;
    run();
  };
  return {
    /** Tells the page that is shown that its time is over; what comes next may still have to load. */
    leave,
    show(element, { onShow = nothing, onHide = nothing } = {}) {
      leave();
      const next = (index + 1) % PLACES;
      places[index]?.classList.add('hide');
      if (places[next]) places[next].replaceWith(element);
      else container.append(element);
      places[next] = element;
      index = next;
      onLeave = onHide;
      onShow();
    },
  };
}
