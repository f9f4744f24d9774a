import { start } from "./start.js";

const byId = (id) => document.getElementById(id);

try {
  await start();
  byId("link-back").search = location.search;
} catch (error) {
  byId("collector-note").textContent = `The page cannot start: ${error.message}. Reload to try again.`;
  byId("collector-note").className = "state bad";
}
