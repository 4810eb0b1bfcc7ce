/** Did they get to cook? An estimate, and said to be one. */

import { columns } from "../charts/columns.js";
import { legend } from "../charts/lines.js";
import { format } from "../kit/format.js";
import { CARDS, MENU, STATES, T } from "../strings.js";

const W = CARDS.outcomes;
const WEEKS = 18;

/**
 * @typedef {import("../artifacts.js").OutcomeWeek} OutcomeWeek
 * @typedef {"confirmed" | "likely" | "engaged" | "browsed" | "abandoned"} Outcome
 */

/** @type {[Outcome, string][]} */
const STEPS = [
  ["confirmed", "o4"],
  ["likely", "o3"],
  ["engaged", "o2"],
  ["browsed", "o1"],
  ["abandoned", "o0"],
];

/** @param {OutcomeWeek} week */
const sumOf = (week) => STEPS.reduce((sum, [name]) => sum + week[name], 0);

/**
 * @param {import("../kit/card.js").Context} context
 * @returns {OutcomeWeek[]}
 */
function shownWeeks({ artifacts }) {
  return artifacts.outcomes.data.weeks.filter(sumOf).slice(-WEEKS);
}

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "outcomes",
  title: W.title,
  views: ["outcomes"],
  room: [263, 285],
  badge: (context) => T.lastWeeks(shownWeeks(context).length),
  estimate: ({ artifacts }) => {
    const { metadata, data } = artifacts.outcomes;
    return [metadata.formula, !data.calibrated && W.uncalibrated].filter(Boolean).join(" · ");
  },
  sentence: ({ period }) => period?.summary ?? null,
  instead: (context) => (shownWeeks(context).length ? null : { title: STATES.emptyTitle, text: STATES.emptyText }),

  draw(body, context) {
    const weeks = shownWeeks(context);
    const sums = weeks.map(sumOf);
    columns(body, {
      label: W.label,
      kind: "share",
      height: 236,
      names: weeks.map((week) => format.day(week.week_start)),
      title: (i) => T.weekOf(format.dayYear(weeks[i].week_start)),
      write: format.share,
      finished: weeks.findLastIndex((week) => week.complete) + 1,
      series: STEPS.map(([name, tone]) => ({
        label: W.names[name],
        tone,
        values: weeks.map((week, i) => week[name] / sums[i]),
      })),
      rows: (i) =>
        STEPS.map(([name, tone]) => ({
          label: W.names[name],
          value: format.share(weeks[i][name] / sums[i]),
          extra: format.whole(weeks[i][name]),
          tone,
        })),
    });
    body.append(legend(STEPS.map(([name, tone]) => [tone, W.names[name]])));
  },

  table: ({ artifacts }) => ({
    head: W.columns,
    rows: /** @type {OutcomeWeek[]} */ (artifacts.outcomes.data.weeks).map((week) => [
      week.week_start,
      ...STEPS.map(([name]) => week[name]),
      week.complete ? MENU.yes : MENU.no,
    ]),
  }),
};
