// A list that is searched while typing: every select[data-typeahead] becomes a combobox over its own options (WAI-ARIA, list
// autocomplete). The select stays the form's field; without script it is all there is.
"use strict";

(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  let made = 0;
  // One list of a page carries the texts of the drivers for all of them.
  const texts = new Map([...document.querySelectorAll("option[data-definition]")].map((option) => [option.value, option.dataset]));
  const told = (option) => texts.get(option.value) || {};

  // Better first: the name begins so, a word of it does, it stands in the name, it stands in the texts.
  const rank = (option, words) => {
    const name = plain(option.text);
    const all = `${name} ${plain(told(option).definition || "")} ${plain(told(option).more || "")}`;
    if (!words.every((word) => all.includes(word))) return 9;
    const own = name.slice(name.indexOf(": ") + 1).trim();
    const whole = words.join(" ");
    if (own.startsWith(whole)) return 0;
    if (words.every((word) => own.split(/[\s/-]+/u).some((part) => part.startsWith(word)))) return 1;
    return words.every((word) => name.includes(word)) ? 2 : 3;
  };

  const enhance = (select) => {
    const id = `typeahead-${(made += 1)}`;
    const box = document.createElement("div");
    box.className = "typeahead";
    const input = document.createElement("input");
    input.type = "text";
    input.className = select.classList.contains("is-invalid") ? "form-control is-invalid" : "form-control";
    input.id = id;
    input.autocomplete = "off";
    input.spellcheck = false;
    input.placeholder = select.options[0].text;
    const list = document.createElement("ul");
    list.id = `${id}-list`;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) {
      input.setAttribute(name, value);
    }
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    }
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (label) {
      label.htmlFor = id;
      list.setAttribute("aria-label", label.textContent.trim());
    }
    select.hidden = true;
    select.required = false;
    select.before(box);
    box.append(input, list, select);

    let found = [];
    let at = -1;
    const chosen = () => (select.value ? select.selectedOptions[0].text : "");
    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const point = (to) => {
      at = to;
      [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
      const item = list.children[at];
      if (!item || !found.length) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    };
    const open = (all) => {
      const words = all ? [] : plain(input.value).split(/[\s:]+/u).filter(Boolean);
      found = [...select.options].filter((option, index, all) => option.value && all.findIndex((one) => one.value === option.value) === index)
        .map((option, index) => ({ option, index, rank: rank(option, words) }))
        .filter((one) => one.rank < 9)
        .sort((one, other) => one.rank - other.rank || one.index - other.index)
        .map((one) => one.option);
      list.replaceChildren(...found.map((option, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.append(option.text);
        if (told(option).definition) {
          const small = document.createElement("small");
          small.textContent = told(option).definition;
          item.append(small);
        }
        return item;
      }));
      if (!found.length) {
        const item = document.createElement("li");
        item.setAttribute("role", "option");
        item.setAttribute("aria-disabled", "true");
        item.textContent = select.dataset.nothing;
        list.append(item);
      }
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      point(found.length && words.length ? 0 : -1);
    };
    const choose = (option) => {
      select.value = option.value;
      input.value = option.text;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      close();
    };

    input.value = chosen();
    input.addEventListener("input", () => open(false));
    input.addEventListener("click", () => { if (list.hidden) open(true); });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => {
      if (!input.value.trim()) select.value = "";
      input.value = chosen();
      close();
    });
    input.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) open(true);
        else if (found.length) point((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
      } else if (event.key === "Enter" && !list.hidden) {
        event.preventDefault();
        if (found[at]) choose(found[at]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        input.value = chosen();
        close();
      } else if (event.key === "Tab" && !list.hidden && found[at]) {
        choose(found[at]);
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const index = [...list.children].indexOf(event.target.closest("li"));
      if (found[index]) choose(found[index]);
    });
  };

  for (const select of document.querySelectorAll("select[data-typeahead]")) enhance(select);
})();
