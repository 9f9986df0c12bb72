// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.flow.spi.BulkPath;
import io.portunus.model.Problem;
import java.util.Optional;

/**
 * What this process may do.
 *
 * @param os the system's name
 * @param nativeAccess whether this bundle may call native code without a warning now, and at all later
 * @param channelsExported whether transports on NIO can read descriptors of their sockets
 * @param disabled what the operator has set {@value #DISABLE} to
 */
record Platform(String os, boolean nativeAccess, boolean channelsExported, String disabled) {
    /** Environment variable; if it is set and not empty, nothing is spliced. */
    static final String DISABLE = "PORTUNUS_DISABLE_SPLICE";

    static Platform here() {
        Module here = Platform.class.getModule();
        String disabled = System.getenv(DISABLE);
        return new Platform(System.getProperty("os.name", ""), here.isNativeAccessEnabled(),
            Object.class.getModule().isExported("sun.nio.ch", here), disabled == null ? "" : disabled);
    }

    /** Whether it is the operator's will. */
    boolean disabledByOperator() {
        return !disabled.isEmpty();
    }

    /** Why nothing native is to be touched here, and what to do about it. */
    Optional<Problem> objection() {
        if (disabledByOperator()) {
            return Optional.of(problem("the environment has " + DISABLE + "=" + disabled + "; unset it and restart to move bulk by splice(2)"));
        }
        if (!"Linux".equals(os)) {
            return Optional.of(problem("splice(2) needs Linux; bulk is copied on " + os));
        }
        if (!nativeAccess) {
            return Optional.of(problem("the JVM grants no native access; start it with --enable-native-access=ALL-UNNAMED, or by java -jar"));
        }
        if (!channelsExported) {
            return Optional.of(problem("sockets do not tell their descriptors; start the JVM with"
                + " --add-exports java.base/sun.nio.ch=ALL-UNNAMED, or by java -jar"));
        }
        return Optional.empty();
    }

    /** Why no call is to be made at all; that bulk is not to be spliced is no reason. */
    Optional<String> noCalls() {
        if (!"Linux".equals(os)) {
            return Optional.of("the calls are those of Linux, this is " + os);
        }
        return nativeAccess ? Optional.empty() : Optional.of("the JVM grants no native access");
    }

    static Problem problem(String text) {
        return Problem.of(BulkPath.UNAVAILABLE, "splice", text);
    }
}
