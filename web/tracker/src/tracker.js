import { ClientHintsPlugin } from "@snowplow/browser-plugin-client-hints";
import { FormTrackingPlugin, enableFormTracking } from "@snowplow/browser-plugin-form-tracking";
import { LinkClickTrackingPlugin, enableLinkClickTracking } from "@snowplow/browser-plugin-link-click-tracking";
import { PerformanceNavigationTimingPlugin } from "@snowplow/browser-plugin-performance-navigation-timing";
import { TimezonePlugin } from "@snowplow/browser-plugin-timezone";
import { enableActivityTracking, flushBuffer, newTracker, trackPageView } from "@snowplow/browser-tracker";
import { geolocation } from "./location.js";

export const RETRY_SECONDS = 5;

/** As the models count them: dbt/dbt_project.yml has the same two numbers. */
const MINIMUM_VISIT_SECONDS = 5;
const HEARTBEAT_SECONDS = 10;

const HINTS = ["architecture", "model", "platform", "platformVersion", "uaFullVersion"];
const HINTS_PATIENCE_MS = 1000;

/**
 * Starts the tracker. It tells the journal what it sends and what it is answered, and sends the page view.
 *
 * `method` is "post" or "get", `base64` whether JSON travels encoded. Gives the client hints the browser has, or null.
 */
export async function startTracker(collector, journal, { method, base64 }) {
  newTracker("snowmelt", collector, {
    appId: "tracker-page",
    platform: "web",
    eventMethod: method,
    encodeBase64: base64,
    bufferSize: 1,
    cookieSecure: location.protocol === "https:",
    contexts: { session: true, browser: true, webPage: true },
    onRequestSuccess: (payloads, response) => journal.answer(payloads, "answered", response.status),
    onRequestFailure: ({ events, status, message, willRetry }) =>
      journal.answer(events, willRetry ? "waiting" : "refused", status, message),
    plugins: [
      { afterTrack: (payload) => journal.add(payload) },
      LinkClickTrackingPlugin(),
      FormTrackingPlugin(),
      ClientHintsPlugin(true),
      geolocation,
      TimezonePlugin(),
      PerformanceNavigationTimingPlugin(),
    ],
  });
  enableActivityTracking({ minimumVisitLength: MINIMUM_VISIT_SECONDS, heartbeatDelay: HEARTBEAT_SECONDS });
  enableLinkClickTracking({ trackContent: true });
  enableFormTracking({ options: { forms: { denylist: ["untracked"] } } });
  const hints = await clientHints();
  trackPageView();
  // The tracker tries again with the next event only; a visitor who waits should not have to do something for it.
  setInterval(() => journal.unanswered.length && flushBuffer(), RETRY_SECONDS * 1000);
  return hints;
}

/** The detailed hints, which come a moment later than the page: the first page view waits for them, but not long. */
function clientHints() {
  const asked = navigator.userAgentData?.getHighEntropyValues(HINTS) ?? Promise.resolve(null);
  const patience = new Promise((resolve) => setTimeout(resolve, HINTS_PATIENCE_MS, null));
  return Promise.race([asked.catch(() => null), patience]);
}
