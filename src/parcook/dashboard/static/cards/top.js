/** The ten recipes people talk about most, beside where they were the period before. */

import { bars } from "../charts/bars.js";
import { periodBadge } from "../kit/card.js";
import { h } from "../kit/dom.js";
import { CARDS, STATES, categoryName } from "../strings.js";

const W = CARDS.top;

/** @typedef {import("../artifacts.js").TopRecipe} TopRecipe */

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "top",
  title: W.title,
  views: ["top-recipes"],
  metric: "recipe_popularity",
  room: [430, 470],
  badge: periodBadge,
  sentence: ({ period }) => period?.summary ?? null,
  instead: ({ period }) => (period?.rows.length ? null : { title: STATES.emptyTitle, text: STATES.emptyText }),

  draw(body, { period, compares }) {
    /** @type {TopRecipe[]} */
    const rows = (period?.rows ?? []).slice(0, 10);
    bars(body, {
      ranked: true,
      style: "spread",
      bars: rows.map((row) => ({
        name: row.recipe_name,
        value: row.conversations,
        before: compares ? row.conversations_before : null,
        tone: "c1",
        extra: moved(row),
      })),
    });
    if (compares) body.append(h("p", { class: "fine" }, h("i", { class: "swatch tick-mark" }), W.legend));
  },

  table: ({ period }) => ({
    head: W.columns,
    rows: /** @type {TopRecipe[]} */ (period?.rows ?? []).map((row) => [
      row.place,
      row.recipe_name,
      row.category ? categoryName(row.category) : null,
      row.conversations,
      row.conversations_before ?? null,
      row.mentions,
      row.user_days,
      row.previous_place,
    ]),
  }),
};

/** @param {TopRecipe} row */
function moved({ place, previous_place: before }) {
  if (before == null) return h("span", { class: "moved new", title: W.isNew, text: "new" });
  const by = before - place;
  if (by === 0) return h("span", { class: "moved", title: W.same, text: "=" });
  return h("span", {
    class: `moved ${by > 0 ? "up" : "down"}`,
    title: W.moved(by),
    text: `${by > 0 ? "▲" : "▼"}${Math.abs(by)}`,
  });
}
