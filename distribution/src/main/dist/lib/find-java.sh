# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts. find_java prints the path of a java of exactly version 25, the one that was tested, or fails.

java_fits() {
  [ -n "$1" ] && [ -x "$1" ] && [ ! -d "$1" ] && "$1" -Xmx16m -XX:+UseSerialGC -version 2>&1 | grep -q ' version "25[".]'
}

find_java() {
  if [ -n "${PORTUNUS_JAVA:-}" ]; then
    java_fits "$PORTUNUS_JAVA" && printf '%s\n' "$PORTUNUS_JAVA"
    return
  fi
  for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java || true)" /usr/lib/jvm/*25*/bin/java \
      "${HOME:-/nonexistent}"/.sdkman/candidates/java/25*/bin/java "${HOME:-/nonexistent}"/.jdks/*25*/bin/java; do
    if java_fits "$candidate"; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# What find_java found instead, for the sentence that says so.
unfit_java() {
  unfit=${PORTUNUS_JAVA:-$(command -v java || true)}
  if [ -z "$unfit" ]; then
    echo "no java at all"
  elif [ ! -x "$unfit" ]; then
    echo "no program $unfit"
  else
    echo "only $("$unfit" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/version \1/p' | head -n 1) ($unfit)"
  fi
}

# The directory of the installation that a path of java belongs to, links followed.
java_home() {
  "$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}
