package ${package};

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The look into one connection. Confined to one event loop, on which it must never block: others are served on it, too. */
final class ${prefix}Inspection implements Inspection {
    /** What a client sends first. Put what yours sends in its place, and begin with the most that has to be read. */
    private static final byte[] BEGINNING = "${kind} ".getBytes(StandardCharsets.US_ASCII);
    static final Verdict NO = Verdict.foreign("it begins otherwise");
    private static final Verdict YES = new Verdict.Recognised(Prelude.of(${prefix}Inspector.KIND));
    private static final byte[] NOTHING = {};

    /** Gets all that has come so far, cut anywhere, and gets it again with more behind it as long as it answers {@code MORE}. */
    @Override
    public Verdict inspect(ByteBuffer bytes) {
        int there = Math.min(bytes.limit(), BEGINNING.length);
        for (int i = 0; i < there; i++) {
            if (bytes.get(i) != BEGINNING[i]) {
                return NO;
            }
        }
        return there < BEGINNING.length ? Verdict.MORE : YES;
    }

    @Override
    public byte[] refusal(CloseReason reason) {
        return NOTHING;
    }
}
