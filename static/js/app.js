// What every page needs besides Bootstrap and htmx: a fresh CSRF token, and a sentence when a partial request was refused.
"use strict";

const csrfToken = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";

// The cookie is newer than the token in a page that stayed open while somebody signed in again in another tab.
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("input[name=csrfmiddlewaretoken]");
  if (field && csrfToken()) field.value = csrfToken();
}, true);

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get" || !csrfToken()) return;
  event.detail.headers["X-CSRFToken"] = csrfToken();
  if (event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = csrfToken();
});

// A page that shows its own state (the questionnaire) answers these itself and prevents the sentence.
const say = (name) => {
  const sentence = document.getElementById(name);
  const list = document.getElementById("messages");
  if (!sentence || !list || list.querySelector(`[data-said=${name}]`)) return;
  list.append(sentence.content.cloneNode(true));
};
document.addEventListener("htmx:responseError", (event) => {
  if (!event.defaultPrevented) say(event.detail.xhr.status === 401 ? "said-signed-out" : "said-refused");
});
document.addEventListener("htmx:sendError", (event) => {
  if (!event.defaultPrevented) say("said-offline");
});

// A form that failed is announced and stands in view: focus goes to its summary of errors.
document.querySelector(".error-summary")?.focus();
