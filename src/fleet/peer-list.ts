/**
 * peers.json: the names of the peers in the policy, for the mover. It is in `out`, because the controller can write
 * there; no peer reads it.
 */
import * as v from 'valibot';
import { isFirewallName } from '../domain/firewall-name.ts';
import { readJson } from '../yaml/read-json.ts';

export const PEER_LIST = 'peers.json';

export const MAX_PEER_LIST_BYTES = 128 * 1024;

/** The text of the file. */
export function encodePeerList(names: Iterable<string>): string {
  return `${JSON.stringify([...names].sort())}\n`;
}

/** Reads a text of {@link encodePeerList}; an empty list for any other text. */
export function decodePeerList(text: string): readonly string[] {
  return readJson(schema, text) ?? [];
}

const schema = v.array(v.pipe(v.string(), v.check(isFirewallName)));
