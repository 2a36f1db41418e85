/* Small comforts. Every screen works without this file. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.querySelector("span").textContent = button.dataset.copied;
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const form of document.querySelectorAll("form[data-auto]")) {
    form.querySelector("[data-auto-button]").hidden = true;
    form.addEventListener("change", () => form.requestSubmit());
  }
  takeSecret();
  for (const input of document.querySelectorAll("input[type=file][data-most]")) {
    input.addEventListener("change", () => showFileLimit(input));
  }
});

/* Also when another link is opened while its page is already shown. */
window.addEventListener("hashchange", takeSecret);

/* A link in a notice carries the secret after the #, which browsers send to nobody. */
function takeSecret() {
  const secret = document.querySelector("input[name=secret]");
  if (!secret || secret.value || location.hash.length < 2) return;
  secret.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
  if (secret.form.matches("[data-open]")) secret.form.requestSubmit();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});

/* A page that comes back from the browser's memory may send its forms again. */
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

function showFileLimit(input) {
  const tooMany = input.files.length > Number(input.dataset.most);
  const wrong = input.parentElement.querySelector(".wrong");
  wrong.hidden = !tooMany;
  wrong.querySelector("[data-wrong]").textContent = tooMany ? input.dataset.tooMany : "";
  input.setCustomValidity(tooMany ? input.dataset.tooMany : "");
}
