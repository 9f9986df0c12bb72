// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.util.function.Supplier;
import org.apache.felix.service.command.CommandSession;

/** A command that cannot be answered; its message is the sentence for the operator. */
final class CommandRefused extends RuntimeException {
    /** The answer to who does not wait for a change. */
    static final String GOES_ON = "the change goes on, though nobody waits for it here; 'portunus:changes' tells what came of it";
    private static final long serialVersionUID = 1L;

    CommandRefused(String sentence) {
        super(sentence, null, false, false);
    }

    /** The same for a whole command that only looks, whose session holds whether it was refused. */
    static String orText(CommandSession session, Supplier<String> command) {
        return orText(session, "broken off; nothing was changed", command);
    }

    /**
     * The same for a command that makes a change, which goes on when whoever asked for it does not wait.
     *
     * @param goesOn the answer to who breaks the waiting off
     */
    static String orText(CommandSession session, String goesOn, Supplier<String> command) {
        session.put(Caller.REFUSED, "");
        return orText(() -> {
            try {
                return TerminalInterrupts.during(session, () -> Detached.await(goesOn, command));
            } catch (CommandRefused refused) {
                session.put(Caller.REFUSED, refused.getMessage());
                throw refused;
            }
        });
    }

    /** The text, or the sentence of its refusal: Gogo would print an exception with its class in front. */
    static String orText(Supplier<String> command) {
        try {
            return command.get();
        } catch (CommandRefused refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
