// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.util.function.Supplier;
import org.apache.felix.service.command.CommandSession;

/** A command that cannot be answered; its message is the sentence for the operator. */
final class CommandRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandRefused(String sentence) {
        super(sentence, null, false, false);
    }

    /** The same for a whole command, whose session is told whether it was refused. */
    static String orText(CommandSession session, Supplier<String> command) {
        session.put(Caller.REFUSED, "");
        return orText(() -> {
            try {
                return command.get();
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
