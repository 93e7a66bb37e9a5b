/** The names that a firewall can have on a hub: those of servers, as far as git takes them for a part of a branch. */
import { ADOPTED, ESCALATION, OPERATOR, SERVER_NAME } from './names.ts';

/** Of all firewalls in a policy, and of what claims here without a server. */
const RESERVED = ['default', OPERATOR, ADOPTED, ESCALATION];

/** What git has against it (git-check-ref-format(1)). */
const NO_BRANCH = /\.\.|\.lock$/;

/** True for a name that a firewall of a fleet can push under. */
export function isFirewallName(name: string): boolean {
  return SERVER_NAME.test(name) && !RESERVED.includes(name) && !NO_BRANCH.test(name);
}
