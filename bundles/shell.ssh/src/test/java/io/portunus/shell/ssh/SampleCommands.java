// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import java.util.List;
import org.apache.felix.service.command.CommandSession;

/** Commands as the bundle shell has them, and one of another scope. */
public final class SampleCommands {
    /** Answers a line. */
    public String status(CommandSession session, String... args) {
        return "all is well " + List.of(args);
    }

    /** Says who asks. */
    public String who(CommandSession session, String... args) {
        return String.valueOf(session.get("portunus.actor"));
    }

    /** Refuses. */
    public String refuse(CommandSession session, String... args) {
        session.put("portunus.refused", "no such thing");
        return "no such thing";
    }

    /** Has a defect. */
    public String broken(CommandSession session, String... args) {
        return List.of(args).get(args.length);
    }

    /** Must not be reached over SSH. */
    public String secret(CommandSession session, String... args) {
        return "secret";
    }
}
