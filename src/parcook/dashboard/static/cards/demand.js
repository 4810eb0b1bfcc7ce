/**
 * What people ask for, against what the catalogue offers, on one and the same ingredient tree.
 *
 * The picture shows everything below where one is; the list beside it ranks it and leads further down.
 */

import { balance } from "../charts/balance.js";
import { crumbs } from "../kit/crumbs.js";
import { h, icon, segments } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { pickPeriod } from "../kit/data.js";
import { customRange, daysOf, go } from "../kit/state.js";
import { CARDS, PERIODS, STATES, T } from "../strings.js";

const W = CARDS.demand;
const DOTS = 120;
const ROWS = 11;
const MORE_WANTED = 1.25;
const MORE_OFFERED = 0.8;

/**
 * @typedef {import("../artifacts.js").Demand} Demand
 * @typedef {import("../artifacts.js").DemandPeriod} DemandPeriod
 * @typedef {object} Item
 * @property {number} id
 * @property {string} name
 * @property {number | null} parent
 * @property {string} path
 * @property {number} recipes
 * @property {number} conversations
 * @property {number | null} supply
 * @property {number | null} demand
 * @property {number | null} before
 * @property {number | null} lift
 */

/**
 * Every ingredient with both its sides, and the period they are of.
 * @param {import("../kit/card.js").Context} context
 * @returns {{items: Item[], period: DemandPeriod | null, at: Item | null}}
 */
function sides({ artifacts, state }) {
  /** @type {Demand} */
  const { ingredients, periods } = artifacts["ingredient-demand"].data;
  const period = pickPeriod(periods, daysOf(state));
  if (!period) return { items: [], period, at: null };
  const items = ingredients.map((one, i) => ({
    id: one.ingredient_id,
    name: one.name,
    parent: one.parent_id,
    path: one.path,
    recipes: one.recipes,
    conversations: period.conversations[i],
    supply: one.supply_share,
    demand: period.demand_share[i],
    before: period.demand_share_before[i],
    lift: period.lift[i],
  }));
  return { items, period, at: items.find((item) => String(item.id) === state.ing) ?? null };
}

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "demand",
  title: W.title,
  views: ["ingredient-demand"],
  anyDays: true,
  room: [480, 1258],
  badge(context) {
    const { period } = sides(context);
    const name = PERIODS.find(([, , days]) => days === period?.days)?.[1];
    return period && name && (customRange(context.state) || period.days !== daysOf(context.state)) ? T.last(name) : null;
  },
  sentence: (context) => sides(context).period?.summary ?? null,
  instead: (context) => (sides(context).period?.n ? null : { title: STATES.emptyTitle, text: STATES.emptyText }),

  draw(body, context, tools) {
    const { items, at } = sides(context);
    const { state } = context;
    const sort = state.dem in W.sorts ? state.dem : "gap";
    tools.append(
      segments({
        label: W.sort,
        options: Object.entries(W.sorts),
        chosen: sort,
        choose: (dem) => go({ dem }, { replace: true }),
      }),
    );
    body.append(path(items, at));
    const below = items.filter((item) => item.id !== at?.id && (!at || item.path.startsWith(at.path)));
    const told = below.filter((item) => (item.demand ?? 0) > 0 || (item.supply ?? 0) > 0);
    const byGap = [...told].sort((a, b) => weight(b) - weight(a));
    const parents = new Set(items.map((item) => item.parent));
    const picture = h("div", { class: "demand-picture" });
    const list = h("div", { class: "demand-list" });
    body.append(h("div", { class: "demand" }, picture, list));
    balance(picture, {
      label: W.label,
      height: innerWidth < 720 ? 320 : 400,
      words: { x: `${W.supplyLong} →`, y: `${W.demandLong} →`, over: W.under, under: W.over },
      dots: byGap.slice(0, DOTS).map((item) => ({
        name: item.name,
        supply: item.supply ?? 0,
        demand: item.demand ?? 0,
        tone: toneOf(item.lift),
        said: spoken(item),
        rows: tipRows(item),
        open: parents.has(item.id) ? () => open(item) : null,
      })),
    });
    list.append(ranking(sorted(byGap, sort), items, parents, context.compares), h("p", { class: "fine", text: W.explain }));
  },

  table(context) {
    return {
      head: W.columns,
      rows: sides(context).items.map((item) => [
        item.id, item.name, item.path, item.conversations, item.demand, item.before, item.recipes, item.supply, item.lift,
      ]),
    };
  },
};

/** @param {Item | null} item */
const open = (item) => go({ ing: item ? String(item.id) : "" });

/** @param {number | null} share */
const shareText = (share) => (share == null ? "–" : share > 0 && share < 0.1 ? format.shareFine(share) : format.share(share));

