/** Do new people come back? Weekly cohorts; the weighted row first, the unfinished striped, the future blank. */

import { grid } from "../charts/grid.js";
import { h, segments } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { go } from "../kit/state.js";
import { CARDS, STATES, T } from "../strings.js";

const W = CARDS.retention;
const COHORTS = 12;

/**
 * @typedef {import("../artifacts.js").Retention} Retention
 * @typedef {import("../artifacts.js").CohortCell} CohortCell
 */

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "retention",
  title: W.title,
  views: ["retention"],
  room: [456, 473],
  badge: ({ artifacts }) => T.lastWeeks(Math.min(COHORTS, artifacts.retention.data.cohorts.length)),
  sentence: ({ artifacts }) => artifacts.retention.metadata.summary,
  instead({ artifacts }) {
    if (!artifacts.retention.data.measurable) {
      return { title: STATES.notMeasurable, text: STATES.notMeasurableText, icon: "lock" };
    }
    return artifacts.retention.data.cohorts.length ? null : { title: STATES.emptyTitle, text: STATES.emptyText };
  },

  draw(body, { artifacts, state }, tools) {
    const isShare = state.ret !== "people";
    tools.append(
      segments({
        label: W.unit,
        options: [
          ["pct", W.percent],
          ["people", W.people],
        ],
        chosen: isShare ? "pct" : "people",
        choose: (ret) => go({ ret }, { replace: true }),
      }),
    );
    /** @type {Retention} */
    const { cohorts, average, people, suppressed } = artifacts.retention.data;
    const shown = cohorts.slice(-COHORTS);
    grid(body, {
      label: W.label,
      style: "cohorts",
      head: [
        { text: W.first, style: "first" },
        { text: W.people, style: "number" },
        ...average.map((_, week) => ({ text: W.week(week) })),
      ],
      rows: [
        {
          style: "weighted",
          heads: [{ text: W.all }, { text: people == null ? "–" : format.whole(people), style: "number" }],
          cells: average.map((share, week) => averageOf(share, isMeasured(cohorts, week))),
        },
        ...shown.map((cohort) => ({
          heads: [
            { text: format.day(cohort.cohort) },
            { text: cohort.people == null ? "–" : format.whole(cohort.people), style: "number" },
          ],
          cells: cohort.cells.map((cell) => cellOf(cell, isShare)),
        })),
      ],
      tell: (row, week) => (row === 0 ? tellAverage(average, week, isMeasured(cohorts, week)) : tell(shown[row - 1], week, average)),
    });
    const { min_people: least } = artifacts.retention.metadata;
    body.append(
      h("p", { class: "fine", text: [W.striped, suppressed > 0 && T.withheld(suppressed, least)].filter(Boolean).join(" · ") }),
    );
  },

  table: ({ artifacts }) => ({
    head: [...W.columns, .../** @type {Retention} */ (artifacts.retention.data).average.map((_, week) => `week_${week}`)],
    rows: /** @type {Retention} */ (artifacts.retention.data).cohorts.map((cohort) => [
      cohort.cohort,
      cohort.people,
      ...cohort.cells.map((cell) => cell.people),
    ]),
  }),
};

/** @param {number} share */
function toneOf(share) {
  if (share >= 0.999) return "q6";
  return share <= 0 ? "q0" : `q${Math.min(6, 1 + Math.floor((share / 0.52) * 5))}`;
}

/**
 * Whether a week is over for any cohort: then it has an average, or it is withheld.
 * @param {import("../artifacts.js").Cohort[]} cohorts
 * @param {number} week
 */
function isMeasured(cohorts, week) {
  return cohorts.some(({ cells }) => cells[week].state === "complete" || cells[week].state === "withheld");
}

/**
 * @param {number | null} share
 * @param {boolean} measured
 * @returns {import("../charts/grid.js").Cell}
 */
function averageOf(share, measured) {
  if (share != null) return { tone: toneOf(share), text: format.share(share) };
  return measured ? { style: "none", text: "·", hidden: W.withheld } : { style: "none" };
}

/**
 * @param {CohortCell} cell
 * @param {boolean} isShare
 * @returns {import("../charts/grid.js").Cell}
 */
function cellOf({ people, share, state }, isShare) {
  if (state === "withheld") return { style: "none", text: "·", hidden: W.withheld };
  if (state === "future" || people == null || share == null) return { style: "none" };
  return {
    tone: toneOf(share),
    style: state === "partial" ? "partial" : "",
    text: isShare ? format.share(share) : format.whole(people),
  };
}

/**
 * @param {(number | null)[]} average
 * @param {number} week
 * @param {boolean} measured
 */
function tellAverage(average, week, measured) {
  const share = average[week];
  if (share == null) return measured ? { title: W.allWeek(week), rows: [], foot: W.withheld } : null;
  return { title: W.allWeek(week), rows: [{ tone: toneOf(share), label: W.share, value: format.shareFine(share) }] };
}

/**
 * @param {import("../artifacts.js").Cohort} cohort
 * @param {number} week
 * @param {(number | null)[]} average
 */
function tell(cohort, week, average) {
  const { people, share, state } = cohort.cells[week];
  const title = W.cohort(format.day(cohort.cohort));
  if (people == null || share == null) return { title, rows: [], foot: state === "withheld" ? W.withheld : W.future };
  const mean = average[week];
  const apart = mean == null || week === 0 ? null : Math.round((share - mean) * 100);
  return {
    title,
    rows: [
      { tone: toneOf(share), label: W.active(week), value: W.of(format.whole(people), format.whole(cohort.people ?? 0)) },
      {
        label: W.share,
        value: format.shareFine(share),
        extra: apart == null ? null : W.versus(`${apart < 0 ? "−" : "+"}${Math.abs(apart)}`),
      },
    ],
    foot: state === "partial" ? T.counting : null,
  };
}
