/** Seasons: each category by month against its own mean. Fewer than twelve months are no season. */

import { grid, ramp } from "../charts/grid.js";
import { format } from "../kit/format.js";
import { CARDS, T, categoryName } from "../strings.js";

const W = CARDS.seasons;
const TONES = ["d0", "d1", "d2", "d3", "d4", "d5", "d6"];
const STEPS = [60, 80, 92, 108, 120, 140];

/** @typedef {import("../artifacts.js").Seasons} Seasons */

/** @param {number} index */
const toneOf = (index) => TONES[STEPS.filter((step) => index > step).length];

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "seasons",
  title: W.title,
  views: ["seasonality"],
  room: [465, 500],
  badge: ({ artifacts }) => T.lastMonths(artifacts.seasonality.data.months.length || 12),
  sentence: ({ artifacts }) => artifacts.seasonality.metadata.summary,
  instead: ({ artifacts }) =>
    artifacts.seasonality.data.months.length
      ? null
      : { title: W.emptyTitle, text: W.emptyText(artifacts.seasonality.data.months_so_far) },

  draw(body, { artifacts }) {
    /** @type {Seasons} */
    const { months, categories } = artifacts.seasonality.data;
    const names = months.map((month) => format.month(`${month}-01`));
    grid(body, {
      label: W.title,
      style: "seasons",
      head: [{ text: "" }, ...months.map((month, i) => ({ text: i === 0 ? format.monthYear(`${month}-01`) : names[i] }))],
      rows: categories.map(({ category, season_index: indexes }) => ({
        heads: [{ text: categoryName(category) }],
        cells: indexes.map((index) =>
          index == null ? { style: "none" } : { tone: toneOf(index), text: format.whole(index) },
        ),
      })),
      tell: (row, month) => {
        const index = categories[row].season_index[month];
        if (index == null) return null;
        return {
          title: W.cell(categoryName(categories[row].category), format.monthYear(`${months[month]}-01`)),
          rows: [{ tone: toneOf(index), label: W.index, value: format.whole(index), extra: format.signed(index - 100) }],
        };
      },
    });
    body.append(ramp(W.below, TONES, W.above));
  },

  table: ({ artifacts }) => ({
    head: ["category", ...artifacts.seasonality.data.months],
    rows: /** @type {Seasons} */ (artifacts.seasonality.data).categories.map((row) => [
      categoryName(row.category),
      ...row.season_index,
    ]),
  }),
};
