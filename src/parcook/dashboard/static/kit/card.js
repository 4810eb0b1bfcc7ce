/**
 * The frame of a card: title, sentence, menu, body, and each state it can be in.
 *
 * A card that failed leaves the others alone, and a refresh never blanks what is drawn.
 */

import { MENU, PERIODS, STATES, T } from "../strings.js";
import { askMetric, pickPeriod } from "./data.js";
import { h, icon } from "./dom.js";
import { menu } from "./menu.js";
import { customRange, daysOf } from "./state.js";

/**
 * @typedef {import("./data.js").Name} Name
 * @typedef {import("./data.js").Period} Period
 * @typedef {import("./state.js").State} State
 * @typedef {{head: string[], rows: (string | number | null)[][]}} Table
 *
 * @typedef {object} Context what a card draws from
 * @property {State} state
 * @property {import("./data.js").Source} source
 * @property {{[N in Name]?: any}} artifacts those it asked for
 * @property {Period | null} period of its first artifact, if that has periods
 * @property {boolean} compares whether the period before is to be shown
 *
 * @typedef {object} Card
 * @property {string} id
 * @property {string} title
 * @property {Name[]} views the artifacts it cannot do without
 * @property {Name[]} [extras] artifacts it uses if they are there
 * @property {string} [metric] whose rows it can draw for a free range of days
 * @property {boolean} [anyDays] whether it has something to show of a free range, if only other days under a badge
 * @property {[wide: number, narrow: number]} room the height reserved while it loads
 * @property {(context: Context) => string | null} [badge] which time it shows, if not the chosen one
 * @property {(context: Context) => string | null} [estimate] how it is estimated, if it is
 * @property {(context: Context) => {title: string, text: string, icon?: "empty" | "lock"} | null} [instead]
 * @property {(context: Context) => string | null} [sentence]
 * @property {(body: HTMLElement, context: Context, tools: HTMLElement) => void} draw
 * @property {(context: Context) => Table} table
 */

/** One card on the page. */
export class CardFrame {
  /**
   * @param {Card} card
   * @param {number} span of 12 columns
   */
  constructor(card, span) {
    this.card = card;
    this.asTable = false;
    /** @type {Context | null} */
    this.context = null;
    this.asked = 0;
    const id = `card-${card.id}`;
    this.sentence = h("p", { class: "sentence" });
    this.title = h("h2", { id: `${id}-title`, text: card.title });
    this.tools = h("div", { class: "tools no-export" });
    this.body = h("div", { class: "card-body", "aria-busy": "true" }, this.skeleton());
    const actions = menu(this);
    this.element = h(
      "section",
      { class: `card span-${span}`, id, "aria-labelledby": `${id}-title` },
      h("header", null, h("div", { class: "headline" }, this.title, this.sentence), this.tools, actions.button),
      actions.list,
      this.body,
    );
  }

  skeleton() {
    const [wide, narrow] = this.card.room;
    return h("div", { class: "skeleton", css: { "--wide": `${wide}px`, "--narrow": `${narrow}px` } });
  }

  /**
   * Draw for `state`, reading what is new. What is drawn stands until the new is there.
   * @param {State} state
   * @param {import("./data.js").Source} source
   */
  async show(state, source) {
    this.asked += 1;
    const asked = this.asked;
    try {
      const context = await gather(this.card, state, source);
      if (asked !== this.asked) return;
      this.context = context;
      this.paint();
    } catch (error) {
      if (asked !== this.asked) return;
      this.fail(/** @type {Error} */ (error), () => this.show(state, source));
    }
  }

  paint() {
    const { card, context, body, tools } = this;
    if (!context) return;
    body.removeAttribute("aria-busy");
    this.element.classList.remove("failed");
    const focus = focusIn(this.element);
    body.replaceChildren();
    tools.replaceChildren();
    this.title.replaceChildren(card.title, estimateBadge(card.estimate?.(context)) ?? "");
    const instead = noCustom(card, context) ?? card.instead?.(context);
    this.sentence.textContent = instead ? "" : (card.sentence?.(context) ?? "");
    if (instead) return body.append(stateBox(instead.icon ?? "empty", instead.title, instead.text));
    const badge = card.badge?.(context);
    if (badge) tools.append(h("span", { class: "badge", title: T.doesNotFollow, text: badge }));
    if (this.asTable) body.append(tableElement(card.title, card.table(context)));
    else card.draw(body, context, tools);
    focus(this.element);
  }

