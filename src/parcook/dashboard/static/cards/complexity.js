/** How many ingredients recipes have. */

import { columns } from "../charts/columns.js";
import { h } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { CARDS } from "../strings.js";

const W = CARDS.complexity;

/** @typedef {import("../artifacts.js").ComplexityShape} Row */

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "complexity",
  title: W.title,
  views: ["recipe-complexity"],
  room: [255, 255],
  sentence: ({ artifacts }) => artifacts["recipe-complexity"].metadata.summary,
  instead: ({ artifacts }) =>
    artifacts["recipe-complexity"].data.length ? null : { title: W.emptyTitle, text: W.emptyText },

  draw(body, { artifacts }) {
    const { data, metadata } = artifacts["recipe-complexity"];
    const rows = everySize(data);
    columns(body, {
      label: W.label,
      height: 236,
      names: rows.map((row) => String(row.ingredient_count)),
      title: (i) => W.column(rows[i].ingredient_count),
      write: format.whole,
      labelled: rows.length <= 16,
      series: [{ label: W.series, tone: "c1", values: rows.map((row) => row.recipe_count) }],
      rows: (i) => [
        { label: W.series, value: format.whole(rows[i].recipe_count), tone: "c1" },
        { label: W.share, value: format.shareFine(rows[i].recipe_count / metadata.total_recipes) },
      ],
      marker:
        metadata.median == null
          ? null
          : { at: metadata.median - rows[0].ingredient_count, text: W.median(format.tick(metadata.median)) },
    });
    body.append(h("p", { class: "axis-name", text: W.axis }));
  },

  table: ({ artifacts }) => ({
    head: W.columns,
    rows: /** @type {Row[]} */ (artifacts["recipe-complexity"].data).map((row) => [row.ingredient_count, row.recipe_count]),
  }),
};

/**
 * A row for every number of ingredients between the least and the most, so that gaps look like gaps.
 * @param {Row[]} data
 */
function everySize(data) {
  const known = new Map(data.map((row) => [row.ingredient_count, row.recipe_count]));
  const [least, most] = [data[0].ingredient_count, data[data.length - 1].ingredient_count];
  return Array.from({ length: most - least + 1 }, (_, i) => ({
    ingredient_count: least + i,
    recipe_count: known.get(least + i) ?? 0,
  }));
}
