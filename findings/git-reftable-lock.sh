#!/bin/sh
# git, and the lock that a killed git left on branches that are kept in a reftable.
#
# Expected: what git says of every other lock of its own: which file it is, that a git process may have crashed, and to remove
# that file by hand. So it is with the index, and with branches that are files.
# Seen: "fatal: cannot lock references" from git commit, and from git pack-refs an exit code of 251 without a word. Neither
# names .git/reftable/tables.list.lock, and .git/refs/heads, where one would look, is a file.
#
# git 1:2.47.3-0+deb13u1 (Debian 13); git 2.53.0 of Debian's next release does the same.
set -eu
export LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.net GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.net
VERSION=1:2.47.3-0+deb13u1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
apt_of_trixie() { # COMMAND WORD...
  apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" -o Dir::State::status=/dev/null \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" "$@"
}
mkdir -p parts lists/partial cache/archives/partial tree bin
for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian.*; do
  [ ! -f "$list" ] || sed "s/\\b$own\\b/trixie/g" "$list" >"parts/own.${list##*.}"
done
if ! { apt_of_trixie update && apt_of_trixie download "git=$VERSION" libpcre2-8-0 zlib1g libc6; } >log 2>&1; then
  echo "git $VERSION cannot be had here any more"
  exit 1
fi
for deb in *.deb; do dpkg-deb --extract "$deb" tree; done
loader=$(find "$work/tree" -name 'ld-linux*.so.*' | head -n 1)
libraries=$(dirname "$(find "$work/tree" -name libpcre2-8.so.0 | head -n 1)")
# With the C library of its own release, and itself as the git that it starts.
cat >bin/git <<END
#!/bin/sh
GIT_EXEC_PATH=$work/bin exec $loader --library-path $libraries $work/tree/usr/bin/git "\$@"
END
chmod 755 bin/git
PATH=$work/bin:$PATH

say_of() { # NAME LOCK
  : >"$1/.git/$2"
  code=0
  said=$(git -C "$1" commit --quiet --allow-empty --message y 2>&1) || code=$?
  echo "$2: exit code $code: $said" | sed '/^[^:]*:.*exit code/!s/^/    /'
  case $said in *"$2"*) named=yes ;; *) named=no ;; esac
}

git --version
for format in files reftable; do
  git init --quiet --initial-branch=main --ref-format=$format $format
  git -C $format commit --quiet --allow-empty --message x
done
say_of files refs/heads/main.lock
files=$named
say_of reftable reftable/tables.list.lock
reftable=$named
packed=0
words=$(git -C reftable pack-refs 2>&1) || packed=$?
echo "git pack-refs: exit code $packed, says \"$words\""
[ -f reftable/.git/refs/heads ] && echo ".git/refs/heads is a file"
[ "$files" = yes ] && [ "$reftable" = no ] && [ "$packed" = 251 ] && [ -z "$words" ]
