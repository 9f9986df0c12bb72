// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/** SIGTERM and SIGINT: the first stops in order, the second ends at once. Thread-safe: the JVM calls handlers on threads of their own. */
final class Signals {
    private static final Map<String, Integer> NUMBERS = Map.of("INT", 2, "TERM", 15);
    /** A shell's way to say that a process ended by a signal. */
    private static final int SIGNALLED = 128;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Runnable stop;

    /**
     * Prepares the handlers.
     *
     * @param stop what the first signal does; may take as long as it needs
     */
    Signals(Runnable stop) {
        this.stop = stop;
    }

    /**
     * Takes the signals over. By reflection, because the compiler warns of {@code sun.misc.Signal} with a warning that cannot be suppressed; a
     * shutdown hook is no substitute, as the JVM ignores every signal after the first.
     */
    void handle() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            IntConsumer raised = this::raised;
            MethodHandle accept = MethodHandles.publicLookup().findVirtual(IntConsumer.class, "accept", MethodType.methodType(void.class, int.class));
            for (Map.Entry<String, Integer> number : NUMBERS.entrySet()) {
                MethodHandle bound = MethodHandles.dropArguments(MethodHandles.insertArguments(accept, 0, raised, number.getValue()), 0, signal);
                Object name = signal.getConstructor(String.class).newInstance(number.getKey());
                signal.getMethod("handle", signal, handler).invoke(null, name, MethodHandleProxies.asInterfaceInstance(handler, bound));
            }
        } catch (ReflectiveOperationException e) {
            throw new LaunchException(ExitCode.FAILED, "The signals cannot be handled by this Java (" + e + "); use a Java 25 of OpenJDK.", e);
        }
    }

    private void raised(int number) {
        if (!stopping.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(SIGNALLED + number);
        }
        stop.run();
    }
}
