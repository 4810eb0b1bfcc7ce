/** How long conversations are: the mean, and where the middle half of them lies. */

import { legend, lines } from "../charts/lines.js";
import { format } from "../kit/format.js";
import { customRange, daysOf } from "../kit/state.js";
import { CARDS, STATES, T } from "../strings.js";

const W = CARDS.length;
const LEAST_DAYS = 28;

/** @typedef {import("../artifacts.js").LengthDay} LengthDay */

/**
 * @param {import("../kit/card.js").Context} context
 * @returns {LengthDay[]}
 */
function shownDays({ artifacts, state }) {
  /** @type {LengthDay[]} */
  const days = artifacts["conversation-length"].data.days;
  const range = customRange(state);
  if (range) return days.filter(({ day }) => range.first <= day && day <= range.last);
  return days.slice(-Math.max(LEAST_DAYS, daysOf(state)));
}

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "length",
  title: W.title,
  views: ["conversation-length"],
  extras: ["annotations"],
  anyDays: true,
  room: [282, 285],
  badge: ({ state }) => (daysOf(state) < LEAST_DAYS && !customRange(state) ? T.last("28 days") : null),
  sentence: ({ period }) => period?.summary ?? null,
  instead: (context) => (shownDays(context).length ? null : { title: STATES.emptyTitle, text: STATES.emptyText }),

  draw(body, context) {
    const days = shownDays(context);
    lines(body, {
      label: W.label,
      days: days.map(({ day }) => day),
      height: 236,
      write: format.one,
      annotations: context.artifacts.annotations?.data ?? [],
      series: [{ label: W.series, tone: "c3", values: days.map((day) => day.mean) }],
      band: {
        label: W.band,
        low: days.map((day) => day.lower_quartile),
        high: days.map((day) => day.upper_quartile),
      },
    });
    body.append(legend([["band-swatch c3", W.legend], ["none", W.foot]]));
  },

  table: (context) => ({
    head: W.columns,
    rows: shownDays(context).map((day) => [
      day.day,
      day.conversations,
      day.mean,
      day.lower_quartile,
      day.median,
      day.upper_quartile,
      day.p90,
    ]),
  }),
};
