// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.Role;
import io.portunus.launcher.role.StandaloneRole;
import java.util.function.Supplier;

/** Entry point of the process. */
public final class Main {
    /** Names the class of the role; set by the start script. */
    private static final String ROLE = "portunus.role";

    private Main() {
    }

    /**
     * Runs the command line and ends the process with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        try {
            Launcher launcher = new Launcher(role(System.getProperty(ROLE, StandaloneRole.class.getName())), Home.ofLauncher(), System.getenv(),
                System.out, System.err);
            return launcher.execute(arguments);
        } catch (LaunchException e) {
            System.err.println(e.getMessage());
            return e.exitCode();
        }
    }

    /**
     * The role that a class has.
     *
     * @throws LaunchException if there is no such class, or it has none
     */
    static Role role(String type) {
        try {
            if (Class.forName(type).getConstructor().newInstance() instanceof Supplier<?> supplier && supplier.get() instanceof Role role) {
                return role;
            }
            throw new ClassNotFoundException(type + " has no role");
        } catch (ReflectiveOperationException e) {
            throw new LaunchException(ExitCode.FAILED,
                "The property " + ROLE + " names no role (" + e + "); start with a script of the folder bin.", e);
        }
    }
}
