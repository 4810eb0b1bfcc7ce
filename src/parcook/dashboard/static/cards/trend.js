/** How the mix of categories moves from week to week. */

import { columns } from "../charts/columns.js";
import { legend } from "../charts/lines.js";
import { format } from "../kit/format.js";
import { CARDS, STATES, T, categoryName } from "../strings.js";
import { toneOf } from "./categories.js";

const W = CARDS.trend;
const WIDE = 26;
const NARROW = 13;
const MOST = 8;

/** @typedef {import("../artifacts.js").Categories} Categories */

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "trend",
  title: W.title,
  views: ["recipe-categories"],
  room: [430, 330],
  badge: ({ artifacts }) => T.lastWeeks(Math.min(shown(), artifacts["recipe-categories"].data.weeks.length)),
  sentence: ({ artifacts }) => artifacts["recipe-categories"].data.weeks_summary,
  instead: ({ artifacts }) =>
    artifacts["recipe-categories"].data.weeks.length ? null : { title: STATES.emptyTitle, text: STATES.emptyText },

  draw(body, { artifacts }) {
    /** @type {Categories} */
    const { categories, weeks } = artifacts["recipe-categories"].data;
    const last = weeks.slice(-shown());
    columns(body, {
      label: W.label,
      kind: "share",
      height: 260,
      names: last.map((week) => format.day(week.week_start)),
      title: (i) => T.weekOf(format.dayYear(last[i].week_start)),
      write: format.share,
      finished: last.findLastIndex((week) => week.complete) + 1,
      series: bands(categories).map(({ tone, label, members }) => ({
        label,
        tone,
        values: last.map((week) => members.reduce((share, k) => share + week.shares[k], 0)),
      })),
    });
    body.append(legend(bands(categories).map(({ tone, label }) => [tone, label])));
  },

  table({ artifacts }) {
    /** @type {Categories} */
    const { categories, weeks } = artifacts["recipe-categories"].data;
    return {
      head: ["week", "conversations", ...categories.map(categoryName)],
      rows: weeks.map((week) => [week.week_start, week.conversations, ...week.shares]),
    };
  },
};

/**
 * The categories that are told apart, and the small ones as one; `members` are their places in `categories`.
 * @param {string[]} categories
 */
function bands(categories) {
  const named = categories.length > MOST ? MOST - 1 : categories.length;
  const each = categories.slice(0, named).map((category, k) => ({
    label: categoryName(category),
    tone: toneOf(category, categories),
    members: [k],
  }));
  const rest = categories.map((_, k) => k).slice(named);
  return rest.length ? [...each, { label: categoryName("other"), tone: "c8", members: rest }] : each;
}

function shown() {
  return innerWidth < 720 ? NARROW : WIDE;
}
