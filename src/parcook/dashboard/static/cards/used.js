/** The ingredients most recipes name. */

import { bars } from "../charts/bars.js";
import { h } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { CARDS } from "../strings.js";

const W = CARDS.used;
const ROWS = 8;

/**
 * Those without a kind below them, most named first.
 * @param {import("../kit/card.js").Context} context
 * @returns {import("../artifacts.js").UsageShape[]}
 */
function leaves({ artifacts }) {
  /** @type {import("../artifacts.js").UsageShape[]} */
  const rows = artifacts["ingredient-tree"].data;
  return rows.filter((row) => !row.has_children).sort((a, b) => b.direct_usage - a.direct_usage);
}

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "used",
  title: W.title,
  views: ["ingredient-tree"],
  room: [320, 355],
  instead: ({ artifacts }) =>
    artifacts["ingredient-tree"].data.length
      ? null
      : { title: CARDS.ingredients.emptyTitle, text: CARDS.ingredients.emptyText },
  sentence({ artifacts }) {
    /** @type {import("../artifacts.js").UsageShape[]} */
    const rows = artifacts["ingredient-tree"].data;
    return W.sentence(format.whole(rows.filter((row) => !row.uses).length), format.whole(rows.length));
  },

  draw(body, context) {
    const total = context.artifacts["ingredient-tree"].metadata.total_recipes;
    bars(body, {
      ranked: true,
      bars: leaves(context)
        .slice(0, ROWS)
        .map((row) => ({
          name: row.ingredient_name,
          value: row.direct_usage,
          tone: "c4",
          extra: h("span", { class: "bar-share", text: total ? format.share(row.direct_usage / total) : "–" }),
        })),
    });
  },

  table: (context) => ({
    head: W.columns,
    rows: leaves(context).map((row) => [row.ingredient_name, row.direct_usage]),
  }),
};
