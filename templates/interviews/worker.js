{# The service worker of the questionnaire, below /p/<slug>/interviews/: a reload without a connection shows the page all the same. #}
"use strict";

importScripts("{% static 'js/kept.js' %}");

const PARTS = "debriefs-parts-1";
const isQuestionnaire = (path) => /\/interviews\/(rehearsals\/)?[0-9a-f-]{36}\/$/.test(path);

// The page is kept sealed, and only if it says whose it is: then it is the questionnaire and not the way in or a sign-in.
const keep = async (path, answer) => {
  if (!answer.ok || answer.redirected || !(answer.headers.get("Content-Type") || "").startsWith("text/html")) return;
  const html = await answer.text();
  const user = (html.match(/ data-user="([^"]+)"/) || [])[1];
  if (user) await Kept.put("pages", user, path, { html });
};

const shown = async (event) => {
  const path = new URL(event.request.url).pathname;
  let answer = null;
  try {
    answer = await fetch(event.request);
    if (![502, 503, 504].includes(answer.status)) {
      event.waitUntil(keep(path, answer.clone()).catch(() => {}));
      return answer;
    }
  } catch {
    answer = null;
  }
  const kept = await Kept.page(path).catch(() => null);
  if (!kept) return answer || Response.error();
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "{{ policy|escapejs }}" };
  return new Response(kept.html, { headers });
};

const part = async (event) => {
  const { request } = event;
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      const copy = answer.clone();
      event.waitUntil(caches.open(PARTS).then((cache) => cache.put(request, copy)).catch(() => {}));
    }
    if (answer.status < 500) return answer;
  } catch {
    // No connection: what was kept is shown.
  }
  return (await caches.match(request, { ignoreVary: true })) || Response.error();
};

// A newer worker waits until the last of these pages is closed: one that takes over beneath an open page can leave a reload without
// a connection unanswered. The first one takes the page that brought it.
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (isQuestionnaire(new URL(request.url).pathname)) event.respondWith(shown(event));
  } else if (["style", "script", "font", "image"].includes(request.destination)) event.respondWith(part(event));
});
// The first visit came before this worker: the page names itself and its parts.
self.addEventListener("message", (event) => {
  const { page, parts } = event.data;
  event.waitUntil(Promise.allSettled([
    caches.open(PARTS).then((cache) => Promise.allSettled(parts.map((address) => cache.add(address)))),
    fetch(page, { headers: { Accept: "text/html" } }).then((answer) => keep(new URL(page).pathname, answer)),
  ]));
});
