/** The formats of lists, by the names that people give: in policy.yaml, and to `banspool import`. */
import type { LineParser } from '../entry.ts';
import { parsePlain } from './plain.ts';

export const FORMATS = ['plain', 'jsonl', 'dshield', 'csf', 'crowdsec', 'ipset', 'fail2ban'] as const;

export type Format = (typeof FORMATS)[number];

/** A parser that has not read a line yet. */
export function openParser(format: Format): LineParser {
  switch (format) {
    case 'plain':
    case 'jsonl':
    case 'dshield':
    case 'csf':
    case 'crowdsec':
    case 'ipset':
    case 'fail2ban':
      return parsePlain;
  }
}
