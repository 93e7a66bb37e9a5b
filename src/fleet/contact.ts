/** contact.json: the mover writes when it last reached the hub, or why it did not; the controller reads it. */
import { join } from 'node:path';
import * as v from 'valibot';
import type { Problem } from '../domain/conditions.ts';
import { cut, UNPRINTABLE } from '../domain/printable.ts';
import type { Files } from '../system/files/files.ts';
import { readJson } from '../yaml/read-json.ts';

export interface Contact {
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
  /** Why the mover did not reach the hub; undefined if it did. */
  readonly failure: string | undefined;
}

/** The most bytes of the file; the longest failure has fewer characters. */
export const MAX_CONTACT_BYTES = 4096;
const MAX_FAILURE = 300;

/** The text of the file. */
export function encodeContact({ at, failure }: Contact): string {
  return `${JSON.stringify({ at, failure: failure === undefined ? null : shown(failure) })}\n`;
}

function shown(failure: string): string {
  return cut(failure.replace(UNPRINTABLE, ' ').trim(), MAX_FAILURE);
}

/** Reads the file in the folder of a fleet; undefined if it is missing, unreadable or malformed. */
export async function readContact(
  files: Pick<Files, 'readAtMost'>,
  folder: string,
): Promise<Contact | undefined> {
  return decodeContact(
    (await files.readAtMost(pathIn(folder), MAX_CONTACT_BYTES).catch(() => undefined)) ?? '',
  );
}

/** Changes whenever that file does; undefined if the file is missing or unreadable. */
export function stampOfContact(files: Pick<Files, 'stamp'>, folder: string): string | undefined {
  try {
    return files.stamp(pathIn(folder));
  } catch {
    return undefined;
  }
}

function pathIn(folder: string): string {
  return join(folder, 'mover/contact.json');
}

/** Reads the text of the file, which may be malicious; undefined if it is malformed. */
export function decodeContact(text: string): Contact | undefined {
  return readJson(schema, text);
}

const schema = v.pipe(
  v.object({ at: v.pipe(v.number(), v.safeInteger()), failure: v.nullable(v.string()) }),
  v.transform(({ at, failure }): Contact => ({
    at,
    failure: failure === null ? undefined : shown(failure),
  })),
);

/** The folder of the fleet, and the time. */
interface Circumstances {
  readonly folder: string;
  readonly now: number;
}

/** The message about a mover that does not run, or cannot write there; undefined if it does. */
export function moverSilence(
  contact: Contact | undefined,
  { folder, now }: Circumstances,
): string | undefined {
  if (contact === undefined) return `the mover has not started yet, or cannot write ${pathIn(folder)}`;
  return now - contact.at > SILENT_MS
    ? `the mover has written nothing into ${pathIn(folder)} for 5 min`
    : undefined;
}

/** A mover that wrote nothing for so long does not run. */
const SILENT_MS = 5 * 60_000;

/** The problems of the mover and of its contact with the hub. */
export function contactProblems(
  contact: Contact | undefined,
  circumstances: Circumstances,
): readonly Problem[] {
  const silence = moverSilence(contact, circumstances);
  if (silence !== undefined) {
    const message = `${silence}; fix: systemctl ${contact === undefined ? 'enable --now' : 'start'} banspool-fleet`;
    return [{ condition: 'FleetReachable', reason: 'MoverSilent', message }];
  }
  if (contact?.failure === undefined) return [];
  const message = `the hub is not reached: ${contact.failure}; the bans of all peers stay; fix: run banspool doctor`;
  return [{ condition: 'FleetReachable', reason: 'HubNotReached', message }];
}
