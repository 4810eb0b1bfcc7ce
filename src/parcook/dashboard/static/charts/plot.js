/** What all drawn charts share: a box that redraws with its width, and a cursor for keyboard and screen reader. */

import { h, s } from "../kit/dom.js";
import { hideTip } from "./tip.js";

const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7 };
let made = 0;

/** An id for a gradient or pattern, used by one chart. */
export function freshId() {
  made += 1;
  return `d${made}`;
}

/**
 * A chart: a picture that screen readers skip, behind a slider that tells each of its `count` values.
 *
 * `draw` returns the picture for a width and height, and `point`, which marks value i and shows its tip, or with
 * null takes both away.
 * @param {HTMLElement} host
 * @param {object} of
 * @param {number} of.count
 * @param {string} of.label
 * @param {number} of.height the least height; the box takes what its card has
 * @param {(i: number) => string} of.text what is said of value i
 * @param {number} [of.start] where the cursor begins
 * @param {(width: number, height: number) => {svg: SVGSVGElement, point: (i: number | null) => void}} of.draw
 */
export function plot(host, { count, label, height, text, start = count - 1, draw }) {
  const box = h("div", { class: "plot", css: { "min-height": `${height}px` } });
  host.append(box);
  /** @type {(i: number | null) => void} */
  let point = hideTip;
  box.append(slider({ count, label, text, start, point: (i) => point(i) }));
  onWidth(box, (width) => {
    box.querySelector("svg")?.remove();
    const picture = draw(width, Math.max(height, box.clientHeight));
    point = picture.point;
    box.prepend(picture.svg);
  });
}

/**
 * Call `draw` with the width of `box`, now or when it has one, and whenever its size changes.
 * @param {HTMLElement} box
 * @param {(width: number) => void} draw
 */
export function onWidth(box, draw) {
  let drawn = "";
  const follow = () => {
    const size = `${Math.floor(box.clientWidth)}×${Math.floor(box.clientHeight)}`;
    if (!box.clientWidth || size === drawn) return;
    drawn = size;
    draw(Math.floor(box.clientWidth));
  };
  new ResizeObserver(follow).observe(box);
  if (box.isConnected) follow();
}

/**
 * @param {{count: number, label: string, text: (i: number) => string, start: number,
 *   point: (i: number | null) => void}} of
 */
function slider({ count, label, text, start, point }) {
  let at = start;
  const element = h("div", {
    class: "cursor",
    role: "slider",
    tabindex: 0,
    "aria-label": label,
    "aria-valuemin": 0,
    "aria-valuemax": count - 1,
    "aria-orientation": "horizontal",
  });
  const move = (/** @type {number} */ to) => {
    at = Math.max(0, Math.min(count - 1, to));
    element.setAttribute("aria-valuenow", String(at));
    element.setAttribute("aria-valuetext", text(at));
  };
  move(start);
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return point(null);
    if (event.key in STEPS) move(at + STEPS[/** @type {keyof typeof STEPS} */ (event.key)]);
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(count - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
    point(at);
  });
  element.addEventListener("focus", () => element.matches(":focus-visible") && point(at));
  element.addEventListener("blur", () => point(null));
  return element;
}

/**
 * @param {number} width
 * @param {number} height
 * @param {import("../kit/dom.js").Child[]} children
 */
export function picture(width, height, ...children) {
  return s(
    "svg",
    { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
    ...children,
  );
}

/**
 * The room that the longest of some tick labels needs, with its gap to the plot.
 * @param {string[]} labels
 */
export function labelRoom(labels) {
  return Math.max(...labels.map((label) => label.length), 1) * 6.6 + 12;
}

/**
 * Stripes for what is not over yet, to be used as `fill: url(#id)`.
 * @param {string} id
 */
export function stripes(id) {
  return s(
    "defs",
    null,
    s(
      "pattern",
      { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      s("rect", { width: 3, height: 6, class: "stripe" }),
    ),
  );
}
