"use strict";
// The token stands behind the sign # so that it reaches no server log; nothing is sent before the person asks for it.
const form = document.getElementById("form");
const fault = document.getElementById("fault");
const token = location.hash.slice(1);
const field = (name) => form.elements.namedItem(name);

function show(text) {
  fault.textContent = text;
  fault.dir = "auto";
  fault.hidden = !text;
}

// A link that can't be used any more: there is nothing to fill in.
function end(text) {
  form.hidden = document.getElementById("lead").hidden = true;
  show(text);
}

function words(problem) {
  const each = (problem.errors || []).map((error) => error.detail);
  return [problem.title, ...(each.length ? each : [problem.detail])].filter(Boolean).join("\n");
}

async function preview() {
  const reply = await fetch(form.dataset.preview, { headers: { Authorization: "Link " + token } });
  if (reply.status === 404) return end(form.dataset.gone);
  const said = await reply.json();
  if (!reply.ok) return show(words(said));
  // The first administrator's link was printed, not mailed: nobody knows the address yet.
  if (!said.email && !said.name) document.getElementById("first").hidden = field("email").disabled = false;
  if (said.name && !field("name").value) field("name").value = said.name;
}

async function send(event) {
  event.preventDefault();
  const body = { token };
  for (const name of ["name", "email", "password", "language", "timezone"]) if (field(name) && !field(name).disabled) body[name] = field(name).value;
  const button = form.querySelector("button");
  button.disabled = true;
  show("");
  try {
    const reply = await fetch(form.getAttribute("action"), {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify(body),
    });
    if (reply.status === 404) return end(form.dataset.gone);
    if (!reply.ok) return show(words(await reply.json()));
    form.hidden = document.getElementById("lead").hidden = true;
    document.getElementById("done").hidden = false;
    history.replaceState(null, "", location.pathname);
  } catch {
    show(form.dataset.offline);
  } finally {
    button.disabled = false;
  }
}

if (!token) {
  end(form.dataset.noLink);
} else {
  if (field("timezone")) field("timezone").value = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  if (field("show")) field("show").addEventListener("change", (e) => { field("password").type = e.target.checked ? "text" : "password"; });
  form.addEventListener("submit", send);
  if (form.dataset.preview) preview().catch(() => show(form.dataset.offline));
}
