/**
 * peers.json, for the mover: the names of the peers that this firewall hears. It stands in `out`, where the controller
 * writes, and no peer reads it.
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

/** Reads a text of {@link encodePeerList}; nobody for any other. */
export function decodePeerList(text: string): readonly string[] {
  return readJson(schema, text) ?? [];
}

const schema = v.array(v.pipe(v.string(), v.check(isFirewallName)));
