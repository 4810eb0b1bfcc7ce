/** What a card can be taken away as: its table, its artifacts, its picture. */

import { h } from "./dom.js";

/** @typedef {import("./card.js").CardFrame} CardFrame */

/** @param {CardFrame} frame */
export function downloadCsv(frame) {
  if (frame.context) save(frame, "csv", new Blob([csv(frame.card.table(frame.context))], { type: "text/csv" }));
}

/** @param {CardFrame} frame */
export function downloadJson(frame) {
  if (!frame.context) return;
  const { artifacts, period } = frame.context;
  const told = frame.context.state.r.includes("..") && period ? period : artifacts;
  save(frame, "json", new Blob([JSON.stringify(told, null, 1)], { type: "application/json" }));
}

/** @param {CardFrame} frame */
export async function downloadPng(frame) {
  const { paint } = await import("./png.js");
  const blob = await paint(frame.element);
  if (blob) save(frame, "png", blob);
}

/**
 * The table as CSV. A cell of text that a spreadsheet would run as a formula begins with an apostrophe.
 * @param {import("./card.js").Table} table
 */
export function csv({ head, rows }) {
  const cell = (/** @type {string | number | null} */ value) => {
    if (value === null) return "";
    if (typeof value === "number") return String(value);
    const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
  };
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/**
 * @param {CardFrame} frame
 * @param {string} kind
 * @param {Blob} blob
 */
function save(frame, kind, blob) {
  const { state, source } = /** @type {NonNullable<CardFrame["context"]>} */ (frame.context);
  const day = source.about.data_through ?? source.about.generated_at.slice(0, 10);
  const link = h("a", { href: URL.createObjectURL(blob), download: `${frame.card.id}_${state.r}_${day}.${kind}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 4_000);
}
