// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;

/** Commands as the bundle shell has them, and one of another scope. */
public final class SampleCommands {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    /** Answers a line. */
    public String status(CommandSession session, String... args) {
        return "all is well " + List.of(args);
    }

    /** Returns who asks. */
    public String who(CommandSession session, String... args) {
        return String.valueOf(session.get("portunus.actor"));
    }

    /** Refuses. */
    public String refuse(CommandSession session, String... args) {
        session.put("portunus.refused", "no such thing");
        return "no such thing";
    }

    /** Lists the commands. */
    public String help(CommandSession session, String... args) {
        return args.length == 0 ? "broken\nrefuse\nstatus\nwho" : args[0] + " does this";
    }

    /** Completes: a command first, then a rule. */
    public List<String> complete(CommandSession session, String... words) {
        return Stream.of("status", "statistics").filter(word -> words.length == 1 && word.startsWith(words[0])).toList().isEmpty()
            ? Stream.of("web-one").filter(rule -> rule.startsWith(words[words.length - 1])).toList()
            : List.of("status");
    }

    /** Returns what may have been meant. */
    public String unknown(CommandSession session, String... words) {
        return "there is no command " + words[0];
    }

    /** Waits for a minute, unless it is interrupted. */
    public String slow(CommandSession session, String... args) {
        try {
            return new CountDownLatch(1).await(60, TimeUnit.SECONDS) ? "" : "not interrupted";
        } catch (InterruptedException asked) {
            return "no longer waited for";
        }
    }

    /** Waits until it may go on. */
    public String await(CommandSession session, String... args) throws InterruptedException {
        begun.countDown();
        return goOn.await(60, TimeUnit.SECONDS) ? "at last" : "not in time";
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
