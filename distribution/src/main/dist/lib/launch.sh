# SPDX-License-Identifier: Apache-2.0
# Sourced by the start script of a role, in whose place the role runs then. That has set home, the directory of the installation; command, its
# own name; role, the class of the role; memory, flags of the JVM for what it may have; and what is passed on is its arguments.

. "$home/lib/find-java.sh"
. "$home/lib/utf8-locale.sh"
addresses=$(ulimit -v)
if [ "$addresses" = unlimited ] || [ "$addresses" -ge 3000000 ]; then
  addresses=
else
  echo "The limit of addresses ('ulimit -v') is $addresses KiB, and the JVM wants about 3000000 whatever it uses of them; lift it with" \
    "'ulimit -v unlimited', or LimitAS=infinity in the systemd unit." >&2
fi
if ! java=$(find_java); then
  # Under that limit none can be asked for its version.
  [ -z "$addresses" ] || exit 1
  echo "$command needs Java 25 and found $(unfit_java); install Java 25, or set PORTUNUS_JAVA to its bin/java." >&2
  exit 1
fi

# Else names of files that are no ASCII could not be opened, and the system's messages came in a language that nobody here reads.
if locale=$(utf8_locale); then
  LC_ALL=$locale
  export LC_ALL
fi

# Out of memory is for a supervisor to mend: the process ends with 3. The last flag but the options silences a warning about the framework's
# own use of sun.misc.Unsafe.
# shellcheck disable=SC2086 # memory and PORTUNUS_JAVA_OPTS are lists of options
exec "$java" -XX:+UseSerialGC $memory -XX:+UseCompactObjectHeaders -XX:-UsePerfData \
  -XX:+ExitOnOutOfMemoryError \
  --sun-misc-unsafe-memory-access=allow ${PORTUNUS_JAVA_OPTS:-} "-Dportunus.role=$role" -jar "$home/lib/launcher.jar" "$@"
