/** Elements. Text goes in as text and styles by property, so that stored text is inert and the CSP can be strict. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {Node | string | number | null | undefined | false} Leaf
 * @typedef {Leaf | Leaf[] | Leaf[][]} Child
 * @typedef {{[name: string]: unknown,
 *   on?: {[event: string]: ((event: any) => void) | null | undefined},
 *   css?: {[property: string]: string}, text?: unknown}} Props
 */

/**
 * @template {Element} E
 * @param {E & ElementCSSInlineStyle} element
 * @param {Props | null | undefined} props
 * @param {Child[]} children
 * @returns {E}
 */
function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value == null || value === false) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(/** @type {NonNullable<Props["on"]>} */ (value))) {
        if (handler) element.addEventListener(event, handler);
      }
    } else if (name === "css") {
      for (const [property, to] of Object.entries(/** @type {{[k: string]: string}} */ (value))) {
        element.style.setProperty(property, to);
      }
    } else if (name === "text") element.textContent = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(2)) {
    if (child != null && child !== false) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/**
 * An HTML element. Of `props`, `on` are listeners, `css` style properties, `text` its text; the rest are attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/**
 * An SVG element, as `h`.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function s(tag, props, ...children) {
  return fill(/** @type {any} */ (document.createElementNS(SVG, tag)), props, children);
}

const ICONS = {
  dots: ["M5 10h.01", "M10 10h.01", "M15 10h.01"],
  up: ["M10 5l5 6H5z"],
  down: ["M10 15l5-6H5z"],
  chevron: ["M8 5l5 5-5 5"],
  table: ["M3.5 5h13v10h-13z", "M3.5 8.5h13M8 8.5V15"],
  download: ["M10 4v8M6.5 9l3.5 3.5L13.5 9", "M4 16h12"],
  link: [
    "M8.5 11.5a3 3 0 004.2 0l2.4-2.4a3 3 0 00-4.2-4.2l-.9.9",
    "M11.5 8.5a3 3 0 00-4.2 0l-2.4 2.4a3 3 0 004.2 4.2l.9-.9",
  ],
  empty: ["M4 15.5h12", "M6.5 12v1M10 9v4M13.5 11v2"],
  warning: ["M10 4l7 12H3z", "M10 8.5v3.5M10 14h.01"],
  lock: ["M5.5 9.5h9v6h-9z", "M7.5 9.5V7.5a2.5 2.5 0 015 0v2"],
  done: ["M4.5 10.5l3.5 3.5 7.5-8"],
};

/**
 * A small picture from the set above, hidden from screen readers.
 * @param {keyof typeof ICONS} name
 */
export function icon(name) {
  return s(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 20 20", "aria-hidden": "true" },
    ICONS[name].map((d) => s("path", { d })),
  );
}

/**
 * A group of buttons of which one is pressed.
 * @param {{label: string, options: [value: string, text: string][], chosen: string,
 *   choose: (value: string) => void}} of
 */
export function segments({ label, options, chosen, choose }) {
  return h(
    "div",
    { class: "segments", role: "group", "aria-label": label },
    options.map(([value, text]) =>
      h("button", {
        type: "button",
        "aria-pressed": String(value === chosen),
        text,
        on: { click: () => choose(value) },
      }),
    ),
  );
}

/**
 * A sentence at the foot of the page that goes away by itself, spoken too.
 * @param {string} text
 */
export function toast(text) {
  const element = h("div", { class: "toast", role: "status", text });
  document.body.append(element);
  setTimeout(() => element.remove(), 2200);
}
