// What this browser keeps of the notes of one page until the server has them: per window, and taken up by the next one (kept.js).
"use strict";

const PATIENCE_WITH_THE_PAGE_BEFORE = 20000;

// `restored` is called once the notes show what was kept here. `keepsPage`: whether the page itself is kept too, for a reload
// without a connection.
const copiesOf = ({ restored = () => {}, keepsPage = true } = {}) => {
  const { user, sheet, keys, worker } = Saving.words;
  let isBroken = !(window.isSecureContext && window.indexedDB && navigator.locks && crypto.subtle);
  let isReady = false;
  let ready = Promise.resolve();
  let own = "";
  let late = "";
  const pause = (time) => new Promise((done) => setTimeout(done, time));

  // A name for this window that outlasts a reload; a copied window finds the name taken and gets another. The page before leaves a sign
  // that it has gone: then the name is this window's own, held for a moment longer on a machine that has much to do, and worth
  // waiting for, since under another name nothing of it would be taken up. A page that hung or crashed leaves none.
  const isReload = () => performance.getEntriesByType("navigation")[0]?.type === "reload";
  const named = (name, options = {}) => new Promise((done) => {
    navigator.locks.request(`debriefs-window-${name}`, options, () => {
      done(name);
      return new Promise(() => {});
    }).catch(() => done(""));
  });
  // What the page before kept, when it held this window's name for longer than a page can keep its reader waiting: taken up when it
  // has gone at last.
  const takeUpLater = async (name) => {
    await named(name);
    for (const row of await Kept.notesOf(user, sheet)) {
      const note = Saving.all().find((one) => one.answer === row.answer);
      if (!note || row.window !== name || !row.isOpen) continue;
      note.others.push(row);
      note.takeUp();
    }
    Saving.showState();
  };
  const open = async () => {
    const before = sessionStorage.getItem("debriefs-window");
    const isOwn = isReload() || sessionStorage.getItem("debriefs-window-left") === before;
    const signal = AbortSignal.timeout(isOwn ? PATIENCE_WITH_THE_PAGE_BEFORE : 1500);
    own = (before && await named(before, { signal })) || await named(Saving.operation());
    if (isOwn && own !== before) late = before;
    sessionStorage.setItem("debriefs-window", own);
    sessionStorage.removeItem("debriefs-window-left");
    addEventListener("pagehide", () => sessionStorage.setItem("debriefs-window-left", own));
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
    Saving.showState();
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
    const before = new Map(Saving.all().map((note) => [note, note.typed()]));
    await open();
    const held = new Set((await navigator.locks.query()).held.map((lock) => lock.name));
    for (const row of await Kept.notesOf(user, sheet)) {
      const note = Saving.all().find((one) => one.answer === row.answer);
      const isOwn = row.window === own;
      if (!note || (!isOwn && held.has(`debriefs-window-${row.window}`))) continue;
      const isFree = !note.isOpen() && Saving.same(note.typed(), before.get(note));
      if (isOwn && isFree) note.restore(row.value);
      else if (row.isOpen) note.others.push(row);
      else if (isFree) note.restore(row.value);
    }
    isReady = true;
    for (const note of Saving.all()) note.takeUp();
    await Kept.tidy(user);
  };

  const keepPage = async () => {
    if (!navigator.serviceWorker) return;
    const isFirst = !navigator.serviceWorker.controller;
    await navigator.serviceWorker.register(worker);
    if (!isFirst) return;
    const { active } = await navigator.serviceWorker.ready;
    // What the page names itself, and what its style sheets asked for.
    const linked = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], link[rel=preload], script[src], img[src]")]
      .map((one) => one.src || one.href);
    const asked = performance.getEntriesByType("resource").filter((one) => one.initiatorType === "css").map((one) => one.name);
    const parts = [...new Set([...linked, ...asked])].filter((address) => address.startsWith(`${location.origin}/`));
    active.postMessage({ page: location.href.split("?")[0], parts });
  };

  const start = () => {
    if (isBroken) return;
    ready = restoreAll().catch(broken);
    ready.then(() => {
      restored();
      Saving.showState();
      if (late) takeUpLater(late).catch(broken);
      for (const note of Saving.all()) if (note.isOpen()) note.keep();
      if (keepsPage && !isBroken) keepPage().catch(() => {});
    });
  };

  const settled = (row) => row.window === own || Kept.remove("notes", row.id).catch(broken);

  return { put, start, settled, isAway: () => isBroken || !isReady };
};
