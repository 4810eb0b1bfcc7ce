/** Areas that add up: tiles to look inside of, each with a hint of what is within. */

import { h } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { T } from "../strings.js";
import { hierarchy, treemap as layOut, treemapSquarify } from "../vendor/d3.js";
import { onWidth } from "./plot.js";
import { hideTip, showTip } from "./tip.js";

/**
 * @typedef {object} Tile
 * @property {string} name
 * @property {number} area
 * @property {number} value the number on it, which need not add up
 * @property {string} tone
 * @property {boolean} [isRest] whether it is what names no kind
 * @property {{name: string, area: number}[]} within
 * @property {(() => void) | null} open
 * @property {import("./tip.js").TipRow[]} rows
 * @property {string | null} foot
 */

const SHOWS_INSIDE = { width: 90, height: 74 };

/**
 * @param {HTMLElement} host
 * @param {{label: string, tiles: Tile[]}} of
 */
export function treemap(host, { label, tiles }) {
  const box = h("div", { class: "treemap", role: "group", "aria-label": label });
  host.append(box);
  onWidth(box, (width) => {
    box.replaceChildren(...place(tiles, width, box.clientHeight, 3).map(({ of, at }) => tileElement(of, at)));
  });
}

/**
 * @template {{area: number}} A
 * @param {A[]} items
 * @param {number} width
 * @param {number} height
 * @param {number} gap
 */
function place(items, width, height, gap) {
  const root = hierarchy(/** @type {any} */ ({ children: items.filter((item) => item.area > 0) }))
    .sum((item) => item.area ?? 0)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const placed = layOut().tile(treemapSquarify.ratio(1.2)).size([width, height]).paddingInner(gap)(/** @type {any} */ (root));
  return (placed.children ?? []).map((leaf) => ({
    of: /** @type {A} */ (/** @type {unknown} */ (leaf.data)),
    at: { left: leaf.x0, top: leaf.y0, width: leaf.x1 - leaf.x0, height: leaf.y1 - leaf.y0 },
  }));
}

/** @typedef {{left: number, top: number, width: number, height: number}} Place */

/** @param {Place} at */
const position = (at) => Object.fromEntries(Object.entries(at).map(([side, value]) => [side, `${value.toFixed(1)}px`]));

/**
 * @param {Tile} tile
 * @param {Place} at
 */
function tileElement(tile, at) {
  const showsInside = tile.within.length > 0 && at.width > SHOWS_INSIDE.width && at.height > SHOWS_INSIDE.height;
  const classes = [
    "tile",
    tile.tone,
    showsInside && "roomy",
    tile.isRest && "rest",
    (at.width < 62 || at.height < 40) && "tiny",
    (at.width < 34 || at.height < 20) && "nano",
  ];
  const element = h(
    tile.open ? "button" : "div",
    {
      class: classes.filter(Boolean).join(" "),
      type: tile.open ? "button" : null,
      css: position(at),
      on: {
        click: tile.open,
        pointermove: (event) => showTip(event.clientX, event.clientY - 4, tile.name, tile.rows, tile.foot),
        pointerleave: hideTip,
      },
    },
    h("span", { class: "tile-name", text: tile.name }),
    h(
      "span",
      { class: "tile-value" },
      format.whole(tile.value),
      h("span", { class: "unseen", text: ` ${T.recipes}${tile.open ? `, ${T.lookInside}` : ""}` }),
    ),
  );
  if (showsInside) {
    const inside = place(tile.within, at.width - 16, at.height - 52, 2).map(({ of, at: own }) =>
      h("i", { css: position(own) }, own.width > 58 && own.height > 22 && h("span", { text: of.name })),
    );
    element.append(h("span", { class: "tile-inside", "aria-hidden": "true" }, inside));
  }
  return element;
}
