/** JSON, one entry a line. */
import { isoTime } from '../../yaml/time.ts';
import { linesOf, type Form } from './form.ts';

/** `{ "version": 1, "entries": [{ address, family, jails, until }] }`; `until` is null where there is no end. */
export const jsonForm: Form = function* ({ entries }) {
  yield '{ "version": 1, "entries": [\n';
  const last = entries.at(-1);
  yield* linesOf(entries, (entry) => {
    const { net, jails, until } = entry;
    const end = until === Infinity ? null : isoTime(until);
    const line = JSON.stringify({ address: net.text, family: net.family, jails, until: end });
    return entry === last ? line : `${line},`;
  });
  yield ']}\n';
};
