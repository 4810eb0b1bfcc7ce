/**
 * The ingredient explorer: a treemap whose areas add up, beside bars that count each recipe once.
 *
 * Where one is stands in the address. A tile or a row leads down; the path above, Esc and Back lead up.
 */

import { bars } from "../charts/bars.js";
import { treemap } from "../charts/treemap.js";
import { h } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { crumbs } from "../kit/crumbs.js";
import { go } from "../kit/state.js";
import { CARDS } from "../strings.js";

const W = CARDS.ingredients;
const ROWS = 11;

/**
 * @typedef {import("../artifacts.js").UsageShape} Row
 * @typedef {{rows: Row[], at: Row | null, total: number, below: Map<number | null, Row[]>}} Tree
 */

/** @type {WeakMap<Row[], Map<number | null, Row[]>>} */
const arranged = new WeakMap();

/**
 * @param {import("../kit/card.js").Context} context
 * @returns {Tree}
 */
function treeOf({ artifacts, state }) {
  const { data, metadata } = artifacts["ingredient-tree"];
  /** @type {Row[]} */
  const rows = data;
  let below = arranged.get(rows);
  if (!below) {
    below = Map.groupBy(rows, (row) => row.parent_id);
    arranged.set(rows, below);
  }
  const at = state.ing ? (rows.find((row) => row.ingredient_id === Number(state.ing)) ?? null) : null;
  return { rows, at, total: metadata.total_recipes, below };
}

/** @param {number | null} id */
const openInside = (id) => go({ ing: id === null ? "" : String(id) });

/** @type {import("../kit/card.js").Card} */
export const card = {
  id: "ingredients",
  title: W.title,
  views: ["ingredient-tree"],
  room: [490, 946],
  instead: ({ artifacts }) =>
    artifacts["ingredient-tree"].data.length ? null : { title: W.emptyTitle, text: W.emptyText },
  sentence(context) {
    const { at, total } = treeOf(context);
    if (!at) return context.artifacts["ingredient-tree"].metadata.summary;
    const direct = at.direct_usage ? format.whole(at.direct_usage) : null;
    return W.sentence(at.ingredient_name, format.whole(at.hierarchical_usage), format.whole(total), direct);
  },

  draw(body, context, tools) {
    const tree = treeOf(context);
    tools.append(...finder(tree.rows));
    const { at, total, rows, below } = tree;
    const head = at
      ? W.headOf(format.whole(at.hierarchical_usage), format.whole(total), share(at, total))
      : W.head(format.whole(total), format.whole(rows.length));
    const path = at ? at.path.split("/").filter(Boolean).map((id) => rows.find((row) => row.ingredient_id === Number(id))) : [];
    body.append(
      crumbs({
        label: W.path,
        all: W.all,
        end: head,
        path: path.flatMap((row) => (row ? [{ name: row.ingredient_name, open: () => openInside(row.ingredient_id) }] : [])),
        open: () => openInside(null),
      }),
    );
    const children = below.get(at?.ingredient_id ?? null) ?? [];
    const items = at?.direct_usage ? [...children, rest(at, children)] : children;
    const side = h("div", { class: "explorer-side" });
    const map = h("div", { class: "explorer-map" });
    body.append(h("div", { class: "explorer" }, map, side));
    if (items.some((row) => row.uses > 0)) treemap(map, { label: W.label, tiles: items.map((row) => tile(row, tree)) });
    else map.append(h("p", { class: "quiet pad", text: W.nothing }));
    bars(side, {
      most: at ? Math.max(1, at.hierarchical_usage) : Math.max(1, total),
      bars: items.slice(0, ROWS).map((row) => ({
        name: row.ingredient_name,
        value: row.hierarchical_usage,
        inner: row.has_children ? row.direct_usage : null,
        tone: toneOf(row, tree),
        extra: h("span", { class: "bar-share", text: share(row, total) }),
        open: row.has_children ? () => openInside(row.ingredient_id) : null,
      })),
    });
    side.append(h("p", { class: "fine", text: explanation(at, children) }));
  },

  table: ({ artifacts }) => ({
    head: W.columns,
    rows: /** @type {Row[]} */ (artifacts["ingredient-tree"].data).map((row) => [
      row.ingredient_id,
      row.ingredient_name,
      row.path,
      row.hierarchical_usage,
      row.direct_usage,
      row.uses,
    ]),
  }),
};

/**
 * @param {Row} row
 * @param {number} total
 */
function share(row, total) {
  return total ? format.share(row.hierarchical_usage / total) : "–";
}

/**
 * What names `at` without saying which kind, as a row beside its children.
 * @param {Row} at
 * @param {Row[]} children
 * @returns {Row}
 */
function rest(at, children) {
  return {
    ...at,
    ingredient_id: -at.ingredient_id,
    ingredient_name: W.rest(at.ingredient_name),
    uses: at.uses - children.reduce((sum, row) => sum + row.uses, 0),
    hierarchical_usage: at.direct_usage,
    has_children: false,
  };
}

/**
 * A colour for each root, kept all the way down.
 * @param {Row} row
 * @param {Tree} tree
 */
function toneOf(row, { below }) {
  const root = (below.get(null) ?? []).findIndex((one) => row.path.startsWith(one.path));
  return `c${(root % 10) + 1}`;
}

/**
 * @param {Row} row
 * @param {Tree} tree
 * @returns {import("../charts/treemap.js").Tile}
 */
function tile(row, tree) {
  const within = row.has_children ? (tree.below.get(row.ingredient_id) ?? []) : [];
  return {
    name: row.ingredient_name,
    area: row.uses,
    value: row.hierarchical_usage,
    tone: toneOf(row, tree),
    isRest: row.ingredient_id < 0,
    within: within.map((child) => ({ name: child.ingredient_name, area: child.uses })),
    open: row.has_children ? () => openInside(row.ingredient_id) : null,
    rows: [
      { label: W.recipes, value: format.whole(row.hierarchical_usage), extra: share(row, tree.total), tone: toneOf(row, tree) },
      ...(row.ingredient_id < 0 ? [] : [{ label: W.direct, value: format.whole(row.direct_usage) }]),
      { label: W.uses, value: format.whole(row.uses) },
    ],
    foot: row.has_children ? W.inside(row.children_preview.join(", ")) : null,
  };
}

/**
 * @param {Row | null} at
 * @param {Row[]} children
 */
function explanation(at, children) {
  const unused = children.filter((row) => row.uses === 0).length;
  return [
    at ? W.within(format.whole(children.length), at.ingredient_name) : W.pick,
    unused > 0 && W.unused(format.whole(unused)),
    W.explain,
    at && W.darker,
  ]
    .filter(Boolean)
    .join(" ");
}

/** @param {Row[]} rows */
function finder(rows) {
  const names = new Map(rows.map((row) => [row.ingredient_name.toLowerCase(), row]));
  const field = h("input", {
    type: "search",
    id: "find",
    list: "ingredient-names",
    placeholder: `${W.find}  /`,
    "aria-label": W.find,
  });
  const list = h("datalist", { id: "ingredient-names" });
  field.addEventListener("focus", () => {
    if (!list.childElementCount) list.append(...rows.map((row) => h("option", { value: row.ingredient_name })));
  });
  field.addEventListener("change", () => {
    const row = names.get(field.value.trim().toLowerCase());
    if (row) openInside(row.has_children ? row.ingredient_id : row.parent_id);
  });
  return [field, list];
}
