// What this browser keeps of notes until the server has them: sealed with keys that only a signed-in person is given.
//
// Three stores of one database. "keys": per user, AES-GCM keys that scripts can use and nobody can read out. "notes": the state
// of one answer in one window, sealed. "pages": the questionnaire as last shown, sealed, for a reload without a connection.
// Without a key nothing of it can be read: signing out throws the key away, signing in brings the same one back.
"use strict";

const Kept = (() => {
  const LONGEST_KEPT = 12 * 3600 * 1000;
  const STORES = ["keys", "notes", "pages"];
  let opening = null;

  const answered = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

  const database = () => {
    if (!opening) {
      const request = indexedDB.open("debriefs", 1);
      request.onupgradeneeded = () => {
        for (const name of STORES) request.result.createObjectStore(name, { keyPath: "id" });
      };
      opening = answered(request).then((opened) => {
        opened.onversionchange = () => opened.close();
        return opened;
      });
    }
    return opening;
  };

  const all = async (name) => answered((await database()).transaction(name).objectStore(name).getAll());
  const one = async (name, id) => answered((await database()).transaction(name).objectStore(name).get(id));

  // Resolves when the rows are written, not when they are asked for.
  const change = async (name, act) => {
    const transaction = (await database()).transaction(name, "readwrite");
    act(transaction.objectStore(name));
    return new Promise((done, fail) => {
      transaction.oncomplete = () => done();
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  };

  const keysOf = async (user) => ((await one("keys", user)) || {}).keys || [];

  const sealed = async (user, value) => {
    const [key] = await keysOf(user);
    if (!key) throw new Error("locked");
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(value)));
    return { iv, data };
  };

  const unsealed = async (user, row) => {
    for (const key of await keysOf(user)) {
      try {
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, key, row.data);
        return JSON.parse(new TextDecoder().decode(plain));
      } catch {
        // Sealed with an older key: the next one is tried.
      }
    }
    return null;
  };

  // Makes the user's keys usable in this browser; without a connection those of the last time are.
  const unlock = async (user, address) => {
    const known = await keysOf(user);
    const fetched = fetch(address, { headers: { Accept: "application/json" }, redirect: "error" }).then(async (answer) => {
      if (!answer.ok) throw new Error("no keys");
      const keys = [];
      for (const text of (await answer.json()).keys) {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        keys.push(await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]));
      }
      await change("keys", (store) => store.put({ id: user, keys }));
    });
    if (known.length) fetched.catch(() => {});
    else await fetched;
  };

  const put = async (name, user, id, value, more = {}) => {
    const row = { id, user, at: Date.now(), ...more, ...(await sealed(user, value)) };
    await change(name, (store) => store.put(row));
  };

  const remove = (name, id) => change(name, (store) => store.delete(id));

  const removeWhere = async (name, condition) => {
    const gone = (await all(name)).filter(condition);
    if (gone.length) await change(name, (store) => gone.forEach((row) => store.delete(row.id)));
  };

  // The notes of one sheet that this user left here, as [{ id, window, answer, isOpen, value }], oldest first.
  const notesOf = async (user, sheet) => {
    const found = [];
    for (const row of (await all("notes")).filter((kept) => kept.user === user && kept.sheet === sheet)) {
      const value = await unsealed(user, row);
      if (value) found.push({ ...row, value });
    }
    return found.sort((a, b) => a.at - b.at);
  };

  const unsent = async (user) => (await all("notes")).filter((row) => row.user === user && row.isOpen).length;

  // At sign-out: the keys, the pages, and what the server has. What it does not have stays, sealed.
  const forget = async (user) => {
    await removeWhere("pages", (row) => row.user === user);
    await removeWhere("notes", (row) => row.user === user && !row.isOpen);
    await remove("keys", user);
  };

  // What others left on this machine, likewise, and old copies of one's own.
  const tidy = async (user) => {
    for (const row of (await all("keys")).filter((kept) => kept.id !== user)) await forget(row.id);
    const old = (row) => row.user === user && !row.isOpen && Date.now() - row.at > LONGEST_KEPT;
    await removeWhere("notes", old);
    await removeWhere("pages", old);
  };

  const page = async (id) => {
    const row = await one("pages", id);
    return row ? unsealed(row.user, row) : null;
  };

  return { unlock, put, remove, notesOf, unsent, forget, tidy, page };
})();
