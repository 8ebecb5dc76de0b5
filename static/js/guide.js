// The draft of a guide: saved a moment after it was typed, by the same form, over what was seen. Without it the buttons save.
"use strict";

(() => {
  const form = document.getElementById("draft");
  const said = document.getElementById("draft-said");
  if (!form || !said) return;
  const words = said.dataset;
  const PAUSE = 1500;
  let timer = 0;
  let isUnderWay = false;
  let isStopped = false;
  let version = 0; // rises with every keystroke, so that what was typed during a save is known

  const say = (text, isLate = false) => {
    said.textContent = text;
    said.classList.toggle("late", isLate);
  };

  // What the lint says, as lines of a list; nothing hides it.
  const remark = (list, sentences = []) => {
    if (!list || [...list.children].map((line) => line.textContent).join("\n") === sentences.join("\n")) return;
    list.replaceChildren(...sentences.map((sentence) => {
      const line = document.createElement("li");
      line.textContent = sentence;
      return line;
    }));
    list.hidden = !sentences.length;
  };

  async function save() {
    clearTimeout(timer);
    if (isUnderWay || isStopped) return;
    isUnderWay = true;
    const typed = version;
    say(words.saving);
    let answer = null;
    let told = null;
    try {
      answer = await fetch(form.action || location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json", "HX-Request": "true" },
        redirect: "error",
      });
      if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) told = await answer.json();
    } catch {
      answer = null;
    }
    isUnderWay = false;
    if (answer && answer.ok && told) {
      form.elements.seen.value = told.seen;
      told.keys.forEach((key, index) => {
        const field = form.elements[`q-${index}-key`];
        if (field && key) field.value = key;
      });
      document.getElementById("draft-minutes").textContent = told.minutes;
      document.getElementById("draft-over").hidden = !told.is_over;
      form.querySelectorAll(".question-fields").forEach((fields, index) => {
        remark(fields.querySelector(".lint"), told.remarks[index]);
        const condition = fields.querySelector(".only-if");
        condition.textContent = told.only_if[index] || "";
        condition.hidden = !condition.textContent;
      });
      remark(document.getElementById("guide-lint"), told.guide_remarks);
      document.getElementById("draft-undo")?.removeAttribute("hidden");
      say(words.saved.replace("{at}", told.at));
      if (version !== typed) later();
    } else if (answer && answer.status === 409) {
      isStopped = true;
      say(words.stale, true);
    } else if (answer && answer.status === 422) say(words.refused, true);
    else {
      say(words.offline, true);
      later(5000);
    }
  }

  function later(wait = PAUSE) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  form.addEventListener("input", () => {
    version += 1;
    later();
  });
  // A button sends the whole form: nothing else may be on its way by then.
  form.addEventListener("submit", (event) => {
    isStopped = true;
    clearTimeout(timer);
    if (!isUnderWay) return;
    event.preventDefault();
    const { submitter } = event;
    const waiting = setInterval(() => {
      if (isUnderWay) return;
      clearInterval(waiting);
      form.requestSubmit(submitter);
    }, 50);
  });

  // Dragging, besides the buttons and the numbers: a question dropped on another takes its place, by the same save.
  const all = [...form.querySelectorAll(".question-fields")];
  let dragged = -1;
  const unmark = () => all.forEach((fields) => fields.classList.remove("is-target", "dragged"));
  all.forEach((fields, index) => {
    const handle = fields.querySelector(".drag");
    if (!handle) return;
    handle.hidden = false;
    handle.addEventListener("dragstart", (event) => {
      dragged = index;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", String(index + 1));
      event.dataTransfer.setDragImage(fields, 0, 0);
      fields.classList.add("dragged");
    });
    handle.addEventListener("dragend", () => {
      dragged = -1;
      unmark();
    });
    fields.addEventListener("dragover", (event) => {
      if (dragged < 0 || dragged === index) return;
      event.preventDefault();
      fields.classList.add("is-target");
    });
    fields.addEventListener("dragleave", () => fields.classList.remove("is-target"));
    fields.addEventListener("drop", (event) => {
      if (dragged < 0 || dragged === index) return;
      event.preventDefault();
      const act = document.createElement("input");
      act.type = "hidden";
      act.name = "act";
      act.value = `to:${dragged}:${index}`;
      form.append(act);
      form.requestSubmit();
    });
  });

  // Going back to the place an act led to: the keyboard goes on there.
  if (location.hash.startsWith("#question-")) {
    // After the browser's own jump to the place, which takes the focus away.
    const goOn = () => setTimeout(() => document.getElementById(location.hash.slice(1))?.querySelector("textarea")?.focus());
    if (document.readyState === "complete") goOn();
    else addEventListener("load", goOn);
  }
})();
