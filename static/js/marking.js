// Marks the buyer's words in a text that is read, not typed: what is selected goes into the form below it.
"use strict";

for (const details of document.querySelectorAll("details.marking")) {
  const section = details.closest("section");
  const source = section.querySelector("[data-words]");
  const coder = details.querySelector("form.coder");
  const summary = details.querySelector("summary");
  // A click would drop the selection.
  summary.addEventListener("mousedown", (event) => event.preventDefault());
  details.addEventListener("toggle", () => {
    if (!details.open || coder.elements.words.value) return;
    const selection = getSelection();
    const range = selection.rangeCount ? selection.getRangeAt(0) : null;
    const isHere = source && range && !range.collapsed && source.contains(range.commonAncestorContainer);
    if (isHere) {
      const before = document.createRange();
      before.setStart(source, 0);
      before.setEnd(range.startContainer, range.startOffset);
      coder.elements.near.value = before.toString().length;
    }
    coder.elements.words.value = isHere ? selection.toString().trim() : "";
    (coder.elements.words.value ? coder.elements.driver : coder.elements.words).focus();
  });
  coder.addEventListener("keydown", (event) => {
    if (event.key === "Escape") details.open = false;
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      coder.requestSubmit();
    }
  });
  coder.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== coder || !event.detail.successful) return;
    coder.reset();
    details.open = false;
    summary.focus();
  });
}
