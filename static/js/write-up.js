// The write-up: every part saved as it is typed; how far it is stands beside it.
"use strict";

(() => {
  Saving.begin([...document.querySelectorAll("section.part")], {
    progress: (place, told) => {
      document.getElementById(`part-${place}`).classList.toggle("filled", told.state === "noted");
    },
  });
  Saving.start(copiesOf({ keepsPage: false }));
})();
