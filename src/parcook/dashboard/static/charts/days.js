/** The axis of days: labels that never collide, and the marks of what happened. */

import { s } from "../kit/dom.js";
import { format } from "../kit/format.js";

/**
 * @param {string[]} days
 * @param {(i: number) => number} x
 * @param {number} left
 * @param {number} right
 * @param {number} height
 */
export function dayLabels(days, x, left, right, height) {
  const byMonth = days.length > 120;
  const step = Math.max(1, Math.ceil((days.length - 1) / Math.max(2, Math.floor((right - left) / 84))));
  const labels = [];
  let free = -Infinity;
  for (let i = 0; i < days.length; i += 1) {
    const isPlace = byMonth ? days[i].endsWith("-01") : (days.length - 1 - i) % step === 0;
    if (!isPlace || x(i) - free < (byMonth ? 46 : 58)) continue;
    free = x(i);
    const anchor = x(i) > right - 24 ? "end" : x(i) < left + 24 ? "start" : "middle";
    const isYear = days[i].slice(5, 7) === "01";
    const text = byMonth ? (isYear ? format.monthYear : format.month)(days[i]) : format.day(days[i]);
    labels.push(s("text", { class: "tick", x: x(i), y: height - 7, "text-anchor": anchor, text }));
  }
  return labels;
}

/**
 * A line for each annotation, newest first; one whose text would collide keeps its line and its tip.
 * @param {{date: string, text: string}[]} annotations
 * @param {string[]} days
 * @param {(i: number) => number} x
 * @param {number} left
 * @param {number} right
 * @param {number} bottom
 */
export function marks(annotations, days, x, left, right, bottom) {
  const made = [];
  let free = Infinity;
  for (const { date, text } of [...annotations].sort((a, b) => b.date.localeCompare(a.date))) {
    const at = x(days.indexOf(date));
    const width = text.length * 6 + 10;
    const isFlipped = at + width > right;
    const from = isFlipped ? at - width : at;
    made.push(s("line", { class: "mark", x1: at, x2: at, y1: 6, y2: bottom }));
    if (from + width > free || from < left - 4) continue;
    free = from - 4;
    const anchor = isFlipped ? "end" : "start";
    made.push(s("text", { class: "mark-text", x: at + (isFlipped ? -5 : 5), y: 14, "text-anchor": anchor, text }));
  }
  return made;
}
