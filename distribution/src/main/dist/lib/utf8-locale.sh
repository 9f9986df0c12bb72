# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts. utf8_locale prints a locale of this machine in which names of files are UTF-8, or fails.

utf8_locale() {
  # Without the program that knows (musl has none) the locale is there, too.
  if ! command -v locale >/dev/null 2>&1; then
    echo C.UTF-8
    return
  fi
  for candidate in C.UTF-8 "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" en_US.UTF-8; do
    if [ -n "$candidate" ] && [ "$(LC_ALL=$candidate locale charmap 2>/dev/null)" = UTF-8 ]; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  locale -a 2>/dev/null | grep -i -m 1 'utf-*8$'
}
