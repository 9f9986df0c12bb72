// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;

/**
 * Looks for the identification that an SSH client sends first, each byte once: {@code SSH-2.0-software comments}, RFC 4253 §4.2. Holds
 * nothing of it. Confined to one event loop.
 */
final class SshInspection implements Inspection {
    /** RFC 4253 §4.2: the maximum length is 255 characters, including the carriage return and line feed. */
    static final int MAX_LINE = 255;

    private static final String PREFIX = "SSH-";
    private static final Verdict SSH = new Verdict.Recognised(Prelude.of(SshInspector.KIND));
    private static final byte[] NOTHING = {};

    private Verdict verdict = Verdict.MORE;
    private int seen;
    private boolean afterReturn;
    /** Characters of the version so far; what is behind it has no form. */
    private int version;
    private boolean inVersion = true;
    private boolean software;

    @Override
    public Verdict inspect(ByteBuffer bytes) {
        while (verdict == Verdict.MORE && seen < bytes.limit()) {
            verdict = next(bytes.get(seen));
            seen++;
        }
        return verdict;
    }

    private Verdict next(byte c) {
        if (seen < PREFIX.length()) {
            return c == PREFIX.charAt(seen) ? Verdict.MORE : SshFlaw.NOT_SSH.verdict();
        }
        if (c == '\n') {
            // Some old clients send no carriage return; RFC 4253 §4.2 lets them through.
            return software ? SSH : SshFlaw.FORM.verdict();
        }
        if (afterReturn || c != '\r' && (c < ' ' || c == 0x7f)) {
            return SshFlaw.BYTE.verdict();
        }
        if (seen == MAX_LINE - 1) {
            return SshFlaw.LONG.verdict();
        }
        afterReturn = c == '\r';
        return afterReturn ? Verdict.MORE : inForm(c);
    }

    private Verdict inForm(byte c) {
        if (!inVersion) {
            software = true;
        } else if (c == '-' && version > 0) {
            inVersion = false;
        } else if (c == '.' || c >= '0' && c <= '9') {
            version++;
        } else {
            return SshFlaw.FORM.verdict();
        }
        return Verdict.MORE;
    }

    /** There is no word before the key exchange that a client would show. */
    @Override
    public byte[] refusal(CloseReason reason) {
        return NOTHING;
    }
}
