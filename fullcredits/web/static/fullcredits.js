// Everything works without this: the search box is a form, and each find a link.
"use strict";

const box = document.getElementById("search");
const finds = document.getElementById("finds");

// htmx begins to listen a moment after this script: what was typed before, or put in, is said then.
const say = (input) => input.value === input.defaultValue || input.dispatchEvent(new Event("input", { bubbles: true }));

function close() {
  htmx.trigger(box, "htmx:abort");
  finds.hidden = true;
}

if (box) {
  // htmx asks for the finds while one types; an empty box has none.
  box.addEventListener("input", () => box.value.trim() || close());
  box.addEventListener("htmx:before:request", (event) => box.value.trim() || event.preventDefault());
  box.addEventListener("htmx:after:swap", () => (finds.hidden = !box.value.trim()));
  box.addEventListener("htmx:response:error", close);
  setTimeout(() => box === document.activeElement && say(box));

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
}

// What a list is filtered by is in the address, so that it is there again when one comes back.
const sieve = document.getElementById("sieve");
if (sieve) {
  sieve.addEventListener("input", () => {
    const here = new URL(location);
    here.searchParams.delete("page");
    sieve.value.trim() ? here.searchParams.set("q", sieve.value) : here.searchParams.delete("q");
    history.replaceState(history.state, "", here);
  });
  addEventListener("pageshow", () => {
    sieve.value ||= new URLSearchParams(location.search).get("q") ?? "";
    setTimeout(() => say(sieve));
  });
}

// Keys: to the search box, to the main pages, to what comes before and after, to the list of them.
const GO = { h: ".brand", t: '.ways a[href$="/titles"]', p: '.ways a[href$="/people"]' };
let going = 0;
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = (selector) => document.querySelector(selector)?.click();
  const { key } = event;
  if (key === "/") {
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  } else if (key === "?") to(".keys-link");
  else if (key === "ArrowLeft") to('a[rel="prev"]');
  else if (key === "ArrowRight") to('a[rel="next"]');
  else if (event.timeStamp - going < 1500 && GO[key]) to(GO[key]);
  going = key === "g" ? event.timeStamp : 0;
});

// Rows are scrolled by buttons, by the wheel where a turn begins over them, and by the arrow keys.
let turned = 0;
document.addEventListener("wheel", (event) => event.target.closest(".row") || (turned = event.timeStamp), { passive: true });
for (const row of document.querySelectorAll(".row")) {
  const list = row.firstElementChild;
  const buttons = [["back", "‹", -1, "Scroll back"], ["on", "›", 1, "Scroll on"]].map(([name, sign, way, label]) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: `go ${name}`, textContent: sign, tabIndex: -1 });
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => list.scrollBy({ left: way * list.clientWidth * 0.8, behavior: "smooth" }));
    return button;
  });
  row.append(...buttons);
  const look = () => {
    // All is read before anything is changed: in between, the browser would lay the page out again.
    const { scrollLeft, scrollWidth, clientWidth } = list;
    row.toggleAttribute("data-before", scrollLeft > 1);
    row.toggleAttribute("data-after", scrollLeft < scrollWidth - clientWidth - 1);
  };
  list.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(list);
  list.addEventListener("wheel", (event) => {
    if (event.deltaX || event.shiftKey || event.ctrlKey || event.timeStamp - turned < 400) return;
    const before = list.scrollLeft;
    list.scrollBy({ left: event.deltaY, behavior: "instant" });
    if (list.scrollLeft !== before) event.preventDefault();
  }, { passive: false });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, End: Infinity, Home: -Infinity }[event.key];
    if (!step) return;
    const cards = [...list.children].map((card) => card.querySelector("a")).filter(Boolean);
    const now = cards.findIndex((card) => card.parentElement.contains(document.activeElement));
    const next = cards[Math.min(Math.max(now + step, 0), cards.length - 1)];
    event.preventDefault();
    event.stopPropagation();
    next?.focus();
  });
}

// Of more tabs than there is room for, the chosen one is in sight.
for (const tab of document.querySelectorAll(".tabs > [aria-current]")) {
  const tabs = tab.parentElement;
  tabs.scrollLeft += tab.getBoundingClientRect().left - tabs.getBoundingClientRect().left - (tabs.clientWidth - tab.offsetWidth) / 2;
}

// Filters are sent when one is chosen with a pointer; by the keys one passes others on the way,
// and there is a button, but where only fingers are: there any choice is meant.
for (const form of document.querySelectorAll("form[data-sends-itself]")) {
  let keys = false;
  form.addEventListener("keydown", () => (keys = true));
  form.addEventListener("pointerdown", () => (keys = false));
  form.addEventListener("change", () => (keys && !matchMedia("(hover: none)").matches) || form.requestSubmit());
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) value || formData.delete(name);
  });
}

// An open menu closes when one turns to something else, and by Escape.
for (const menu of document.querySelectorAll("details.menu")) {
  const turned = (event) => menu.contains(event.target) || (menu.open = false);
  document.addEventListener("click", turned);
  document.addEventListener("focusin", turned);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// What runs is told of as it happens: the insides of parts of the page, by their ids.
const told = document.querySelector("[data-live]");
if (told) {
  const line = new EventSource(told.dataset.live);
  line.addEventListener("message", (event) => {
    for (const [id, text] of Object.entries(JSON.parse(event.data))) {
      const place = document.getElementById(id);
      if (place) place.innerHTML = text;
    }
  });
  addEventListener("pagehide", () => line.close());
}

// A key decides the pair in focus, or else the first.
const pairs = document.querySelectorAll("[data-keys]");
if (pairs.length) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=hidden]), textarea, select");
    if (typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const pair = event.target.closest("[data-keys]") ?? pairs[0];
    const button = pair.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button) button.click();
  });
}
