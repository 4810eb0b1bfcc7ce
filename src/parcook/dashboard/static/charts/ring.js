/** A ring of shares beside its list, which says the same in words. */

import { h, s } from "../kit/dom.js";
import { format } from "../kit/format.js";
import { arc, pie } from "../vendor/d3.js";

/**
 * @param {HTMLElement} host
 * @param {{slices: {name: string, share: number, tone: string, extra: HTMLElement | null}[], centre: string,
 *   unit: string, label: string}} of
 */
export function ring(host, { slices, centre, unit, label }) {
  const arcs = pie().sort(null).padAngle(0.024)(slices.map((slice) => slice.share));
  const shape = arc().innerRadius(62).outerRadius(92).cornerRadius(1.5);
  const paths = arcs.map((angles, i) => s("path", { class: `arc ${slices[i].tone}`, d: shape(/** @type {any} */ (angles)) }));
  const figure = s("text", { class: "ring-figure", y: 2, "text-anchor": "middle", text: centre });
  const caption = s("text", { class: "ring-caption", y: 20, "text-anchor": "middle", text: unit });
  const entries = slices.map((slice) =>
    h(
      "li",
      null,
      h("i", { class: `swatch ${slice.tone}` }),
      h("span", { class: "ring-name", text: slice.name }),
      h("b", { text: format.share(slice.share) }),
      slice.extra,
    ),
  );
  const pick = (/** @type {number | null} */ at) => {
    paths.forEach((path, i) => path.classList.toggle("dim", at !== null && at !== i));
    entries.forEach((entry, i) => entry.classList.toggle("picked", at === i));
    figure.textContent = at === null ? centre : format.shareFine(slices[at].share);
    caption.textContent = at === null ? unit : slices[at].name;
  };
  [...paths, ...entries].forEach((element, i) => {
    element.addEventListener("pointerenter", () => pick(i % slices.length));
    element.addEventListener("pointerleave", () => pick(null));
  });
  host.append(
    h(
      "div",
      { class: "ring-box" },
      s("svg", { class: "chart ring", viewBox: "-100 -100 200 200", "aria-hidden": "true" }, paths, figure, caption),
      h("ul", { class: "ring-list", "aria-label": label }, entries),
    ),
  );
}
