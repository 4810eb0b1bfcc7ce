/** Where one is: the page and what is chosen on it, kept in the address, so that links and Back work. */

import { PAGES, PERIODS } from "../strings.js";

/**
 * @typedef {"overview" | "catalogue" | "audience" | "conversations" | "demand"} Page
 * @typedef {object} State
 * @property {Page} page
 * @property {string} r the period: `28d`, or `2025-01-01..2025-01-28`
 * @property {string} cmp `1` to compare with the period before
 * @property {string} solo the one line of active people that is shown
 * @property {string} ing the ingredient whose inside is shown
 * @property {string} ret `pct` or `people`, in the cohorts
 * @property {string} dem what the demand card is sorted by
 * @property {string} card the one card that is shown
 * @property {string} theme
 * @property {string} embed `1` to leave the frame out
 */

/** @type {Omit<State, "page">} */
const DEFAULTS = { r: "28d", cmp: "1", solo: "", ing: "", ret: "pct", dem: "gap", card: "", theme: "", embed: "" };
const NAMES = /** @type {(keyof typeof DEFAULTS)[]} */ (Object.keys(DEFAULTS));
const CUSTOM = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/;

/** @returns {State} what the address says; what it says wrong is as if it were not there */
export function readState() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const asked = new URLSearchParams(query ?? "");
  const state = /** @type {State} */ ({ page: path in PAGES ? path : "overview", ...DEFAULTS });
  for (const name of NAMES) state[name] = asked.get(name) ?? DEFAULTS[name];
  if (!PERIODS.some(([value]) => value === state.r) && !customRange(state)) state.r = DEFAULTS.r;
  if (!/^\d*$/.test(state.ing)) state.ing = "";
  return state;
}

/**
 * The address of `state` with some changes.
 * @param {State} state
 * @param {Partial<State>} changes
 */
export function addressOf(state, changes) {
  const next = { ...state, ...changes };
  const query = new URLSearchParams();
  for (const name of NAMES) if (next[name] !== DEFAULTS[name]) query.set(name, next[name]);
  return `#/${next.page}${query.size ? `?${query}` : ""}`;
}

/**
 * Go to `state` with some changes, and have the page follow.
 * @param {Partial<State>} changes
 * @param {{replace?: boolean}} [how] `replace` leaves no step for Back
 */
export function go(changes, { replace = false } = {}) {
  const address = addressOf(readState(), changes);
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  dispatchEvent(new Event("parcook:state"));
}

/**
 * Call `follow` whenever the address changes, by `go`, by Back or by hand.
 * @param {() => void} follow
 */
export function onState(follow) {
  for (const event of ["parcook:state", "popstate", "hashchange"]) addEventListener(event, follow);
}

/**
 * The days of a custom range, if one is chosen.
 * @param {State} state
 * @returns {{first: string, last: string} | null}
 */
export function customRange(state) {
  const match = CUSTOM.exec(state.r);
  if (!match || match[2] < match[1] || !isDay(match[1]) || !isDay(match[2])) return null;
  return { first: match[1], last: match[2] };
}

/** @param {string} text */
function isDay(text) {
  const moment = new Date(text); // the thirty-first of February is one in March
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

/**
 * How many days the chosen fixed period has; 28 while a custom range is chosen.
 * @param {State} state
 */
export function daysOf(state) {
  return PERIODS.find(([value]) => value === state.r)?.[2] ?? 28;
}

/** What this browser remembers; where it may not, nothing. */
export const memory = {
  /** @param {string} name */
  get(name) {
    try {
      return localStorage.getItem(`parcook-${name}`);
    } catch {
      return null; // storage is switched off
    }
  },
  /** @param {string} name @param {string} value */
  set(name, value) {
    try {
      localStorage.setItem(`parcook-${name}`, value);
    } catch {
      return; // storage is switched off: the choice lasts as long as the page
    }
  },
};
