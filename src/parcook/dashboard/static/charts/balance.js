/**
 * Demand over supply: a dot for each thing, a diagonal where both are equal. Above it more is wanted than there is.
 *
 * Both scales are logarithmic, so that equal distances from the diagonal are equal ratios; what is under the least
 * share that is drawn lies on the edge.
 */

import { s } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { scaleLog } from "../vendor/d3.js";
import { freshId, picture, plot } from "./plot.js";
import { hideTip, showTip } from "./tip.js";

/**
 * @typedef {object} Dot
 * @property {string} name
 * @property {number} supply a share
 * @property {number} demand a share
 * @property {string} tone
 * @property {import("./tip.js").TipRow[]} rows
 * @property {string} said
 * @property {(() => void) | null} open
 */

const LEAST = 0.002;
const TICKS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/**
 * @param {HTMLElement} host
 * @param {{label: string, dots: Dot[], height: number, words: {x: string, y: string, over: string, under: string}}} of
 *   the most telling dots first: they get their names
 */
export function balance(host, { label, dots, height, words }) {
  plot(host, {
    count: dots.length,
    label,
    height,
    start: 0,
    text: (i) => dots[i].said,
    draw: (width, tall) => draw(width, tall, dots, words),
  });
}

/**
 * @param {number} width
 * @param {number} height
 * @param {Dot[]} dots
 * @param {{x: string, y: string, over: string, under: string}} words
 */
function draw(width, height, dots, words) {
  const [left, right, top, bottom] = [46, width - 12, 14, height - 42];
  const shares = dots.flatMap((dot) => [dot.supply, dot.demand]);
  const most = Math.min(1, Math.max(...shares, 0.02) * 1.25);
  const least = Math.max(LEAST, Math.min(...shares.filter((share) => share > 0), 0.02) * 0.8);
  const x = scaleLog([least, most], [left, right]).clamp(true);
  const y = scaleLog([least, most], [bottom, top]).clamp(true);
  const id = freshId();
  const svg = picture(
    width,
    height,
    s("defs", null, s("clipPath", { id }, s("rect", { x: left, y: top, width: right - left, height: bottom - top }))),
    s("path", { class: "balance-wanted", d: `M${left},${bottom}L${right},${top}H${left}Z` }),
    s("path", { class: "balance-offered", d: `M${left},${bottom}L${right},${top}V${bottom}Z` }),
  );
  for (const tick of TICKS.filter((share) => share >= least && share <= most)) {
    const text = format.tick(tick * 100) + "%";
    svg.append(
      s("line", { class: "gridline", x1: left, x2: right, y1: y(tick), y2: y(tick) }),
      s("line", { class: "gridline", x1: x(tick), x2: x(tick), y1: top, y2: bottom }),
      s("text", { class: "tick", x: left - 8, y: y(tick) + 4, "text-anchor": "end", text }),
      s("text", { class: "tick", x: x(tick), y: bottom + 16, "text-anchor": "middle", text }),
    );
  }
  svg.append(
    s("line", { class: "balance-line", x1: left, y1: bottom, x2: right, y2: top }),
    s("text", { class: "balance-side wanted", x: left + 10, y: top + 18, text: words.over }),
    s("text", { class: "balance-side offered", x: right - 10, y: bottom - 10, "text-anchor": "end", text: words.under }),
    s("text", { class: "axis-text", x: (left + right) / 2, y: height - 6, "text-anchor": "middle", text: words.x }),
    s("text", { class: "axis-text", x: -(top + bottom) / 2, y: 9, "text-anchor": "middle", transform: "rotate(-90)", text: words.y }),
  );
  const places = dots.map((dot) => ({ x: x(Math.max(least, dot.supply)), y: y(Math.max(least, dot.demand)) }));
  const circles = dots.map((dot, i) =>
    s("circle", { class: `balance-dot ${dot.tone}${dot.open ? " opens" : ""}`, cx: places[i].x, cy: places[i].y, r: 5 }),
  );
  svg.append(s("g", null, [...circles].reverse()), s("g", null, names(dots, places, left, right, top, bottom, words)));

  /** @param {number | null} i */
  const point = (i) => {
    circles.forEach((circle, k) => circle.classList.toggle("dim", i !== null && k !== i));
    if (i === null) return hideTip();
    const at = svg.getBoundingClientRect();
    showTip(at.left + places[i].x, at.top + places[i].y - 4, dots[i].name, dots[i].rows);
  };
  svg.addEventListener("pointermove", (event) => point(nearest(places, svg, event, 28)));
  svg.addEventListener("pointerleave", () => point(null));
  svg.addEventListener("click", (event) => {
    const i = nearest(places, svg, event, 14);
    if (i !== null) dots[i].open?.();
  });
  return { svg, point };
}

/**
 * The dot nearest to the pointer, within a reach.
 * @param {{x: number, y: number}[]} places
 * @param {SVGSVGElement} svg
 * @param {{clientX: number, clientY: number}} event
 * @param {number} reach
 */
function nearest(places, svg, event, reach) {
  const at = svg.getBoundingClientRect();
  let best = null;
  let least = reach;
  places.forEach((place, i) => {
    const distance = Math.hypot(event.clientX - at.left - place.x, event.clientY - at.top - place.y);
    if (distance < least) [best, least] = [i, distance];
  });
  return /** @type {number | null} */ (best);
}

/**
 * The names that have room, the most telling first.
 * @param {Dot[]} dots
 * @param {{x: number, y: number}[]} places
 * @param {number} left
 * @param {number} right
 * @param {number} top
 * @param {number} bottom
 * @param {{over: string, under: string}} words
 */
function names(dots, places, left, right, top, bottom, words) {
  /** @type {{x: number, y: number, width: number, height: number}[]} */
  const taken = places.map(({ x, y }) => ({ x: x - 5, y: y - 5, width: 10, height: 10 }));
  taken.push({ x: left, y: top, width: words.over.length * 6.4 + 16, height: 26 });
  taken.push({ x: right - words.under.length * 6.4 - 16, y: bottom - 26, width: words.under.length * 6.4 + 16, height: 26 });
  const made = [];
  for (let i = 0; i < dots.length && made.length < 14; i += 1) {
    const width = dots[i].name.length * 6.3 + 4;
    const { x, y } = places[i];
    const spots = [
      { x: x + 9, y: y - 7, anchor: "start" },
      { x: x - 9 - width, y: y - 7, anchor: "end" },
    ];
    const spot = spots.find(
      (one) =>
        one.x > left && one.x + width < right && one.y > top && one.y + 14 < bottom &&
        !taken.some((other) => overlap({ ...one, width, height: 14 }, other)),
    );
    if (!spot) continue;
    taken.push({ x: spot.x, y: spot.y, width, height: 14 });
    const at = spot.anchor === "start" ? spot.x : spot.x + width;
    made.push(s("text", { class: "balance-name", x: at, y: spot.y + 11, "text-anchor": spot.anchor, text: dots[i].name }));
  }
  return made;
}

/**
 * @param {{x: number, y: number, width: number, height: number}} a
 * @param {{x: number, y: number, width: number, height: number}} b
 */
function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
