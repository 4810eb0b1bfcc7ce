/** Columns: counts side by side, signed changes, or stacked shares of 100 %; the unfinished striped. */

import { s } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { T } from "../strings.js";
import { scaleBand, scaleLinear } from "../vendor/d3.js";
import { freshId, labelRoom, picture, plot, stripes } from "./plot.js";
import { hideTip, showTip } from "./tip.js";

/**
 * @typedef {object} ColumnSeries
 * @property {string} label
 * @property {string} tone
 * @property {(number | null)[]} values
 *
 * @typedef {object} Columns
 * @property {string} label
 * @property {string[]} names what stands under the columns
 * @property {ColumnSeries[]} series stacked from the bottom
 * @property {number} height
 * @property {"plain" | "signed" | "share"} [kind] values of shares are 0 to 1 and add up to 1
 * @property {(value: number) => string} [write]
 * @property {(i: number) => string} [title]
 * @property {(i: number) => import("./tip.js").TipRow[]} [rows]
 * @property {boolean} [labelled] whether each column has its value above it
 * @property {number} [finished] how many of the columns are over
 * @property {{at: number, text: string} | null} [marker]
 */

/**
 * @param {HTMLElement} host
 * @param {Columns} of
 */
export function columns(host, of) {
  const { names, series, write = format.compact, title = (i) => names[i], finished = names.length } = of;
  const say = (/** @type {number | null} */ value) => (value == null ? "–" : write(value));
  plot(host, {
    count: names.length,
    label: of.label,
    height: of.height,
    start: Math.max(0, Math.min(finished, names.length) - 1),
    text: (i) =>
      `${title(i)}: ${series.map((one) => `${one.label} ${say(one.values[i])}`).join(", ")}` +
      (i < finished ? "" : ` (${T.counting})`),
    draw: (width, height) => draw(width, height, { ...of, write, title, finished }, say),
  });
}

/**
 * @param {number} width
 * @param {number} height
 * @param {Columns & {write: (value: number) => string, title: (i: number) => string, finished: number}} of
 * @param {(value: number | null) => string} say
 */
function draw(width, height, of, say) {
  const { names, series, kind = "plain", finished, write, title, labelled, marker } = of;
  const sums = names.map((_, i) => series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0));
  const top = labelled ? (marker ? 40 : 26) : 12; // a marker stands above the highest value
  const y = scaleLinear(domain(kind, sums), [height - 26 - (kind === "signed" ? 4 : 0), top]);
  if (kind === "plain") y.nice(4);
  const ticks = kind === "share" ? [0, 0.25, 0.5, 0.75, 1] : y.ticks(kind === "signed" ? 3 : 4);
  const left = labelRoom(ticks.map(write));
  const right = width - 6;
  const x = scaleBand(names.map((_, i) => i), [left, right]).paddingInner(names.length > 30 ? 0.18 : 0.24).paddingOuter(0.12);
  const id = freshId();
  const svg = picture(width, height, stripes(id));
  for (const tick of ticks) {
    svg.append(
      s("line", { class: tick ? "gridline" : "axis", x1: left, x2: right, y1: y(tick), y2: y(tick) }),
      s("text", { class: "tick", x: left - 8, y: y(tick) + 4, "text-anchor": "end", text: write(tick) }),
    );
  }
  const every = Math.max(1, Math.ceil(Math.max(...names.map((name) => name.length)) * 7.2 / x.step()));
  const groups = names.map((name, i) => {
    const from = x(i) ?? 0;
    const group = s("g", { class: "column" }, stack(series, i, from, x.bandwidth(), y, kind));
    if (i >= finished) {
      group.append(...[...group.children].map((path) => s("path", { fill: `url(#${id})`, d: path.getAttribute("d") })));
    }
    const middle = from + x.bandwidth() / 2;
    if (labelled) group.append(s("text", { class: "value", x: middle, y: y(sums[i]) - 6, "text-anchor": "middle", text: write(sums[i]) }));
    if ((names.length - 1 - i) % every === 0) {
      group.append(s("text", { class: "tick", x: middle, y: height - 7, "text-anchor": "middle", text: name }));
    }
    const hit = s("rect", { class: "hit", x: middle - x.step() / 2, y: 0, width: x.step(), height: height - 26 });
    hit.addEventListener("pointermove", () => point(i));
    hit.addEventListener("pointerleave", () => point(null));
    group.append(hit);
    return group;
  });
  svg.append(...groups);
  if (marker) {
    const at = (x(0) ?? 0) + x.bandwidth() / 2 + marker.at * x.step();
    const over = y(sums[Math.round(marker.at)] ?? 0) - 22;
    svg.append(
      s("line", { class: "median", x1: at, x2: at, y1: top - 34, y2: over }),
      s("text", { class: "mark-text", x: at + 6, y: top - 24, text: marker.text }),
    );
  }

  /** @param {number | null} i */
  const point = (i) => {
    groups.forEach((group, k) => group.classList.toggle("dim", i !== null && k !== i));
    if (i === null) return hideTip();
    const place = svg.getBoundingClientRect();
    const own = series.map((one) => ({ label: one.label, value: say(one.values[i]), tone: toneOf(one, i, kind) }));
    const high = kind === "share" ? y(1) : y(Math.max(0, sums[i]));
    showTip(place.left + (x(i) ?? 0) + x.bandwidth() / 2, place.top + high, title(i),
      of.rows ? of.rows(i) : own.reverse(), i >= finished ? T.counting : null);
  };
  return { svg, point };
}

/**
 * @param {"plain" | "signed" | "share"} kind
 * @param {number[]} sums
 */
function domain(kind, sums) {
  if (kind === "share") return [0, 1];
  const most = Math.max(...sums, 0);
  if (kind === "plain") return [0, Math.max(most, 1)];
  const least = Math.min(...sums, 0);
  const room = (most - least || 1) * 0.08;
  return [least - room, most + room];
}

/**
 * @param {ColumnSeries} series
 * @param {number} i
 * @param {string} kind
 */
function toneOf(series, i, kind) {
  return kind === "signed" ? ((series.values[i] ?? 0) < 0 ? "falling" : "rising") : series.tone;
}

/**
 * The boxes of column i; the outer end of the last one is rounded.
 * @param {ColumnSeries[]} series
 * @param {number} i
 * @param {number} from
 * @param {number} width
 * @param {(value: number) => number} y
 * @param {"plain" | "signed" | "share"} kind
 */
function stack(series, i, from, width, y, kind) {
  const boxes = [];
  let sum = 0;
  const present = series.filter((one) => Math.abs(y(one.values[i] ?? 0) - y(0)) >= 0.2);
  for (const one of present) {
    const value = one.values[i] ?? 0;
    const [start, end] = [y(sum), y(sum + value)];
    sum += value;
    const round = one === present.at(-1) ? Math.min(4, width / 4, Math.abs(end - start)) : 0;
    boxes.push(s("path", { class: `box ${toneOf(one, i, kind)}`, d: boxPath(from, width, start, end, round) }));
  }
  return boxes;
}

/**
 * A box from the baseline `start` to `end`, above or below it, with round corners at `end`.
 * @param {number} x
 * @param {number} width
 * @param {number} start
 * @param {number} end
 * @param {number} round
 */
function boxPath(x, width, start, end, round) {
  const r = start >= end ? round : -round;
  const inner = width - 2 * round;
  return (
    `M${x},${start}V${end + r}q0,${-r} ${round},${-r}h${inner}` + `q${round},0 ${round},${r}V${start}Z`
  );
}
