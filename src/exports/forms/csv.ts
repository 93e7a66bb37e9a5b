/** CSV (RFC 4180) for spreadsheets: its lines end with CRLF, and no cell begins as a formula does. */
import { isoTime } from '../../yaml/time.ts';
import { linesOf, type Form } from './form.ts';

/** With a head; `until` is empty where there is no end. */
export const csvForm: Form = function* ({ entries }) {
  yield 'address,family,jails,until\r\n';
  // Neither addresses nor names of jails hold commas or quotes, or begin with what a spreadsheet carries out.
  yield* linesOf(entries, ({ net, jails, until }) => {
    const end = until === Infinity ? '' : isoTime(until);
    return `${net.text},${net.family},${jails.join(' ')},${end}\r`;
  });
};
