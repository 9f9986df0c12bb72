// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * SIGTERM and SIGINT: the first stops in order, the second ends at once. SIGHUP reloads, and never ends the process: before there is
 * something to reload it is remembered, and once it stops, it does nothing. Thread-safe: the JVM calls handlers on threads of their own.
 */
final class Signals {
    private static final int HUP = 1;
    private static final int INT = 2;
    private static final int TERM = 15;
    /** A shell's way to say that a process ended by a signal. */
    private static final int SIGNALLED = 128;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Runnable stop;
    private final Runnable reload;
    private final ReentrantLock reloading = new ReentrantLock();
    /** One reload may wait for another; a third would read nothing that the second does not. */
    private final Semaphore waiting = new Semaphore(1);
    /** Whether there is something to reload; guarded by {@link #reloading}. */
    private boolean ready;
    /** Whether a reload was asked for before; guarded by {@link #reloading}. */
    private boolean asked;

    /**
     * Prepares the handlers.
     *
     * @param stop what the first signal does; may take as long as it needs
     * @param reload what SIGHUP does; may take as long as it needs
     */
    Signals(Runnable stop, Runnable reload) {
        this.stop = stop;
        this.reload = reload;
    }

    /**
     * Takes the signals over. A SIGINT that was ignored when the process began stays so, as shells expect of what runs in the background.
     *
     * @return whether SIGHUP reloads from here on; else it does nothing
     */
    boolean handle() {
        InheritedSignals.release(HUP, TERM);
        boolean reloads = handle("HUP", HUP, this::hungUp);
        handle("INT", INT, this::raised);
        handle("TERM", TERM, this::raised);
        return reloads;
    }

    /**
     * Takes a signal over. By reflection, because the compiler warns of {@code sun.misc.Signal} with a warning that cannot be suppressed; a
     * shutdown hook is no substitute, as the JVM ignores every signal after the first.
     *
     * @return false if the JVM leaves it ignored
     */
    private static boolean handle(String name, int number, IntConsumer raised) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle accept = MethodHandles.publicLookup().findVirtual(IntConsumer.class, "accept", MethodType.methodType(void.class, int.class));
            MethodHandle bound = MethodHandles.dropArguments(MethodHandles.insertArguments(accept, 0, raised, number), 0, signal);
            Object before = signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), MethodHandleProxies.asInterfaceInstance(handler, bound));
            return before != handler.getField("SIG_IGN").get(null);
        } catch (ReflectiveOperationException e) {
            throw new LaunchException(ExitCode.FAILED, "The signals cannot be handled by this Java (" + e + "); use a Java 25 of OpenJDK.", e);
        }
    }

    void raised(int number) {
        if (!stopping.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(SIGNALLED + number);
        }
        stop.run();
    }

    void hungUp(int number) {
        assert number == HUP;
        if (!waiting.tryAcquire()) {
            return;
        }
        reloading.lock();
        try {
            // Given back before the file is read, so that a change made from now on gets a reload of its own.
            waiting.release();
            asked = true;
            reloadIfReady();
        } finally {
            reloading.unlock();
        }
    }

    /** There is something to reload from here on; what was asked for before is done now. */
    void ready() {
        reloading.lock();
        try {
            ready = true;
            reloadIfReady();
        } finally {
            reloading.unlock();
        }
    }

    private void reloadIfReady() {
        if (ready && asked && !stopping.get()) {
            asked = false;
            reload.run();
        }
    }
}
