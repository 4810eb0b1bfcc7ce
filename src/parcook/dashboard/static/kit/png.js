/** A card painted on a canvas, box by box and line by line: no foreign markup, so no browser forbids it. */

import { h } from "./dom.js";

const SCALE = 2;
const LEFT_OUT = ".no-export, .unseen";
const PAINTED = [
  "fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity", "stroke-opacity", "font-size",
  "font-weight", "font-family", "text-anchor", "stop-color", "stop-opacity", "stroke-linecap", "stroke-linejoin",
  "paint-order",
];

/** @typedef {{context: CanvasRenderingContext2D, origin: DOMRect}} Paper */

/**
 * @param {HTMLElement} card
 * @returns {Promise<Blob | null>}
 */
export async function paint(card) {
  const origin = card.getBoundingClientRect();
  const canvas = h("canvas", { width: Math.ceil(origin.width * SCALE), height: Math.ceil(origin.height * SCALE) });
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.scale(SCALE, SCALE);
  await paintElement({ context, origin }, card);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/**
 * @param {Paper} paper
 * @param {Element} element
 */
async function paintElement(paper, element) {
  if (element.matches(LEFT_OUT)) return;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  if (style.display === "none" || style.visibility === "hidden" || !box.width) return;
  const { context, origin } = paper;
  context.save();
  context.globalAlpha *= Number(style.opacity);
  if (element instanceof SVGSVGElement) {
    await paintSvg(paper, element, box);
  } else {
    paintBox(context, style, box.left - origin.left, box.top - origin.top, box);
    if (style.overflow === "hidden") {
      context.beginPath();
      context.rect(box.left - origin.left, box.top - origin.top, box.width, box.height);
      context.clip();
    }
    for (const node of element.childNodes) {
      if (node instanceof Text && node.data.trim()) paintText(paper, style, node);
      else if (node instanceof Element) await paintElement(paper, node);
    }
  }
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {CSSStyleDeclaration} style
 * @param {number} x
 * @param {number} y
 * @param {DOMRect} box
 */
function paintBox(context, style, x, y, { width, height }) {
  context.beginPath();
  context.roundRect(x, y, width, height, parseFloat(style.borderTopLeftRadius) || 0);
  if (style.backgroundColor !== "rgba(0, 0, 0, 0)") {
    context.fillStyle = style.backgroundColor;
    context.fill();
  }
  if (!parseFloat(style.borderTopWidth)) return;
  context.strokeStyle = style.borderTopColor;
  context.lineWidth = 1;
  if (!parseFloat(style.borderLeftWidth)) {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + width, y);
  }
  context.stroke();
}

/**
 * @param {Paper} paper
 * @param {CSSStyleDeclaration} style
 * @param {Text} node
 */
function paintText({ context, origin }, style, node) {
  context.fillStyle = style.color;
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.textBaseline = "alphabetic";
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = context.measureText("Hg");
  for (const { text, left, top, bottom } of linesOf(node)) {
    context.fillText(text, left - origin.left, (top + bottom) / 2 - origin.top + (ascent - descent) / 2);
  }
}

/**
 * The lines that a text was broken into, with their places.
 * @param {Text} node
 */
function linesOf(node) {
  /** @type {{text: string, left: number, top: number, bottom: number}[]} */
  const lines = [];
  const range = document.createRange();
  for (let i = 0; i < node.length; i += 1) {
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    const at = range.getClientRects()[0];
    if (!at) continue;
    const line = lines.at(-1);
    if (line && Math.abs(line.top - at.top) < 2) line.text += node.data[i];
    else lines.push({ text: node.data[i], left: at.left, top: at.top, bottom: at.bottom });
  }
  return lines;
}

/**
 * @param {Paper} paper
 * @param {SVGSVGElement} svg
 * @param {DOMRect} box
 */
async function paintSvg({ context, origin }, svg, box) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const originals = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, i) => {
    const style = getComputedStyle(originals[i]);
    for (const name of PAINTED) {
      const value = style.getPropertyValue(name);
      if (value) element.setAttribute(name, value);
    }
    element.removeAttribute("class");
  });
  copy.setAttribute("width", String(box.width));
  copy.setAttribute("height", String(box.height));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  context.drawImage(image, box.left - origin.left, box.top - origin.top, box.width, box.height);
}
