// The write-up: every part saved as it is typed; how far it is stands beside it.
"use strict";

(() => {
  Saving.begin([...document.querySelectorAll("section.part")], {
    progress: (place, told) => {
      document.getElementById(`part-${place}`).classList.toggle("filled", told.state === "noted");
    },
    owed: () => Owed.state(),
    settle: () => Owed.flush(),
  });
  Saving.start(copiesOf({ keepsPage: false, restored: () => Owed.restore() }));
})();
