// The registry's console: its schemas, the text of one, and whether an instance follows its schema.

const EVERY_MS = 10000
const EXAMPLE = { schema: "iglu:com.patrickcloud/sample_input/jsonschema/1-0-0", data: { value: "hello" } }

const find = (id) => document.getElementById(id)
let key = "" // the API key, kept nowhere else
let schemas = [] // {vendor, name, format, version}
let listed = 0 // the status with which the list was last answered
let healthy = null // whether the registry was, when last asked

// ---- asking

// The registry's answer as {status, body}; status 0 where Nginx does not answer.
async function ask(path, options = {}) {
  const headers = { ...options.headers, ...(key ? { apikey: key } : {}) }
  try {
    const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(15000), ...options, headers })
    const text = await answer.text()
    return { status: answer.status, body: parsed(text) ?? text }
  } catch {
    return { status: 0, body: "" }
  }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const message = (body) => (typeof body === "object" && body?.message) || (typeof body === "string" && body.length < 300 && !body.startsWith("<") && body) || ""

// ---- showing

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

const typed = (text) => element("code", { textContent: text })

function tell(place, kind, ...text) {
  place.hidden = false
  const said = text.map((part) => part.textContent ?? part).join("")
  if (place.textContent === said && place.className === `state ${kind}`) return // or a screen reader would say it again
  place.className = `state ${kind}`
  place.replaceChildren(...text)
}

// What an answer that is none of the registry's own means; nothing for one that is.
function trouble(status) {
  if (status === 0) return ["Nginx does not answer. Start it with ", typed("make up"), " or ", typed("snowmelt proxy"), "."]
  if (status >= 500) return ["The registry does not answer. Events wait until it does. Start it with ", typed("make up"), " or ", typed("snowmelt iglu"), "; why it ended: ", typed("make logs STAGE=iglu")]
  return null
}

// ---- the list

const order = new Intl.Collator("en", { numeric: true }).compare

function grouped(list) {
  const vendors = new Map()
  for (const one of list) {
    const names = vendors.get(one.vendor) ?? vendors.set(one.vendor, new Map()).get(one.vendor)
    names.set(one.name, [...(names.get(one.name) ?? []), one])
  }
  return vendors
}

function uri({ vendor, name, format, version }) {
  return `${vendor}/${name}/${format}/${version}`
}

function list() {
  const wanted = find("filter").value.trim().toLowerCase()
  const shown = schemas.filter((one) => uri(one).toLowerCase().includes(wanted))
  if (!shown.length) {
    find("vendors").replaceChildren(element("p", { className: "empty" }, ...emptiness(wanted)))
    return
  }
  const vendors = [...grouped(shown)].sort(([a], [b]) => order(a, b))
  find("vendors").replaceChildren(...vendors.map(([vendor, names]) => {
    const rows = [...names].sort(([a], [b]) => order(a, b)).map(([name, versions]) =>
      element("li", {}, element("span", { textContent: name }), element("div", {}, ...versions.sort((a, b) => order(a.version, b.version)).map(button))))
    const summary = element("summary", { textContent: `${vendor} · ${names.size} ${names.size === 1 ? "schema" : "schemas"}` })
    return element("details", { className: "card", open: wanted !== "" || vendors.length <= 3 }, summary, element("ul", { className: "names" }, ...rows))
  }))
}

function emptiness(wanted) {
  if (listed !== 200) return ["Not known: the list could not be read."]
  if (schemas.length) return [`No name holds “${wanted}”.`]
  if (key) return ["This key may read no schema."]
  return ["The registry holds no public schema. Publish the project's with ", typed("snowmelt schema publish"), ", or type a key that may read private ones."]
}

function button(one) {
  const made = element("button", { type: "button", textContent: one.version })
  made.setAttribute("aria-label", `${one.name} ${one.version}`)
  made.setAttribute("aria-pressed", "false")
  made.addEventListener("click", () => choose(one, made))
  return made
}

async function choose(one, pressed) {
  const { status, body } = await ask(`/api/schemas/${uri(one)}`)
  for (const other of document.querySelectorAll("[aria-pressed=true]")) other.setAttribute("aria-pressed", "false")
  pressed.setAttribute("aria-pressed", "true")
  find("schema").hidden = false
  find("chosen").textContent = `iglu:${uri(one)}`
  find("described").textContent = status === 200 ? (body.description ?? "") : ""
  find("text").textContent = status === 200 ? JSON.stringify(body, null, 2) : (message(body) || `The registry answered ${status}.`)
  find("chosen").focus()
}

async function load() {
  const { status, body } = await ask("/api/schemas")
  const problem = trouble(status)
  listed = status === 404 ? 200 : status // a registry without schemas has no list of them
  schemas = (Array.isArray(body) ? body : [])
    .map((text) => /^iglu:([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(text)).filter(Boolean)
    .map(([, vendor, name, format, version]) => ({ vendor, name, format, version }))
  if (problem) tell(find("state"), "bad", ...problem)
  else if (listed === 200) tell(find("state"), "", `Healthy: ${schemas.length} ${schemas.length === 1 ? "version" : "versions"} of schemas can be read${key ? " with this key" : ""}.`)
  else tell(find("state"), "warn", message(body) || `The registry answered ${status}.`)
  list()
}

// ---- the check

async function check(event) {
  event.preventDefault()
  const text = find("instance").value
  find("findings").hidden = true
  try {
    JSON.parse(text)
  } catch (error) {
    tell(find("verdict"), "bad", `This is no JSON: ${error.message}`)
    return
  }
  const { status, body } = await ask("/api/validation/validate/instance", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: text,
  })
  const problem = trouble(status)
  if (problem) {
    tell(find("verdict"), "bad", ...problem)
  } else {
    const fits = status === 200 && !body.report // what does not fit is answered 200 too, with a report
    tell(find("verdict"), fits ? "" : "bad", message(body) || `The registry answered ${status}.`)
    report(body?.report ?? [])
  }
}

function report(findings) {
  const cell = (content) => element("td", {}, content)
  find("findings").hidden = findings.length === 0
  find("findings").querySelector("tbody").replaceChildren(...findings.map((one) =>
    element("tr", {}, cell(typed(one.path ?? "$")), cell(one.message ?? JSON.stringify(one)))))
}

// ---- beginning

async function watch() {
  const { status } = await ask("/api/meta/health")
  if (healthy !== (status === 200)) {
    healthy = status === 200
    await load()
  }
  setTimeout(watch, EVERY_MS)
}

find("address").textContent = `${location.origin}/api`
find("instance").value = JSON.stringify(EXAMPLE, null, 2)
find("filter").addEventListener("input", list)
find("validation").addEventListener("submit", check)
find("key").addEventListener("submit", (event) => {
  event.preventDefault()
  key = find("secret").value.trim()
  load()
})
watch()
