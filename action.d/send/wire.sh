# --- wire: what the firewall knows too -----------------------------------------------------------------------------

# Where the firewall has other numbers, it refuses what was sent, and says so where nobody looks: a test compares them.

# The longest names of a server and of a jail, the most digits of a count, and the longest of other texts.
SERVER_LENGTH=63
JAIL_LENGTH=64
COUNT_DIGITS=9
TEXT_LENGTH=2000

# It takes no longer bans, of 3,000 years; fail2ban has such as "bantime = 9999999999999" too.
MOST_SECONDS=99999999999

# It takes no larger file, and waits no longer for the rest of one.
FILE_BYTES=4194304
STALLED_S=60

# A flush is part of a stop that comes within this time.
STOP_FOLLOWS_MS=10000
