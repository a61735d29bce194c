"""What the tab key reaches."""

from __future__ import annotations

from playwright.sync_api import Page

MOST_STEPS = 400

# What can be used and is seen, each marked with a number, so that it is known again. Of choices
# that exclude each other one is reached so, the others by the arrows.
_MARK = """
() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, summary, textarea")];
  const shown = all.filter((e) => e.type !== "hidden" && e.tabIndex >= 0 && e.checkVisibility()
    && (e.type !== "radio" || e.checked || !document.querySelector(`[name="${e.name}"]:checked`)));
  shown.forEach((e, place) => { e.dataset.place = place; });
  return shown.map((e) => e.outerHTML.slice(0, 160));
}
"""
# Which of them has the focus, and whether that is to be seen.
_FOCUS = """
() => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  const ring = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
  const box = e.getBoundingClientRect();
  const near = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
  return { place: e.dataset.place ?? "", seen: near && ring(style) };
}
"""


def unreached(page: Page) -> tuple[list[str], list[str]]:
    """What can be used and is not reached; and what is, without being seen to be."""
    everything = page.evaluate(_MARK)
    reached: list[int] = []
    unseen: list[str] = []
    for _ in range(min(len(everything) + 5, MOST_STEPS)):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if focus["place"] == "":
            continue
        if int(focus["place"]) in reached:
            break
        reached.append(int(focus["place"]))
        if not focus["seen"]:
            unseen.append(everything[reached[-1]])
    wanted = range(min(len(everything), MOST_STEPS - 5))
    return [everything[n] for n in wanted if n not in reached], unseen
