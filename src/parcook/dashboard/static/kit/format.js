/** Numbers, shares, days and changes as people read them, by `Intl` in the language of the page. */

import { T } from "../strings.js";
import { h, icon } from "./dom.js";

const language = document.documentElement.lang || "en";
const forDates = language === "en" ? "en-GB" : language;

/** @param {Intl.NumberFormatOptions} options */
const numbers = (options) => {
  const format = new Intl.NumberFormat(language, options);
  return (/** @type {number} */ value) => format.format(value);
};

/** @param {Intl.DateTimeFormatOptions} options */
const days = (options) => {
  const format = new Intl.DateTimeFormat(forDates, { timeZone: "UTC", ...options });
  return (/** @type {string} */ day) => format.format(new Date(`${day.slice(0, 10)}T00:00:00Z`));
};

const whole = numbers({ maximumFractionDigits: 0 });
const compactly = numbers({ notation: "compact", maximumFractionDigits: 1 });
const percent = [0, 1].map((digits) => numbers({ style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }));
const signedPercent = numbers({ style: "percent", signDisplay: "exceptZero", maximumFractionDigits: 1 });

export const format = {
  whole,
  compact: (/** @type {number} */ value) => (Math.abs(value) < 100_000 ? whole(value) : compactly(value)),
  one: numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  tick: numbers({ maximumFractionDigits: 2, notation: "compact" }),
  share: (/** @type {number} */ value) => percent[0](value),
  shareFine: (/** @type {number} */ value) => percent[1](value),
  signed: (/** @type {number} */ perCent) => signedPercent(perCent / 100),
  times: (/** @type {number} */ value) => `${numbers({ maximumFractionDigits: value < 10 ? 1 : 0 })(value)}×`,
  ms: (/** @type {number} */ value) => (value < 1000 ? `${whole(value)} ms` : `${numbers({ maximumFractionDigits: 1 })(value / 1000)} s`),
  day: days({ day: "numeric", month: "short" }),
  dayYear: days({ day: "numeric", month: "short", year: "numeric" }),
  dayFull: days({ weekday: "short", day: "numeric", month: "short", year: "numeric" }),
  month: days({ month: "short" }),
  monthYear: days({ month: "short", year: "2-digit" }),
};

/**
 * `day` moved by some days.
 * @param {string} day
 * @param {number} by
 */
export function moveDay(day, by) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);
}

/**
 * How a number of a given unit is written.
 * @param {string} unit
 * @param {number} value
 */
export function written(unit, value) {
  switch (unit) {
    case "share":
      return format.share(value);
    case "mean":
      return format.one(value);
    case "percent":
      return format.signed(value);
    case "ms":
      return format.ms(value);
    default:
      return format.compact(value);
  }
}

/**
 * @typedef {{kind: "none" | "flat" | "new" | "good" | "bad" | "neutral", way: "up" | "down" | null, text: string}} Change
 */

/**
 * What became of a number: none before, no change, new, or up or down and whether that is good.
 * Shares and percentages change by points, everything else in per cent of what it was.
 * @param {number | null | undefined} value
 * @param {number | null | undefined} previous
 * @param {{unit?: string, better?: string}} [how]
 * @returns {Change}
 */
export function changeOf(value, previous, { unit = "count", better = "up" } = {}) {
  if (value == null || previous == null) return { kind: "none", way: null, text: T.noEarlier };
  const inPoints = unit === "share" || unit === "percent";
  if (previous === 0 && value !== 0 && !inPoints) return { kind: "new", way: null, text: T.isNew };
  const by = inPoints ? (value - previous) * (unit === "share" ? 100 : 1) : growth(value, previous);
  const size = Math.abs(by);
  if (size < 0.5) return { kind: "flat", way: null, text: T.noChange };
  const way = by > 0 ? "up" : "down";
  const figure = numbers({ maximumFractionDigits: size >= 10 ? 0 : 1 })(size);
  return { kind: verdict(way, better), way, text: inPoints ? T.points(figure) : `${figure}%` };
}

/**
 * By how many per cent a number grew.
 * @param {number} value
 * @param {number} previous
 */
function growth(value, previous) {
  return value === previous ? 0 : ((value - previous) / previous) * 100;
}

/**
 * @param {"up" | "down"} way
 * @param {string} better
 */
function verdict(way, better) {
  if (better === "neither") return "neutral";
  return way === better ? "good" : "bad";
}

/**
 * A change as a small label; its direction is told by an arrow and, to those who listen, by a word.
 * @param {Change} change
 */
export function pill(change) {
  return h(
    "span",
    { class: `pill ${change.kind}` },
    change.way && [icon(change.way), h("span", { class: "unseen", text: `${T[change.way]} ` })],
    change.text,
  );
}
