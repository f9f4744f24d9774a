import { GeolocationPlugin, enableGeolocationContext } from "@snowplow/browser-plugin-geolocation";

const LOOKS_EVERY_MS = 300;
const PATIENCE_MS = 15_000;

/** Adds the position to events, once the visitor agreed. */
export const geolocation = GeolocationPlugin(false);

/**
 * Lets the tracker ask for the position, by the browser's own question, and tells in sentences how that goes.
 *
 * The plugin asks only once and says nothing; a question of our own beside it would show the visitor two.
 */
export async function shareLocation(tell) {
  if (!navigator.geolocation || !isSecureContext) {
    tell("The browser gives positions only to pages on localhost or with HTTPS.");
    return;
  }
  tell("The browser asks you, and then looks for the position …");
  enableGeolocationContext();
  const permission = await navigator.permissions.query({ name: "geolocation" });
  const began = Date.now();
  const look = () => {
    const [position] = geolocation.contexts();
    if (position) {
      const metres = Math.round(position.data.latitudeLongitudeAccuracy);
      tell(`Shared, to about ${metres} m. Every event carries it from now on, until you leave the page.`);
    } else if (permission.state === "denied") {
      tell("Refused, by you or by the browser's settings for this site. Events go on without your position.");
    } else {
      if (Date.now() - began > PATIENCE_MS) {
        tell("No position yet. Events go on without it; answer the browser's question, or leave it.");
      }
      setTimeout(look, LOOKS_EVERY_MS);
    }
  };
  look();
}