/**
 * How telling an item is: how far its sides are apart, in ratio and in size.
 * @param {Item} item
 */
function weight({ demand, supply, lift }) {
  if (lift == null || demand == null || supply == null) return -1;
  const ratio = lift > 0 ? Math.abs(Math.log2(lift)) : 4;
  return Math.min(4, ratio) * Math.sqrt(Math.abs(demand - supply));
}

/** @param {number | null} lift */
function toneOf(lift) {
  if (lift == null) return "c8";
  return lift >= MORE_WANTED ? "wanted" : lift <= MORE_OFFERED ? "offered" : "even";
}

/**
 * @param {Item[]} items
 * @param {string} sort
 */
function sorted(items, sort) {
  if (sort === "demand") return [...items].sort((a, b) => b.conversations - a.conversations);
  return sort === "supply" ? [...items].sort((a, b) => b.recipes - a.recipes) : items;
}

/**
 * @param {Item[]} items
 * @param {Item | null} at
 */
function path(items, at) {
  const steps = (at?.path ?? "").split("/").filter(Boolean);
  const found = steps.flatMap((id) => items.find((item) => String(item.id) === id) ?? []);
  return crumbs({
    label: W.path,
    all: W.all,
    open: () => open(null),
    path: found.map((item) => ({ name: item.name, open: () => open(item) })),
    end: at ? `${shareText(at.demand)} ${W.asked} · ${shareText(at.supply)} ${W.offered}` : "",
  });
}

/** @param {Item} item */
function verdict({ lift }) {
  if (lift == null) return W.thin;
  return lift >= MORE_WANTED ? W.under : lift <= MORE_OFFERED ? W.over : W.balanced;
}

/** @param {Item} item */
function spoken(item) {
  return `${item.name}: ${shareText(item.demand)} ${W.asked}, ${shareText(item.supply)} ${W.offered}, ${verdict(item)}`;
}

/** @param {Item} item */
function tipRows(item) {
  return [
    { label: W.demandLong, value: shareText(item.demand), extra: format.whole(item.conversations), tone: "wanted" },
    { label: W.supplyLong, value: shareText(item.supply), extra: format.whole(item.recipes), tone: "offered" },
    { label: W.lift, value: item.lift == null ? "–" : format.times(item.lift) },
    ...(item.before == null ? [] : [{ label: W.before, value: shareText(item.before) }]),
  ];
}

/**
 * The rows: each with both sides on one scale, and how many times more is asked for than offered.
 * @param {Item[]} ranked
 * @param {Item[]} items
 * @param {Set<number | null>} parents
 * @param {boolean} compares
 */
function ranking(ranked, items, parents, compares) {
  const rows = ranked.slice(0, ROWS);
  const most = Math.max(...rows.flatMap((item) => [item.demand ?? 0, item.supply ?? 0]), 0.001);
  const part = (/** @type {number | null} */ share) => `${Math.max(share ? 0.8 : 0, ((share ?? 0) / most) * 100)}%`;
  return h(
    "ol",
    { class: "pairs", "aria-label": W.label },
    rows.map((item) => {
      const above = items.find((one) => one.id === item.parent);
      const inside = [
        h("span", { class: "pair-name" }, h("b", { text: item.name }), above && h("span", { class: "quiet", text: above.name })),
        h("span", { class: `pair-lift ${toneOf(item.lift)}`, title: verdict(item) }, item.lift == null ? "–" : format.times(item.lift), h("span", { class: "unseen", text: `, ${verdict(item)}` })),
        h(
          "span",
          { class: "pair-bars" },
          side("wanted", W.asked, item.demand, part, compares ? item.before : null),
          side("offered", W.offered, item.supply, part, null),
        ),
      ];
      if (!parents.has(item.id)) return h("li", null, h("div", { class: "pair" }, inside));
      const button = { type: "button", class: "pair opens", on: { click: () => open(item) } };
      return h("li", null, h("button", button, inside, h("span", { class: "unseen", text: T.lookInside }), icon("chevron")));
    }),
  );
}

/**
 * @param {string} tone
 * @param {string} name
 * @param {number | null} share
 * @param {(share: number | null) => string} part
 * @param {number | null} before
 */
function side(tone, name, share, part, before) {
  return h(
    "span",
    { class: "pair-side" },
    h(
      "span",
      { class: "pair-track", "aria-hidden": "true" },
      h("i", { class: tone, css: { width: part(share) } }),
      before != null && h("i", { class: "bar-before", css: { left: part(before) } }),
    ),
    h("span", { class: "pair-text", text: `${shareText(share)} ${name}` }),
  );
}
