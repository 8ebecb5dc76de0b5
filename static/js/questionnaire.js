// The questionnaire: one part of the conversation at a time, every note saved as it is typed, and no typed word lost.
//
// A save names the revision it was typed over and an operation of its own. A save whose outcome is unknown is sent again as it
// was, until the server has answered it: only then is what was typed since sent, so that one's own save is never a conflict.
// Every change is also kept in this browser (kept.js) before it is sent: a reload or a crash takes up where it ended.
"use strict";

(() => {
  const words = document.getElementById("script-words").dataset;
  const saveState = document.getElementById("save-state");
  const trouble = document.getElementById("save-trouble");
  const PAUSE = 600;
  const LONGEST_PAUSE = 3000;
  const PATIENCE = 20000;
  const RETRIES = [1000, 2000, 4000, 8000, 15000];
  const KEEPALIVE_LIMIT = 60000;
  const PARTS = ["text", "state", "chosen"];
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
      };
    }

    // Takes up what this browser kept. A page kept for want of a connection may be older than what the server had already
    // acknowledged; what was not acknowledged is sent again as it was.
    restore({ revision, saved, sent, typed }) {
      if (sent === null && same(typed, saved)) {
        if (revision <= this.revision) return;
        this.fill(typed);
        this.setRevision(revision);
        this.saved = this.typed();
        const said = typed.state || (typed.text.trim() || typed.chosen ? "noted" : "empty");
        showProgress(this.place, said);
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
      lastKey = Date.now();
      clearTimeout(thinking);
      thinking = setTimeout(bringForward, THINKING);
      bringForward();
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
          keepalive: body.length < KEEPALIVE_LIMIT,
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
        showProgress(this.place, told.state);
        if (told.asked) leadAlong(told.asked);
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
      bringForward();
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

  // ── What this browser keeps ──

  const copies = (() => {
    const { user, sheet, keys, worker } = words;
    let isBroken = !(window.isSecureContext && window.indexedDB && navigator.locks && crypto.subtle);
    let isReady = false;
    let ready = Promise.resolve();
    let own = "";
    const pause = (time) => new Promise((done) => setTimeout(done, time));

    // A name for this window that outlasts a reload; a copied window finds the name taken and gets another.
    const named = (name) => new Promise((done) => {
      const waiting = AbortSignal.timeout(1500);
      navigator.locks.request(`debriefs-window-${name}`, { signal: waiting }, () => {
        done(name);
        return new Promise(() => {});
      }).catch(() => done(""));
    });
    const open = async () => {
      own = (sessionStorage.getItem("debriefs-window") && await named(sessionStorage.getItem("debriefs-window")))
        || await named(operation());
      sessionStorage.setItem("debriefs-window", own);
      for (let wait = 1000; !isReady; wait = Math.min(wait * 2, 15000)) {
        try {
          await Kept.unlock(user, keys);
          return;
        } catch {
          await pause(wait);
        }
      }
    };
    const broken = () => {
      isBroken = true;
      showState();
    };

    const put = async (note) => {
      // While the key is on its way saving does not wait for it; what is open then is kept as soon as it has come.
      if (!isReady && !isBroken) await Promise.race([ready, pause(1500)]);
      if (!isReady || isBroken) return;
      const more = { sheet, answer: note.answer, window: own, isOpen: note.isOpen() || Boolean(note.conflict) };
      await Kept.put("notes", user, `${note.answer}/${own}`, note.kept(), more).catch(broken);
    };

    // What this window kept comes back first; then, one after the other, what windows left that are open no longer.
    const restoreAll = async () => {
      const before = new Map(notes.map((note) => [note, note.typed()]));
      await open();
      const held = new Set((await navigator.locks.query()).held.map((lock) => lock.name));
      for (const row of await Kept.notesOf(user, sheet)) {
        const note = notes.find((one) => one.answer === row.answer);
        const isOwn = row.window === own;
        if (!note || (!isOwn && held.has(`debriefs-window-${row.window}`))) continue;
        const isFree = !note.isOpen() && same(note.typed(), before.get(note));
        if (isOwn && isFree) note.restore(row.value);
        else if (row.isOpen) note.others.push(row);
        else if (isFree) note.restore(row.value);
      }
      isReady = true;
      for (const note of notes) note.takeUp();
      await Kept.tidy(user);
    };

    const keepPage = async () => {
      if (!navigator.serviceWorker) return;
      const isFirst = !navigator.serviceWorker.controller;
      await navigator.serviceWorker.register(worker);
      if (!isFirst) return;
      const { active } = await navigator.serviceWorker.ready;
      const parts = performance.getEntriesByType("resource")
        .filter((one) => ["link", "script", "css", "img"].includes(one.initiatorType) && one.name.startsWith(`${location.origin}/`))
        .map((one) => one.name);
      active.postMessage({ page: location.href.split("?")[0], parts });
    };

    const start = () => {
      if (isBroken) return;
      ready = restoreAll().catch(broken);
      ready.then(() => {
        bringForward();
        showState();
        for (const note of notes) if (note.isOpen()) note.keep();
        if (!isBroken) keepPage().catch(() => {});
      });
    };

    const settled = (row) => row.window === own || Kept.remove("notes", row.id).catch(broken);

    return { put, start, settled, isAway: () => isBroken || !isReady };
  })();

  let lastSaved = (saveState.textContent.match(/\d\d:\d\d/) || [""])[0];
  const parts = [...document.querySelectorAll("section.question")];
  const notes = parts.filter((section) => section.querySelector("form.answer")).map((section) => new Note(section));
  const noteAt = (place) => notes.find((note) => note.place === place);
  const shownPart = () => parts.find((section) => !section.hidden);

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
    const failing = (kind) => open.find((note) => note.failure === kind);
    const refused = failing("refused");
    const count = open.length;
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

  function showProgress(place, state) {
    const entry = document.querySelector(`.questions a[data-to="${place}"]`)?.closest("li");
    if (!entry) return;
    entry.dataset.state = state;
    const passed = state === "not_asked" || state === "declined";
    entry.querySelector("small").textContent = words[`state${state[0].toUpperCase()}${state.slice(1)}`] || "";
    entry.querySelector(".tick").replaceChildren(
      ...(state === "noted" ? [part("sign-noted")] : passed ? [part("sign-passed")] : []));
    colour(entry);
  }

  const colour = (entry) => {
    const link = entry.querySelector("a");
    const state = entry.dataset.state;
    entry.className = link.hasAttribute("aria-current") ? "now"
      : state === "noted" ? "done"
        : state === "not_asked" || state === "declined" ? "passed" : "";
  };

  // Which questions the answers lead to is the server's word alone; what was noted off the way stays in sight.
  const leadAlong = (asked) => {
    for (const note of notes) {
      const off = !asked.includes(Number(note.place));
      note.section.toggleAttribute("data-off", off);
      note.section.querySelector(".off-path").hidden = !off;
      const entry = document.querySelector(`.questions a[data-to="${note.place}"]`)?.closest("li");
      if (!entry) continue;
      entry.toggleAttribute("data-off", off);
      entry.hidden = off && entry.dataset.state === "empty" && note.section.hidden;
    }
    const now = shownPart();
    if (now) document.getElementById("go-next").textContent = label(now.dataset.place);
  };

  // ── Turning the parts over ──

  // As debriefs/interviews/vague.py decides, over the same tables. A short answer may still be under way: it waits for a pause.
  const vagueKinds = [...document.querySelectorAll(".probes[data-pattern]")].map((section) => ({
    section,
    pattern: new RegExp(section.dataset.pattern, "u"),
    explained: new RegExp(section.dataset.explained, "u"),
    mostWords: Number(section.dataset.mostWords),
  }));
  const THINKING = 4000;
  let lastKey = 0;
  let thinking = 0;

  const bringForward = () => {
    const text = noteAt(shownPart()?.dataset.place)?.field.value.toLowerCase().replaceAll("’", "'") || "";
    const sentences = text.split(/[.!?;\n]+/u).map((part) => part.trim().split(/\s+/u).join(" ")).filter(Boolean);
    const count = sentences.reduce((sum, sentence) => sum + sentence.split(" ").length, 0);
    let isAny = false;
    for (const { section, pattern, explained, mostWords } of vagueKinds) {
      const isSaid = mostWords
        ? !isAny && count > 0 && Date.now() - lastKey >= THINKING
          && (count <= mostWords || (sentences.length === 1 && pattern.test(sentences[0])))
        : sentences.some((sentence, at) => pattern.test(sentence) && !explained.test(sentences.slice(at, at + 2).join(" ")));
      isAny ||= isSaid;
      section.hidden = !isSaid;
    }
  };

  const label = (place) => {
    if (place === "closing") return words.end;
    if (place === "opening") return notes.length ? words.first : words.closing;
    return notes.some((note) => Number(note.place) > Number(place) && !note.section.hasAttribute("data-off")) ? words.next : words.closing;
  };

  function show(place) {
    const before = shownPart();
    const section = parts.find((one) => one.dataset.place === place);
    if (!section) return;
    if (before) noteAt(before.dataset.place)?.save();
    for (const one of parts) one.hidden = one !== section;
    for (const one of document.querySelectorAll("[data-beside]")) one.hidden = one.dataset.beside !== place;
    for (const link of document.querySelectorAll(".questions a")) {
      if (link.dataset.to === place) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
      colour(link.closest("li"));
    }
    const back = document.getElementById("go-previous");
    const next = document.getElementById("go-next");
    back.hidden = place === "opening";
    next.textContent = label(place);
    for (const button of [back, next]) button.setAttribute("form", `form-${place}`);
    const address = new URL(location.href);
    address.searchParams.set("at", place);
    history.replaceState(null, "", address);
    bringForward();
    showState();
    const field = section.querySelector("textarea.notes");
    const target = field && matchMedia("(pointer: fine)").matches ? field : section.querySelector("h1");
    target.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  const goFrom = async (place, step) => {
    // An answer decides what comes next: it is saved before one goes on.
    const here = noteAt(place);
    if (step > 0 && here?.marks.length) await here.flush();
    let index = parts.findIndex((section) => section.dataset.place === place) + step;
    while (parts[index]?.hasAttribute("data-off")) index += step;
    if (parts[index]) {
      show(parts[index].dataset.place);
      return;
    }
    await Promise.all(notes.map((note) => note.flush()));
    if (!notes.some((note) => note.isOpen())) document.getElementById("form-closing").submit();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-to]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      show(link.dataset.to);
    }
    const button = event.target.closest("button[name=go]");
    if (button) {
      event.preventDefault();
      goFrom(shownPart().dataset.place, button.value === "next" ? 1 : -1);
    }
  });
  for (const note of notes) {
    note.form.addEventListener("submit", (event) => {
      event.preventDefault();
      note.save();
    });
  }

  // ── The buyer's words ──

  // The sentence around the caret; right behind its full stop, the one before.
  const sentenceAt = (text, at) => {
    const starts = [". ", "? ", "! ", "\n"].map((end) => {
      const found = at < end.length ? -1 : text.lastIndexOf(end, at - end.length);
      return found < 0 ? 0 : found + end.length;
    });
    const ends = [". ", "? ", "! "].map((end) => text.indexOf(end, Math.max(0, at - 1)) + 1).filter((found) => found > 0);
    const line = text.indexOf("\n", at);
    return [Math.max(...starts), Math.min(...ends, line < 0 ? text.length : line)];
  };

  const coderOf = (note) => note.section.querySelector("form.coder");

  const mark = (note) => {
    const field = note.field;
    let [start, end] = [field.selectionStart, field.selectionEnd];
    if (start === end) [start, end] = sentenceAt(field.value, start);
    const coder = coderOf(note);
    coder.hidden = false;
    coder.elements.words.value = field.value.slice(start, end).trim();
    coder.elements.near.value = start;
    (coder.elements.words.value ? coder.elements.driver : coder.elements.words).focus();
  };

  const leave = (note) => {
    const coder = coderOf(note);
    coder.reset();
    coder.hidden = true;
    note.field.focus();
  };

  for (const note of notes) {
    const coder = coderOf(note);
    coder.hidden = !note.section.querySelector(".error-summary") || !coder.elements.words.value;
    note.section.querySelector(".mark-words").addEventListener("mousedown", (event) => event.preventDefault());
    note.section.querySelector(".mark-words").addEventListener("click", () => mark(note));
    coder.querySelector(".leave-coder").addEventListener("click", () => leave(note));
    note.field.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      if (event.key.toLowerCase() === "b") {
        event.preventDefault();
        mark(note);
      } else if (event.key === "Enter") {
        event.preventDefault();
        goFrom(note.place, 1);
      }
    });
    coder.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave(note);
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        coder.requestSubmit();
      }
    });
    // The place of the words is found in the saved note: what was typed goes first.
    coder.addEventListener("htmx:confirm", (event) => {
      if (event.target !== coder) return;
      event.preventDefault();
      note.flush().then(() => event.detail.issueRequest(true));
    });
    coder.addEventListener("htmx:afterRequest", (event) => {
      if (event.target === coder && event.detail.successful) leave(note);
    });
  }

  // ── The list of keys ──

  const keyList = document.getElementById("keys");
  const toggleKeys = () => (keyList.open ? keyList.close() : keyList.showModal());
  document.getElementById("keys-open").addEventListener("click", toggleKeys);
  document.getElementById("keys-close").addEventListener("click", toggleKeys);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F1") return;
    event.preventDefault();
    toggleKeys();
  });

  // ── Leaving, coming back ──

  // A form that leaves the page waits for what was typed a moment before.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.matches("[hx-post]") || !notes.some((note) => note.isOpen())) return;
    event.preventDefault();
    const { target, submitter } = event;
    Promise.all(notes.map((note) => note.flush())).then(() => {
      if (!notes.some((note) => note.isOpen())) target.requestSubmit(submitter);
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

  const timer = document.getElementById("timer");
  if (timer) {
    setInterval(() => {
      timer.textContent = Math.max(0, Math.floor((Date.now() / 1000 - Number(timer.dataset.opened)) / 60));
    }, 10000);
  }

  for (const one of document.querySelectorAll(".with-script")) one.hidden = false;
  for (const one of document.querySelectorAll(".no-script")) one.hidden = true;
  for (const note of notes) {
    const torn = note.section.querySelector(".conflict");
    if (!torn) continue;
    const { revision } = note;
    note.revision = 0;
    note.showConflict({ ...torn.dataset, revision });
  }
  // A page kept for want of a connection shows the part it was kept with.
  const wanted = new URL(location.href).searchParams.get("at");
  if (wanted && shownPart()?.dataset.place !== wanted && !document.querySelector(".error-summary")) show(wanted);
  showState();
  copies.start();
})();
