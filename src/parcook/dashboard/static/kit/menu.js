/** The ⋯ menu of a card. What downloads need is loaded when somebody downloads. */

import { MENU } from "../strings.js";
import { h, icon, toast } from "./dom.js";
import { addressOf, readState } from "./state.js";

let made = 0;

/** @param {import("./card.js").CardFrame} frame */
export function menu(frame) {
  made += 1;
  const id = `menu-${made}`;
  const list = h("div", { class: "menu", id, popover: "auto", role: "menu", "aria-label": MENU.open(frame.card.title) });
  const button = h(
    "button",
    {
      type: "button",
      class: "icon-button no-export",
      popovertarget: id,
      "aria-haspopup": "menu",
      "aria-label": MENU.open(frame.card.title),
    },
    icon("dots"),
  );
  const item = (/** @type {"table" | "download" | "link"} */ picture, /** @type {string} */ text, /** @type {() => unknown} */ act) =>
    h(
      "button",
      { type: "button", role: "menuitem", tabindex: -1, on: { click: () => (list.hidePopover(), act()) } },
      icon(picture),
      h("span", { text }),
    );
  const table = item("table", MENU.table, () => {
    frame.toggleTable();
    /** @type {HTMLElement} */ (table.lastChild).textContent = frame.asTable ? MENU.chart : MENU.table;
  });
  list.append(
    table,
    h("hr"),
    item("download", MENU.csv, async () => (await import("./download.js")).downloadCsv(frame)),
    item("download", MENU.json, async () => (await import("./download.js")).downloadJson(frame)),
    item("download", MENU.png, async () => (await import("./download.js")).downloadPng(frame)),
    h("hr"),
    item("link", MENU.link, () => copyLink(frame.card.id)),
  );
  list.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") unfold(list, button);
  });
  list.addEventListener("keydown", (event) => moveInside(list, event));
  return { button, list };
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} button
 */
function unfold(list, button) {
  const at = button.getBoundingClientRect();
  list.style.setProperty("top", `${Math.max(8, Math.min(at.bottom + 4, innerHeight - list.offsetHeight - 8))}px`);
  list.style.setProperty("left", `${Math.max(8, at.right - list.offsetWidth)}px`);
  list.querySelector("button")?.focus();
}

/**
 * @param {HTMLElement} list
 * @param {KeyboardEvent} event
 */
function moveInside(list, event) {
  const by = /** @type {{[key: string]: number}} */ ({ ArrowDown: 1, ArrowUp: -1 })[event.key];
  if (event.key !== "Escape") event.stopPropagation();
  if (!by) return;
  event.preventDefault();
  const items = [...list.querySelectorAll("button")];
  const at = items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  items[(at + by + items.length) % items.length].focus();
}

/** @param {string} card */
async function copyLink(card) {
  const link = location.href.split("#")[0] + addressOf(readState(), { card });
  try {
    await navigator.clipboard.writeText(link);
    toast(MENU.copied);
  } catch {
    location.hash = addressOf(readState(), { card }).slice(1); // no clipboard here: the address bar has it
    toast(MENU.notCopied);
  }
}
