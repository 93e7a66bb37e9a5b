/** The newest release of fail2ban that can be had: 1.1. */
import { fail2banReleases } from '../lab/layers.ts';
import { testFail2ban } from './fail2ban.ts';

testFail2ban(fail2banReleases().at(-1) ?? '1.1');
