/** The key numbers at the head of a page. Python made each number and its sentence; here they are only set. */

import { spark } from "../charts/spark.js";
import { CATALOGUE_NUMBERS, NUMBERS, T } from "../strings.js";
import { customRange, daysOf } from "./state.js";
import { pickPeriod } from "./data.js";
import { estimateBadge } from "./card.js";
import { h } from "./dom.js";
import { changeOf, format, pill, written } from "./format.js";

/** @typedef {import("../artifacts.js").KeyNumber} KeyNumber */

const TONES = ["c1", "c2", "c3", "c6", "c5"];

/**
 * The strip of numbers for where one is; null where there are none.
 * @param {import("./state.js").State} state
 * @param {import("./data.js").Source} source
 */
export async function keyNumbers(state, source) {
  if (state.page === "catalogue") return catalogueNumbers(source);
  if (!source.has("key-numbers") || customRange(state)) return null;
  const { data } = await source.artifact("key-numbers");
  const told = pickPeriod(data.pages.filter(({ page }) => page === state.page), daysOf(state));
  if (!told) return null;
  const compares = state.cmp === "1";
  return strip(told.numbers.map((number, i) => tile(number, TONES[i], compares)));
}

/** @param {HTMLElement[]} tiles */
function strip(tiles) {
  return h("div", { class: "numbers", role: "group", "aria-label": T.keyNumbers }, tiles);
}

/**
 * @param {KeyNumber} number
 * @param {string} tone
 * @param {boolean} compares
 */
function tile(number, tone, compares) {
  const { unit, better, value, previous, reason } = number;
  const change = compares && value != null ? pill(changeOf(value, previous, { unit, better })) : null;
  const interval =
    number.low != null && number.high != null ? T.interval(format.share(number.low), format.share(number.high)) : null;
  const formula = number.estimate ? [number.formula, interval].filter(Boolean).join(" · ") : null;
  return h(
    "div",
    { class: "number-tile", "data-key": number.key },
    h("div", { class: "number-name" }, NUMBERS[number.key], estimateBadge(formula)),
    value == null
      ? h("div", { class: "number-value none", text: T.reasons[reason ?? "not_yet"] })
      : h("div", { class: "number-value", text: written(unit, value) }),
    h(
      "div",
      { class: "number-change" },
      change,
      compares && value != null && previous != null && h("span", { text: T.versus(written(unit, previous)) }),
    ),
    spark(number.spark, tone),
    h("span", { class: "unseen", text: number.sentence }),
  );
}

/** @param {import("./data.js").Source} source */
async function catalogueNumbers(source) {
  const [tree, complexity] = await Promise.all([source.artifact("ingredient-tree"), source.artifact("recipe-complexity")]);
  const total = tree.metadata.total_recipes;
  const groups = tree.data.filter((row) => row.has_children).length;
  const unused = tree.data.filter((row) => row.uses === 0).length;
  const few = complexity.data.filter((row) => row.ingredient_count <= 5).reduce((sum, row) => sum + row.recipe_count, 0);
  const { median } = complexity.metadata;
  const share = (/** @type {number} */ part, /** @type {number} */ whole) => (whole ? format.share(part / whole) : "–");
  const count = tree.data.length;
  const { recipes, ingredients, unused: idle, typical, few: five } = CATALOGUE_NUMBERS;
  const told = [
    { name: recipes.name, value: format.whole(total), note: recipes.note },
    { name: ingredients.name, value: format.whole(count), note: ingredients.note(format.whole(count - groups), format.whole(groups)) },
    { name: idle.name, value: format.whole(unused), note: idle.note(share(unused, count)) },
    { name: typical.name, value: median == null ? "–" : format.tick(median), note: typical.note },
    { name: five.name, value: share(few, total), note: five.note },
  ];
  return strip(
    told.map(({ name, value, note }) =>
      h(
        "div",
        { class: "number-tile plain" },
        h("div", { class: "number-name", text: name }),
        h("div", { class: "number-value", text: value }),
        h("div", { class: "number-change" }, h("span", { text: note })),
      ),
    ),
  );
}
