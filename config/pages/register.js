"use strict";
// The token stands behind the sign # so that it reaches no server log. Everything shown is written as text, never as markup.
const words = JSON.parse(document.body.dataset.words);
const lang = document.documentElement.lang;
const token = location.hash.slice(1);
const form = document.getElementById("form");
const field = (name) => form.elements.namedItem(name);
let version = "";

function say(id, text) {
  const node = document.getElementById(id);
  node.textContent = text;
  node.dir = "auto";
  node.hidden = !text;
}

function fact(name, text) {
  if (!text) return;
  const list = document.getElementById("facts"), key = document.createElement("dt"), value = document.createElement("dd");
  const words = document.createElement("bdi");
  key.textContent = name;
  words.textContent = text;
  value.append(words);
  list.append(key, value);
}

function problem(said) {
  const each = (said.errors || []).map((error) => error.detail);
  return [said.title, ...(each.length ? each : [said.detail])].filter(Boolean).join("\n");
}

async function post(path, body) {
  const reply = await fetch("/api/v1/registrations/open" + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": lang },
    body: JSON.stringify({ token, ...body }),
  });
  if (reply.status === 404) {
    form.hidden = true;
    say("fault", words.gone);
    return null;
  }
  const said = await reply.json();
  if (reply.ok) return said;
  say("fault", problem(said));
  return null;
}

const region = (iso2) => new Intl.DisplayNames([lang], { type: "region" }).of(iso2);

function when(day, zone) {
  const write = (options) => (at) => new Intl.DateTimeFormat(lang, { timeZone: zone, ...options }).format(new Date(at));
  const date = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeZone: "UTC" }).format(new Date(day.day + "T12:00:00Z"));
  const clock = write({ hour: "2-digit", minute: "2-digit" });
  return date + (day.starts ? ", " + clock(day.starts_at) + " – " + clock(day.ends_at) : "");
}

function show(session) {
  say("title", session.title);
  document.title = session.title;
  const zone = session.zone || "UTC";
  for (const day of session.days) fact(day === session.days[0] ? words.when : "", when(day, zone));
  if (session.days.some((day) => day.starts)) fact(words.zone, zone);
  const place = session.mode === "online" ? words.online : [session.venue, session.city, session.country && region(session.country)].filter(Boolean).join(", ");
  fact(words.where, place);
  fact(words.program, session.program_title);
  if (!session.open) return say("fault", words.closed);
  const choice = field("country");
  if (session.countries.length > 1) choice.append(new Option("", ""));
  for (const country of session.countries) choice.append(new Option(country.name, country.iso2));
  say("consent", session.consent.text);
  version = session.consent.version;
  form.hidden = false;
}

async function send(event) {
  event.preventDefault();
  const person = {};
  for (const name of ["name", "email", "organization", "job", "sex", "language", "access_needs", "diet"]) {
    const value = field(name).value.trim();
    if (value) person[name] = value;
  }
  const button = form.querySelector("button");
  button.disabled = true;
  say("fault", "");
  try {
    const said = await post("", { country: field("country").value, person, consent_version: version });
    if (!said) return;
    form.hidden = true;
    say("done", words.done);
    scrollTo(0, 0);
  } catch {
    say("fault", words.offline);
  } finally {
    button.disabled = false;
  }
}

async function start() {
  try {
    const session = await post("/show", {});
    if (session) show(session);
  } catch {
    say("fault", words.offline);
  }
}

form.addEventListener("submit", send);
if (token) start();
else say("fault", words["no-link"]);
