"""What the tab key reaches."""

from __future__ import annotations

from playwright.sync_api import Page

MOST_STEPS = 400

# What can be used and is seen, each marked with a number, so that it is known again. Of choices
# that exclude each other one is reached so, the others by the arrows. What has the focus is looked
# at as it comes and as it goes: in between, the page may have moved there.
_WATCH = """
() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, summary, textarea")];
  const shown = all.filter((e) => e.type !== "hidden" && e.tabIndex >= 0 && e.checkVisibility()
    && (e.type !== "radio" || e.checked || !document.querySelector(`[name="${e.name}"]:checked`)));
  shown.forEach((e, place) => { e.dataset.place = place; });
  window.reached = [];
  const ringed = (e) => {
    const style = getComputedStyle(e);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  };
  const near = (e) => {
    const box = e.getBoundingClientRect();
    return box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
  };
  document.addEventListener("focusin", ({ target: e }) => {
    window.reached.push({ place: e.dataset.place ?? "", ringed: ringed(e), near: near(e) });
  });
  document.addEventListener("focusout", ({ target: e }) => {
    window.reached.at(-1).near ||= near(e);
  });
  return shown.map((e) => e.outerHTML.slice(0, 160));
}
"""


def unreached(page: Page) -> tuple[list[str], list[str]]:
    """What can be used and is not reached; and what is, without being seen to be.

    Each is to be reached once in a round: where one is held fast, others are not reached.
    """
    everything = page.evaluate(_WATCH)
    steps = min(len(everything) + 5, MOST_STEPS)
    for _ in range(steps):
        page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    reached = [stop for stop in page.evaluate("window.reached") if stop["place"] != ""]
    places = {int(stop["place"]) for stop in reached}
    wanted = range(min(len(everything), MOST_STEPS - 5))
    unseen = [stop for stop in reached if not (stop["ringed"] and stop["near"])]
    return (
        [everything[place] for place in wanted if place not in places],
        [everything[int(stop["place"])] for stop in unseen],
    )
