// SPDX-License-Identifier: Apache-2.0
package io.portunus.elsewhere;

import io.portunus.launcher.role.Flag;
import io.portunus.launcher.role.Messages;
import io.portunus.launcher.role.Notice;
import io.portunus.launcher.role.PlainCode;
import io.portunus.launcher.role.Readiness;
import io.portunus.launcher.role.Role;
import io.portunus.launcher.role.StateFolder;
import io.portunus.launcher.role.Tool;
import io.portunus.launcher.role.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** A role without a configuration file, with a flag, a subcommand, a feature and a readiness of its own. */
public final class GateRole implements Supplier<Role> {
    static final String NAME = "portunus.gate.name";

    @Override
    public Role get() {
        Flag name = new Flag.Word(List.of("--gate"), "NAME", "The gate.", NAME, GateRole::name);
        Flag loud = new Flag.Switch("--loud", "Call out loud.", "portunus.gate.loud", "yes");
        Tool call = new Tool("call", "Calls the gate.", List.of(), List.of(loud), new PlainCode("gate-call", GateCall.class.getName()));
        return new Role(new Usage("portunus-gate", "Opens a gate.", List.of("", "There are no others."),
                List.of(name, Flag.LOG_FORMAT, Flag.stateDirectory("portunus-gate"), Flag.NO_SHELL), List.of(call)),
            "gate", Optional.empty(), new Readiness("open", Duration.ofSeconds(30)),
            new Messages(new Notice("info", "gate.opened", "is open"), new Notice("info", "gate.closed", "is closed"),
                new Notice("warn", "gate.deaf", "SIGHUP is not heard")),
            new StateFolder("portunus-gate", List.of("key"), List.of()));
    }

    private static String name(String text) {
        if (text.length() > 8) {
            throw new IllegalArgumentException("'" + text + "' is longer than a gate");
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
