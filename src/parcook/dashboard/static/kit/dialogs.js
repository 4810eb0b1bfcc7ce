/** What opens above the page: the list of keys, and the choice of a free range of days. */

import { KEYS, T } from "../strings.js";
import { h } from "./dom.js";
import { customRange, go, memory, readState } from "./state.js";

/**
 * @param {string} title
 * @param {...import("./dom.js").Child} children
 */
function open(title, ...children) {
  const dialog = h(
    "dialog",
    { "aria-labelledby": "dialog-title" },
    h("form", { method: "dialog" }, h("h2", { id: "dialog-title", text: title }), ...children),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function showKeys() {
  if (document.querySelector("dialog")) return;
  const on = h("input", { type: "checkbox", checked: memory.get("keys") !== "off" });
  on.addEventListener("change", () => memory.set("keys", on.checked ? "on" : "off"));
  open(
    KEYS.title,
    h(
      "dl",
      null,
      KEYS.rows.map(([keys, text]) => [
        h("dt", null, keys.map((key) => (key === "–" ? key : h("kbd", { text: key })))),
        h("dd", { text }),
      ]),
    ),
    h("label", { class: "check" }, on, KEYS.on),
    h("button", { class: "button", text: KEYS.close }),
  );
}

export function askRange() {
  const range = customRange(readState());
  const first = h("input", { type: "date", required: true, value: range?.first });
  const last = h("input", { type: "date", required: true, value: range?.last });
  const dialog = open(
    T.customTitle,
    h("label", { class: "field" }, T.customFrom, first),
    h("label", { class: "field" }, T.customTo, last),
    h("div", { class: "dialog-end" }, h("button", { class: "button strong", value: "show", text: T.customApply })),
  );
  first.addEventListener("change", () => last.setAttribute("min", first.value));
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "show" && first.value && last.value) go({ r: `${first.value}..${last.value}` });
  });
}
