// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.flow.api.ForwardingEngine;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about rules and what listens for them. Gogo prints what a method returns. */
@Component(service = RuleCommands.class,
    property = {"osgi.command.scope=portunus", "osgi.command.function=rules", "osgi.command.function=explain", "osgi.command.function=listeners",
        "osgi.command.function=limits"})
public final class RuleCommands {
    private final NodeParts parts;

    /** Takes the services to ask. */
    @Activate
    public RuleCommands(@Reference NodeParts parts) {
        this.parts = parts;
    }

    /** Lists the rules. */
    @Descriptor("lists the rules with state, target and counters")
    public String rules(CommandSession session, @Descriptor("none") String... args) {
        return CommandRefused.orText(session, () -> {
            RulesText.SYNTAX.parse(args);
            return RulesText.render(Needed.CATALOG.of(parts.catalog).statuses(), Optional.ofNullable(parts.engine).map(ForwardingEngine::counts));
        });
    }

    /** Explains where a connection would go. */
    @Descriptor("says which rule and target a connection gets, and why each other rule of the port is not chosen")
    public String explain(CommandSession session, @Descriptor("-p PORT [-s NAME asked for] [-a SOURCE address] [-b BIND, the local address]"
            + " [-k KIND of protocol, tls if not given] [-l ALPN,... offered] [--plain: none that is known]") String... args) {
        return CommandRefused.orText(session, () -> {
            ForwardingEngine engine = Needed.ENGINE.of(parts.engine);
            return ExplainText.render(engine.table(), ExplainText.Running.of(engine), args);
        });
    }

    /** Lists the limits. */
    @Descriptor("lists the limits of the rules, how much of them is used, and who was refused or held back")
    public String limits(CommandSession session, @Descriptor("[-r RULE, only its limits]") String... args) {
        return CommandRefused.orText(session, () -> LimitsText.limits(parts, Needed.ENGINE.of(parts.engine).policyLimits(), args));
    }

    /** Lists the listeners. */
    @Descriptor("lists the listeners and whether they are bound")
    public String listeners(CommandSession session, @Descriptor("none") String... args) {
        return CommandRefused.orText(session, () -> {
            ListenersText.SYNTAX.parse(args);
            ForwardingEngine engine = Needed.ENGINE.of(parts.engine);
            return ListenersText.render(engine.listeners(), engine.table());
        });
    }
}
