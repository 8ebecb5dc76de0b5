// The questionnaire: one part of the conversation at a time. Notes are saved by saving.js and kept by copies.js.
"use strict";

(() => {
  const { words, part } = Saving;
  const parts = [...document.querySelectorAll("section.question")];
  const noteAt = (place) => notes.find((note) => note.place === place);
  const shownPart = () => parts.find((section) => !section.hidden);
  const notes = Saving.begin(parts, {
    progress: (place, told) => showProgress(place, told),
    touched: () => {
      lastKey = Date.now();
      clearTimeout(thinking);
      thinking = setTimeout(bringForward, THINKING);
      bringForward();
    },
    settled: () => bringForward(),
    owed: () => Owed.state(),
    settle: () => Owed.flush(),
  });

  function showProgress(place, { state, asked }) {
    const entry = document.querySelector(`.questions a[data-to="${place}"]`)?.closest("li");
    if (!entry) return;
    entry.dataset.state = state;
    const passed = state === "not_asked" || state === "declined";
    entry.querySelector("small").textContent = words[`state${state[0].toUpperCase()}${state.slice(1)}`] || "";
    entry.querySelector(".tick").replaceChildren(
      ...(state === "noted" ? [part("sign-noted")] : passed ? [part("sign-passed")] : []));
    colour(entry);
    if (asked) leadAlong(asked);
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
    topic: section.dataset.topic ? new RegExp(section.dataset.topic, "u") : null,
    topicWords: Number(section.dataset.topicWords),
    rank: Number(section.dataset.rank),
    mostWords: Number(section.dataset.mostWords),
  }));
  const THINKING = 4000;
  let lastKey = 0;
  let thinking = 0;

  const bringForward = () => {
    const text = noteAt(shownPart()?.dataset.place)?.field.value.toLowerCase().replaceAll("’", "'") || "";
    const sentences = text.split(/[.!?;\n]+/u).map((part) => part.trim().split(/\s+/u).join(" ")).filter(Boolean);
    const count = sentences.reduce((sum, sentence) => sum + sentence.split(" ").length, 0);
    const wordsIn = (sentence) => sentence.split(" ").length;
    const isOpen = (kind, at) => !kind.explained.test(sentences.slice(at, at + 2).join(" "));
    let called = vagueKinds.filter((kind) => !kind.mostWords
      && sentences.some((sentence, at) => kind.pattern.test(sentence) && isOpen(kind, at)));
    const hasPaused = Date.now() - lastKey >= THINKING;
    // The topic of a short sentence, and a short answer, are known only when the sentence is at its end.
    if (!called.length && hasPaused) {
      called = vagueKinds.filter((kind) => kind.topic && sentences.some((sentence, at) =>
        wordsIn(sentence) <= kind.topicWords && kind.topic.test(sentence) && isOpen(kind, at)))
        .sort((one, other) => one.rank - other.rank).slice(0, 1);
    }
    if (!called.length && hasPaused && count > 0) {
      called = vagueKinds.filter((kind) => kind.mostWords
        && (count <= kind.mostWords || (sentences.length === 1 && kind.pattern.test(sentences[0]))));
    }
    for (const kind of vagueKinds) kind.section.hidden = !called.includes(kind);
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
    showProbes(place);
    Saving.showState();
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
    await Owed.flush();
    if (!notes.some((note) => note.isOpen()) && !Owed.state().count) document.getElementById("form-closing").submit();
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

  const marksOf = (place) => document.getElementById(`marks-${place}`);

  const owe = (note, coder) => {
    const typed = new FormData(coder);
    typed.delete("csrfmiddlewaretoken");
    const fields = [...typed].map(([name, value]) => [name, String(value)]);
    const { driver } = coder.elements;
    const way = coder.querySelector("[name=direction]:checked")?.nextElementSibling.textContent.trim() || "";
    const tag = driver.value ? `${driver.selectedOptions[0].textContent.trim()} ${way}` : "";
    const label = { words: typed.get("words").trim() || typed.get("note").trim(), tag };
    Owed.add({ key: `mark ${Saving.operation()}`, url: coder.action, fields, place: note.place, label, answers: "part" });
    leave(note);
    setTimeout(showWaiting, LATE + 1);
  };

  // What waits stands below what is marked, in the words that were marked; not when it is answered at once.
  const LATE = 1000;
  const waitingItem = (text, { words: quoted, tag }) => {
    const item = document.createElement("p");
    item.className = "waiting";
    const quote = document.createElement("q");
    quote.textContent = quoted;
    item.append(text, quote, tag);
    return item;
  };
  const showWaiting = () => {
    for (const shown of document.querySelectorAll(".tagged .waiting:not(.refused)")) shown.remove();
    const isLate = (one) => Owed.state().failure || Date.now() - one.at > LATE;
    for (const one of Owed.waiting("mark").filter(isLate)) marksOf(one.place)?.append(waitingItem(`${words.waiting}: `, one.label));
    showConsent();
  };
  Owed.shown(() => showWaiting());
  Owed.on("mark", ({ status, told }, one) => {
    htmx.swap(marksOf(one.place), told, { swapStyle: "outerHTML" });
    if (status !== 422) return;
    // What was refused is not lost: it stands there, and in the fields again if they are free.
    const item = waitingItem(`${words.notKept}: `, one.label);
    item.classList.add("refused");
    marksOf(one.place).append(item);
    const coder = coderOf(noteAt(one.place));
    if (!coder.hidden) return;
    coder.hidden = false;
    for (const [name, value] of one.fields) {
      const field = coder.elements[name];
      if (field) field.value = value;
    }
  });

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
    // Kept here until the server has it, and shown at once; what it answers takes the place of what is shown.
    coder.addEventListener("htmx:confirm", (event) => {
      if (event.target !== coder) return;
      event.preventDefault();
      owe(note, coder);
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

  // ── Probes that were asked ──

  const probeForm = (place) => document.getElementById(`probes-${place}`);
  const usedIn = (form) => new Set(form.dataset.used.split(" ").filter(Boolean));
  function showProbes(place) {
    const form = probeForm(place);
    const used = form ? usedIn(form) : new Set();
    for (const button of document.querySelectorAll(".probes.called .probe, .probes[data-beside] .probe")) {
      const beside = button.closest("[data-beside]");
      if (beside && beside.dataset.beside !== place) continue;
      if (form) button.setAttribute("form", form.id);
      const isUsed = used.has(button.value);
      button.name = isUsed ? "unused" : "used";
      button.setAttribute("aria-pressed", String(isUsed));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.probe");
    if (!button) return;
    event.preventDefault();
    const { place } = shownPart().dataset;
    const form = probeForm(place);
    if (!form) return;
    const used = usedIn(form);
    const isUsed = !used.delete(button.value);
    if (isUsed) used.add(button.value);
    form.dataset.used = [...used].join(" ");
    showProbes(place);
    Owed.add({
      key: `probe ${place} ${button.value}`,
      url: form.action,
      fields: [[isUsed ? "used" : "unused", button.value]],
      place: "",
      label: { place, probe: button.value, isUsed },
    });
  });
  // What was told before a reload and not heard yet is shown as it was told.
  const showOwedProbes = () => {
    for (const { label } of Owed.waiting("probe")) {
      const form = probeForm(label.place);
      if (!form) continue;
      const used = usedIn(form);
      used[label.isUsed ? "add" : "delete"](label.probe);
      form.dataset.used = [...used].join(" ");
    }
    showProbes(shownPart().dataset.place);
  };

  // ── Before the first question, saved as typed ──

  const consent = document.getElementById("consent");
  const { words: said, on_the_call: onTheCall, over_words: overWords, over_on_the_call: overCall } = consent.elements;
  const agreed = consent.querySelector(".agreed");
  const isTorn = () => Boolean(consent.querySelector(".opening-conflict .conflict"));

  const tellOpening = ({ answer = "", wait = 0 } = {}) => {
    const fields = ["words", "on_the_call", "over_words", "over_on_the_call"].map((name) => [name, consent.elements[name].value]);
    // An answer that waits is not undone by what is typed after it.
    const before = Owed.waiting("opening").find((one) => !one.isUnderWay)?.fields.find(([name]) => name === "agreed")?.[1];
    const wanted = answer || before || "";
    return Owed.add({
      key: "opening", url: consent.action, fields: wanted ? [...fields, ["agreed", wanted]] : fields, wait, isHeld: isTorn(),
    });
  };

  function showConsent() {
    const waits = Owed.waiting("opening").flatMap((one) => one.fields).find(([name]) => name === "agreed")?.[1];
    const at = waits === "no" ? "" : agreed.querySelector(".num").textContent || (waits ? "…" : "");
    agreed.hidden = !at;
    consent.querySelector(".agreeing").hidden = Boolean(at);
    const entry = document.querySelector(".questions a[data-to=opening]").closest("li");
    entry.dataset.state = at ? "noted" : "";
    entry.querySelector("small").textContent = at ? words.agreed.replace("{at}", at) : words.notAgreed;
    entry.querySelector(".tick").replaceChildren(...(at ? [Saving.part("sign-noted")] : []));
    colour(entry);
  }

  const both = (one, other) => (one.includes(other) ? one : other.includes(one) ? other : `${one}; ${other}`);
  const showTorn = (told) => {
    const shown = Saving.part("conflict");
    const put = (name, text) => { shown.querySelector(name).textContent = text || "–"; };
    put(".problem", told.problem);
    shown.querySelector(".by").textContent = "";
    put(".theirs", [told.on_the_call, told.words].filter(Boolean).join("\n"));
    put(".mine", [onTheCall.value, said.value].filter(Boolean).join("\n"));
    const place = consent.querySelector(".opening-conflict");
    for (const button of shown.querySelectorAll("[data-keep]")) {
      button.addEventListener("click", () => {
        const { keep } = button.dataset;
        if (keep !== "mine") {
          said.value = keep === "theirs" ? told.words : both(told.words, said.value);
          onTheCall.value = keep === "theirs" ? told.on_the_call : both(told.on_the_call, onTheCall.value);
        }
        [overWords.value, overCall.value] = [told.words, told.on_the_call];
        place.replaceChildren();
        tellOpening();
        onTheCall.focus();
      });
    }
    place.replaceChildren(shown);
  };

  Owed.on("opening", ({ status, told }) => {
    const place = consent.querySelector(".opening-conflict");
    agreed.querySelector(".num").textContent = told.consent_at;
    place.replaceChildren();
    if (status === 409) {
      showTorn(told);
      // Kept as it was typed: loaded anew, the page asks again.
      tellOpening();
    } else if (status === 422) {
      const shown = document.createElement("div");
      shown.className = "error-summary";
      shown.setAttribute("role", "alert");
      shown.append(told.problem);
      place.replaceChildren(shown);
    } else {
      [overWords.value, overCall.value] = [told.words, told.on_the_call];
      // What was typed while this was under way was typed over it.
      for (const one of Owed.waiting("opening")) {
        one.fields = one.fields.map(([name, value]) => [name, name === "over_words" ? told.words : name === "over_on_the_call" ? told.on_the_call : value]);
        Owed.keep(one);
      }
    }
    showConsent();
  });

  for (const field of [said, onTheCall]) field.addEventListener("input", () => tellOpening({ wait: 600 }));
  consent.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = event.submitter?.name === "agreed" ? event.submitter.value : "";
    if (isTorn()) return;
    const heard = await tellOpening({ answer });
    if (answer === "yes" && (!heard || heard.status === 200) && shownPart().dataset.place === "opening" && notes.length) show("1");
  });
  const showOwedOpening = () => {
    for (const { fields } of Owed.waiting("opening")) {
      for (const [name, value] of fields) if (consent.elements[name]?.type !== "submit" && name !== "agreed") consent.elements[name].value = value;
    }
  };

  // ── Permissions, saved as chosen ──

  const permits = document.querySelector(".permits form");
  const tellPermissions = (names) => {
    // What another window was told meanwhile stays: only what was chosen here is said.
    const before = Owed.waiting("permissions").filter((one) => !one.isUnderWay).flatMap((one) => one.fields);
    const isChoice = (name) => !["csrfmiddlewaretoken", "over"].includes(name);
    const chosen = [...new FormData(permits)].filter(([name]) => names.includes(name) && isChoice(name));
    const over = before.find(([name]) => name === "over")?.[1] ?? permits.elements.over.value;
    const fields = [...before.filter(([name]) => isChoice(name) && !names.includes(name)), ...chosen, ["over", over]];
    return Owed.add({ key: "permissions", url: permits.action, fields });
  };
  if (permits) {
    const saidAt = document.getElementById("permits-said");
    permits.addEventListener("change", (event) => tellPermissions([event.target.name]));
    permits.addEventListener("submit", (event) => {
      event.preventDefault();
      tellPermissions([...new FormData(permits).keys()]);
    });
    Owed.on("permissions", ({ status, told }, one) => {
      saidAt.textContent = told.said || told.problem || "";
      if (told.over === undefined) return;
      permits.elements.over.value = told.over;
      if (status === 200) {
        // What was chosen while this was under way was chosen over it.
        for (const other of Owed.waiting("permissions")) {
          other.fields = other.fields.map(([name, value]) => [name, name === "over" ? told.over : value]);
          Owed.keep(other);
        }
        return;
      }
      // The buyer said otherwise meanwhile: that is shown, and what else was chosen is said again.
      for (const [name, value] of Object.entries(told.torn)) {
        for (const radio of permits.querySelectorAll(`input[name="${name}"]`)) radio.checked = radio.value === value;
      }
      const rest = one.fields.map(([name]) => name).filter((name) => name !== "over" && !(name in told.torn));
      if (Object.keys(told.torn).length && rest.length) tellPermissions(rest);
    });
  }
  const showOwedPermissions = () => {
    for (const { fields } of Owed.waiting("permissions")) {
      for (const [name, value] of fields) {
        for (const radio of permits?.querySelectorAll(`input[name="${name}"]`) || []) radio.checked = radio.value === value;
      }
    }
  };

  // ── Minutes ──

  const timer = document.getElementById("timer");
  const sectionTimer = document.getElementById("section-timer");
  if (sectionTimer) {
    // Kept for this window alone, so that a reload goes on counting. A computer that slept did not ask anything, and one whose clock
    // was set back did not take minutes away.
    const kept = `minutes ${document.getElementById("script-words").dataset.sheet}`;
    const spent = JSON.parse(sessionStorage.getItem(kept) || "{}");
    let seen = Date.now();
    const count = () => {
      const now = Date.now();
      const { place, section } = shownPart().dataset;
      const name = section || sectionTimer.dataset[place] || "";
      spent[name] = (spent[name] || 0) + Math.max(0, Math.min(now - seen, 60000));
      seen = now;
      sessionStorage.setItem(kept, JSON.stringify(spent));
      sectionTimer.hidden = !name;
      sectionTimer.textContent = sectionTimer.dataset.words
        .replace("{n}", Math.floor(spent[name] / 60000)).replace("{section}", name);
    };
    count();
    setInterval(count, 5000);
  }
  if (timer) {
    setInterval(() => {
      timer.textContent = Math.max(0, Math.floor((Date.now() / 1000 - Number(timer.dataset.opened)) / 60));
    }, 10000);
  }

  // A page kept for want of a connection shows the part it was kept with.
  const wanted = new URL(location.href).searchParams.get("at");
  if (wanted && shownPart()?.dataset.place !== wanted && !document.querySelector(".error-summary")) show(wanted);
  Saving.start(copiesOf({
    restored: () => {
      bringForward();
      Owed.restore().then(() => {
        showOwedProbes();
        showOwedOpening();
        showOwedPermissions();
      });
    },
  }));
})();
