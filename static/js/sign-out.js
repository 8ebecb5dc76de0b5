// Signing out: says first when something typed here has not reached the server, and clears what has.
"use strict";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-sign-out]") || form.dataset.isCleared) return;
  event.preventDefault();
  try {
    const user = form.dataset.signOut;
    const sentence = document.getElementById("said-unsent").content.textContent.trim();
    if (await Kept.unsent(user) && !confirm(sentence)) return;
    await Kept.forget(user);
  } catch {
    // A browser that keeps nothing has nothing to clear.
  }
  form.dataset.isCleared = "yes";
  form.requestSubmit();
});
