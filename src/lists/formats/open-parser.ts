/** Which parser reads the lines of which format. */
import type { LineParser } from '../entry.ts';
import type { ListFormat } from '../list-format.ts';
import { openCrowdsecParser } from './crowdsec.ts';
import { parseCsf } from './csf.ts';
import { parseDshield } from './dshield.ts';
import { parseFail2ban } from './fail2ban.ts';
import { openIpsetParser } from './ipset.ts';
import { parseJsonLine } from './json-lines.ts';
import { parsePlain } from './plain.ts';

/** A parser that has not read a line yet. */
export function openParser(format: ListFormat): LineParser {
  switch (format) {
    case 'plain':
      return parsePlain;
    case 'jsonl':
      return parseJsonLine;
    case 'dshield':
      return parseDshield;
    case 'csf':
      return parseCsf;
    case 'crowdsec':
      return openCrowdsecParser();
    case 'ipset':
      return openIpsetParser();
    case 'fail2ban':
      return parseFail2ban;
  }
}
