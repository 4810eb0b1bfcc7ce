/** What people ask for and do not get: five lines on the Overview, all on Demand. */

import { spark } from "../charts/spark.js";
import { periodBadge } from "../kit/card.js";
import { h } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { CARDS, T } from "../strings.js";

const W = CARDS.gaps;

/** @typedef {import("../artifacts.js").Gap} Gap */

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "gaps",
  title: W.title,
  views: ["catalogue-gaps"],
  room: [255, 336],
  badge: periodBadge,
  sentence: ({ period }) => period?.summary ?? null,
  instead: ({ period }) => (period?.rows.length ? null : { title: W.emptyTitle, text: W.emptyText }),

  draw(body, { period, state, artifacts }) {
    const isShort = state.page === "overview" && !state.card;
    /** @type {Gap[]} */
    const rows = (period?.rows ?? []).slice(0, isShort ? 5 : 20);
    const most = Math.max(...rows.map((row) => row.requests), 1);
    const heads = [
      h("th", { scope: "col", text: W.name }),
      !isShort && h("th", { scope: "col", text: W.why }),
      h("th", { scope: "col", class: "number", text: W.asked }),
      h("th", { scope: "col", class: "number", text: W.people }),
      h("th", { scope: "col", text: W.weeks }),
      !isShort && h("th", { scope: "col", text: W.nearest }),
    ];
    body.append(
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": W.label },
        h(
          "table",
          { class: isShort ? "gaps short" : "gaps" },
          h("thead", null, h("tr", null, heads)),
          h("tbody", null, rows.map((row) => line(row, most, isShort))),
        ),
      ),
    );
    const { min_people: people } = artifacts["catalogue-gaps"].metadata;
    if (period?.suppressed) body.append(h("p", { class: "fine", text: T.withheld(period.suppressed, people) }));
  },

  table: ({ period }) => ({
    head: W.columns,
    rows: /** @type {Gap[]} */ (period?.rows ?? []).map((row) => [
      row.name,
      W.reasons[row.reason],
      row.requests,
      row.requests_before,
      row.user_days,
      row.refused,
      row.nearest,
    ]),
  }),
};

/**
 * @param {Gap} row
 * @param {number} most
 * @param {boolean} isShort
 */
function line(row, most, isShort) {
  const kind = h("span", { class: `kind ${row.reason}`, text: W.reasons[row.reason] });
  const isRising = row.requests_before != null && row.requests > row.requests_before * 1.15;
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, h("span", { text: row.name }), isShort && kind),
    !isShort && h("td", null, kind),
    h(
      "td",
      { class: "number" },
      h("span", { class: "mini", "aria-hidden": "true" }, h("i", { css: { width: `${(row.requests / most) * 100}%` } })),
      h("b", { text: format.whole(row.requests) }),
    ),
    h("td", { class: "number", text: row.user_days == null ? "–" : format.whole(row.user_days) }),
    h("td", { class: "course" }, spark(row.weeks, isRising ? "c2" : "c8", 84, 24)),
    !isShort && h("td", { class: "quiet", text: row.nearest ?? "–" }),
  );
}
