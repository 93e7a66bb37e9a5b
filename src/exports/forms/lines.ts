/** Forms of one entry a line: of pfSense, OPNsense and other firewalls, HAProxy, nginx, Postfix and Rspamd. */
import type { Entry } from '../entry.ts';
import { head, linesOf, type Form } from './form.ts';

/** Entries alone, without a comment: not every receiver knows the same one. */
export const plainForm: Form = ({ entries }) => linesOf(entries, ({ net }) => net.text);

function commented(line: (entry: Entry) => string): Form {
  return function* (made) {
    yield head(made);
    yield* linesOf(made.entries, line);
  };
}

/** Patterns of an ACL, `acl NAME src -f FILE`: the whole line is the pattern. */
export const haproxyForm: Form = commented(({ net }) => net.text);

/** Lines for a block `geo`, which includes the file. */
export const nginxForm: Form = commented(({ net }) => `${net.text} 1;`);

/** A table of type `cidr`, for check_client_access. */
export const postfixForm: Form = commented(({ net }) => `${net.text} REJECT`);

/** A map of type `ip`, for the module multimap. */
export const rspamdForm: Form = commented(({ net }) => net.text);
