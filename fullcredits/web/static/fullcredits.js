// Everything works without this: the search box is a form, and each find a link.
"use strict";

const box = document.getElementById("search");
const finds = document.getElementById("finds");

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
}

// Filters are sent when one is chosen with a pointer; by the keys one passes others on the way.
for (const form of document.querySelectorAll("form[data-sends-itself]")) {
  let keys = false;
  form.addEventListener("keydown", () => (keys = true));
  form.addEventListener("pointerdown", () => (keys = false));
  form.addEventListener("change", () => keys || form.requestSubmit());
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
