/** The assistant's tools: how often, how quick, how often they fail. */

import { bars } from "../charts/bars.js";
import { periodBadge } from "../kit/card.js";
import { changeOf, format, pill } from "../kit/format.js";
import { CARDS, humanise } from "../strings.js";

const W = CARDS.tools;

/** @typedef {import("../artifacts.js").ToolUse} ToolUse */

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "tools",
  title: W.title,
  views: ["tool-usage"],
  metric: "tool_usage",
  room: [202, 222],
  badge: periodBadge,
  sentence: ({ period }) => period?.summary ?? null,
  instead: ({ period }) => (period?.rows.length ? null : { title: W.emptyTitle, text: W.emptyText }),

  draw(body, { period, compares }) {
    /** @type {ToolUse[]} */
    const rows = (period?.rows ?? []).toSorted((a, b) => b.conversations - a.conversations).slice(0, 8);
    bars(body, {
      most: 1,
      style: "spread",
      write: format.share,
      bars: rows.map((row) => ({
        name: humanise(row.tool),
        note: [
          row.p50_ms != null && format.ms(row.p50_ms),
          row.failure_share != null && W.failed(format.shareFine(row.failure_share)),
        ]
          .filter(Boolean)
          .join(" · "),
        value: row.conversation_share ?? 0,
        before: compares ? row.conversation_share_before : null,
        tone: "c4",
        extra:
          compares && row.conversation_share_before != null
            ? pill(changeOf(row.conversation_share, row.conversation_share_before, { unit: "share", better: "neither" }))
            : null,
      })),
    });
  },

  table: ({ period }) => ({
    head: W.columns,
    rows: /** @type {ToolUse[]} */ (period?.rows ?? []).map((row) => [
      row.tool,
      row.conversations,
      row.conversation_share,
      row.conversation_share_before ?? null,
      row.calls,
      row.failures,
      row.p50_ms,
      row.p95_ms,
    ]),
  }),
};
