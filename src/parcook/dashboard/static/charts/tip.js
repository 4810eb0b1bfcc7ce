/** The one small box that tells what stands under the pointer or the keyboard's cursor. Text only. */

import { h } from "../kit/dom.js";

/** @typedef {{label: string, value: string, extra?: string | null, tone?: string}} TipRow */

/** @type {HTMLElement | null} */
let box = null;

/**
 * Show `title` and `rows` beside the point (`x`, `y`) of the window, wherever there is room.
 * @param {number} x
 * @param {number} y
 * @param {string} title
 * @param {TipRow[]} rows
 * @param {string | null} [foot]
 */
export function showTip(x, y, title, rows, foot) {
  box ??= document.body.appendChild(h("div", { class: "tip", "aria-hidden": "true" }));
  box.replaceChildren(
    h("div", { class: "tip-title", text: title }),
    ...rows.map(({ label, value, extra, tone }) =>
      h(
        "div",
        { class: "tip-row" },
        tone && h("i", { class: `swatch ${tone}` }),
        h("span", { text: label }),
        h("b", { text: value }),
        extra != null && h("em", { text: extra }),
      ),
    ),
    ...(foot ? [h("div", { class: "tip-foot", text: foot })] : []),
  );
  box.classList.add("on");
  const { width, height } = box.getBoundingClientRect();
  const room = document.documentElement.clientWidth - 8;
  let left = x + 14;
  if (left + width > room) left = x - width - 14;
  if (left < 8) left = Math.max(8, Math.min(room - width, x - width / 2));
  const top = y - height - 12 < 8 ? y + 18 : y - height - 12;
  box.style.setProperty("transform", `translate(${Math.round(left)}px, ${Math.round(top)}px)`);
}

export function hideTip() {
  box?.classList.remove("on");
}
