/** The names that a firewall can have on a hub: those of servers, as far as git takes them for a part of a branch. */
import { SERVER_NAME } from './names.ts';

/** Of all firewalls in a policy, not of one. */
const RESERVED = 'default';

/** What git has against it (git-check-ref-format(1)). */
const NO_BRANCH = /\.\.|\.lock$/;

/** True for a name that a firewall of a fleet can push under. */
export function isFirewallName(name: string): boolean {
  return SERVER_NAME.test(name) && name !== RESERVED && !NO_BRANCH.test(name);
}
