// Passkeys: a button says which way; the browser answers a challenge that the house made.
"use strict";
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (id) => ({ type: "public-key", id: bytes(id) });

  const post = async (address, body) => {
    const answer = await fetch(address, { method: "POST", body: body ?? new URLSearchParams() });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };

  const shown = async (wish) => {
    const made = await navigator.credentials.get({ publicKey: {
      challenge: bytes(wish.challenge), rpId: wish.rpId, timeout: wish.timeout,
      userVerification: "required", allowCredentials: wish.allow.map(named),
    } });
    return {
      credential: text(made.rawId),
      client_data: text(made.response.clientDataJSON),
      authenticator: text(made.response.authenticatorData),
      signature: text(made.response.signature),
    };
  };

  const created = async (wish) => {
    const made = await navigator.credentials.create({ publicKey: {
      challenge: bytes(wish.challenge), rp: wish.rp, timeout: wish.timeout,
      user: { ...wish.user, id: bytes(wish.user.id) },
      pubKeyCredParams: wish.algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: wish.exclude.map(named), attestation: "none",
      authenticatorSelection: {
        residentKey: "required", requireResidentKey: true, userVerification: "required",
      },
    } });
    return {
      credential: text(made.rawId),
      client_data: text(made.response.clientDataJSON),
      attestation: text(made.response.attestationObject),
    };
  };

  const put = (form, values) => {
    for (const [name, value] of Object.entries(values)) {
      const field = form.querySelector(`input[type=hidden][name=${name}]`) ?? form.appendChild(
        Object.assign(document.createElement("input"), { type: "hidden", name }));
      field.value = value;
    }
  };

  const prove = async () => {
    const wish = await post("/passkey/prove");
    if (wish.challenge) await post("/passkey/proven", new URLSearchParams(await shown(wish)));
  };

  const ways = {
    "sign-in": async (form) => put(form, await shown(await post("/passkey/sign-in"))),
    "invited": async (form, action) => put(form, await created(await post(`${action}/wish`))),
    "new": async (form, action) => {
      await prove();
      put(form, await created(await post(`${action}/wish`)));
    },
    "prove": prove,
    "sign": async (form, action) => {
      const address = new URL(action, location.href), typed = new FormData(form);
      address.pathname += "/sign";
      // A file is part of what is signed: it is sent along where the form has one.
      const body = form.enctype === "multipart/form-data" ? typed : new URLSearchParams(typed);
      const wish = await post(address, body);
      if (wish.challenge) put(form, await shown(wish));
    },
  };

  const failed = document.getElementById("passkey-failed");
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    const way = ways[button?.dataset.passkey];
    if (!way) return;
    event.preventDefault();
    const action = button.hasAttribute("formaction") ? button.formAction : form.action;
    button.disabled = true;
    if (failed) failed.hidden = true;
    try {
      await way(form, action);
      form.action = action;
      // It stays as it is until the answer comes: a second press is no second act.
      form.submit();
    } catch {
      button.disabled = false;
      if (failed) { failed.hidden = false; failed.scrollIntoView({ block: "center" }); }
    }
  });
  // Who comes back finds the page as it was left.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("button[data-passkey]").forEach((one) => { one.disabled = false; });
  });
})();
