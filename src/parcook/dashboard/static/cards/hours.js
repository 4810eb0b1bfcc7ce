/** When conversations begin: weekdays by hours. */

import { grid, ramp } from "../charts/grid.js";
import { periodBadge } from "../kit/card.js";
import { format } from "../kit/format.js";
import { CARDS, STATES, WEEKDAYS } from "../strings.js";

const W = CARDS.hours;
const HOURS = [...Array(24).keys()];
const TONES = ["q0", "q1", "q2", "q3", "q4", "q5", "q6"];

/** @typedef {import("../artifacts.js").HourCell} HourCell */

/**
 * The hours of the week that are told. The metric, asked for a free range, writes an hour as 09.
 * @param {import("../kit/card.js").Context} context
 * @returns {HourCell[]}
 */
const cellsOf = ({ period }) => (period?.rows ?? []).map((cell) => ({ ...cell, hour: Number(cell.hour) }));

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "hours",
  title: W.title,
  views: ["peak-hours"],
  metric: "peak_hours",
  room: [240, 240],
  badge: periodBadge,
  sentence: ({ period }) => period?.summary ?? null,
  instead: ({ period }) => (period?.n ? null : { title: STATES.emptyTitle, text: STATES.emptyText }),

  draw(body, context) {
    const { source } = context;
    const cells = cellsOf(context);
    const at = new Map(cells.map((cell) => [`${cell.weekday}-${cell.hour}`, cell]));
    const known = cells.filter((cell) => cell.per_hour != null);
    const most = Math.max(...known.map((cell) => cell.per_hour ?? 0));
    const mean = known.reduce((sum, cell) => sum + cell.conversations, 0) / known.reduce((sum, cell) => sum + cell.hours, 0);
    const order = WEEKDAYS.map((_, i) => ((i + source.about.week_start - 1) % 7) + 1);
    const toneOf = (/** @type {number | null | undefined} */ value) =>
      value ? TONES[Math.min(6, 1 + Math.floor((value / most) * 5.999))] : TONES[0];
    const two = (/** @type {number} */ hour) => String(hour % 24).padStart(2, "0");
    grid(body, {
      label: W.label,
      style: "heat",
      head: [{ text: "" }, ...HOURS.map((hour) => ({ text: two(hour), style: hour % 3 ? "minor" : "" }))],
      rows: order.map((weekday) => ({
        heads: [{ text: WEEKDAYS[weekday - 1].slice(0, 3), title: WEEKDAYS[weekday - 1] }],
        cells: HOURS.map((hour) => {
          const value = at.get(`${weekday}-${hour}`)?.per_hour;
          return { tone: toneOf(value), hidden: value == null ? "–" : format.one(value) };
        }),
      })),
      tell: (row, hour) => {
        const weekday = order[row];
        const cell = at.get(`${weekday}-${hour}`);
        if (cell?.per_hour == null) return null;
        return {
          title: `${WEEKDAYS[weekday - 1]}, ${two(hour)}:00–${two(hour + 1)}:00`,
          rows: [
            { tone: toneOf(cell.per_hour), label: W.perHour, value: format.one(cell.per_hour) },
            { label: W.against, value: mean ? format.times(cell.per_hour / mean) : "–" },
            { label: W.begun, value: format.whole(cell.conversations) },
          ],
        };
      },
    });
    body.append(ramp(W.quiet, TONES, W.busy(format.one(most))));
  },

  table: (context) => ({
    head: W.columns,
    rows: cellsOf(context)
      .sort((a, b) => a.weekday - b.weekday || a.hour - b.hour)
      .map((cell) => [WEEKDAYS[cell.weekday - 1], cell.hour, cell.conversations, cell.hours, cell.per_hour]),
  }),
};
