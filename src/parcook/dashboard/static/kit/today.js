/** A young install is never blank: the day so far, and until a first day is complete what is still to be done. */

import { TODAY } from "../strings.js";
import { askToday } from "./data.js";
import { h, icon } from "./dom.js";
import { format } from "./format.js";

/**
 * @param {HTMLElement} box
 * @param {import("./data.js").Source} source
 */
export async function showToday(box, source) {
  let today;
  try {
    today = await askToday();
  } catch {
    box.remove(); // an older server, or a store that does not answer: the cards stand without it
    return;
  }
  const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", timeZone: source.about.timezone });
  box.replaceChildren(
    h(
      "p",
      { class: "today" },
      h("strong", { text: TODAY.title }),
      h("span", null, h("b", { text: format.whole(today.conversations) }), ` ${TODAY.conversations}`),
      h("span", null, h("b", { text: format.whole(today.messages) }), ` ${TODAY.messages}`),
      today.as_of && h("span", { class: "quiet", text: TODAY.asOf(time.format(new Date(today.as_of))) }),
    ),
  );
  if (!source.about.data_through) box.append(checklist(source, today.messages > 0));
}

/**
 * @param {import("./data.js").Source} source
 * @param {boolean} hasMessages
 */
function checklist(source, hasMessages) {
  const { server, catalogue, token, message, day } = TODAY.steps;
  const hasCatalogue = (source.aboutCatalogue.catalogue?.version ?? 0) > 0;
  const steps = [
    { text: server, done: true },
    { text: catalogue, done: hasCatalogue },
    { text: token, done: hasMessages },
    { text: message, done: hasMessages },
    { text: day, done: false },
  ];
  return h(
    "section",
    { class: "card checklist", "aria-label": TODAY.checklist },
    h("h2", { text: TODAY.checklist }),
    h(
      "ol",
      null,
      steps.map(({ text: [title, how], done }) =>
        h("li", { class: done ? "done" : "open" }, done ? icon("done") : h("i", { class: "todo" }), h("span", null, h("b", { text: title }), ` ${how}`)),
      ),
    ),
  );
}
