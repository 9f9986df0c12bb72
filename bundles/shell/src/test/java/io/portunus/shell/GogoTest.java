// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.Actor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How Gogo itself hands words over: numbers, quotes and the word null arrive as text. */
@Timeout(20)
class GogoTest {
    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threadIo);
    private final NodeParts parts = new NodeParts();
    private final SampleNode engine = new SampleNode();
    private final SampleBundles bundles = new SampleBundles();

    @BeforeEach
    void start() {
        threadIo.start();
        parts.engine = engine;
        FlowCommands flows = new FlowCommands(parts);
        processor.addCommand("portunus", flows, "flows");
        processor.addCommand("portunus", flows, "kill");
        processor.addCommand("portunus", new RuleCommands(parts), "explain");
        processor.addCommand("portunus", new NodeCommands(parts), "log");
        parts.bundles = bundles;
        processor.addCommand("portunus", new BundleCommands(parts), "upgrade");
        processor.addCommand("portunus", new PinCommands(parts), "pin");
    }

    @AfterEach
    void stop() {
        processor.stop();
        threadIo.stop();
    }

    private String run(String line) throws Exception {
        InputStream in = new ByteArrayInputStream(new byte[0]);
        try (PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
                var session = processor.createSession(in, out, out)) {
            return String.valueOf(session.execute(line));
        }
    }

    @Test
    void handsNumbersOverAsText() throws Exception {
        assertThat(run("portunus:kill 2")).isEqualTo("flow 2: ended");
        assertThat(run("portunus:kill 2 3 99")).isEqualTo("flow 2: ended\nflow 3: ended\nflow 99: there is no such flow");
        assertThat(run("portunus:flows -n 1")).contains("the oldest 1 of 3");
    }

    @Test
    void findsCommandsWithoutArguments() throws Exception {
        assertThat(run("portunus:flows")).startsWith("ID").hasLineCount(4);
        assertThat(run("portunus:log")).contains("logging.json is not active");
    }

    @Test
    void handsOptionsAndFlagsOver() throws Exception {
        assertThat(run("portunus:explain -p 443 -s www.example.com -a 192.0.2.1 -b '2001:db8::1'")).contains("by rule web");
        assertThat(run("portunus:explain -p 5000 -b 127.0.0.1 --plain")).contains("by rule local");
        assertThat(run("portunus:explain -p 443 -s '*.example.com'")).contains("with TLS for *.example.com");
    }

    @Test
    void answersWhatIsNoOptionWithTheUsage() throws Exception {
        assertThat(run("portunus:flows -q null")).isEqualTo("there is no option -q; usage: portunus:flows [-r RULE] [-n LIMIT]");
        // As the only word Gogo itself refuses it, for it takes the null reference for the array of words.
        assertThat(run("portunus:kill 2 null")).contains("'null' is no id of a flow");
    }

    @Test
    void handsTheSessionOverForWhoAsksAndWhetherItWasRefused() throws Exception {
        try (PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
                var session = processor.createSession(new ByteArrayInputStream(new byte[0]), out, out)) {
            session.put(Caller.ACTOR, new Actor("ssh", "ann"));

            session.execute("portunus:upgrade /x.jar --drain 30s");
            assertThat(bundles.asked).containsExactly("upgrade /x.jar by ssh:ann Optional[PT30S]");
            session.execute("portunus:pin -s 192.0.2.0/24 flow.tls 0.1.0");
            assertThat(bundles.pins).hasSize(1);
            assertThat(session.get(Caller.REFUSED)).isEqualTo("");
            session.execute("portunus:upgrade");
            assertThat(session.get(Caller.REFUSED)).asString().startsWith("which file?");
            assertThat(session.get("portunus:flows")).isInstanceOf(Function.class);
        }
    }
}
