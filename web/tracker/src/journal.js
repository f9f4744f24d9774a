import { decode, describe, entity } from "./payload.js";

const KEPT = 200;
const STORED_AS = "snowmelt.journal";

/**
 * What this tab has sent, newest first, and what became of each event.
 *
 * Every change is told as a "change" event with the entry in its detail. It outlives a reload, so that an event can be
 * followed into the tables, which takes minutes.
 *
 * An entry has `answer`: "sending", "answered", "waiting" (it failed and is sent again) or "refused"; `status` and
 * `message` of the answer; and `state`, how far the published tables have it.
 */
export class Journal extends EventTarget {
  entries = [];
  #storage;

  constructor(storage) {
    super();
    this.#storage = storage;
    try {
      this.entries = JSON.parse(storage.getItem(STORED_AS) ?? "[]");
    } catch {
      this.entries = [];
    }
  }

  /** Takes a payload that the tracker is about to send. */
  add(payload) {
    const decoded = decode(payload);
    const entry = { ...describe(decoded), decoded, time: Number(decoded.dtm), answer: "sending", state: "not yet" };
    this.entries.unshift(entry);
    this.entries.length = Math.min(this.entries.length, KEPT);
    this.#changed(entry);
    return entry;
  }

  /** Notes what the collector answered to payloads; one from an earlier page is new here. */
  answer(payloads, answer, status, message) {
    for (const payload of payloads) {
      const entry = this.entries.find(({ id }) => id === payload.eid) ?? this.add(payload);
      this.#changed(Object.assign(entry, { answer, status, message }));
    }
  }

  /** Notes how far the tables have an event. */
  found(id, state) {
    const entry = this.entries.find((one) => one.id === id);
    if (entry && entry.state !== state) {
      this.#changed(Object.assign(entry, { state }));
    }
  }

  /** Events that the collector has not taken yet. */
  get unanswered() {
    return this.entries.filter(({ answer }) => answer === "sending" || answer === "waiting");
  }

  /** The session the newest event belongs to, as its entity says; undefined before the first. */
  get session() {
    return this.entries.length ? entity(this.entries[0].decoded, "client_session") : undefined;
  }

  #changed(entry) {
    try {
      this.#storage.setItem(STORED_AS, JSON.stringify(this.entries));
    } catch {
      // A full storage costs the journal its memory of this tab, nothing else.
    }
    this.dispatchEvent(new CustomEvent("change", { detail: entry }));
  }
}
