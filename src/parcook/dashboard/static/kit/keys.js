/** Single keys. They are left alone with modifiers, in fields and dialogs, and when somebody switched them off. */

import { PAGES } from "../strings.js";
import { go, memory, readState } from "./state.js";
import { nextTheme } from "./shell.js";

const PERIOD_KEYS = /** @type {{[key: string]: string}} */ ({ w: "7d", m: "28d", q: "91d", y: "364d" });

/** @param {() => (keyof typeof PAGES)[]} pages those that are there */
export function wireKeys(pages) {
  addEventListener("keydown", async (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, dialog")) return;
    if (memory.get("keys") === "off") return;
    const key = event.key.toLowerCase();
    const page = pages().find((name) => Object.keys(PAGES).indexOf(name) + 1 === Number(key));
    const state = readState();
    if (page) go({ page, card: "", ing: "", solo: "" });
    else if (key in PERIOD_KEYS) go({ r: PERIOD_KEYS[key] });
    else if (key === "x") go({ cmp: state.cmp === "1" ? "" : "1" });
    else if (key === "t") nextTheme();
    else if (key === "?") (await import("./dialogs.js")).showKeys();
    else if (key === "/") findIngredient(event);
    else if (key === "escape") stepOut(state);
  });
}

/** @param {KeyboardEvent} event */
function findIngredient(event) {
  event.preventDefault();
  const field = document.getElementById("find");
  if (field) field.focus();
  else go({ page: "catalogue", card: "" });
}

/** @param {import("./state.js").State} state */
function stepOut(state) {
  if (state.ing) dispatchEvent(new Event("parcook:up"));
  else if (state.solo) go({ solo: "" });
  else if (state.card) go({ card: "" });
}
