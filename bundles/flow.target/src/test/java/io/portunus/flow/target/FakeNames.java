// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameService;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Names that a test knows; a name it does not know is asked for until the test answers. Confined to one thread. */
final class FakeNames implements NameService {
    final Map<String, NameAnswer> known = new HashMap<>();
    final Deque<Consumer<NameAnswer>> open = new ArrayDeque<>();
    Set<String> kept = Set.of();
    int cancelled;
    int asked;

    static NameAnswer of(List<String> ipv4, List<String> ipv6) {
        return new NameAnswer(ipv4.stream().map(InetAddress::ofLiteral).toList(), ipv6.stream().map(InetAddress::ofLiteral).toList(), Instant.MAX,
            false, "192.0.2.53:53", Optional.empty());
    }

    static NameAnswer failing(NameAnswer.Problem problem) {
        return new NameAnswer(List.of(), List.of(), Instant.MAX, false, "192.0.2.53:53", Optional.of(problem));
    }

    @Override
    public Cancellable resolve(String name, Executor on, Consumer<NameAnswer> answer) {
        asked++;
        // Hosts of services are asked for as whole names.
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (known.containsKey(bare)) {
            answer.accept(known.get(bare));
        } else {
            open.add(answer);
        }
        return () -> cancelled++;
    }

    @Override
    public Optional<NameAnswer> known(String name) {
        return Optional.ofNullable(known.get(name));
    }

    @Override
    public void keep(Set<String> names) {
        kept = names;
    }
}
