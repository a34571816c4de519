"use strict";
// A passkey is made or used on this device; without a script the page offers the password and the link.
(() => {
  const place = document.getElementById("passkey");
  if (!place || !window.PublicKeyCredential) return;
  place.hidden = false;
  const say = place.querySelector("[role=status]");
  const bytes = (t) => Uint8Array.from(atob(t.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  const post = async (extra) => {
    const form = new URLSearchParams({ csrf: place.dataset.csrf, ...extra });
    const answer = await fetch(place.dataset.url, { method: "POST", body: form, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const packed = (c) => {
    const r = c.response, out = { clientDataJSON: text(r.clientDataJSON) };
    for (const n of ["attestationObject", "authenticatorData", "signature", "userHandle"]) if (r[n]) out[n] = text(r[n]);
    return JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, response: out, clientExtensionResults: {} });
  };
  place.querySelector("button").addEventListener("click", async () => {
    try {
      const o = await post({});
      o.challenge = bytes(o.challenge);
      for (const n of ["excludeCredentials", "allowCredentials"]) (o[n] || []).forEach((c) => { c.id = bytes(c.id); });
      if (o.user) o.user.id = bytes(o.user.id);
      const use = place.dataset.use;
      const c = use ? await navigator.credentials.get({ publicKey: o }) : await navigator.credentials.create({ publicKey: o });
      const done = await post({ credential: packed(c), label: navigator.platform || "" });
      if (use) location.assign(done.next); else location.reload();
    } catch (e) {
      say.textContent = "✗ " + e.name;
    }
  });
})();
