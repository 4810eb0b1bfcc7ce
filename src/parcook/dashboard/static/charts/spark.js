/** A line the size of a word: the course of a number, without a scale. */

import { s } from "../kit/dom.js";
import { area, curveMonotoneX, line, scaleLinear } from "../vendor/d3.js";

/**
 * @param {(number | null)[]} values
 * @param {string} tone
 * @param {number} [width]
 * @param {number} [height]
 */
export function spark(values, tone, width = 96, height = 30) {
  const points = /** @type {[number, number][]} */ (
    values.map((value, i) => [i, value]).filter(([, value]) => value != null)
  );
  const svg = s("svg", {
    class: `chart spark ${tone}`,
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  if (points.length < 2) return svg;
  const known = points.map(([, value]) => value);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const most = Math.max(...known, mean * 1.2);
  const least = Math.min(...known, mean * 0.75);
  const x = scaleLinear([0, values.length - 1], [2, width - 4]);
  const y = scaleLinear([least, most === least ? least + 1 : most], [height - 3, 4]);
  const along = (/** @type {[number, number]} */ [i]) => x(i);
  const up = (/** @type {[number, number]} */ [, value]) => y(value);
  const last = points[points.length - 1];
  svg.append(
    s("path", { class: "spark-area", d: area().x(along).y0(height).y1(up).curve(curveMonotoneX)(points) }),
    s("path", { class: "line", d: line().x(along).y(up).curve(curveMonotoneX)(points) }),
    s("circle", { class: "dot", cx: along(last), cy: up(last), r: 2.4 }),
  );
  return svg;
}
