// What is typed into a form that is sent with its button (form[data-draft]): kept in this browser, sealed as notes are, until the
// server has taken it. So it outlasts a reload, a crash, an outage and a sign-in that ran out; and the page stays when the server does
// not answer.
"use strict";

(() => {
  const { user, keys } = document.getElementById("script-words").dataset;
  const PATIENCE = 20000;
  const pause = (time) => new Promise((resume) => { setTimeout(resume, time); });
  let unlocked = () => {};
  const ready = new Promise((resume) => { unlocked = resume; });
  const typedIn = (form) => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken").map(([name, value]) => [name, String(value)]);
  const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  class Draft {
    constructor(form) {
      this.form = form;
      this.place = new URL(form.action, location.href).pathname;
      // What the page came with, whatever was typed before this script ran.
      const clean = form.cloneNode(true);
      clean.reset();
      this.given = typedIn(clean);
      this.isTaken = false;
      this.keeping = Promise.resolve();
      form.addEventListener("input", () => this.keep());
      form.addEventListener("change", () => this.keep());
      form.addEventListener("submit", (event) => this.send(event));
    }

    // What is typed while the key is still on its way is kept as soon as it has come; sending does not wait for it.
    keep() {
      this.keeping = Promise.all([ready, this.keeping]).then(() => {
        const typed = typedIn(this.form);
        if (this.isTaken || alike(typed, this.given)) return this.drop();
        const more = { sheet: this.place, answer: "draft", window: "draft", isOpen: true };
        return Kept.put("notes", user, `draft/${this.place}`, { typed, given: this.given }, more);
      }).catch(() => {});
      return Promise.race([this.keeping, pause(1500)]);
    }

    drop() {
      return Kept.remove("notes", `draft/${this.place}`).catch(() => {});
    }

    // A page that came back with what was typed and why it was refused shows it already.
    isRefused() {
      return Boolean(this.form.querySelector(".is-invalid, .error-summary"));
    }

    async restore() {
      const [row] = (await Kept.notesOf(user, this.place)).filter((kept) => kept.answer === "draft");
      if (!row || this.isRefused() || !alike(typedIn(this.form), this.given)) return;
      const before = Object.fromEntries(row.value.given);
      const given = Object.fromEntries(this.given);
      for (const [name, value] of row.value.typed) {
        const field = this.form.elements[name];
        // What was left as it was is the page's to say; of what was chosen here and elsewhere since, the later word stands.
        if (!field || value === before[name]) continue;
        const isNewer = given[name] !== before[name] && given[name] !== value;
        const isText = /^(textarea|text)$/u.test(field.type);
        if (isNewer && !isText) continue;
        // Saved from elsewhere since: both stand in the field, and nothing is sent by itself.
        field.value = isNewer && given[name] ? `${given[name]}\n\n${value}` : value;
      }
      this.form.closest("details")?.setAttribute("open", "");
    }

    async send(event) {
      if (event.defaultPrevented || this.form.dataset.isSent) return;
      event.preventDefault();
      await this.keep();
      // What was typed beside it goes first: the page is loaded anew when this is done.
      if (typeof Saving !== "undefined") await Promise.all(Saving.all().map((note) => note.flush()));
      let answer = null;
      try {
        answer = await fetch(this.form.action, {
          method: "POST",
          body: new URLSearchParams([...new FormData(this.form)]),
          headers: { Accept: "text/html", "HX-Request": "true", "X-CSRFToken": csrfToken() },
          redirect: "manual",
          signal: AbortSignal.timeout(PATIENCE),
        });
      } catch {
        answer = null;
      }
      if (answer?.type === "opaqueredirect") {
        this.isTaken = true;
        await this.drop();
        const group = this.form.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby") || "";
        const { address } = document.getElementById("draft-page").dataset;
        // A page that answered a refused form has another address, and loading that anew would send it again.
        if (location.pathname === address) {
          location.hash = group;
          location.reload();
        } else location.assign(`${address}#${group}`);
      } else if (answer?.status === 422) {
        // The page that says what is wrong comes by the browser's own way.
        this.form.dataset.isSent = "yes";
        this.form.submit();
      } else this.say(answer?.status === 401 ? "signed-out" : "offline");
    }

    say(kind) {
      const shown = document.getElementById(`draft-${kind}`).content.cloneNode(true);
      this.form.querySelector(".draft-said")?.remove();
      const place = document.createElement("div");
      place.className = "draft-said trouble";
      place.setAttribute("role", "alert");
      place.append(shown);
      this.form.append(place);
    }
  }

  const drafts = [...document.querySelectorAll("form[data-draft]")].map((form) => new Draft(form));
  const start = async () => {
    if (!drafts.length || !window.isSecureContext || !window.indexedDB) return;
    for (let wait = 1000, isOpen = false; !isOpen; wait = Math.min(wait * 2, 15000)) {
      isOpen = await Kept.unlock(user, keys).then(() => true, () => false);
      if (!isOpen) await pause(wait);
    }
    for (const draft of drafts) await draft.restore();
    unlocked();
    for (const draft of drafts) if (!draft.isRefused()) draft.keep();
  };
  start().catch(() => {});
})();
