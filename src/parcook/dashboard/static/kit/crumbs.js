/** The path from the top of a tree to where one is; each step leads back to it, and Esc one step up. */

import { h } from "./dom.js";

/**
 * @param {{label: string, all: string, path: {name: string, open: () => void}[], open: () => void, end: string}} of
 */
export function crumbs({ label, all, path, open, end }) {
  const steps = [{ name: all, open }, ...path];
  return h(
    "nav",
    { class: "crumbs", "aria-label": label },
    steps.map((step, i) => [
      i > 0 && h("span", { class: "separator", "aria-hidden": "true", text: "›" }),
      h("button", {
        type: "button",
        "aria-current": i === steps.length - 1 ? "true" : null,
        text: step.name,
        on: { click: step.open },
      }),
    ]),
    h("span", { class: "crumbs-end", text: end }),
  );
}

addEventListener("parcook:up", () => {
  const above = [...document.querySelectorAll(".crumbs button")].at(-2);
  if (above instanceof HTMLElement) above.click();
});
