// Reads a calendar file with `ical.js` and tells what it says as JSON: its method, and of each entry its name, number, zone,
// clocks and instants, these by the zones that the file carries.
// usage: node calendars.mjs FILE FOLDER-WITH-NODE_MODULES
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [file, folder] = process.argv.slice(2);
const { default: ICAL } = await import(pathToFileURL(resolve(folder, "node_modules/ical.js/dist/ical.js")));
const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const found = calendar.getAllSubcomponents("vevent").map((entry) => {
  const [start, end] = ["dtstart", "dtend"].map((name) => entry.getFirstPropertyValue(name));
  const zone = start.isDate ? null : start.zone.tzid;
  return {
    uid: entry.getFirstPropertyValue("uid"),
    sequence: entry.getFirstPropertyValue("sequence"),
    zone,
    start: start.toString(),
    end: end.toString(),
    at: start.isDate ? null : start.toUnixTime(),
    until: end.isDate ? null : end.toUnixTime(),
  };
});
console.log(JSON.stringify([calendar.getFirstPropertyValue("method"), found]));
