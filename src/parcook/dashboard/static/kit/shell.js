/** The frame of the page: name, tabs, freshness, period, compare, theme, keys. */

import { PAGES, PERIODS, T } from "../strings.js";
import { isSignedIn } from "./data.js";
import { h, segments, toast } from "./dom.js";
import { format, moveDay } from "./format.js";
import { addressOf, customRange, daysOf, go, memory, readState } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./data.js").Source} Source
 */

const STALE_AFTER_MINUTES = 25 * 60;
const THEMES = /** @type {const} */ (["auto", "light", "dark"]);

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Bring the frame to where one is.
 * @param {State} state
 * @param {Source} source
 * @param {(keyof typeof PAGES)[]} pages those that have anything on them
 */
export function showShell(state, source, pages) {
  const { title } = source.about.site;
  document.title = `${PAGES[state.page]} · ${title}`;
  part("brand").textContent = title;
  part("tabs").replaceChildren(
    ...pages.map((page) =>
      h("a", {
        href: addressOf(state, { page, card: "", ing: "", solo: "" }),
        "aria-current": page === state.page ? "page" : null,
        text: PAGES[page],
      }),
    ),
  );
  part("tabs").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const isCatalogue = state.page === "catalogue";
  part("choices").hidden = isCatalogue;
  if (!isCatalogue) showChoices(state);
  showFreshness(state, source);
}

/** @param {State} state */
function showChoices(state) {
  const range = customRange(state);
  const options = /** @type {[string, string][]} */ (PERIODS.map(([value, text]) => [value, text]));
  const select = /** @type {HTMLSelectElement} */ (part("period-select"));
  if (document.activeElement !== select) {
    select.replaceChildren(
      ...options.map(([value, text]) => h("option", { value, text })),
      ...(range ? [h("option", { value: state.r, text: T.custom })] : []),
    );
  }
  select.value = state.r;
  const had = part("period").contains(document.activeElement);
  part("period").replaceChildren(segments({ label: T.period, options, chosen: state.r, choose: (r) => go({ r }) }));
  if (had) /** @type {HTMLElement | null} */ (part("period").querySelector("[aria-pressed=true]"))?.focus();
  part("compare").setAttribute("aria-pressed", String(state.cmp === "1"));
  part("custom").hidden = !isSignedIn;
  part("custom").setAttribute("aria-pressed", String(range !== null));
}

/**
 * @param {State} state
 * @param {Source} source
 */
export function showFreshness(state, source) {
  const about = state.page === "catalogue" ? source.aboutCatalogue : source.about;
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(about.generated_at)) / 60_000));
  const isOld = minutes > STALE_AFTER_MINUTES && state.page !== "catalogue";
  part("freshness").replaceChildren(
    h("i", { class: isOld || source.offline ? "live old" : "live", "aria-hidden": "true" }),
    h("span", { text: `${T.updated} ${ago(minutes, about.generated_at)}${isOld ? ` · ${T.stale}` : ""}` }),
    h("span", { class: "freshness-more", text: source.offline ? T.offline : shownDays(state, about) }),
  );
}

/**
 * @param {number} minutes
 * @param {string} at
 */
function ago(minutes, at) {
  if (minutes < 1) return T.justNow;
  if (minutes < 60) return T.minutesAgo(minutes);
  return minutes < 2880 ? T.hoursAgo(Math.round(minutes / 60)) : format.dayYear(at);
}

/**
 * @param {State} state
 * @param {Source["about"]} about
 */
function shownDays(state, about) {
  if (state.page === "catalogue") return T.rebuilt;
  if (!about.data_through) return about.timezone;
  const range = customRange(state);
  const first = range?.first ?? moveDay(about.data_through, 1 - daysOf(state));
  const last = range?.last ?? about.data_through;
  return `${format.dayYear(first)} – ${format.dayYear(last)} · ${T.completeDays} · ${about.timezone}`;
}

/** @param {State} state */
export function showTheme(state) {
  const asked = state.theme || memory.get("theme") || "auto";
  const theme = /** @type {readonly string[]} */ (THEMES).includes(asked) ? asked : "auto";
  document.documentElement.dataset.theme = theme;
}

export function nextTheme() {
  const now = /** @type {typeof THEMES[number]} */ (document.documentElement.dataset.theme);
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
  memory.set("theme", next);
  if (readState().theme) go({ theme: "" }, { replace: true });
  showTheme(readState());
  toast(T.theme[next]);
}

/** Listen to the controls of the frame, once. */
export function wireShell() {
  document.querySelector("[data-skip]")?.addEventListener("click", (event) => {
    event.preventDefault(); // the address is the state's
    part("main").focus();
  });
  part("compare").addEventListener("click", () => go({ cmp: readState().cmp === "1" ? "" : "1" }));
  part("period-select").addEventListener("change", (event) => {
    go({ r: /** @type {HTMLSelectElement} */ (event.target).value });
  });
  part("theme").addEventListener("click", nextTheme);
  part("help").addEventListener("click", async () => (await import("./dialogs.js")).showKeys());
  part("custom").addEventListener("click", async () => (await import("./dialogs.js")).askRange());
}
