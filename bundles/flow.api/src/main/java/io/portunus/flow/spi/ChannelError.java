// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Optional;

/**
 * What the JDK's channels mean by an exception. They keep no errno, only a class for some, and the system's words for it; this is the one place
 * where those are read, and the class goes before them. The words are those of glibc, musl, macOS and Windows.
 */
enum ChannelError {
    REFUSED, UNREACHABLE, TIMED_OUT, TOO_LONG, IN_USE, NOT_AVAILABLE, NO_DESCRIPTOR, NOT_PERMITTED, OTHER;

    static ChannelError of(IOException thrown) {
        String words = text(thrown).toLowerCase(Locale.ROOT);
        return switch (thrown) {
            case SocketTimeoutException late -> TIMED_OUT;
            case NoRouteToHostException nowhere -> UNREACHABLE;
            case PortUnreachableException nobody -> REFUSED;
            case ConnectException connecting -> words.contains("timed out") ? TIMED_OUT : REFUSED;
            case BindException binding -> words.contains("in use") ? IN_USE : denied(words) ? NOT_PERMITTED : NOT_AVAILABLE;
            default -> byWords(words);
        };
    }

    private static boolean denied(String words) {
        return words.contains("permission denied");
    }

    private static ChannelError byWords(String words) {
        if (words.contains("too many open files") || words.contains("no file descriptors available")) {
            return NO_DESCRIPTOR;
        }
        if (words.contains("unreachable") || words.contains("network is down") || words.contains("family")) {
            return UNREACHABLE;
        }
        if (words.contains("message too l") || words.contains("larger than the internal message buffer")) {
            return TOO_LONG;
        }
        return denied(words) ? NOT_PERMITTED : OTHER;
    }

    /** The exception for people. */
    static String text(IOException thrown) {
        return Optional.ofNullable(thrown.getMessage()).orElseGet(thrown::toString);
    }
}
