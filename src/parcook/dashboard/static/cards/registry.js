/** The cards there are: on which page each stands, how wide, and what it needs to be there. A card is one file. */

/**
 * @typedef {import("../kit/data.js").Name} Name
 * @typedef {{id: string, span: number, views: Name[]}} Place
 */

/** @type {{[page in import("../kit/state.js").Page]: Place[]}} */
export const PAGE_CARDS = {
  overview: [
    { id: "active", span: 8, views: ["activity-daily"] },
    { id: "top", span: 4, views: ["top-recipes"] },
    { id: "hours", span: 7, views: ["peak-hours"] },
    { id: "categories", span: 5, views: ["recipe-categories"] },
    { id: "gaps", span: 7, views: ["catalogue-gaps"] },
    { id: "complexity", span: 5, views: ["activity-daily", "recipe-complexity"] },
  ],
  catalogue: [
    { id: "ingredients", span: 12, views: ["ingredient-tree"] },
    { id: "complexity", span: 7, views: ["recipe-complexity"] },
    { id: "used", span: 5, views: ["ingredient-tree"] },
  ],
  audience: [
    { id: "active", span: 12, views: ["activity-daily"] },
    { id: "retention", span: 12, views: ["retention"] },
    { id: "growth", span: 7, views: ["growth"] },
    { id: "hours", span: 5, views: ["peak-hours"] },
  ],
  conversations: [
    { id: "length", span: 7, views: ["conversation-length"] },
    { id: "outcomes", span: 5, views: ["outcomes"] },
    { id: "tools", span: 6, views: ["tool-usage"] },
    { id: "features", span: 6, views: ["feature-adoption"] },
  ],
  demand: [
    { id: "demand", span: 12, views: ["ingredient-demand"] },
    { id: "top", span: 5, views: ["top-recipes"] },
    { id: "trend", span: 7, views: ["recipe-categories"] },
    { id: "seasons", span: 12, views: ["seasonality"] },
    { id: "gaps", span: 12, views: ["catalogue-gaps"] },
  ],
};

/** @type {{[id: string]: () => Promise<{card: import("../kit/card.js").Card}>}} */
const FILES = {
  active: () => import("./active.js"),
  top: () => import("./top.js"),
  hours: () => import("./hours.js"),
  categories: () => import("./categories.js"),
  trend: () => import("./trend.js"),
  gaps: () => import("./gaps.js"),
  complexity: () => import("./complexity.js"),
  ingredients: () => import("./ingredients.js"),
  used: () => import("./used.js"),
  retention: () => import("./retention.js"),
  growth: () => import("./growth.js"),
  length: () => import("./length.js"),
  outcomes: () => import("./outcomes.js"),
  tools: () => import("./tools.js"),
  features: () => import("./features.js"),
  seasons: () => import("./seasons.js"),
  demand: () => import("./demand.js"),
};

/** @param {string} id */
export async function loadCard(id) {
  return (await FILES[id]()).card;
}
