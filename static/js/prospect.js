// Proposes the zone this device is set to. It only shows a link: the person decides, and nothing is sent.
"use strict";

const proposal = document.querySelector("[data-zone-proposal]");
if (proposal) {
  const select = document.getElementById("tz");
  // Browsers that hide the zone say UTC; older ones use names that have changed since.
  const renamed = { "Asia/Calcutta": "Asia/Kolkata", "US/Pacific": "America/Los_Angeles", "US/Eastern": "America/New_York",
    "US/Central": "America/Chicago", "Europe/Kiev": "Europe/Kyiv" };
  const said = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = renamed[said] || said;
  const option = [...select.options].find((one) => one.value === zone);
  if (option && zone !== "UTC" && zone !== select.value) {
    proposal.querySelector("[data-zone]").textContent = option.textContent;
    proposal.querySelector("a").href = `?tz=${encodeURIComponent(zone)}`;
    proposal.hidden = false;
  }
}
