// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Resolves names, and remembers the answers for as long as they hold: of hosts to their addresses, of services ({@code _service._tcp.domain})
 * to the hosts of their SRV records, which are names again. Thread-safe; nobody waits in it.
 */
@ConsumerType
public interface NameService {
    /**
     * Looks a name up; what is remembered is answered before this returns, if the caller is where the answer is wanted.
     *
     * @param name a name with a dot at its end is whole; another may be one of a domain of this machine, as its C library would find it
     * @param on where the answer is given, such as the loop that the caller is on
     * @param answer called once, within the time that the configuration gives to a look-up, unless the call is cancelled
     */
    Cancellable resolve(String name, Executor on, Consumer<NameAnswer> answer);

    /** What is remembered of a name, without asking anybody. */
    Optional<NameAnswer> known(String name);

    /**
     * The names that are looked up again before their answers end, from now on, and with each service the hosts that it names; others are
     * forgotten in time.
     */
    void keep(Set<String> names);
}
