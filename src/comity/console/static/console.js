// Keys, and nothing that a page needs to work: every page does without script.
"use strict";
(() => {
  const typing = (one) => one.closest("input, textarea, select, [contenteditable]") !== null;
  const help = document.getElementById("keys");
  let going = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) return;
    if (going) {
      going = false;
      const link = document.querySelector(`a[data-go="${CSS.escape(event.key.toLowerCase())}"]`);
      if (link) { event.preventDefault(); location.assign(link.href); }
      return;
    }
    switch (event.key) {
      case "g": going = true; window.setTimeout(() => { going = false; }, 1500); break;
      case "/": {
        const box = document.querySelector("input[type=search]");
        event.preventDefault();
        if (box) { box.focus(); box.select(); } else { location.assign("/register#q"); }
        break;
      }
      case "n": {
        const link = document.querySelector("a[data-go=e]");
        if (link) { event.preventDefault(); location.assign(link.href); }
        break;
      }
      case "?": if (help) { event.preventDefault(); help.open ? help.close() : help.showModal(); } break;
      default: break;
    }
  });
  if (location.hash === "#q") document.getElementById("q")?.focus();
  document.getElementById("keys-open")?.addEventListener("click", () => help?.showModal());
  // A form is sent once: a second press before the answer is no second act. What a passkey signs
  // has a guard of its own. Where the answer may be a file this page stays, and after a while the
  // form may be sent again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.submitter?.dataset.passkey) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    if ("again" in form.dataset) window.setTimeout(() => { delete form.dataset.sent; }, 5000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((one) => { delete one.dataset.sent; });
  });
  // Today, live: the stream says that something is new; the page itself is asked for what.
  const live = document.querySelector("[data-live]");
  if (live && "EventSource" in window) {
    const source = new EventSource("/events");
    let shown = live.dataset.live;
    source.addEventListener("today", async (event) => {
      if (event.data === shown) return;
      const told = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
      if (told === null) return;
      if (!told.ok) { source.close(); location.reload(); return; }
      const page = new DOMParser().parseFromString(await told.text(), "text/html");
      const fresh = page.querySelector("[data-live]");
      if (!fresh) return;
      // Who stands on a link stands on the same one afterwards, if it is still there.
      const held = live.contains(document.activeElement) && document.activeElement.getAttribute("href");
      live.replaceChildren(...fresh.childNodes);
      shown = fresh.dataset.live;
      if (held) live.querySelector(`a[href="${CSS.escape(held)}"]`)?.focus();
      const marked = page.querySelectorAll(".banner");
      document.querySelectorAll(".banner").forEach((one, at) => { if (marked[at]) one.textContent = marked[at].textContent; });
    });
    window.addEventListener("pagehide", () => source.close());
  }
  // The slider of a pact's history and the date beside it are one: whichever is moved, the other is.
  const slide = document.getElementById("slide"), at = document.getElementById("at");
  if (slide && at) {
    const first = Date.parse(slide.dataset.first + "T00:00:00Z"), day = 86400000;
    const told = () => slide.setAttribute("aria-valuetext", at.value);
    slide.addEventListener("input", () => {
      at.value = new Date(first + slide.value * day).toISOString().slice(0, 10);
      told();
    });
    at.addEventListener("change", () => {
      if (at.value) { slide.value = (Date.parse(at.value + "T00:00:00Z") - first) / day; told(); }
    });
    told();
    // Where the drawing is wider than its frame, the day that is asked about stands in view.
    const seen = () => {
      const frame = document.querySelector(".course"), here = frame?.querySelector(".here");
      if (!here) return;
      const out = here.getBoundingClientRect().left - frame.getBoundingClientRect().left;
      frame.scrollLeft += out - frame.clientWidth / 2;
    };
    document.addEventListener("htmx:afterSettle", seen);
    window.addEventListener("resize", seen);
    seen();
  }
  // An answer to a part of a page that is no longer right (signed out, absent) shows as a page.
  document.addEventListener("htmx:responseError", () => location.reload());
})();
