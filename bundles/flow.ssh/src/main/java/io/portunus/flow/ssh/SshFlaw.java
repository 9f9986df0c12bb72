// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Verdict;

/** Everything for which first bytes are no identification of SSH. */
enum SshFlaw {
    NOT_SSH(CloseReason.NOT_RECOGNISED, "the first bytes are not SSH-"),
    /** RFC 4253 §4.2: printable US-ASCII, and carriage return and line feed at the end. */
    BYTE(CloseReason.HELLO_MALFORMED, "a byte of the SSH identification is not printable"),
    FORM(CloseReason.HELLO_MALFORMED, "the SSH identification has no version, or no software"),
    LONG(CloseReason.HELLO_MALFORMED, "the SSH identification is longer than 255 bytes");

    private final CloseReason reason;
    private final String phrase;

    SshFlaw(CloseReason reason, String phrase) {
        this.reason = reason;
        this.phrase = phrase;
    }

    Verdict verdict() {
        return new Verdict.No(reason, phrase);
    }
}
