// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.node.api.Actor;
import org.apache.felix.service.command.CommandSession;

/** What a command and the face that runs it exchange: two variables of the session. */
final class Caller {
    /** Set by the face: the {@link Actor} that is asking. The terminal sets none. */
    static final String ACTOR = "portunus.actor";
    /** Set by each command: the sentence if it was refused, else an empty text. A face without a human makes an exit status of it. */
    static final String REFUSED = "portunus.refused";
    private static final Actor TERMINAL = new Actor("shell", "");

    private Caller() {
    }

    /** Whether it is the terminal that the process was started on. */
    static boolean atTerminal(CommandSession session) {
        return of(session).equals(TERMINAL);
    }

    /** Who is asking. */
    static Actor of(CommandSession session) {
        return session.get(ACTOR) instanceof Actor actor ? actor : TERMINAL;
    }
}
