import { newSession, trackPageView, trackSelfDescribingEvent } from "@snowplow/browser-tracker";
import { shareLocation } from "./location.js";
import { refusal } from "./sample.js";
import { start } from "./start.js";

const SAMPLE_INPUT = "iglu:com.patrickcloud/sample_input/jsonschema/1-0-0";

const byId = (id) => document.getElementById(id);
const count = new Intl.NumberFormat("en-GB");

function sendSample() {
  const { value } = byId("sample-input");
  const reason = refusal(value);
  byId("sample-note").textContent = reason ?? "Sent as you typed it. Follow it in the log.";
  byId("sample-input").setAttribute("aria-invalid", String(reason !== null));
  if (reason === null) {
    trackSelfDescribingEvent({ event: { schema: SAMPLE_INPUT, data: { value } } });
    byId("sample-input").value = "";
  }
  byId("sample-input").focus();
}

/** A text where the schema wants `value`: it passes the collector, and enrich turns it into a bad row. */
function sendBroken() {
  trackSelfDescribingEvent({ event: { schema: SAMPLE_INPUT, data: { text: "not what the schema calls it" } } });
}

/** What a page without reloads does: a new address, a new title, a page view. */
function showView() {
  const address = new URL(location.href);
  const view = Number(address.searchParams.get("view") ?? 1) + 1;
  address.searchParams.set("view", view);
  history.pushState({}, "", address);
  trackPageView({ title: `Tracker page, view ${view}` });
}

function showSession(journal) {
  const session = journal.session;
  const pings = journal.entries.filter((entry) => entry.name === "page_ping").length;
  byId("session-id").textContent = session?.sessionId.slice(0, 8) ?? "…";
  byId("session-id").title = session?.sessionId ?? "";
  byId("session-index").textContent = session ? count.format(session.sessionIndex) : "…";
  byId("session-events").textContent = session ? count.format(session.eventIndex) : "…";
  byId("page-pings").textContent = count.format(pings);
}

function showHints(hints) {
  byId("hints-note").textContent = hints
    ? `This browser tells: ${[hints.platform, hints.platformVersion, hints.architecture, hints.model, hints.uaFullVersion].filter(Boolean).join(", ")}. Every event carries it.`
    : "This browser tells none, as Firefox and Safari do. Events go without.";
}

function enable(id, type, act) {
  byId(id).addEventListener(type, (event) => {
    if (type === "submit") {
      event.preventDefault();
    }
    act();
  });
}

try {
  const { journal, hints } = await start();
  journal.addEventListener("change", () => showSession(journal));
  showSession(journal);
  showHints(hints);
  byId("link-next").search = location.search;
  enable("sample-form", "submit", sendSample);
  enable("broken-send", "click", sendBroken);
  enable("virtual-view", "click", showView);
  enable("session-new", "click", () => {
    newSession();
    trackPageView();
  });
  enable("profile-form", "submit", () => {
    byId("profile-note").textContent = "Nothing went anywhere but the event in the log, and that has no password.";
  });
  enable("location-share", "click", () => shareLocation((sentence) => (byId("location-note").textContent = sentence)));
  for (const button of document.querySelectorAll("button")) {
    button.disabled = false;
  }
} catch (error) {
  byId("collector-note").textContent = `The page cannot start: ${error.message}. Is its server still running? Reload to try again.`;
  byId("collector-note").className = "state bad";
}
