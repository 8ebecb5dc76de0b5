// Notes that are saved as they are typed, and no typed word lost: the questionnaire, the write-up, a written debrief.
//
// A save names the revision it was typed over and an operation of its own. A save whose outcome is unknown is sent again as it
// was, until the server has answered it: only then is what was typed since sent, so that one's own save is never a conflict.
// Where the page asks for it every change is also kept in this browser (copies.js) before it is sent: a reload or a crash takes
// up where it ended.
//
// A note is a section with data-answer (its name among the copies), form.answer (where it is saved, with base_revision and
// operation), textarea.notes, and what can be chosen; .conflict-place shows both texts of a conflict. `Saving.begin(sections,
// hooks)` starts them; hooks are progress(place, told), touched(), settled(), and of what else
// waits for the server (owed.js) owed() and settle().
"use strict";

const Saving = (() => {
  const words = document.getElementById("script-words").dataset;
  const saveState = document.getElementById("save-state");
  const trouble = document.getElementById("save-trouble");
  const PAUSE = 600;
  const LONGEST_PAUSE = 3000;
  const PATIENCE = 20000;
  const RETRIES = [1000, 2000, 4000, 8000, 15000];
  const KEEPALIVE_LIMIT = 60000;
  const PARTS = ["text", "state", "chosen"];
  const none = { put: async () => {}, settled: () => {}, isAway: () => true };
  let copies = none;
  let hooks = { progress() {}, touched() {}, settled() {}, owed: () => ({ count: 0, failure: "" }), settle: async () => {} };
  let notes = [];
  const same = (one, other) => Boolean(one && other) && PARTS.every((name) => one[name] === other[name]);

  const operation = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  const part = (id) => document.getElementById(id).content.cloneNode(true);

  class Note {
    constructor(section) {
      this.section = section;
      this.place = section.dataset.place;
      this.answer = section.dataset.answer;
      this.form = section.querySelector("form.answer");
      this.field = section.querySelector("textarea.notes");
      this.states = [...section.querySelectorAll("input[type=radio][name=state]")];
      this.marks = [...section.querySelectorAll("fieldset.chosen input")];
      this.revision = Number(this.form.elements.base_revision.value);
      this.saved = this.typed();
      this.sent = null; // the save whose outcome is not known yet
      this.isUnderWay = false;
      this.conflict = null;
      this.base = 0; // during a conflict: the revision that was typed over
      this.others = []; // what other windows left unsent before they were closed
      this.keeping = null;
      this.isKeepWanted = false;
      this.failure = "";
      this.failures = 0;
      this.timer = 0;
      this.since = 0;
      // A page that came back with a refused save shows what was typed, not what is saved.
      if (section.querySelector(".conflict-place .error-summary")) this.saved = null;
      this.field.addEventListener("input", () => this.touched());
      for (const button of [...this.states, ...this.marks]) button.addEventListener("change", () => this.touched());
    }

    typed() {
      const said = this.states.find((radio) => radio.checked);
      const chosen = this.marks.filter((mark) => mark.checked).map((mark) => mark.value).join("\n");
      return { text: this.field.value.replaceAll("\0", ""), state: said ? said.value : "", chosen };
    }

    isOpen() {
      const typed = this.typed();
      return this.sent !== null || !same(typed, this.saved);
    }

    fill({ text, state, chosen }) {
      const marks = chosen.split("\n");
      this.field.value = text;
      for (const radio of this.states) radio.checked = radio.value === state;
      for (const mark of this.marks) mark.checked = marks.includes(mark.value);
    }

    // Writes down in this browser how things stand; resolves once that is done, or cannot be done.
    keep() {
      this.isKeepWanted = true;
      this.keeping ||= (async () => {
        await null;
        while (this.isKeepWanted) {
          this.isKeepWanted = false;
          await copies.put(this);
        }
        this.keeping = null;
      })();
      return this.keeping;
    }

    kept() {
      return {
        revision: this.conflict ? this.base : this.revision,
        saved: this.saved,
        sent: this.sent,
        typed: this.typed(),
        savedAt: lastSaved,
      };
    }

    // Takes up what this browser kept. A page kept for want of a connection may be older than what the server had already
    // acknowledged; what was not acknowledged is sent again as it was.
    restore({ revision, saved, sent, typed, savedAt }) {
      if (revision > this.revision) lastSaved = savedAt || lastSaved;
      if (sent === null && same(typed, saved)) {
        if (revision <= this.revision) return;
        this.fill(typed);
        this.setRevision(revision);
        this.saved = this.typed();
        const said = typed.state || (typed.text.trim() || typed.chosen ? "noted" : "empty");
        hooks.progress(this.place, { state: said });
        return;
      }
      this.fill(typed);
      this.setRevision(revision);
      this.saved = saved;
      this.sent = sent;
      this.later(0);
    }

    setRevision(revision) {
      this.revision = revision;
      this.form.elements.base_revision.value = revision;
    }

    // The next text that another window left, once this one's is settled: over its own revision, so that a conflict shows both.
    takeUp() {
      const next = this.isOpen() || this.conflict ? null : this.others.shift();
      if (!next) return;
      this.restore(next.value);
      this.keep().then(() => copies.settled(next));
    }

    touched() {
      hooks.touched();
      this.keep();
      if (this.failure === "refused") this.failure = "";
      if (this.conflict) this.section.querySelector(".mine").textContent = this.field.value || "–";
      else if (!this.failures) {
        this.since = this.since || Date.now();
        // Somebody who types without a pause is saved every few seconds all the same.
        if (Date.now() - this.since > LONGEST_PAUSE) this.save();
        else this.later(PAUSE);
      }
      showState();
    }

    later(wait) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), wait);
    }

    delay() {
      return RETRIES[Math.min(this.failures, RETRIES.length) - 1] || PAUSE;
    }

    async save() {
      clearTimeout(this.timer);
      if (this.isUnderWay || this.conflict || !this.isOpen()) return;
      this.sent = this.sent || { ...this.typed(), base_revision: this.revision, operation: operation() };
      this.isUnderWay = true;
      this.since = 0;
      showState();
      // Kept before it is sent: whoever reloads in between sends the same operation again.
      await this.keep();
      const body = new URLSearchParams(this.sent).toString();
      let answer = null;
      let told = null;
      try {
        answer = await fetch(this.form.action, {
          method: "POST",
          body,
          headers: {
            Accept: "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "HX-Request": "true",
            "X-CSRFToken": csrfToken(),
          },
          // Only a page that is going away needs it: such a request outlives the page, and is sent beside it.
          keepalive: document.visibilityState === "hidden" && body.length < KEEPALIVE_LIMIT,
          redirect: "error",
          signal: AbortSignal.timeout(PATIENCE),
        });
        if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) told = await answer.json();
      } catch {
        answer = null;
      }
      this.isUnderWay = false;
      this.heard(answer, told);
      showState();
    }

    heard(answer, told) {
      if (answer && answer.ok && told) {
        this.saved = { text: this.sent.text, state: this.sent.state, chosen: this.sent.chosen };
        this.sent = null;
        this.setRevision(told.revision);
        this.form.elements.operation.value = operation();
        this.failure = "";
        this.failures = 0;
        lastSaved = told.saved_at || lastSaved;
        const old = this.section.querySelector(".conflict-place");
        if (old) old.replaceChildren();
        hooks.progress(this.place, told);
        this.keep();
        if (this.isOpen()) this.later(PAUSE);
        else this.takeUp();
        return;
      }
      if (answer && answer.status === 409 && told) {
        const wasAside = Boolean(this.sent.aside);
        this.refused = this.sent.text;
        this.sent = null;
        this.failure = "";
        this.failures = 0;
        if (wasAside && told.revision === this.revision) {
          // The server keeps a refused text; that was all that was wanted of it.
          this.keep();
          if (this.isOpen()) this.later(PAUSE);
          else this.takeUp();
          return;
        }
        this.showConflict(told);
        return;
      }
      this.failures += 1;
      if (answer && answer.status === 422 && told) {
        // The server has answered: what is typed next is a save of its own.
        this.sent = null;
        this.failure = "refused";
        this.failures = 0;
        this.problem = told.problem;
        this.keep();
        return;
      }
      if (answer && answer.status === 401) this.failure = "signed-out";
      else if (answer && [403, 404].includes(answer.status)) this.failure = "not-yours";
      else this.failure = "offline";
      this.later(this.delay());
    }

    showConflict(told) {
      this.base = this.revision;
      this.conflict = told;
      this.revision = told.revision;
      lastSaved = told.saved_at || lastSaved;
      const shown = part("conflict");
      shown.querySelector(".problem").textContent = told.problem;
      shown.querySelector(".by").textContent = [told.saved_by, told.saved_at].filter(Boolean).join(", ");
      shown.querySelector(".theirs").textContent = told.text || "–";
      const chosen = Array.isArray(told.chosen) ? told.chosen : (told.chosen || "").split("\n").filter(Boolean);
      this.conflict = { ...told, chosen };
      shown.querySelector(".theirs-chosen").textContent = this.said(chosen);
      shown.querySelector(".mine-chosen").textContent = this.said(this.typed().chosen.split("\n"));
      shown.querySelector(".mine").textContent = this.field.value || "–";
      for (const button of shown.querySelectorAll("[data-keep]")) {
        button.addEventListener("click", () => this.settle(button.dataset.keep));
      }
      this.section.querySelector(".conflict-place").replaceChildren(shown);
      this.keep();
    }

    // The words of marks, as they stand beside their buttons.
    said(chosen) {
      return this.marks.filter((mark) => chosen.includes(mark.value)).map((mark) => mark.parentElement.textContent.trim()).join(", ");
    }

    settle(choice) {
      const theirs = this.conflict.text;
      const mine = this.field.value;
      const theirState = ["not_asked", "declined"].includes(this.conflict.state) ? this.conflict.state : "";
      if (choice === "theirs") {
        // What was typed on after the refusal goes to the server before it leaves the field: refused there, and kept.
        if (mine.trim() && mine !== theirs && mine !== this.refused) {
          this.sent = { ...this.typed(), base_revision: this.base, operation: operation(), aside: "1" };
        }
        this.field.value = theirs;
        for (const radio of this.states) radio.checked = radio.value === theirState;
        for (const mark of this.marks) mark.checked = this.conflict.chosen.includes(mark.value);
      } else if (choice === "both") {
        this.field.value = theirs.includes(mine) ? theirs : mine.includes(theirs) ? mine : `${theirs}\n\n${mine}`;
      }
      this.saved = { text: theirs, state: theirState, chosen: this.conflict.chosen.join("\n") };
      this.conflict = null;
      this.section.querySelector(".conflict-place").replaceChildren();
      this.field.focus();
      this.keep();
      this.save();
      if (!this.isOpen()) this.takeUp();
      hooks.settled();
      showState();
    }

    // Resolves once nothing of this note is open, or it is clear that it cannot be saved now.
    async flush() {
      for (let turn = 0; turn < 4 && this.isOpen() && !this.conflict && !this.failure; turn += 1) {
        if (this.isUnderWay) await new Promise((done) => setTimeout(done, 100));
        else await this.save();
      }
    }
  }

  let lastSaved = (saveState.textContent.match(/\d\d:\d\d/) || [""])[0];

  // ── What the bar says ──

  const say = (sign, text, tone) => {
    if (saveState.dataset.said === `${sign} ${text}`) return;
    saveState.dataset.said = `${sign} ${text}`;
    saveState.querySelector(".sign").replaceChildren(part(`sign-${sign}`));
    saveState.querySelector(".said").textContent = text;
    saveState.className = `saved ${tone}`;
  };

  const explain = (kind, problem = "") => {
    if (trouble.dataset.kind === kind + problem) return;
    trouble.dataset.kind = kind + problem;
    trouble.replaceChildren(...(kind ? [part(`trouble-${kind}`)] : []));
    if (problem) trouble.querySelector(".problem").textContent = problem;
  };

  function showState() {
    const open = notes.filter((note) => note.isOpen());
    const owed = hooks.owed();
    const failing = (kind) => open.find((note) => note.failure === kind) || (owed.failure === kind ? owed : undefined);
    const refused = failing("refused");
    const count = open.length + owed.count;
    if (failing("signed-out")) {
      say("trouble", words.signedOut, "late");
      explain("signed-out");
    } else if (failing("not-yours")) {
      say("trouble", words.refused, "late");
      explain("not-yours");
    } else if (refused) {
      say("trouble", words.refused, "late");
      explain("refused", refused.problem);
    } else if (failing("offline")) {
      say("offline", count === 1 ? words.offlineOne : words.offlineMany.replace("{n}", count), "soon");
      explain(copies.isAway() ? "offline-window" : "offline");
    } else {
      const torn = notes.find((note) => note.conflict);
      if (torn) {
        say("trouble", words.conflict, "late");
        explain(torn.section.hidden ? "conflict" : "");
        if (torn.section.hidden) trouble.querySelector("a").dataset.to = torn.place;
        return;
      }
      explain("");
      if (count) say("saving", words.saving, "");
      else say("saved", lastSaved ? words.saved.replace("{at}", lastSaved) : words.nothing, "");
    }
  }

  // ── Leaving, coming back ──

  // A form that leaves the page waits for what was typed a moment before.
  document.addEventListener("submit", (event) => {
    const isOpen = () => notes.some((note) => note.isOpen()) || hooks.owed().count > 0;
    if (event.defaultPrevented || event.target.matches("[hx-post]") || !isOpen()) return;
    event.preventDefault();
    const { target, submitter } = event;
    Promise.all(notes.map((note) => note.flush())).then(() => hooks.settle()).then(() => {
      if (!isOpen()) target.requestSubmit(submitter);
    });
  });

  addEventListener("beforeunload", (event) => {
    if (notes.some((note) => note.isOpen())) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    for (const note of notes) note.save();
  });
  addEventListener("online", () => {
    for (const note of notes) note.save();
  });

  const begin = (sections, wanted = {}) => {
    hooks = { ...hooks, ...wanted };
    notes = sections.filter((section) => section.querySelector("form.answer")).map((section) => new Note(section));
    for (const note of notes) {
      note.form.addEventListener("submit", (event) => {
        event.preventDefault();
        note.save();
      });
    }
    return notes;
  };

  // What a page without script left open: a conflict in it is shown as the script shows one. Then copies, if the page keeps any.
  const start = (kept = null) => {
    for (const note of notes) {
      const torn = note.section.querySelector(".conflict");
      if (!torn) continue;
      const { revision } = note;
      note.revision = 0;
      note.showConflict({ ...torn.dataset, revision });
    }
    for (const one of document.querySelectorAll(".with-script")) one.hidden = false;
    for (const one of document.querySelectorAll(".no-script")) one.hidden = true;
    if (kept) copies = kept;
    showState();
    kept?.start();
  };

  const savedAt = (at) => { lastSaved = at || lastSaved; };

  return { begin, start, showState, savedAt, operation, csrfToken, part, same, words, all: () => notes };
})();
