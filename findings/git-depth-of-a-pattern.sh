#!/bin/sh
# git fetch --depth=1 with a pattern of branches, by who also pushes one of them.
#
# Expected: a depth limits what is brought along. From a repository without such a branch nothing is fetched, which is no
# failure, as without --depth; and a branch that is here with its whole history stays whole, since nothing of it is missing.
# Seen: from a repository without a branch git ends with exit code 1 and not a word, where without --depth it is 0. And where
# the pattern covers the branch that was pushed from here, its own last commit becomes the edge of a cut history: the next push
# of that branch to a repository that lost it is refused, "shallow update not allowed", with every object still here.
#
# So who keeps copies of many branches on a hub, and one of its own among them, must leave its own out of a fetch with --depth,
# or it cannot give the hub back what the hub lost.
#
# git 1:2.47.3-0+deb13u1 (Debian 13); 2.39.5 of Debian 12 does the same.
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


code_of() { # COMMAND...
  code=0
  "$@" >said 2>&1 || code=$?
  echo "$code"
}
PATTERN='+refs/heads/fw/*:refs/peers/*'

git --version
git init --quiet --bare hub
git init --quiet --initial-branch=fw/one mine
cd mine
git remote add hub "file://$work/hub"
whole=$(code_of git fetch hub "$PATTERN")
cut=$(code_of git fetch --depth=1 hub "$PATTERN")
echo "fetch from a repository without a branch: exit code $whole; with --depth=1: $cut, and says \"$(cat said)\""
words=$(cat said)

git commit --quiet --allow-empty --message first
git commit --quiet --allow-empty --message second
git push --quiet hub fw/one
before=$(git rev-list --count fw/one)
git fetch --quiet --depth=1 hub "$PATTERN"
after=$(git rev-list --count fw/one)
there=$(code_of git cat-file -e "$(git cat-file -p fw/one | sed -n 's/^parent //p')")
rm -rf "$work/hub"
git init --quiet --bare "$work/hub"
push=$(code_of git push hub fw/one)
echo "own branch: $before commits, after a fetch with --depth=1: $after (its parent is there: exit code $there)"
echo "push of it to an empty repository: exit code $push: $(grep -o 'shallow update not allowed' said || cat said)"
[ "$whole $cut" = '0 1' ] && [ -z "$words" ] && [ "$before $after $there $push" = '2 1 0 1' ] &&
  grep -q 'shallow update not allowed' said
