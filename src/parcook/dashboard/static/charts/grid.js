/** Tables of coloured cells: real tables with one tab stop, read cell by cell with the arrows. */

import { h } from "../kit/dom.js";
import { hideTip, showTip } from "./tip.js";

/**
 * @typedef {{text?: string, hidden?: string, tone?: string, style?: string}} Cell `hidden` is for screen readers only
 * @typedef {{title: string, rows: import("./tip.js").TipRow[], foot?: string | null}} Told
 */

/**
 * @param {HTMLElement} host
 * @param {object} of
 * @param {string} of.label
 * @param {string} of.style
 * @param {{text: string, style?: string}[]} of.head
 * @param {{heads: {text: string, style?: string, title?: string}[], cells: Cell[], style?: string}[]} of.rows
 * @param {(row: number, column: number) => Told | null} of.tell what is told of a cell
 */
export function grid(host, { label, style, head, rows, tell }) {
  const table = h(
    "table",
    { class: `grid ${style}`, "aria-label": label },
    h("thead", null, h("tr", null, head.map(({ text, style: of }) => h(text ? "th" : "td", { scope: text ? "col" : null, class: of, text })))),
    h(
      "tbody",
      null,
      rows.map(({ heads, cells, style: of }) =>
        h(
          "tr",
          { class: of },
          heads.map(({ text, style: own, title }, i) => h("th", { scope: i === 0 ? "row" : null, class: own, title, text })),
          cells.map(cellElement),
        ),
      ),
    ),
  );
  host.append(h("div", { class: "scroll", role: "group", "aria-label": label }, table));
  rove(table, tell);
}

/** @param {Cell} cell */
function cellElement({ text = "", hidden, tone = "", style = "" }) {
  return h("td", { class: `${tone} ${style}`.trim() || null }, text, hidden && h("span", { class: "unseen", text: hidden }));
}

/**
 * @param {HTMLTableElement} table
 * @param {(row: number, column: number) => Told | null} tell
 */
function rove(table, tell) {
  const cells = [...table.tBodies[0].rows].map((row) => [...row.cells].filter((cell) => cell.tagName === "TD"));
  let [row, column] = [0, 0];
  for (const cell of cells.flat()) cell.tabIndex = -1;
  if (cells[0]?.[0]) cells[0][0].tabIndex = 0;

  const find = (/** @type {EventTarget | null} */ target) => {
    for (let i = 0; i < cells.length; i += 1) {
      const j = cells[i].indexOf(/** @type {HTMLTableCellElement} */ (target));
      if (j >= 0) return [i, j];
    }
    return null;
  };
  const show = (/** @type {Element | null} */ cell) => {
    const place = find(cell);
    const told = place && tell(place[0], place[1]);
    if (!cell || !told) return hideTip();
    const { left, width, top } = cell.getBoundingClientRect();
    showTip(left + width / 2, top, told.title, told.rows, told.foot);
  };
  const moves = /** @type {{[key: string]: number[]}} */ ({
    ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -99], End: [0, 99],
  });
  table.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    const i = Math.max(0, Math.min(cells.length - 1, row + move[0]));
    const j = Math.max(0, Math.min(cells[i].length - 1, column + move[1]));
    event.preventDefault();
    event.stopPropagation();
    cells[i][j].focus();
  });
  table.addEventListener("focusin", ({ target }) => {
    const place = find(target);
    if (!place) return;
    cells[row][column].tabIndex = -1;
    [row, column] = place;
    cells[row][column].tabIndex = 0;
    if (cells[row][column].matches(":focus-visible")) show(cells[row][column]);
  });
  table.addEventListener("focusout", hideTip);
  table.addEventListener("pointerover", (event) => show(/** @type {Element} */ (event.target).closest("td")));
  table.addEventListener("pointerleave", hideTip);
}

/**
 * The colours of a grid and what their ends mean.
 * @param {string} low
 * @param {string[]} tones
 * @param {string} high
 */
export function ramp(low, tones, high) {
  return h("div", { class: "ramp" }, h("span", { text: low }), tones.map((tone) => h("i", { class: tone })), h("span", { text: high }));
}
