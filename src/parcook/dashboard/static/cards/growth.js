/** Growth of weekly people; only weeks that are over have one. */

import { columns } from "../charts/columns.js";
import { format } from "../kit/format.js";
import { CARDS, MENU, STATES, T } from "../strings.js";

const W = CARDS.growth;
const WEEKS = 20;

/** @typedef {import("../artifacts.js").GrowthWeek} GrowthWeek */

/**
 * @param {import("../kit/card.js").Context} context
 * @returns {GrowthWeek[]}
 */
function grown({ artifacts }) {
  return artifacts.growth.data.weeks.filter((/** @type {GrowthWeek} */ week) => week.growth != null).slice(-WEEKS);
}

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "growth",
  title: W.title,
  views: ["growth"],
  room: [239, 236],
  badge: (context) => T.lastWeeks(grown(context).length),
  sentence: ({ artifacts }) => artifacts.growth.metadata.summary,
  instead: (context) => (grown(context).length ? null : { title: STATES.emptyTitle, text: STATES.emptyText }),

  draw(body, context) {
    const weeks = grown(context);
    columns(body, {
      label: W.label,
      kind: "signed",
      height: 236,
      names: weeks.map((week) => format.day(week.week_start)),
      title: (i) => T.weekOf(format.dayYear(weeks[i].week_start)),
      write: format.signed,
      series: [{ label: W.series, tone: "c1", values: weeks.map((week) => week.growth) }],
      rows: (i) => {
        const { growth, people, new_people: fresh, returning_people: back } = weeks[i];
        return [
          { label: W.series, value: format.signed(growth ?? 0), tone: (growth ?? 0) < 0 ? "falling" : "rising" },
          { label: W.people, value: people == null ? "–" : format.whole(people) },
          { label: W.isNew, value: fresh == null ? "–" : format.whole(fresh) },
          { label: W.returning, value: back == null ? "–" : format.whole(back) },
        ];
      },
    });
  },

  table: ({ artifacts }) => ({
    head: W.columns,
    rows: /** @type {GrowthWeek[]} */ (artifacts.growth.data.weeks).map((week) => [
      week.week_start,
      week.people,
      week.new_people,
      week.returning_people,
      week.growth,
      week.complete ? MENU.yes : MENU.no,
    ]),
  }),
};
