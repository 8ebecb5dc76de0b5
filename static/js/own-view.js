// The owner's own view: saved as it is typed, so that nothing of it is lost; the button gives it.
//
// A save whose outcome is unknown is sent again as it was: the server knows a repetition by its words. After another window's
// save nothing more is saved by itself: the button then shows both texts.
"use strict";

(() => {
  const PAUSE = 600;
  const RETRIES = [1000, 2000, 4000, 8000, 15000];
  const place = document.getElementById("own-view");
  const form = place && place.querySelector("form");
  const state = document.getElementById("save-state");
  const trouble = document.getElementById("save-trouble");
  if (!form) return;
  const words = place.dataset;
  const revision = form.elements.revision;
  const typed = () => {
    const body = new URLSearchParams(new FormData(form));
    for (const name of ["revision", "csrfmiddlewaretoken"]) body.delete(name);
    return body.toString();
  };
  // A page that came back with a refusal shows what was typed, not what is saved.
  let saved = document.querySelector(".error-summary") ? null : typed();
  let sent = null;
  let isUnderWay = false;
  let isOver = saved === null;
  let isLeaving = false;
  let failures = 0;
  let timer = 0;

  const say = (sign, text, tone = "") => {
    state.hidden = false;
    if (state.dataset.said === sign + text) return;
    state.dataset.said = sign + text;
    state.className = `saved small ${tone}`;
    state.querySelector(".sign").replaceChildren(document.getElementById(`sign-${sign}`).content.cloneNode(true));
    state.querySelector(".said").textContent = text;
  };
  const refused = (problem) => {
    say("trouble", words.refused, "late");
    trouble.textContent = problem;
  };
  const isOpen = () => sent !== null || typed() !== saved;
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  async function save() {
    clearTimeout(timer);
    if (isUnderWay || isOver || !isOpen()) return;
    sent ||= { body: typed(), revision: revision.value };
    isUnderWay = true;
    say("saving", words.saving);
    let answer = null;
    let told = null;
    try {
      answer = await fetch(location.pathname, {
        method: "POST",
        body: `${sent.body}&revision=${sent.revision}`,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/x-www-form-urlencoded",
          "HX-Request": "true",
          "X-CSRFToken": csrfToken(),
        },
        keepalive: document.visibilityState === "hidden" && sent.body.length < 60000,
        redirect: "error",
        signal: AbortSignal.timeout(20000),
      });
      if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) told = await answer.json();
    } catch {
      answer = null;
    }
    isUnderWay = false;
    if (answer && answer.ok && told) {
      saved = sent.body;
      sent = null;
      failures = 0;
      revision.value = told.revision;
      trouble.textContent = "";
      if (isOpen()) later(PAUSE);
      else say("saved", words.saved.replace("{at}", told.saved_at));
    } else if (answer && told && [409, 422].includes(answer.status)) {
      sent = null;
      isOver = answer.status === 409;
      refused(told.problem);
    } else {
      failures += 1;
      const isSignedOut = answer && [401, 403, 404].includes(answer.status);
      say(isSignedOut ? "trouble" : "offline", isSignedOut ? words.signedOut : words.offline, isSignedOut ? "late" : "soon");
      later(RETRIES[Math.min(failures, RETRIES.length) - 1]);
    }
  }

  form.addEventListener("input", () => {
    if (isOver) return;
    say("saving", words.saving);
    if (!failures) later(PAUSE);
  });
  // The button waits for a save under way, whose revision it must not contradict.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!isUnderWay) {
      isLeaving = true;
      isOver = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    const wait = setInterval(() => {
      if (isUnderWay) return;
      clearInterval(wait);
      form.requestSubmit(submitter);
    }, 50);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && isOpen()) event.preventDefault();
  });
  document.addEventListener("visibilitychange", save);
  addEventListener("online", save);
})();
