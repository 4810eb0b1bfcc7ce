/** What kinds of dishes are talked about: a ring of at most seven slices, and the list with what changed. */

import { ring } from "../charts/ring.js";
import { periodBadge } from "../kit/card.js";
import { changeOf, format, pill } from "../kit/format.js";
import { CARDS, STATES, categoryName } from "../strings.js";

const W = CARDS.categories;
const SLICES = 7;

/** @typedef {import("../artifacts.js").CategoryShare} CategoryShare */

/**
 * The largest categories and, if there are more than fit, the rest as one.
 * @param {CategoryShare[]} rows
 */
function slicesOf(rows) {
  const known = rows.filter((row) => row.share != null && row.share > 0);
  if (known.length <= SLICES) return known;
  const rest = known.slice(SLICES - 1);
  const sum = (/** @type {(number | null)[]} */ values) =>
    values.some((value) => value == null) ? null : values.reduce((/** @type {number} */ all, value) => all + (value ?? 0), 0);
  return [
    ...known.slice(0, SLICES - 1),
    {
      category: "other",
      conversations: sum(rest.map((row) => row.conversations)) ?? 0,
      share: sum(rest.map((row) => row.share)),
      share_before: sum(rest.map((row) => row.share_before ?? null)),
    },
  ];
}

/**
 * The colour of each category, the same on all cards.
 * @param {string} category
 * @param {string[]} order
 */
export function toneOf(category, order) {
  const at = order.indexOf(category);
  return at < 0 || category === "uncategorised" ? "c8" : `c${[1, 2, 3, 4, 5, 6, 7, 9, 10][at % 9]}`;
}

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "categories",
  title: W.title,
  views: ["recipe-categories"],
  metric: "recipe_categories",
  room: [240, 415],
  badge: periodBadge,
  sentence: ({ period }) => period?.summary ?? null,
  instead: ({ period }) => {
    if (period?.rows.some((row) => row.share != null)) return null;
    if (period?.rows.length) return { title: W.tooFewTitle, text: W.tooFewText };
    return { title: STATES.emptyTitle, text: STATES.emptyText };
  },

  draw(body, { period, compares, artifacts }) {
    const order = artifacts["recipe-categories"].data.categories;
    const rows = period?.rows ?? [];
    const slices = slicesOf(rows);
    ring(body, {
      label: W.label,
      centre: format.compact(period?.n ?? 0),
      unit: W.unit,
      slices: slices.map((row) => ({
        name: categoryName(row.category),
        share: row.share ?? 0,
        tone: toneOf(row.category, order),
        extra:
          compares && row.share_before != null
            ? pill(changeOf(row.share, row.share_before, { unit: "share", better: "neither" }))
            : null,
      })),
    });
  },

  table: ({ period }) => ({
    head: W.columns,
    rows: /** @type {CategoryShare[]} */ (period?.rows ?? []).map((row) => [
      categoryName(row.category),
      row.conversations,
      row.share,
      row.share_before ?? null,
    ]),
  }),
};
