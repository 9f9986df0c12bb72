// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several looks at the same bytes. The first that knows them wins, whatever the others still wait for; one that answered no is asked no more.
 * Whoever is the last to stand, or wins, has the word when the connection is refused; where none is, nobody knows the peer's protocol and
 * nothing is written. Bytes that one of them found flawed are nobody else's by default: unless another one knows them, that is the verdict.
 * Confined to the flow's loop.
 */
final class RivalInspections implements Inspection {
    private static final Verdict NOT_RECOGNISED = Verdict.foreign("no rule of the listener wants such first bytes");
    private static final Verdict BROKEN = Verdict.flawed(CloseReason.INTERNAL_ERROR, "an inspector failed");
    private static final byte[] NOTHING = {};

    private final List<Inspection> standing;
    private @Nullable Inspection respondent;
    private CloseReason last = CloseReason.NOT_RECOGNISED;
    private boolean broken;
    private @Nullable Inspection flawed;
    /** The verdict of that one. */
    private Verdict flaw = NOT_RECOGNISED;

    private RivalInspections(List<Inspection> all) {
        standing = new ArrayList<>(all);
    }

    /** All of them as one; a single one stays what it is. */
    static Inspection of(List<Inspection> all) {
        return all.size() == 1 ? all.getFirst() : new RivalInspections(all);
    }

    /** Whether no inspection that gave up may have been wrong to, so that the bytes may be of a protocol that none of them knows. */
    static boolean unclaimed(Inspection inspection) {
        return !(inspection instanceof RivalInspections rivals) || rivals.flawed == null && !rivals.broken;
    }

    @Override
    public Verdict inspect(ByteBuffer bytes) {
        boolean alone = standing.size() == 1;
        for (Iterator<Inspection> left = standing.iterator(); left.hasNext();) {
            Inspection inspection = left.next();
            switch (inspection.inspect(bytes.asReadOnlyBuffer())) {
                case Verdict.Recognised match -> {
                    respondent = inspection;
                    return match;
                }
                case Verdict.No no -> {
                    left.remove();
                    // Others may know the bytes all the same; if none does, the flow was not refused for what the client sent.
                    boolean defect = no.reason().equals(CloseReason.INTERNAL_ERROR);
                    broken |= defect;
                    if (no.flawed() && !defect) {
                        flawed = inspection;
                        flaw = no;
                    }
                    if (alone) {
                        respondent = inspection;
                        last = no.reason();
                    }
                }
                case Verdict.More more -> { }
            }
        }
        return !standing.isEmpty() ? Verdict.MORE : verdictOfNone();
    }

    private Verdict verdictOfNone() {
        if (broken) {
            return BROKEN;
        }
        if (flawed != null) {
            respondent = flawed;
            return flaw;
        }
        return NOT_RECOGNISED;
    }

    @Override
    public byte[] refusal(CloseReason reason) {
        Inspection speaks = respondent;
        if (speaks != null) {
            // The one that stood to the end knows better what was wrong than that nobody was left.
            return speaks.refusal(reason.equals(CloseReason.NOT_RECOGNISED) ? last : reason);
        }
        return standing.size() == 1 ? standing.getFirst().refusal(reason) : NOTHING;
    }
}
