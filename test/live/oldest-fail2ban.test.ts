/** The oldest release of fail2ban that can be had: 1.0 on Debian 12. */
import { fail2banReleases } from '../lab/layers.ts';
import { testFail2ban } from './fail2ban.ts';

testFail2ban(fail2banReleases().at(0) ?? '1.1');
