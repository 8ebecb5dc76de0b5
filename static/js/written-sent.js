// The answers were sent: what this browser kept of them, and the key to it, goes.
"use strict";

Kept.forget(document.getElementById("script-words").dataset.user).catch(() => {});
