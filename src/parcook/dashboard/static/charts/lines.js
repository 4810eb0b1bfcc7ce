/** Lines over days: on one scale, or one panel and scale each; the days before dashed, the unfinished day hollow. */

import { h, s } from "../kit/dom.js";
import { changeOf, format } from "../kit/format.js";
import { T } from "../strings.js";
import { area, curveMonotoneX, line, scaleLinear } from "../vendor/d3.js";
import { dayLabels, marks } from "./days.js";
import { freshId, labelRoom, picture, plot } from "./plot.js";
import { hideTip, showTip } from "./tip.js";

/**
 * @typedef {object} Series
 * @property {string} label
 * @property {string} tone
 * @property {(number | null)[]} values
 * @property {(number | null)[] | null} [before] the same days of the period before
 * @property {boolean} [filled] whether the area under it may be tinted; it is only where the scale starts at 0
 *
 * @typedef {object} Lines
 * @property {string} label
 * @property {string[]} days
 * @property {Series[]} series
 * @property {number} [finished] how many of the days are over
 * @property {{date: string, text: string}[]} [annotations]
 * @property {{low: (number | null)[], high: (number | null)[], label: string}} [band]
 * @property {boolean} [panels]
 * @property {number} height
 * @property {(value: number) => string} [write]
 * @property {(i: number) => string | null} [foot]
 */

/**
 * @param {HTMLElement} host
 * @param {Lines} of
 */
export function lines(host, of) {
  const { days, series, write = format.compact, finished = days.length } = of;
  const said = (/** @type {number | null} */ value) => (value == null ? "–" : write(value));
  plot(host, {
    count: days.length,
    label: of.label,
    height: of.height,
    start: Math.max(0, Math.min(days.length, finished) - 1),
    text: (i) =>
      `${format.dayFull(days[i])}: ${series.map((one) => `${one.label} ${said(one.values[i])}`).join(", ")}` +
      (i < finished ? "" : ` (${T.counting})`),
    draw: (width, height) => draw(width, height, { ...of, write, finished }, said),
  });
}

/**
 * @param {number} width
 * @param {number} height
 * @param {Lines & {write: (value: number) => string, finished: number}} of
 * @param {(value: number | null) => string} said
 */
function draw(width, height, of, said) {
  const { days, series, finished, band, panels, annotations = [] } = of;
  const shown = annotations.filter((mark) => days.includes(mark.date));
  const top = (shown.length ? 24 : 8) + (panels ? 16 : 4);
  const bottom = height - 26;
  const scales = makeScales(of, top, bottom);
  const left = labelRoom(scales.flatMap((one) => one.ticks.map(format.tick)));
  const right = width - 10;
  const x = scaleLinear([0, Math.max(1, days.length - 1)], [left, right]);
  const scaleOf = (/** @type {number} */ k) => scales[panels ? k : 0];
  const id = freshId();
  const svg = picture(width, height);
  svg.append(gradients(id, series));
  for (const { y, ticks } of scales) {
    for (const tick of ticks) {
      svg.append(
        s("line", { class: tick === ticks[0] ? "axis" : "gridline", x1: left, x2: right, y1: y(tick), y2: y(tick) }),
        s("text", { class: "tick", x: left - 8, y: y(tick) + 4, "text-anchor": "end", text: format.tick(tick) }),
      );
    }
  }
  svg.append(...dayLabels(days, x, left, right, height), ...marks(shown, days, x, left, right, bottom));
  if (band) svg.append(bandPath(band, x, scales[0].y, series[0].tone));
  series.forEach((one, k) => svg.append(...linePaths(one, x, scaleOf(k), finished, `${id}-${k}`)));
  if (panels) {
    series.forEach((one, k) =>
      svg.append(s("text", { class: `panel-name ${one.tone}`, x: left, y: scaleOf(k).top - 7, text: one.label })),
    );
  }

  const cross = s("line", { class: "cross", y1: top, y2: bottom });
  const dots = series.map((one) => s("circle", { class: `dot ${one.tone}`, r: 4.5 }));
  const hover = s("g", { class: "hover" }, cross, dots);
  svg.append(hover);

  /** @param {number | null} i */
  const point = (i) => {
    hover.classList.toggle("on", i !== null);
    if (i === null) return hideTip();
    cross.setAttribute("x1", String(x(i)));
    cross.setAttribute("x2", String(x(i)));
    series.forEach((one, k) => {
      const value = one.values[i];
      dots[k].classList.toggle("gone", value == null);
      dots[k].setAttribute("cx", String(x(i)));
      dots[k].setAttribute("cy", String(scaleOf(k).y(value ?? 0)));
    });
    const place = svg.getBoundingClientRect();
    const mark = shown.find((one) => one.date === days[i]);
    showTip(place.left + x(i), place.top + top + 30, format.dayFull(days[i]), tipRows(of, i, said),
      i >= finished ? T.counting : (mark?.text ?? of.foot?.(i)));
  };
  svg.addEventListener("pointermove", (event) => {
    const i = Math.round(x.invert(event.clientX - svg.getBoundingClientRect().left));
    point(Math.max(0, Math.min(days.length - 1, i)));
  });
  svg.addEventListener("pointerleave", () => point(null));
  return { svg, point };
}

