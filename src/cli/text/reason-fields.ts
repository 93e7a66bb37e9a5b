/** Why something is wanted, or no longer, as `plan --json` gives it: the fields of its code, and its words in UTC. */
import { UTC } from '../../domain/words.ts';
import { allowedByText, whyIgnoredText } from '../../policy/why-ignored.ts';
import { isoTime } from '../../yaml/time.ts';
import { codedJson } from './coded-json.ts';
import { reasonText, type Reason } from './explain.ts';

type Fields = Readonly<Record<string, unknown>>;

/** `{ code, …details, text }`. */
export function reasonFields(reason: Reason): Fields {
  return { code: reason.code, ...detailsOf(reason), text: reasonText(reason, UTC) };
}

function detailsOf(reason: Reason): Fields {
  switch (reason.code) {
    case 'claimed': {
      const { server, since, until } = reason.claim;
      const times = { since: isoTime(since), until: until === Infinity ? null : isoTime(until) };
      return { server, ...times, others: reason.others };
    }
    case 'denied':
      return { line: reason.line, note: reason.note ?? null };
    case 'allowed':
      return { by: codedJson(reason.by, allowedByText(reason.by)) };
    case 'ignored':
      return { why: codedJson(reason.why, whyIgnoredText(reason.why)) };
    case 'ended': {
      const { server, why, peer = null } = reason.change;
      return { server, why, peer };
    }
    case 'listed':
    case 'unlisted':
      return { list: reason.list };
    case 'structure':
    case 'unclaimed':
      return {};
  }
}
