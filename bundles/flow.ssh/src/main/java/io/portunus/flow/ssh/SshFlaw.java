// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

import io.portunus.flow.spi.Verdict;

/** Everything for which a prelude is no identification of SSH. */
enum SshFlaw {
    NOT_SSH(Verdict.foreign("the first bytes are not SSH-")),
    /** RFC 4253 §4.2: printable US-ASCII, and carriage return and line feed at the end. */
    BYTE(Verdict.flawed("a byte of the SSH identification is not printable")),
    FORM(Verdict.flawed("the SSH identification has no version, or no software")),
    LONG(Verdict.flawed("the SSH identification is longer than 255 bytes"));

    private final Verdict verdict;

    SshFlaw(Verdict verdict) {
        this.verdict = verdict;
    }

    Verdict verdict() {
        return verdict;
    }
}
