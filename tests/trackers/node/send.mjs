// Sends each kind of event once with Snowplow's Node tracker, and prints which events the collector acknowledged.
// Arguments: address of the collector, get or post. Output: JSON, kind -> id of the event.
import * as snowplow from "@snowplow/node-tracker";

const [endpoint, eventMethod] = process.argv.slice(2);
const acknowledged = new Set();
const tracker = snowplow.newTracker(
  { namespace: "node", appId: "node-app", encodeBase64: eventMethod === "get" },
  {
    endpoint,
    eventMethod,
    bufferSize: 5,
    retryFailedRequests: false,
    onRequestSuccess: (events) => events.forEach((event) => acknowledged.add(event.eid)),
    onRequestFailure: ({ message }) => console.error(`not acknowledged: ${message}`),
  },
);
tracker.setUserId("Zoë");
tracker.setIpAddress("203.0.113.7");
tracker.setTimezone("Asia/Tokyo");
tracker.setLang("ja");
tracker.setScreenResolution(1920, 1080);
tracker.setUseragent("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");

const page = { pageUrl: "https://example.com/カート?utm_source=node", pageTitle: "Cart 🛒", referrer: "https://example.org/" };
const field = { formId: "sign-up", elementId: "plan", nodeName: "SELECT", value: "weekly", elementClasses: ["wide"] };
const campaign = { costModel: "cpc", cost: 0.25, advertiserId: "a-1", campaignId: "c-1" };
const article = { sku: "p-1", name: "Mug", category: "kitchen", unitPrice: 12.5, quantity: 2, currency: "EUR" };
const consent = { id: "terms", version: "2", name: "Terms", description: "What we may do" };

const kinds = {
  page_view: snowplow.buildPageView(page),
  page_ping: snowplow.buildPagePing({ ...page, minXOffset: 0, maxXOffset: 10, minYOffset: 0, maxYOffset: 900 }),
  structured: snowplow.buildStructEvent({ category: "shop", action: "add", label: "mug", property: "red", value: 1.5 }),
  transaction: snowplow.buildEcommerceTransaction({ orderId: "o-1", total: 25, tax: 4, shipping: 3, city: "Kyōto", currency: "EUR" }),
  transaction_item: snowplow.buildEcommerceTransactionItem({ orderId: "o-1", sku: "p-1", price: 12.5, quantity: 2, currency: "EUR" }),
  self_describing: snowplow.buildSelfDescribingEvent({
    event: { schema: "iglu:com.patrickcloud/sample_input/jsonschema/1-0-0", data: { value: "from Node ❄" } },
  }),
  link_click: snowplow.buildLinkClick({ targetUrl: "https://example.org/", elementId: "out", elementContent: "Out" }),
  focus_form: snowplow.buildFormFocusOrChange({ schema: "focus_form", ...field }),
  change_form: snowplow.buildFormFocusOrChange({ schema: "change_form", ...field }),
  submit_form: snowplow.buildFormSubmission({
    formId: "sign-up",
    elements: [{ name: "plan", value: "weekly", nodeName: "SELECT" }],
  }),
  screen_view: snowplow.buildScreenView({ id: "s-1", name: "Home" }),
  ad_impression: snowplow.buildAdImpression({ impressionId: "i-1", ...campaign }),
  ad_click: snowplow.buildAdClick({ targetUrl: "https://example.org/", clickId: "k-1", ...campaign }),
  ad_conversion: snowplow.buildAdConversion({ conversionId: "v-1", ...campaign }),
  social_interaction: snowplow.buildSocialInteraction({ action: "like", network: "mastodon", target: "post-1" }),
  add_to_cart: snowplow.buildAddToCart(article),
  remove_from_cart: snowplow.buildRemoveFromCart(article),
  site_search: snowplow.buildSiteSearch({ terms: ["mug"], filters: { red: true }, totalResults: 8, pageResults: 5 }),
  consent_granted: snowplow.buildConsentGranted(consent),
  consent_withdrawn: snowplow.buildConsentWithdrawn({ all: false, ...consent }),
};

const sent = {};
for (const [kind, built] of Object.entries(kinds)) {
  const { event, context } = built.event ? built : { event: built, context: [] };
  const entity = { schema: "iglu:com.patrickcloud/ctx/jsonschema/1-0-0", data: { a: 1 } };
  sent[kind] = tracker.track(event, [entity, ...context]).eid;
}
await tracker.flush();
process.once("beforeExit", () => {
  // only now has the tracker told of every answer
  console.log(JSON.stringify(Object.fromEntries(Object.entries(sent).filter(([, id]) => acknowledged.has(id)))));
});
