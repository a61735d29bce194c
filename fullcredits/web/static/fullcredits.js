// Everything works without this: the search box is a form, and each find a link.
"use strict";

const box = document.getElementById("search");
const finds = document.getElementById("finds");
const PAUSE = 120; // milliseconds without a key before the finds are asked for
let waiting = 0;
let asking = null;

function close() {
  clearTimeout(waiting);
  asking?.abort();
  finds.hidden = true;
}

async function ask() {
  asking?.abort();
  const asked = (asking = new AbortController());
  try {
    const address = `/search/instant?q=${encodeURIComponent(box.value.trim())}`;
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok) return close();
    const text = await answer.text();
    if (asked.signal.aborted) return;
    finds.innerHTML = text;
    finds.hidden = false;
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

box.addEventListener("input", () => {
  clearTimeout(waiting);
  if (box.value.trim()) waiting = setTimeout(ask, PAUSE);
  else close();
});

// From the box down through the finds and back; Escape closes, Enter on a link opens it.
box.form.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !finds.hidden) {
    event.preventDefault();
    close();
    box.focus();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || finds.hidden) return;
  const stops = [box, ...finds.querySelectorAll("a")];
  const next = stops.indexOf(document.activeElement) + step;
  event.preventDefault();
  stops[(next + stops.length) % stops.length].focus();
});
box.form.addEventListener("submit", close);
document.addEventListener("click", (event) => box.form.contains(event.target) || close());
box.form.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !box.form.contains(event.relatedTarget)) close();
});

// "/" goes to the search box, as on most sites where one searches a lot.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  box.focus();
  box.select();
});
