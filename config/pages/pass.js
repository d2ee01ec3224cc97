"use strict";
// The pass stands behind the sign # so that it reaches no server log. Everything shown is written as text, never as markup.
const words = JSON.parse(document.body.dataset.words);
const lang = document.documentElement.lang;
const token = location.hash.slice(1);
const place = document.getElementById("pass");
const done = document.getElementById("done");

function make(name, text, parent = place) {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  parent.append(node);
  return node;
}

function say(id, text) {
  const node = document.getElementById(id);
  node.textContent = text;
  node.dir = "auto";
  node.hidden = !text;
}

function button(text, act, quiet) {
  const node = make("button", text);
  node.type = "button";
  if (quiet) node.className = "quiet";
  node.addEventListener("click", act);
  return node;
}

function problem(said) {
  const each = (said.errors || []).map((error) => error.detail);
  return [said.title, ...(each.length ? each : [said.detail])].filter(Boolean).join("\n");
}

async function ask(what, body) {
  for (const node of place.querySelectorAll("button")) node.disabled = true;
  say("fault", "");
  say("done", "");
  try {
    const reply = await fetch("/api/v1/passes/" + what, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": lang },
      body: JSON.stringify({ token, ...body }),
    });
    if (reply.status === 404) {
      place.replaceChildren();
      say("fault", words.gone);
      return null;
    }
    const said = await reply.json();
    if (reply.ok) return said;
    say("fault", problem(said));
  } catch {
    say("fault", words.offline);
    if (!place.children.length) button(words.again, start);
  }
  for (const node of place.querySelectorAll("button")) node.disabled = false;
  return null;
}

const clock = (at, zone) => new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(at));
const date = (at, zone) => new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: zone }).format(new Date(at));

// A value stands where the page's own language begins a line, whatever its script.
function row(list, name, text) {
  make("dt", name, list);
  const value = make("dd", "", list);
  if (text) line(value, text);
  return value;
}

function line(parent, text) {
  const whole = make("div", "", parent);
  make("bdi", text, whole);
  return whole;
}

// Times by the clock of the place, and by the reader's where it differs.
function days(list, pass) {
  const zone = pass.zone || "UTC", own = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const there = row(list, words.when), here = document.createElement("dd");
  let differs = false;
  for (const day of pass.days) {
    const span = (z) => clock(day.starts_at, z) + " – " + clock(day.ends_at, z);
    const whole = !day.starts;
    const on = whole ? date(day.day + "T12:00:00Z", "UTC") : date(day.starts_at, zone);
    line(there, on + (whole ? ", " + words["all-day"] : ", " + span(zone)));
    if (!whole && (span(zone) !== span(own) || on !== date(day.starts_at, own))) {
      differs = true;
      line(here, date(day.starts_at, own) + ", " + span(own));
    }
  }
  if (pass.days.some((day) => day.starts)) line(there, zone).className = "hint";
  if (differs) {
    make("dt", words.yours, list);
    list.append(here);
    line(here, own).className = "hint";
  }
}

function where(list, pass) {
  const parts = [pass.venue, pass.city, pass.country && new Intl.DisplayNames([lang], { type: "region" }).of(pass.country)].filter(Boolean);
  const online = pass.mode === "online" || pass.mode === "hybrid";
  if (!parts.length && !online && !pass.link) return;
  const value = row(list, words.where);
  if (parts.length && pass.mode !== "online") line(value, parts.join(", "));
  if (online) line(value, words.online);
  if (pass.link && /^https?:/i.test(pass.link)) {
    const link = make("a", words.join, make("div", "", value));
    link.href = pass.link;
    link.rel = "noreferrer";
  }
}

// A step back is asked for twice: a thumb slips.
function sure(to) {
  place.replaceChildren();
  make("p", words.sure).className = "state";
  const label = make("label", words.reason);
  const why = make("textarea");
  label.htmlFor = why.id = "reason";
  why.maxLength = 2000;
  why.dir = "auto";
  button(words["a-" + to], () => answer(to, why.value.trim()));
  button(words.back, start, true);
}

async function answer(to, reason) {
  const pass = await ask("answer", reason ? { to, reason } : { to });
  if (!pass) return;
  show(pass);
  say("done", words.saved);
}

function checkIn(pass) {
  make("p", words["code-asked"]).className = "state";
  const label = make("label", words.code);
  const code = make("input");
  label.htmlFor = code.id = "code";
  code.inputMode = "numeric";
  code.autocomplete = "one-time-code";
  code.maxLength = 6;
  code.dir = "ltr";
  button(words["code-send"], async () => {
    const said = await ask("check-in", { code: code.value.trim() });
    if (!said) return;
    show(said);
  });
}

// For those who came, until the session is written up.
function feedback() {
  make("h2", words.fb);
  const form = make("form");
  for (const what of ["relevance", "content", "trainers", "organization"]) {
    const label = make("label", words["fb-" + what], form);
    const rating = make("select", "", form);
    label.htmlFor = rating.id = rating.name = what;
    rating.required = true;
    const values = ["", words["fb-low"], "2", "3", "4", words["fb-high"]];
    values.forEach((text, value) => { make("option", text, rating).value = value || ""; });
  }
  const label = make("label", words["fb-comment"], form);
  const comment = make("textarea", "", form);
  label.htmlFor = comment.id = "comment";
  comment.maxLength = 2000;
  comment.dir = "auto";
  make("p", words["fb-comment-hint"], form).className = "hint";
  make("button", words["fb-send"], form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = { comment: comment.value.trim() || null };
    for (const rating of form.querySelectorAll("select")) said[rating.name] = Number(rating.value);
    if (!(await ask("feedback", said))) return;
    form.remove();
    say("done", words["fb-done"]);
    for (const node of place.querySelectorAll("button")) node.disabled = false;
  });
}

function show(pass) {
  place.replaceChildren();
  say("title", pass.title);
  document.title = pass.title;
  const over = words["t-" + pass.session_status];
  if (over) make("p", over + (pass.session_reason ? "\n" + pass.session_reason : "")).className = "fault";
  else make("p", words["s-" + pass.status]).className = "state";
  if (pass.status === "offered" && pass.offer_expires_at) {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
    make("p", words.until + " " + date(pass.offer_expires_at, own) + ", " + clock(pass.offer_expires_at, own) + " (" + own + ")");
  }
  const list = make("dl");
  row(list, words.for, pass.name);
  days(list, pass);
  where(list, pass);
  row(list, words.program, pass.program_title);
  if (pass.may_check_in) checkIn(pass);
  else if (pass.noted_today === "present" || pass.noted_today === "partial") make("p", words["code-done"]).className = "state";
  for (const to of pass.may_answer) {
    if (to === "withdrawn" && pass.may_answer.length > 1) continue;
    button(words["a-" + to], () => (to === "confirmed" ? answer(to) : sure(to)), to !== "confirmed");
  }
  if (pass.status === "attended" && ["running", "completed"].includes(pass.session_status)) feedback();
}

async function start() {
  const pass = await ask("show", {});
  if (pass) show(pass);
}

if (token) start();
else say("fault", words["no-link"]);
