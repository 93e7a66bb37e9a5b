#!/bin/sh
# dpkg, and a file of the administrator's that stood where a package now brings a conffile.
#
# Expected: whoever answers the conffile question with "keep mine" keeps a file that is theirs, and so are the copies
# beside it, which no package ever brought. Taking the package away again leaves both.
# Seen: from the answer on the file counts as the package's. A purge removes it although its content was never the package's,
# and with it every copy beside it whose name ends in ~, .bak or %, or stands between two #. Copies that end in .orig,
# .save or .mine stay.
#
# dpkg 1.21.22 (Debian 12), with netbase 6.4 in an empty root; its maintainer scripts, which have nothing to do with it, are
# left out, since there is no shell in there.
set -eu
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

version=$(apt-cache madison netbase 2>/dev/null | awk '$3 == "6.4" { print $3; exit }')
if [ -z "$version" ] || ! apt-get -qq download "netbase=$version" 2>/dev/null; then
  echo 'netbase 6.4 cannot be had here any more'
  exit 1
fi
dpkg-deb --raw-extract netbase_*.deb package
rm package/DEBIAN/postinst package/DEBIAN/postrm
dpkg-deb --root-owner-group --build package netbase.deb >/dev/null

mkdir -p root/etc root/var/lib/dpkg/info root/var/lib/dpkg/updates root/var/lib/dpkg/triggers
: >root/var/lib/dpkg/status
: >root/var/lib/dpkg/available
for name in rpc rpc.bak 'rpc~' 'rpc%' '#rpc#' rpc.orig rpc.save rpc.mine; do
  echo 'of the administrator' >"root/etc/$name"
done

in_root() { # OPTION...
  dpkg --root="$work/root" --log=/dev/null --force-not-root "$@" >>log 2>&1 </dev/null
}

if in_root --install netbase.deb; then asked=no; else asked=yes; fi
in_root --force-confold --configure netbase || { cat log; exit 1; }
kept=$(cat root/etc/rpc)
in_root --purge netbase || { cat log; exit 1; }
left=$(cd root/etc && find . -name '*rpc*' | sed 's,^\./,,' | sort | tr '\n' ' ')

echo "dpkg $(dpkg --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p'), netbase $version"
echo "asked, though nobody can answer (DEBIAN_FRONTEND=noninteractive): $asked"
echo "kept at the question: $kept"
echo "left after the purge: $left"
[ "$asked" = yes ] && [ "$kept" = 'of the administrator' ] && [ "$left" = 'rpc.mine rpc.orig rpc.save ' ]
