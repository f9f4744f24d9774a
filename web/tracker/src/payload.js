/**
 * Reads a payload of the tracker protocol: which event it is, one line about it, and the whole of it decoded.
 */

const NAMES = { pv: "page_view", pp: "page_ping", se: "event", tr: "transaction", ti: "transaction_item" };

/** Name of the event, as the warehouse has it in event_name -> what the log calls it. */
const LABELS = {
  page_view: "page view",
  page_ping: "page ping",
  link_click: "link click",
  focus_form: "form focus",
  change_form: "form change",
  submit_form: "form submit",
  sample_input: "sample input",
};

/** Name of an entity -> what the log calls it; the others are in every event and go without saying. */
const ENTITIES = { geolocation_context: "position", http_client_hints: "client hints" };

/** The payload as plain data: its parameters, the self-describing event and the entities out of their encoding. */
export function decode(payload) {
  const { ue_pr: event, ue_px: event64, co: entities, cx: entities64, ...parameters } = payload;
  return {
    ...parameters,
    event: unwrap(event, event64) ?? null,
    entities: unwrap(entities, entities64) ?? [],
  };
}

/** What the log shows of a decoded payload: the event's id and name, a label, a line and the entities worth naming. */
export function describe(decoded) {
  const name = decoded.event ? schemaName(decoded.event.schema) : NAMES[decoded.e] ?? decoded.e;
  return {
    id: decoded.eid,
    name,
    label: LABELS[name] ?? name,
    line: line(name, decoded),
    carries: decoded.entities.map((entity) => ENTITIES[schemaName(entity.schema)]).filter(Boolean),
  };
}

/** The data of the entity with this name, or undefined. */
export function entity(decoded, name) {
  return decoded.entities.find(({ schema }) => schemaName(schema) === name)?.data;
}

function unwrap(text, base64) {
  const json = text ?? (base64 && fromBase64(base64));
  return json && JSON.parse(json).data;
}

function fromBase64(text) {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

function schemaName(schema) {
  return schema.split("/")[1];
}

function line(name, decoded) {
  const data = decoded.event?.data ?? {};
  switch (name) {
    case "page_view":
      return `${decoded.page ?? "untitled"} at ${pathOf(decoded.url)}`;
    case "page_ping":
      return `still here, seen down to ${seenPercent(decoded)} % of the page`;
    case "link_click":
      return `${data.elementContent ?? data.elementId ?? "a link"} → ${pathOf(data.targetUrl)}`;
    case "focus_form":
      return `${data.elementId} in ${data.formId}`;
    case "change_form":
      return `${data.elementId} ${data.value === null ? "changed, its value is left out" : `is now “${data.value}”`}`;
    case "submit_form":
      return `${data.formId} with ${data.elements.map((element) => element.name).join(", ")}`;
    case "sample_input":
      return typeof data.value === "string" ? `“${data.value}”` : `breaks its schema: ${JSON.stringify(data)}`;
    default:
      return decoded.event ? JSON.stringify(data) : "";
  }
}

function pathOf(address) {
  const url = new URL(address, location.href);
  return url.origin === location.origin ? url.pathname + url.search + url.hash : url.href;
}

/** How far down the page was seen since the last ping; offsets of 0 are left out of the payload. */
function seenPercent(decoded) {
  const height = (size) => Number(size?.split("x")[1] ?? 0);
  const total = height(decoded.ds);
  const seen = Number(decoded.pp_may ?? 0) + height(decoded.vp);
  return total ? Math.min(100, Math.round((100 * seen) / total)) : 100;
}
