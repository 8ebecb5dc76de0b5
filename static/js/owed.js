// What the questionnaire owes the server besides notes: the opening, marks with their drivers, probes that were asked, permissions. The
// write-up sends what was left of it.
//
// Each is kept in this browser, sealed as notes are (kept.js), until the server has answered it: without a connection, over a reload, a
// crash or a sign-in that ran out nothing of it is lost. They go in the order they were made, one at a time, whichever window is open,
// and each after the note it belongs to. All of them may be sent twice: the server takes them once.
//
// `Owed.add({ key, url, fields, place, label })` makes one and resolves with what became of it: { status, told } or null while it
// waits. One of the same key that waits still is replaced. `wait` is how long it may wait for the next one; with `isHeld` it is not sent
// before the page is loaded anew. `Owed.on(kind, heard)` is told of every answer, also after a reload; the
// kind is the first word of the key.
"use strict";

const Owed = (() => {
  const RETRIES = [1000, 2000, 4000, 8000, 15000];
  const PATIENCE = 20000;
  // The write-up's own copies go by the write-up; what is owed goes by the sheet of the notes.
  const { user } = Saving.words;
  const sheet = Saving.words.owes || Saving.words.sheet;
  const listeners = {};
  const done = new Map();
  let owed = [];
  let isSending = false;
  let failure = "";
  let failures = 0;
  let timer = 0;
  let changed = () => {};

  const id = (one) => `owed/${sheet}/${one.operation}`;
  const keep = (one) => Kept.put("notes", user, id(one), one, { sheet, answer: "owed", window: "owed", isOpen: true })
    .then(() => { one.isKept = true; }).catch(() => {});
  const drop = (one) => {
    owed = owed.filter((other) => other !== one);
    return Kept.remove("notes", id(one)).catch(() => {});
  };

  const show = () => {
    changed();
    Saving.showState();
  };

  const post = async (one) => {
    const isPart = one.answers === "part";
    const answer = await fetch(one.url, {
      method: "POST",
      body: new URLSearchParams(one.fields),
      headers: {
        Accept: isPart ? "text/html" : "application/json",
        "HX-Request": "true",
        "X-CSRFToken": Saving.csrfToken(),
      },
      redirect: "error",
      keepalive: document.visibilityState === "hidden",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const isRead = answer.ok || [409, 422].includes(answer.status);
    return { status: answer.status, told: isRead ? await (isPart ? answer.text() : answer.json()) : null };
  };

  // The words of a mark are found in the saved note: what was typed under it goes first.
  const noteIsSaved = async (one) => {
    const note = one.place && Saving.all().find((other) => other.place === one.place);
    if (!note || note.conflict) return true;
    await note.flush();
    return !note.isOpen() || note.failure === "refused";
  };

  const settle = async (one, heard) => {
    await drop(one);
    if (heard.status === 200) Saving.savedAt(heard.told.saved_at);
    listeners[one.key.split(" ")[0]]?.(heard, one);
    done.get(one.operation)?.(heard);
    done.delete(one.operation);
  };

  // Another window has sent it when it is kept no longer.
  const isSettledElsewhere = async (one) => {
    if (!one.isKept) return false;
    const rows = await Kept.notesOf(user, sheet).catch(() => null);
    return Boolean(rows) && !rows.some((row) => row.id === id(one));
  };

  const next = () => owed.find((one) => !one.isHeld);

  // Whether the next one was answered; what the server does not take yet is told again until it does.
  const sendNext = async () => {
    const one = next();
    let heard = null;
    if (await isSettledElsewhere(one)) {
      owed = owed.filter((other) => other !== one);
      return true;
    }
    if (!await noteIsSaved(one)) {
      failure = "offline";
      return false;
    }
    one.isUnderWay = true;
    try {
      heard = await post(one);
    } catch {
      heard = null;
    }
    one.isUnderWay = false;
    if (heard && heard.told !== null) {
      failure = "";
      failures = 0;
      await settle(one, heard);
      return true;
    }
    failure = heard?.status === 401 ? "signed-out" : [403, 404].includes(heard?.status) ? "not-yours" : "offline";
    return false;
  };

  const send = async () => {
    clearTimeout(timer);
    if (isSending || !next()) return;
    isSending = true;
    // Two windows do not send the same at once.
    const inTurn = (act) => (navigator.locks ? navigator.locks.request(`debriefs-owed-${sheet}`, act) : act());
    await inTurn(async () => {
      while (next() && await sendNext()) show();
    });
    isSending = false;
    if (next()) {
      failures += 1;
      for (const waiting of done.values()) waiting(null);
      done.clear();
      timer = setTimeout(send, RETRIES[Math.min(failures, RETRIES.length) - 1]);
    }
    show();
  };

  const add = async ({ key, url, fields, place = "", label = "", answers = "told", wait = 0, isHeld = false }) => {
    const one = { key, url, fields, place, label, answers, isHeld, at: Date.now(), operation: Saving.operation() };
    const replaced = owed.filter((other) => other.key === key && !other.isUnderWay);
    owed = [...owed.filter((other) => !replaced.includes(other)), one];
    show();
    const heard = new Promise((resolve) => { done.set(one.operation, resolve); });
    await keep(one);
    for (const other of replaced) {
      await drop(other);
      done.get(other.operation)?.(null);
      done.delete(other.operation);
    }
    if (!isHeld && !failures) {
      clearTimeout(timer);
      timer = setTimeout(send, wait);
    } else if (!isHeld && !wait) send();
    return heard;
  };

  // Resolves once nothing is owed any more, or it is clear that it cannot be sent now.
  const flush = async () => {
    for (let turn = 0; turn < 50 && next() && !failure; turn += 1) {
      send();
      await new Promise((resume) => { setTimeout(resume, 100); });
    }
  };

  // What was left here by this person for this sheet, by whichever window.
  const restore = async () => {
    const left = (await Kept.notesOf(user, sheet).catch(() => [])).filter((row) => row.answer === "owed").map((row) => row.value);
    const known = new Set(owed.map((one) => one.operation));
    owed = [...left.filter((one) => !known.has(one.operation)).map((one) => ({ ...one, isUnderWay: false, isHeld: false })), ...owed];
    for (const one of owed) await keep(one);
    show();
    send();
  };

  addEventListener("online", send);
  addEventListener("beforeunload", (event) => {
    if (owed.length) event.preventDefault();
  });

  return {
    add,
    flush,
    restore,
    on: (kind, heard) => { listeners[kind] = heard; },
    shown: (act) => { changed = act; },
    waiting: (kind) => owed.filter((one) => one.key.split(" ")[0] === kind),
    keep,
    state: () => ({ count: owed.filter((one) => !one.isHeld).length, failure: owed.length ? failure : "" }),
  };
})();
