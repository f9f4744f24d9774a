const ANSWERS = {
  sending: () => "sending …",
  answered: ({ status }) => String(status),
  waiting: ({ status }) => `${status ?? "no answer"}, will be sent again`,
  refused: ({ status }) => `${status}, not sent again`,
};

const STATES = {
  "not yet": "not in the tables yet",
  "bad row": "became a bad row",
  "held or waiting": "loaded, not checked yet or held",
  loaded: "loaded, the models follow",
  modelled: "in the models",
};

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Events that come by themselves, too often to be read aloud. */
const SILENT = new Set(["page_ping", "focus_form"]);

/** Shows a journal as a list, newest first; a screen reader hears what became of what the visitor did. */
export function showLog(journal, { list, empty, announcer }) {
  const items = new Map();

  const show = (entry) => {
    if (!items.has(entry.id)) {
      items.set(entry.id, new Item(entry));
      list.prepend(items.get(entry.id).root);
    }
    items.get(entry.id).update(entry);
    empty.hidden = true;
  };

  const prune = () => {
    const kept = new Set(journal.entries.map(({ id }) => id));
    for (const [id, item] of items) {
      if (!kept.has(id)) {
        item.root.remove();
        items.delete(id);
      }
    }
  };

  for (const entry of journal.entries.toReversed()) {
    show(entry);
  }
  journal.addEventListener("change", ({ detail: entry }) => {
    show(entry);
    prune();
    if (!SILENT.has(entry.name) && entry.answer !== "sending" && entry.state === "not yet") {
      announcer.textContent = `${entry.label}: ${ANSWERS[entry.answer](entry)}`;
    }
  });
}

/** One event in the list. */
class Item {
  root = element("li", "event");
  #answer = element("span", "answer");
  #state = element("span", "fate");
  #rows = element("a");

  constructor(entry) {
    const time = element("time", "", CLOCK.format(entry.time));
    time.dateTime = new Date(entry.time).toISOString();
    const summary = element("summary");
    summary.append(time, element("span", "kind", entry.label), this.#answer, element("span", "line", entry.line));
    const details = element("details");
    details.append(summary);
    details.addEventListener("toggle", () => this.#unfold(details, entry), { once: true });

    this.#rows.href = `/events/${entry.id}`;
    this.#rows.textContent = "its rows";
    this.#rows.setAttribute("aria-label", `rows of this ${entry.label}`);
    const foot = element("p", "foot");
    foot.append(this.#state, this.#rows, ...entry.carries.map((name) => element("span", "carries", name)));
    this.root.append(details, foot);
    this.root.dataset.eventId = entry.id;
    this.root.dataset.kind = entry.name;
  }

  update(entry) {
    this.root.dataset.answer = entry.answer;
    this.root.dataset.state = entry.state;
    this.#answer.textContent = ANSWERS[entry.answer](entry);
    this.#answer.title = entry.message ?? "";
    this.#state.textContent = STATES[entry.state] ?? entry.state;
    this.#rows.hidden = entry.state === "not yet";
  }

  #unfold(details, entry) {
    const payload = element("pre", "payload", JSON.stringify(entry.decoded, null, 2));
    payload.tabIndex = 0;
    payload.setAttribute("aria-label", "payload, decoded");
    details.append(payload);
  }
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
