/** The page: reads where one is and what there is, and draws the cards of it; asks for news while it is looked at. */

import { PAGE_CARDS, loadCard } from "./cards/registry.js";
import { CardFrame, stateBox } from "./kit/card.js";
import { Source, isSignedIn, pollEvery } from "./kit/data.js";
import { h } from "./kit/dom.js";
import { wireKeys } from "./kit/keys.js";
import { keyNumbers } from "./kit/numbers.js";
import { showFreshness, showShell, showTheme, wireShell } from "./kit/shell.js";
import { addressOf, onState, readState } from "./kit/state.js";
import { PAGES, STATES, T } from "./strings.js";

/** @typedef {keyof typeof PAGES} Page */

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const source = new Source();
/** @type {CardFrame[]} */
let frames = [];
/** @type {HTMLElement | null} */
let numbers = null;
let drawn = "";
let turn = 0;

/** The pages that have at least one card for this reader. */
function pages() {
  return /** @type {Page[]} */ (Object.keys(PAGES)).filter((page) => cardsOf(page).length > 0);
}

/** @param {Page} page */
function cardsOf(page) {
  return PAGE_CARDS[page].filter(({ views }) => views.every((view) => source.has(view)));
}

async function render() {
  turn += 1;
  const mine = turn;
  const there = pages();
  let state = readState();
  if (there.length && !there.includes(state.page)) state = { ...state, page: there[0] };
  showTheme(state);
  document.documentElement.classList.toggle("embedded", state.embed === "1");
  showShell(state, source, there);
  const wanted = cardsOf(state.page).filter(({ id }) => !state.card || id === state.card);
  const layout = `${state.page}|${state.card}|${wanted.map(({ id }) => id)}`;
  if (layout !== drawn) {
    const cards = await Promise.all(wanted.map(({ id }) => loadCard(id)));
    if (mine !== turn) return;
    frames = cards.map((card, i) => new CardFrame(card, state.card ? 12 : wanted[i].span));
    layOut(state);
    drawn = layout;
  }
  const shown = frames.map((frame) => frame.show(state, source));
  await Promise.all([showNumbers(state), ...shown]);
  document.documentElement.dataset.ready = String(turn);
}

/** @param {import("./kit/state.js").State} state */
function layOut(state) {
  const isEmbedded = state.embed === "1";
  const hasNumbers = !(state.card && isEmbedded) && (state.page === "catalogue" || source.has("key-numbers"));
  numbers = hasNumbers ? h("div", { class: "numbers-box" }, h("div", { class: "numbers" }, h("div", { class: `skeleton numbers-skeleton ${state.page}` }))) : null;
  // The catalogue has no today; before the first conversation there is no other page to show it on.
  const hasToday = isSignedIn && !isEmbedded && (state.page !== "catalogue" || !source.has("key-numbers"));
  const today = hasToday ? h("div", { id: "today" }) : null;
  const back = state.card && !isEmbedded;
  main.replaceChildren(
    ...[
      h("h1", { class: "unseen", text: PAGES[state.page] }),
      today,
      numbers,
      back && h("a", { class: "back", href: addressOf(state, { card: "" }), text: T.backTo(PAGES[state.page]) }),
      h("div", { class: "cards" }, frames.map((frame) => frame.element)),
    ].filter((element) => element instanceof HTMLElement),
  );
  scrollTo(0, 0);
  if (today) import("./kit/today.js").then(({ showToday }) => showToday(today, source));
}

/** @param {import("./kit/state.js").State} state */
async function showNumbers(state) {
  const box = numbers;
  if (!box) return;
  try {
    const strip = await keyNumbers(state, source);
    box.replaceChildren(...(strip ? [strip] : []));
  } catch {
    box.replaceChildren(); // the cards say what cannot be read; these numbers are theirs
  }
}

async function look() {
  if (document.hidden) return;
  try {
    if (await source.look()) await render();
    else showFreshness(readState(), source);
  } catch {
    source.offline = true;
    showFreshness(readState(), source);
  }
}

async function start() {
  showTheme(readState());
  wireShell();
  wireKeys(pages);
  try {
    await source.look();
  } catch {
    main.replaceChildren(stateBox("warning", STATES.noManifest, STATES.noManifestText));
    return;
  }
  onState(render);
  await render();
  if (!pollEvery) return;
  setInterval(look, pollEvery);
  document.addEventListener("visibilitychange", look);
}

start();
