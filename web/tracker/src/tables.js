const FINAL = new Set(["modelled", "bad row"]);
const ASKED_AT_ONCE = 50;
const PAUSE_SECONDS = 5;

/**
 * Asks the page's server again and again how far the tables have the journal's events; the newest first.
 *
 * As long as nothing new is published the same question is answered 304, without looking. `tell` gets a sentence
 * on how old the published tables are.
 */
export function followTables(journal, tell) {
  const ask = async () => {
    const waiting = journal.entries.filter(({ state }) => !FINAL.has(state));
    const query = new URLSearchParams(waiting.slice(0, ASKED_AT_ONCE).map(({ id }) => ["id", id]));
    try {
      const response = await fetch(`/events.json?${query}`, { cache: "no-cache" });
      const found = await response.json();
      if (!response.ok) {
        throw new Error(found.error);
      }
      for (const [id, { state }] of Object.entries(found.events)) {
        journal.found(id, state);
      }
      tell(age(found.published));
    } catch (error) {
      tell(`Whether events are loaded is not known: ${error.message}`);
    }
  };
  const keepAsking = async () => {
    if (!document.hidden) {
      await ask();
    }
    setTimeout(keepAsking, PAUSE_SECONDS * 1000);
  };
  keepAsking();
}

function age(published) {
  if (published === null) {
    return "No tables are published yet. While make up runs that happens every few minutes.";
  }
  const minutes = Math.floor((Date.now() - Date.parse(published)) / 60_000);
  const ago = minutes < 1 ? "less than a minute ago" : minutes === 1 ? "a minute ago" : `${minutes} minutes ago`;
  return `The tables were last published ${minutes < 120 ? ago : `${Math.floor(minutes / 60)} hours ago`}.`;
}
