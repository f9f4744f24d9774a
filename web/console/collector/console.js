// The collector's console: reads /metrics every two seconds and draws what became of the numbers in between.

const EVERY_MS = 2000
const KEPT = 90 // points: three minutes
const PREFIX = "snowmelt_collector_"
const QUIET_ROUTES = new Set(["health", "sink-health"]) // asked by machines and by this page

const CHARTS = [
  { title: "Requests and payloads a second", series: [["requests", "requests", "first"], ["records", "payloads written", "second"]], show: count },
  { title: "Refused and failed a second", series: [["client", "4xx, the client's fault", "third"], ["server", "5xx, sent again by trackers", "failing"]], show: count },
  { title: "Time to make a batch durable", series: [["p50", "p50", "second"], ["p95", "p95", "first"], ["p99", "p99", "third"]], show: duration },
  { title: "Waiting to be durable", series: [["queue", "payloads", "first"]], show: count },
]

const find = (id) => document.getElementById(id)
const points = []
let before = null // the last reading, with its time

// ---- reading

// Prometheus' text as {name: [{labels, value}, …]}.
function parse(text) {
  const families = {}
  for (const line of text.split("\n")) {
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/i.exec(line)
    if (!match) continue
    const labels = Object.fromEntries([...(match[2] ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
    const name = match[1].replace(PREFIX, "")
    ;(families[name] ??= []).push({ labels, value: Number(match[3]) })
  }
  return families
}

// How much a counter grew. One that fell began again at nothing, with a new process.
const growth = (now, then) => (now >= then ? now - then : now)

const key = (sample) => JSON.stringify(sample.labels)

// The samples of a counter, each with what it grew by since the reading before.
function grown(name, now, then) {
  const old = new Map((then[name] ?? []).map((sample) => [key(sample), sample.value]))
  return (now[name] ?? []).map((sample) => ({ ...sample, growth: growth(sample.value, old.get(key(sample)) ?? 0) }))
}

const total = (samples) => samples.reduce((sum, sample) => sum + sample.growth, 0)

// The value that a share of all observations stayed within, from cumulative buckets; null where there were none.
function quantile(share, buckets) {
  const all = buckets.at(-1)?.growth ?? 0
  if (!all) return null
  let bound = 0
  let below = 0
  for (const bucket of buckets) {
    const upper = Number(bucket.labels.le.replace("+Inf", "Infinity"))
    if (bucket.growth >= share * all) {
      return upper === Infinity ? bound : bound + ((upper - bound) * (share * all - below)) / (bucket.growth - below)
    }
    bound = upper
    below = bucket.growth
  }
  return bound
}

const value = (reading, name) => reading[name]?.[0]?.value ?? 0

// One point of the picture out of two readings.
function point(now, then, seconds) {
  const answers = grown("requests_total", now, then).filter((sample) => !QUIET_ROUTES.has(sample.labels.route))
  const rate = (first) => total(answers.filter((sample) => sample.labels.status.startsWith(first))) / seconds
  const buckets = grown("commit_seconds_bucket", now, then)
  return {
    requests: rate(""),
    client: rate("4"),
    server: rate("5"),
    records: total(grown("records_total", now, then)) / seconds,
    queue: value(now, "queued_records"),
    p50: quantile(0.5, buckets),
    p95: quantile(0.95, buckets),
    p99: quantile(0.99, buckets),
  }
}

// ---- showing

function count(number) {
  if (number === null || number === undefined) return "–"
  return number.toLocaleString("en", { maximumFractionDigits: number < 10 && !Number.isInteger(number) ? 1 : 0 })
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–"
  return seconds < 1 ? `${(seconds * 1000).toLocaleString("en", { maximumSignificantDigits: 2 })} ms` : `${seconds.toFixed(1)} s`
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

function drawing(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name)
  for (const [attribute, text] of Object.entries(attributes)) made.setAttribute(attribute, text)
  made.append(...children)
  return made
}

// A picture of some series, and the function that draws it anew.
function chart({ title, series, show }) {
  const lines = series.map(([, , look]) => drawing("path", { class: look }))
  const plot = drawing("svg", { role: "img", viewBox: `0 0 ${KEPT - 1} 100`, preserveAspectRatio: "none" }, ...lines)
  const numbers = series.map(() => element("b"))
  const legend = series.map(([, name, look], at) => element("li", {},
    drawing("svg", { viewBox: "0 0 22 10", "aria-hidden": "true" }, drawing("path", { class: look, d: "M1 5H21" })), `${name} `, numbers[at]))
  const top = element("span")
  find("charts").append(element("figure", {}, element("figcaption", { textContent: title }), element("ul", { className: "legend" }, ...legend),
    element("div", { className: "plot" }, element("div", { className: "scale" }, top, element("span", { textContent: "0" })), plot,
      element("div", { className: "time" }, element("span", { textContent: "3 minutes ago" }), element("span", { textContent: "now" })))))

  return () => {
    const highest = Math.max(0, ...points.flatMap((one) => (one ? series.map(([name]) => one[name] ?? 0) : [])))
    const ceiling = highest > 0 ? highest : 1
    top.textContent = highest > 0 ? show(highest) : ""
    const told = series.map(([name, label], at) => {
      lines[at].setAttribute("d", path(name, ceiling))
      numbers[at].textContent = show(points.at(-1)?.[name])
      return `${label} ${numbers[at].textContent}`
    })
    plot.setAttribute("aria-label", `${title}: now ${told.join(", ")}; highest ${show(highest)}.`)
  }
}

// The line of one series: the newest point on the right, a gap where nothing is known.
function path(name, ceiling) {
  const first = KEPT - points.length
  let drawn = ""
  let pen = "M"
  points.forEach((one, at) => {
    const height = one?.[name]
    if (height === null || height === undefined) {
      pen = "M"
      return
    }
    const place = `${first + at} ${(98 - (96 * height) / ceiling).toFixed(2)}`
    drawn += pen === "M" ? `M${place}L${place}` : `L${place}` // a lone point is a dot
    pen = "L"
  })
  return drawn
}

function table(now, then, seconds) {
  const rows = grown("requests_total", now, then).sort((a, b) => b.value - a.value || (key(a) < key(b) ? -1 : 1))
  const cell = (text, number) => element("td", { textContent: text, className: number ? "number" : "" })
  const none = element("tr", {}, element("td", { colSpan: 5, className: "empty", textContent: "None yet." }))
  const lines = rows.map(({ labels, value, growth }) => element("tr", {},
    cell(labels.status), cell(labels.route), cell(labels.method), cell(count(growth / seconds), true), cell(count(value), true)))
  find("answers").replaceChildren(...(lines.length ? lines : [none]))
}

function tell(kind, ...text) {
  const state = find("state")
  const said = text.map((part) => part.textContent ?? part).join("")
  if (state.textContent === said) return // or a screen reader would say it again
  state.className = `state ${kind}`
  state.replaceChildren(...text)
}

const typed = (text) => element("code", { textContent: text })

// What the numbers mean, in a sentence.
function judge(now, newest) {
  const known = points.filter((one) => one)
  if (!value(now, "sink_healthy")) {
    tell("bad", "The last batch could not be written: trackers are answered 503 and send again later. Nothing acknowledged is lost. Look for a full or broken disk, and into the log: ", typed("make logs STAGE=collector"))
  } else if (newest.server > 0) {
    tell("bad", "Some requests fail with 5xx; trackers send them again. The log says why: ", typed("make logs STAGE=collector"))
  } else if (newest.client > 0) {
    tell("warn", "Healthy, but some requests are refused with 4xx: the table below tells which.")
  } else if (known.every((one) => one.requests === 0)) {
    tell("", "Healthy, and nothing is sent. To see something: ", typed("snowmelt simulate --events 2000"))
  } else {
    tell("", "Healthy: everything sent is acknowledged.")
  }
}

function show(now, newest) {
  find("requests").textContent = count(newest.requests)
  find("records").textContent = count(newest.records)
  find("errors").textContent = newest.requests ? `${count((100 * (newest.client + newest.server)) / newest.requests)} %` : "–"
  find("queue").textContent = count(newest.queue)
  find("commit").textContent = duration(newest.p99)
  find("connections").textContent = count(value(now, "connections"))
}

function showNothing() {
  for (const tile of ["requests", "records", "errors", "queue", "commit", "connections"]) find(tile).textContent = "–"
}

// ---- asking

const REASONS = {
  403: ["warn", "Only this machine may see the metrics; its health is at ", element("a", { href: "/health", textContent: "/health" })],
  404: ["warn", "The collector's metrics are switched off: set ", typed("metrics.enabled"), " to true and start it again."],
}
const DOWN = ["bad", "The collector does not answer. Trackers keep their events and send them later. Start it with ", typed("make up"), " or ", typed("snowmelt collector"), "; why it ended: ", typed("make logs STAGE=collector")]
const GONE = ["bad", "Nginx does not answer, so nothing can be seen from here. Start it with ", typed("make up"), " or ", typed("snowmelt proxy"), "."]

async function read() {
  let answer
  try {
    answer = await fetch("/metrics", { cache: "no-store", signal: AbortSignal.timeout(5000) })
  } catch {
    return { problem: GONE }
  }
  return answer.ok ? { reading: parse(await answer.text()) } : { problem: REASONS[answer.status] ?? DOWN }
}

async function poll(draw) {
  const { reading, problem } = await read()
  const time = performance.now()
  if (problem) {
    tell(...problem)
    showNothing()
    points.push(null)
    before = null
  } else if (before) {
    const seconds = (time - before.time) / 1000
    const newest = point(reading, before.reading, seconds)
    points.push(newest)
    show(reading, newest)
    table(reading, before.reading, seconds)
    judge(reading, newest)
  }
  if (reading) before = { reading, time }
  points.splice(0, points.length - KEPT)
  draw()
  setTimeout(poll, EVERY_MS, draw)
}

find("address").textContent = location.origin
const charts = CHARTS.map(chart)
poll(() => charts.forEach((drawn) => drawn()))
