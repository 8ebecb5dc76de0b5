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
  // What was chosen on the page of the notes and is told from here: what the server says of it stands below the permissions.
  Owed.on("permissions", ({ told }) => { document.getElementById("permits-said").textContent = told.said || told.problem || ""; });
  Saving.start(copiesOf({ keepsPage: false, restored: () => Owed.restore() }));
})();