/**
 * @param {Lines & {finished: number}} of
 * @param {number} i
 * @param {(value: number | null) => string} said
 */
function tipRows({ series, finished, band }, i, said) {
  const rows = series.map((one) => {
    const change = i < finished && one.before ? changeOf(one.values[i], one.before[i]) : null;
    const arrow = change?.way ? (change.way === "up" ? "▲ " : "▼ ") : "";
    return {
      label: one.label,
      value: said(one.values[i]),
      tone: one.tone,
      extra: one.before ? (change && change.kind !== "none" ? arrow + change.text : "") : null,
    };
  });
  if (!band) return rows;
  return [...rows, { label: band.label, value: `${said(band.low[i])}–${said(band.high[i])}`, tone: "", extra: null }];
}

/**
 * One scale for all series, or one for each, side by side from `top` to `bottom`. A scale starts at 0 unless its
 * values lie close together in the upper part, and then nothing under its line is filled.
 * @param {Lines} of
 * @param {number} top
 * @param {number} bottom
 */
function makeScales({ series, panels, band }, top, bottom) {
  const groups = panels ? series.map((one) => [one]) : [series];
  const gap = 30;
  const each = (bottom - top - gap * (groups.length - 1)) / groups.length;
  return groups.map((group, k) => {
    const values = group.flatMap((one) => [...one.values, ...(one.before ?? [])]).concat(band ? band.high : []);
    const known = /** @type {number[]} */ (values.filter((value) => value != null));
    const most = Math.max(...known, 1e-9);
    const least = Math.min(...known, most);
    const from = panels && least > most * 0.62 ? least - (most - least) * 0.25 : 0;
    const start = top + k * (each + gap);
    const y = scaleLinear([from, most], [start + each, start]).nice(panels ? 2 : 4);
    const ticks = y.ticks(panels ? 2 : 4);
    return { y, ticks, top: start, bottom: start + each, isFromZero: y.domain()[0] === 0 };
  });
}

/**
 * @param {string} id
 * @param {Series[]} series
 */
function gradients(id, series) {
  return s(
    "defs",
    null,
    series.map((one, k) =>
      s(
        "linearGradient",
        { id: `${id}-${k}`, x1: 0, y1: 0, x2: 0, y2: 1, class: one.tone },
        s("stop", { offset: 0, class: "stop-high" }),
        s("stop", { offset: 1, class: "stop-low" }),
      ),
    ),
  );
}

/**
 * @param {Series} one
 * @param {(i: number) => number} x
 * @param {{y: (value: number) => number, bottom: number, isFromZero: boolean}} scale
 * @param {number} finished
 * @param {string} gradient
 */
function linePaths(one, x, { y, bottom, isFromZero }, finished, gradient) {
  const over = one.values.slice(0, finished);
  const drawLine = line().defined(isKnown).x(([i]) => x(i)).y(([, value]) => y(value)).curve(curveMonotoneX);
  const paths = [];
  if (one.before?.some((value) => value != null)) paths.push(s("path", { class: "before", d: drawLine(points(one.before)) }));
  if (one.filled && isFromZero) {
    const drawArea = area().defined(isKnown).x(([i]) => x(i)).y0(bottom).y1(([, value]) => y(value)).curve(curveMonotoneX);
    paths.push(s("path", { fill: `url(#${gradient})`, d: drawArea(points(over)) }));
  }
  paths.push(s("path", { class: `line ${one.tone}`, d: drawLine(points(over)) }));
  const last = over.at(-1);
  const now = one.values[finished];
  if (finished < one.values.length && last != null && now != null) {
    const end = one.values.length - 1;
    const atNow = Math.min(bottom + 6, y(now));
    paths.push(
      s("path", { class: `line unfinished ${one.tone}`, d: `M${x(finished - 1)},${y(last)}L${x(end)},${atNow}` }),
      s("circle", { class: `dot hollow ${one.tone}`, cx: x(end), cy: atNow, r: 3.5 }),
    );
  }
  return paths;
}

/**
 * @param {{low: (number | null)[], high: (number | null)[]}} band
 * @param {(i: number) => number} x
 * @param {(value: number) => number} y
 * @param {string} tone
 */
function bandPath({ low, high }, x, y, tone) {
  const drawBand = area()
    .defined(([i]) => low[i] != null && high[i] != null)
    .x(([i]) => x(i))
    .y0(([i]) => y(low[i] ?? 0))
    .y1(([i]) => y(high[i] ?? 0))
    .curve(curveMonotoneX);
  return s("path", { class: `band ${tone}`, d: drawBand(points(low)) });
}

/**
 * @param {(number | null)[]} values
 * @returns {[number, number][]} their places, and NaN where there is none
 */
const points = (values) => values.map((value, i) => [i, value ?? Number.NaN]);

/** @param {[number, number]} point */
const isKnown = ([, value]) => !Number.isNaN(value);

/**
 * A legend below a chart.
 * @param {[tone: string, text: string][]} entries
 */
export function legend(entries) {
  return h(
    "p",
    { class: "fine legend" },
    entries.map(([tone, text]) => h("span", null, h("i", { class: `swatch ${tone}` }), text)),
  );
}
