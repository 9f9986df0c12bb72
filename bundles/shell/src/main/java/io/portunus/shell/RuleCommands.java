// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.flow.api.ForwardingEngine;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about rules and what listens for them. Gogo prints what a method returns. */
@Component(service = RuleCommands.class,
    property = {"osgi.command.scope=portunus", "osgi.command.function=rules", "osgi.command.function=explain", "osgi.command.function=listeners"})
public final class RuleCommands {
    private final NodeParts parts;

    /** Takes the services to ask. */
    @Activate
    public RuleCommands(@Reference NodeParts parts) {
        this.parts = parts;
    }

    /** Lists the rules. */
    @Descriptor("lists the rules with state, target and counters")
    public String rules(@Descriptor("none") String... args) {
        return CommandRefused.orText(() -> {
            RulesText.SYNTAX.parse(args);
            return RulesText.render(parts.catalog.needed().statuses(), parts.engine.now().map(ForwardingEngine::counts));
        });
    }

    /** Explains where a connection would go. */
    @Descriptor("says which rule a connection gets, and why each other one is not chosen")
    public String explain(@Descriptor("-p PORT [-s NAME asked for] [-a SOURCE address] [-b BIND, the local address] [--plain: no TLS]")
            String... args) {
        return CommandRefused.orText(() -> ExplainText.render(parts.engine.needed().table(), args));
    }

    /** Lists the listeners. */
    @Descriptor("lists the listeners and whether they are bound")
    public String listeners(@Descriptor("none") String... args) {
        return CommandRefused.orText(() -> {
            ListenersText.SYNTAX.parse(args);
            ForwardingEngine engine = parts.engine.needed();
            return ListenersText.render(engine.listeners(), engine.table());
        });
    }
}
