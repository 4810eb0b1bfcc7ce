/** Feature adoption: from the period before to now. */

import { periodBadge } from "../kit/card.js";
import { h } from "../kit/dom.js";
import { changeOf, format, pill } from "../kit/format.js";
import { CARDS, STATES, T, humanise } from "../strings.js";

const W = CARDS.features;

/** @typedef {import("../artifacts.js").FeatureUse} FeatureUse */

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "features",
  title: W.title,
  views: ["feature-adoption"],
  room: [202, 309],
  badge: periodBadge,
  sentence: ({ period }) => period?.summary ?? null,
  instead: ({ period }) => (period?.rows.length ? null : { title: STATES.emptyTitle, text: STATES.emptyText }),

  draw(body, { period, compares, artifacts }) {
    /** @type {FeatureUse[]} */
    const rows = (period?.rows ?? []).slice(0, 8);
    const most = Math.max(...rows.flatMap((row) => [row.share ?? 0, row.share_before ?? 0]), 0.01) * 1.12;
    const at = (/** @type {number} */ share) => `${(share / most) * 100}%`;
    body.append(
      h("ul", { class: "dumbbells", "aria-label": W.label }, rows.map((row) => dumbbell(row, at, compares))),
      h("p", { class: "fine", text: W.legend }),
    );
    if (period?.suppressed) {
      const { min_people: people } = artifacts["feature-adoption"].metadata;
      body.append(h("p", { class: "fine", text: T.withheld(period.suppressed, people) }));
    }
  },

  table: ({ period }) => ({
    head: W.columns,
    rows: /** @type {FeatureUse[]} */ (period?.rows ?? []).map((row) => [
      row.feature,
      row.share,
      row.share_before,
      row.people,
      row.weeks,
    ]),
  }),
};

/**
 * @param {FeatureUse} row
 * @param {(share: number) => string} at
 * @param {boolean} compares
 */
function dumbbell({ feature, share, share_before: before }, at, compares) {
  const change = changeOf(share, before, { unit: "share" });
  const track = h("span", { class: "dumbbell-track", "aria-hidden": "true" });
  if (share != null && before != null && compares) {
    const [low, width] = [Math.min(share, before), Math.abs(share - before)];
    track.append(
      h("i", { class: `dumbbell-bar ${change.kind}`, css: { left: at(low), width: at(width) } }),
      h("i", { class: "dumbbell-before", css: { left: at(before) } }),
    );
  }
  if (share != null) track.append(h("i", { class: "dumbbell-now", css: { left: at(share) } }));
  return h(
    "li",
    null,
    h("span", { class: "dumbbell-name", text: humanise(feature) }),
    track,
    h("b", { text: share == null ? "–" : format.share(share) }),
    compares && pill(change),
  );
}
