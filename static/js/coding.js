// Coding: the keys of the interview over the notes of a debrief. Everything it does has a button or a field without it.
"use strict";

(() => {
  for (const one of document.querySelectorAll(".with-script")) one.hidden = false;

  const noted = document.getElementById("noted");
  const fold = document.getElementById("add");
  const form = fold?.querySelector("form");

  // The words go into a new finding; words that stand there already are kept above them.
  const take = (words) => {
    if (!form || !words) return;
    fold.open = true;
    const field = form.elements.verbatim;
    field.value = field.value.trim() && field.value.trim() !== words ? `${field.value.trim()}\n${words}` : words;
    (form.querySelector("[role=combobox]") || form.elements.driver).focus();
    fold.scrollIntoView({ block: "nearest" });
  };

  const selected = () => {
    const selection = getSelection();
    const isInside = selection.rangeCount && noted?.contains(selection.getRangeAt(0).commonAncestorContainer);
    return isInside ? selection.toString().replace(/[“”]/gu, "").trim() : "";
  };

  for (const button of document.querySelectorAll("[data-code]")) {
    button.addEventListener("click", () => take(button.dataset.code));
  }

  form?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      fold.open = false;
      fold.querySelector("summary").focus();
    }
  });

  const keyList = document.getElementById("keys");
  const toggleKeys = () => (keyList.open ? keyList.close() : keyList.showModal());
  document.getElementById("keys-open")?.addEventListener("click", toggleKeys);
  document.getElementById("keys-close").addEventListener("click", toggleKeys);
  document.addEventListener("keydown", (event) => {
    const isInField = event.target.closest("input, textarea, select, dialog");
    if (event.key === "F1") {
      event.preventDefault();
      toggleKeys();
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "b" && selected()) {
      event.preventDefault();
      take(selected());
    } else if ((event.ctrlKey || event.metaKey) && event.key === "z" && !isInField) {
      const undo = document.getElementById("undo");
      if (!undo) return;
      event.preventDefault();
      undo.requestSubmit();
    }
  });
})();
