// The transcript: selected words go into the form that marks them. Without it the words and the passage's number are typed there.
"use strict";

(() => {
  const coder = document.getElementById("passage-coder");
  for (const one of document.querySelectorAll(".with-script")) one.hidden = false;

  const take = (passage, words) => {
    coder.elements.passage.value = passage.dataset.passage;
    coder.elements.words.value = words.split(/\s+/u).filter(Boolean).join(" ");
    coder.elements.driver.focus();
  };

  // A selection within one passage's words; else the whole passage that has the focus.
  const chosen = () => {
    const selection = getSelection();
    const from = selection.anchorNode?.parentElement?.closest(".words");
    if (!selection.isCollapsed && from?.contains(selection.focusNode)) {
      return [from.closest("[data-passage]"), selection.toString()];
    }
    const passage = document.activeElement.closest?.("[data-passage]");
    return passage ? [passage, passage.querySelector(".words").textContent] : null;
  };

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.key === "Enter" && coder.contains(event.target)) {
      event.preventDefault();
      coder.requestSubmit();
    } else if (event.key.toLowerCase() === "b") {
      const found = chosen();
      if (!found) return;
      event.preventDefault();
      take(...found);
    }
  });
})();
