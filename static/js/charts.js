// Beside each drawing's SVG a link for PNG: drawn here from the same SVG, at twice its size.
for (const link of document.querySelectorAll("a[data-png]")) {
  const png = document.createElement("a");
  png.href = link.href;
  png.textContent = "PNG";
  png.setAttribute("aria-label", `PNG ${link.querySelector(".visually-hidden")?.textContent ?? ""}`);
  png.addEventListener("click", (event) => {
    event.preventDefault();
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth * 2;
      canvas.height = image.naturalHeight * 2;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => {
        const save = document.createElement("a");
        save.href = URL.createObjectURL(blob);
        save.download = `${link.dataset.name}.png`;
        save.click();
        setTimeout(() => URL.revokeObjectURL(save.href), 10_000);
      }, "image/png");
    });
    image.src = link.href;
  });
  link.after(" · ", png);
}

// On a phone the tabs are wider than the window: the page one is on is in view.
document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// On paper every table is open; style sheets alone do it only in newer browsers.
addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll("details.behind")) table.open = true;
});
