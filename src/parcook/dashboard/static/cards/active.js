/** Active people: daily, weekly and monthly, each on a scale of its own. */

import { lines } from "../charts/lines.js";
import { periodBadge } from "../kit/card.js";
import { h } from "../kit/dom.js";
import { changeOf, format, pill } from "../kit/format.js";
import { customRange, daysOf, go } from "../kit/state.js";
import { CARDS, MENU, PERIODS, STATES, T } from "../strings.js";

const W = CARDS.active;
/** @type {["dau" | "wau" | "mau", string][]} */
const SERIES = [
  ["dau", "c2"],
  ["wau", "c1"],
  ["mau", "c3"],
];

/** @typedef {import("../kit/card.js").Context} Context */

/**
 * The days that are shown: from the first of the period to the last there is, the unfinished included.
 * @param {Context} context
 */
function shownDays({ artifacts, state }) {
  /** @type {import("../artifacts.js").ActivityDay[]} */
  const days = artifacts["activity-daily"].data.days;
  const finished = days.findLastIndex((day) => day.complete) + 1;
  const range = customRange(state);
  if (range) {
    const first = days.findIndex((day) => day.date >= range.first);
    const end = days.findLastIndex((day) => day.date <= range.last) + 1;
    return { days, first: first < 0 ? end : first, end, finished: Math.min(finished, end) };
  }
  return { days, first: Math.max(0, finished - daysOf(state)), end: days.length, finished };
}

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "active",
  title: W.title,
  views: ["activity-daily"],
  extras: ["annotations"],
  anyDays: true,
  room: [400, 473],
  badge: periodBadge,
  instead: (context) => {
    const { first, end } = shownDays(context);
    return end > first ? null : { title: STATES.emptyTitle, text: STATES.emptyText };
  },
  sentence: ({ period, state, artifacts }) =>
    customRange(state) ? null : (period?.summary ?? artifacts["activity-daily"].metadata.summary),

  draw(body, context) {
    const { days, first, end, finished } = shownDays(context);
    const { state, compares, artifacts } = context;
    const length = daysOf(state);
    const shown = days.slice(first, end);
    const keys = SERIES.filter(([key]) => !(state.solo in W.series) || key === state.solo);
    body.append(chips(context));
    lines(body, {
      label: W.title,
      days: shown.map((day) => day.date),
      height: 300,
      panels: keys.length > 1,
      finished: finished - first,
      annotations: artifacts.annotations?.data ?? [],
      series: keys.map(([key, tone]) => ({
        label: W.series[key],
        tone,
        filled: true,
        values: shown.map((day) => day[key]),
        before: compares ? shown.map((_, i) => days[first + i - length]?.[key] ?? null) : null,
      })),
      foot: (i) => {
        const before = days[first + i - length];
        return compares && before ? W.against(format.dayYear(before.date)) : null;
      },
    });
    const name = PERIODS.find(([value]) => value === state.r)?.[1];
    const notes = [compares && name && T.before(name), keys.length > 1 && W.ownScale, end > finished && W.unfinished];
    body.append(
      h("p", { class: "fine" }, compares && name && h("i", { class: "swatch dashed" }), notes.filter(Boolean).join(" · ")),
    );
  },

  table(context) {
    const { days, first, end } = shownDays(context);
    return {
      head: W.columns,
      rows: days
        .slice(first, end)
        .map((day) => [day.date, day.dau, day.wau, day.mau, day.visitors, day.complete ? MENU.yes : MENU.no]),
    };
  },
};

/**
 * The three numbers, each a button that leaves only its own line.
 * @param {Context} context
 */
function chips({ period, state, compares }) {
  const rows = period?.rows ?? [];
  const of = (/** @type {string} */ series) => rows.find((row) => row.series === series);
  const sticky = of("stickiness");
  return h(
    "div",
    { class: "chips", role: "group", "aria-label": W.title },
    SERIES.map(([key, tone]) => {
      const number = of(key);
      const isAlone = state.solo === key;
      return h(
        "button",
        {
          type: "button",
          class: `chip ${tone}`,
          "aria-pressed": String(isAlone),
          title: isAlone ? W.all : W.only(W.series[key]),
          on: { click: () => go({ solo: isAlone ? "" : key }, { replace: true }) },
        },
        h("i", { class: `swatch ${tone}` }),
        h("span", { text: key === "dau" ? W.dailyMean : W.series[key] }),
        number?.value != null && h("b", { text: format.compact(number.value) }),
        compares && number && pill(changeOf(number.value, number.previous)),
      );
    }),
    sticky?.value != null &&
      h("span", { class: "chips-end", title: W.stickinessTitle }, `${W.stickiness} `, h("b", { text: format.share(sticky.value) })),
  );
}
