/** Reads calendars and address cards. */

import type { TextBuilder } from "../text-builder.ts";

/** True for a calendar (RFC 5545) or address cards (RFC 6350). */
export const isCards = (text: string): boolean => /^\ufeff?\s{0,100}BEGIN:(VCALENDAR|VCARD|VEVENT)\s/i.test(text);

/** The properties that people see, with the words that calendars and address books show for them. */
const labels: Readonly<Record<string, string>> = {
  SUMMARY: "Summary",
  DESCRIPTION: "Description",
  LOCATION: "Where",
  DTSTART: "Start",
  DTEND: "End",
  DUE: "Due",
  DURATION: "Duration",
  ORGANIZER: "Organizer",
  ATTENDEE: "Attendee",
  STATUS: "Status",
  COMMENT: "Comment",
  CONTACT: "Contact",
  CATEGORIES: "Categories",
  RESOURCES: "Resources",
  RRULE: "Repeats",
  URL: "URL",
  "X-WR-CALNAME": "Calendar",
  FN: "Name",
  NICKNAME: "Nickname",
  ORG: "Organization",
  TITLE: "Title",
  ROLE: "Role",
  TEL: "Phone",
  EMAIL: "E-mail",
  ADR: "Address",
  BDAY: "Birthday",
  NOTE: "Note",
};

/** Components of a calendar without words for people. */
const skipped = /^(VTIMEZONE|VALARM|DAYLIGHT|STANDARD)$/;

/** Adds each event, task or person as lines of `label: value`. */
export const addCards = (builder: TextBuilder, text: string): void => {
  let lines: string[] = [];
  let skippedDepth = 0;
  const flush = () => {
    builder.add({ kind: "paragraph", text: lines.join("\n") });
    lines = [];
  };
  for (const line of unfolded(text)) {
    const match = /^(?:[\w-]{1,50}\.)?([\w-]{1,50})((?:;(?:"[^"]*"|[^":;])*)*):([\s\S]*)$/.exec(line);
    if (!match) continue;
    const [, property = "", parameters = "", value = ""] = match;
    const name = property.toUpperCase();
    if (name === "BEGIN" || name === "END") {
      if (skipped.test(value.trim().toUpperCase())) skippedDepth += name === "BEGIN" ? 1 : -1;
      else if (skippedDepth <= 0) flush();
    } else if (skippedDepth <= 0) {
      const label = labels[name];
      const shown = label && shownValue(name, parameters, value);
      if (shown) lines.push(`${label}: ${shown}`);
    }
  }
  flush();
};

/** Long lines are folded before a blank (RFC 5545, 3.1); version 2.1 of vCard uses quoted-printable with "=" at line ends. */
const unfolded = (text: string): string[] => {
  const lines: string[] = [];
  let isQuotedFold = false;
  for (const line of text
    .replace(/\r\n?/g, "\n")
    .replace(/\n[ \t]/g, "")
    .split("\n")) {
    if (isQuotedFold) lines[lines.length - 1] += line;
    else lines.push(line);
    isQuotedFold = line.endsWith("=") && (isQuotedFold || /;ENCODING=QUOTED-PRINTABLE/i.test(line.slice(0, 200)));
    if (isQuotedFold) lines[lines.length - 1] = lines.at(-1)!.slice(0, -1);
  }
  return lines;
};

const shownValue = (name: string, parameters: string, value: string): string => {
  const isQuoted = /ENCODING=QUOTED-PRINTABLE/i.test(parameters);
  const plain = isQuoted ? unescapePercent(value.replaceAll("%", "%25").replace(/=([0-9A-F]{2})/gi, "%$1")) : value;
  const text = plain
    .replace(/\\([nN,;:\\])/g, (_, character: string) => (/n/i.test(character) ? "\n" : character))
    .trim();
  if (name === "ORGANIZER" || name === "ATTENDEE" || name === "CONTACT") {
    const commonName = /;CN=(?:"([^"]*)"|([^;:]*))/i.exec(parameters);
    const address = text.replace(/^mailto:/i, "");
    const person = commonName?.[1] ?? commonName?.[2] ?? "";
    return person && person !== address ? `${person} <${address}>` : address;
  }
  if (/^(DTSTART|DTEND|DUE|BDAY)$/.test(name)) {
    const zone = /;TZID=(?:"([^"]*)"|([^;:]*))/i.exec(parameters);
    const time = text.replace(
      /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:\d\d)?(Z?))?$/,
      (_, year, month, day, hour, minute, utc) =>
        `${year}-${month}-${day}${hour ? ` ${hour}:${minute}${utc ? " UTC" : ""}` : ""}`,
    );
    return [time, zone?.[1] ?? zone?.[2] ?? ""].filter(Boolean).join(" ");
  }
  if (name === "ADR" || name === "ORG")
    return text
      .split(";")
      .map((part) => part.trim())
      .filter(Boolean)
      .join(", ");
  return text;
};

const unescapePercent = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
