// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Signals that were ignored when the process began: the start script ignores SIGHUP until somebody handles it, as {@code nohup} does. The JVM
 * takes no handler for such a one. Stateless.
 */
final class InheritedSignals {
    private InheritedSignals() {
    }

    /**
     * Lets the JVM take handlers for these, which it must do at once. Until it does, libc's {@code abs} handles them: whatever signal calls
     * it, nothing changes, while the default would end the process. If this Java cannot call libc, what was ignored stays so.
     */
    static void release(int... numbers) {
        try {
            MethodHandle signal = link("signal", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
            MemorySegment harmless = Linker.nativeLinker().defaultLookup().findOrThrow("abs");
            for (int number : numbers) {
                MemorySegment before = (MemorySegment) signal.invokeExact(number, harmless);
                assert !before.equals(harmless) : "somebody else did this before";
            }
        } catch (Throwable unavailable) {
            // The JVM takes no handler then, and returns that the signal is ignored.
            return;
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor types) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types);
    }
}
