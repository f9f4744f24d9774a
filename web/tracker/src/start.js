import "../../style.css";
import "./page.css";
import { chooseCollector } from "./collector.js";
import { Journal } from "./journal.js";
import { showLog } from "./log.js";
import { followTables } from "./tables.js";
import { RETRY_SECONDS, startTracker } from "./tracker.js";

const byId = (id) => document.getElementById(id);

/** What both pages do: choose a collector, track, show the log. Gives the journal and the browser's client hints. */
export async function start() {
  const journal = new Journal(sessionStorage);
  showLog(journal, { list: byId("log"), empty: byId("log-empty"), announcer: byId("announcer") });
  const query = new URLSearchParams(location.search);
  const { collectors } = await (await fetch("/settings.json")).json();
  const chosen = await chooseCollector(collectors, query.get("collector"), location.hostname);
  showCollector(chosen);
  journal.addEventListener("change", () => showWaiting(journal));
  const options = { method: query.get("method") === "get" ? "get" : "post", base64: query.get("base64") === "1" };
  const hints = await startTracker(chosen.address, journal, options);
  followTables(journal, (sentence) => (byId("tables-note").textContent = sentence));
  document.body.dataset.ready = "true";
  return { journal, hints };
}

function showCollector({ address, answers, sentence, accept }) {
  const note = byId("collector-note");
  note.textContent = sentence;
  note.dataset.collector = address;
  note.className = answers ? (accept ? "state warn" : "state") : "state bad";
  if (accept) {
    const link = document.createElement("a");
    link.href = `${accept}/`;
    link.id = "collector-accept";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = `open ${accept}`;
    note.append(" To accept it, ", link, ", go on past the warning, and reload this page.");
  }
}

function showWaiting(journal) {
  const waiting = journal.entries.filter(({ answer }) => answer === "waiting").length;
  const note = byId("waiting-note");
  note.hidden = waiting === 0;
  if (waiting) {
    const events = waiting === 1 ? "1 event waits" : `${waiting} events wait`;
    note.textContent =
      `${events} in this browser, because the collector did not take ${waiting === 1 ? "it" : "them"}. ` +
      `Nothing is lost: it is tried again every ${RETRY_SECONDS} seconds. Is the collector up?`;
  }
}
