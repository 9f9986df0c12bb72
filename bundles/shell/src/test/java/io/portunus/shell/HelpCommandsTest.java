// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.Actor;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;

class HelpCommandsTest {
    private final CommandSession session = SampleSession.create();
    private final HelpCommands commands = new HelpCommands();

    @Test
    void listsEveryCommandWithASentence() {
        assertThat(commands.help(session)).startsWith("COMMAND").contains("\nrules ", "lists the rules", "\nhelp ", "'help gogo'");
        assertThat(CommandBook.OURS.entries()).hasSizeGreaterThan(20).allSatisfy(entry -> assertThat(entry.sentence()).isNotBlank());
    }

    @Test
    void describesOneCommandWithTheScopeOrWithout() {
        assertThat(commands.help(session, "rules")).isEqualTo("rules: lists the rules with state, target and counters\nusage: rules");
        assertThat(commands.help(session, "portunus:flows")).contains("usage: flows [-r RULE, only its flows]");
        assertThat(session.get(Caller.REFUSED)).isEqualTo("");
    }

    @Test
    void answersWhatWasProbablyMeant() {
        assertThat(commands.help(session, "ruls")).isEqualTo("there is no command 'ruls'; did you mean 'rules'? 'help' lists the commands");
        assertThat(CommandBook.OURS.unknown("portunus:upgrad")).contains("did you mean 'upgrade'?");
        assertThat(CommandBook.OURS.unknown("\u001b[2J")).isEqualTo("there is no command '\\x1b[2J'; 'help' lists the commands");
        assertThat(session.get(Caller.REFUSED)).asString().startsWith("there is no command");
    }

    @Test
    void listsGogosOwnAtTheTerminalOnly() {
        session.put(".commands", Set.of("gogo:cat", "gogo:echo", "felix:lb", "portunus:rules", "shell:complete"));

        assertThat(commands.help(session, "gogo")).isEqualTo("""
            SCOPE  COMMANDS
            felix  lb
            gogo   cat echo""");
        session.put(Caller.ACTOR, new Actor("ssh", "ann"));
        assertThat(commands.help(session, "gogo")).contains("terminal only");
        assertThat(commands.help(session)).doesNotContain("gogo'");
    }
}