  /**
   * @param {Error} error
   * @param {() => void} again
   */
  fail(error, again) {
    this.body.removeAttribute("aria-busy");
    this.element.classList.add("failed");
    this.sentence.textContent = "";
    this.tools.replaceChildren();
    const retry = h("button", {
      type: "button",
      class: "button",
      text: STATES.retry,
      on: {
        click: () => {
          this.body.replaceChildren(this.skeleton());
          again();
        },
      },
    });
    this.body.replaceChildren(stateBox("warning", STATES.error, STATES.errorText(error.message), retry));
  }

  toggleTable() {
    this.asTable = !this.asTable;
    this.paint();
  }
}

/**
 * @param {Card} card
 * @param {State} state
 * @param {import("./data.js").Source} source
 * @returns {Promise<Context>}
 */
async function gather(card, state, source) {
  const names = [...card.views, ...(card.extras ?? []).filter((name) => source.has(name))];
  const read = await Promise.all(names.map((name) => source.artifact(name)));
  const artifacts = Object.fromEntries(names.map((name, i) => [name, read[i]]));
  const range = customRange(state);
  /** @type {Period[] | undefined} */
  const periods = /** @type {any} */ (read[0].data).periods;
  let period = periods && !range ? pickPeriod(periods, daysOf(state)) : null;
  if (range && card.metric) period = await askMetric(card.metric, range);
  return { state, source, artifacts, period, compares: state.cmp === "1" && !range };
}

/**
 * Which period a card shows, if it is not the chosen one.
 * @param {Context} context
 */
export function periodBadge({ period, state }) {
  if (!period || customRange(state) || period.days === daysOf(state)) return null;
  const name = PERIODS.find(([, , days]) => days === period.days)?.[1];
  return name ? T.last(name) : null;
}

/**
 * What is said in place of a card that has no answer for a free range of days.
 * @param {Card} card
 * @param {Context} context
 * @returns {{title: string, text: string, icon: "lock"} | null}
 */
function noCustom(card, { artifacts, state }) {
  if (!customRange(state) || card.metric || card.anyDays || !artifacts[card.views[0]]?.data.periods) return null;
  return { title: STATES.noCustom, text: STATES.noCustomText, icon: "lock" };
}

/** @param {string | null | undefined} formula */
export function estimateBadge(formula) {
  return formula ? h("span", { class: "estimate", title: formula, tabindex: 0, text: T.estimate }) : null;
}

/**
 * @param {"empty" | "lock" | "warning"} kind
 * @param {string} title
 * @param {string} text
 * @param {HTMLElement} [action]
 */
export function stateBox(kind, title, text, action) {
  return h(
    "div",
    { class: `state ${kind}`, role: kind === "warning" ? "alert" : null },
    icon(kind),
    h("strong", { text: title }),
    h("span", { text }),
    action,
  );
}

/**
 * @param {string} title
 * @param {Table} table
 */
function tableElement(title, { head, rows }) {
  const isNumber = head.map((_, i) => rows.every((row) => row[i] === null || typeof row[i] === "number"));
  return h(
    "div",
    { class: "scroll as-table", tabindex: 0, role: "region", "aria-label": MENU.asTable(title) },
    h(
      "table",
      null,
      h("caption", { class: "unseen", text: title }),
      h("thead", null, h("tr", null, head.map((name, i) => h("th", { scope: "col", class: isNumber[i] ? "number" : null, text: name })))),
      h(
        "tbody",
        null,
        rows.map((row) => h("tr", null, row.map((value, i) => h("td", { class: isNumber[i] ? "number" : null, text: value ?? "" })))),
      ),
    ),
  );
}

const FOCUSABLE = "button, input, select, [tabindex]";

/**
 * Remember which control of `element` has the focus; the answer gives it back to the one in its place.
 * @param {HTMLElement} element
 * @returns {(element: HTMLElement) => void}
 */
function focusIn(element) {
  const active = document.activeElement;
  if (!active || !element.contains(active)) return () => undefined;
  const wasCrumb = active.closest("[data-refocus]")?.getAttribute("data-refocus");
  const at = [...element.querySelectorAll(FOCUSABLE)].indexOf(active);
  return () => {
    if (element.contains(document.activeElement)) return;
    const next = wasCrumb ? element.querySelector(wasCrumb) : [...element.querySelectorAll(FOCUSABLE)][at];
    /** @type {HTMLElement | null | undefined} */ (next)?.focus({ preventScroll: true });
  };
}
