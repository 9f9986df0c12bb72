// SPDX-License-Identifier: Apache-2.0
package io.portunus.elsewhere;

import java.io.PrintStream;
import java.util.Map;

/** The subcommand of {@link GateRole}. */
public final class GateCall {
    private GateCall() {
    }

    /** Calls. */
    public static int run(Map<String, String> properties, PrintStream out, PrintStream err) {
        out.println("gate " + properties.get(GateRole.NAME) + " loud " + properties.get("portunus.gate.loud") + " in "
            + properties.get("portunus.state"));
        err.println(GateCall.class.getClassLoader().getParent() == ClassLoader.getPlatformClassLoader());
        return 7;
    }
}
