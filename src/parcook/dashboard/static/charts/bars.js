/** Ranked bars: plain text and boxes, so there is nothing a screen reader would miss. */

import { h, icon } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { T } from "../strings.js";

/**
 * @typedef {object} Bar
 * @property {string} name
 * @property {string | null} [note] small, beside the name
 * @property {number} value
 * @property {number | null} [before] marked by a tick
 * @property {number | null} [inner] the part of the value that is darker
 * @property {string} tone
 * @property {HTMLElement | null | false} [extra]
 * @property {(() => void) | null} [open] what choosing the row does
 */

/**
 * @param {HTMLElement} host
 * @param {{bars: Bar[], most?: number, ranked?: boolean, write?: (value: number) => string, style?: string}} of
 */
export function bars(host, { bars: rows, most, ranked = false, write = format.whole, style = "" }) {
  const top = most ?? Math.max(1e-9, ...rows.map((row) => Math.max(row.value, row.before ?? 0)));
  const part = (/** @type {number} */ value) => `${Math.max(value ? 0.8 : 0, Math.min(100, (value / top) * 100))}%`;
  host.append(
    h(
      "ol",
      { class: `bars ${style}` },
      rows.map((row, i) => h("li", null, bar(row, ranked ? i + 1 : null, part, write))),
    ),
  );
}

/**
 * @param {Bar} row
 * @param {number | null} rank
 * @param {(value: number) => string} part
 * @param {(value: number) => string} write
 */
function bar(row, rank, part, write) {
  const inside = [
    h(
      "span",
      { class: "bar-name" },
      rank !== null && h("span", { class: "bar-rank", text: rank }),
      h("span", { class: "bar-text", text: row.name, title: row.name.length > 26 ? row.name : null }),
      row.note && h("span", { class: "bar-note", text: row.note }),
    ),
    h("span", { class: "bar-value" }, h("b", { text: write(row.value) }), row.extra),
    h(
      "span",
      { class: "bar-track", "aria-hidden": "true" },
      h(
        "span",
        { class: `bar-fill ${row.tone}`, css: { width: part(row.value) } },
        row.inner != null && row.value > 0 && h("span", { class: "bar-inner", css: { width: `${(row.inner / row.value) * 100}%` } }),
      ),
      row.before != null && h("span", { class: "bar-before", css: { left: part(row.before) } }),
    ),
  ];
  if (!row.open) return h("div", { class: "bar-row" }, inside);
  return h(
    "button",
    { type: "button", class: "bar-row opens", on: { click: row.open } },
    inside,
    h("span", { class: "unseen", text: T.lookInside }),
    icon("chevron"),
  );
}
