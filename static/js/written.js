// The written debrief: one question at a time or all, every answer saved as it is typed (saving.js) and kept here until it is (copies.js).
"use strict";

(() => {
  const { words } = Saving;
  const parts = [...document.querySelectorAll("section.question")];
  const showsAll = Boolean(document.querySelector("[data-all]"));
  const notes = Saving.begin(parts, { progress: (place, told) => showProgress(place, told) });
  const noteAt = (place) => notes.find((note) => note.place === place);
  const isOff = (section) => section.hasAttribute("data-off");
  const shown = () => parts.find((section) => !section.hidden);

  function showProgress(place, { state, asked }) {
    noteAt(place).section.dataset.state = state;
    if (asked) leadAlong(asked);
    const way = parts.filter((section) => !isOff(section));
    document.getElementById("answered").textContent = words.answered
      .replace("{n}", way.filter((section) => section.dataset.state === "noted").length)
      .replace("{of}", parts.length);
  }

  // Which questions the answers lead to is the server's word alone.
  const leadAlong = (asked) => {
    for (const section of parts) {
      const off = !asked.includes(Number(section.dataset.place));
      section.toggleAttribute("data-off", off);
      section.querySelector(".off-path").hidden = !off;
      if (showsAll) section.hidden = off && section.dataset.state === "empty";
    }
    if (!showsAll && shown()) label(shown());
  };

  const step = (section, by) => {
    let index = parts.indexOf(section) + by;
    while (parts[index] && isOff(parts[index])) index += by;
    return parts[index];
  };

  const label = (section) => {
    document.getElementById("go-previous").hidden = !step(section, -1);
    document.getElementById("go-next").textContent = step(section, 1) ? words.next : words.review;
  };

  const show = (section) => {
    for (const one of parts) one.hidden = one !== section;
    for (const button of document.querySelectorAll("nav.turn button")) button.setAttribute("form", `form-${section.dataset.place}`);
    label(section);
    const address = new URL(location.href);
    address.searchParams.set("at", section.dataset.place);
    history.replaceState(null, "", address);
    Saving.showState();
    section.querySelector("h2").focus({ preventScroll: true });
    scrollTo(0, 0);
  };

  const goFrom = async (section, by) => {
    const here = noteAt(section.dataset.place);
    // An answer decides what comes next: it is saved before one goes on.
    if (here.marks.length || !step(section, by)) await here.flush();
    else here.save();
    const to = step(section, by);
    if (to) show(to);
    else if (by > 0) document.getElementById("to-review").requestSubmit();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=go]");
    if (button) {
      event.preventDefault();
      goFrom(shown(), button.value === "next" ? 1 : -1);
      return;
    }
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const to = link.dataset.to && noteAt(link.dataset.to);
    if (to) {
      event.preventDefault();
      if (showsAll) to.section.scrollIntoView();
      else show(to.section);
    } else if (notes.some((note) => note.isOpen())) {
      // Leaving waits for what was typed a moment before.
      event.preventDefault();
      Promise.all(notes.map((note) => note.flush())).then(() => location.assign(link.href));
    }
  });

  Saving.start(copiesOf({ keepsPage: false }));
})();
