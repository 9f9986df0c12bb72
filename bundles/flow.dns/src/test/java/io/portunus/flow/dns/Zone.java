// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What a server of a test answers, name by name; what it was not given does not exist. Thread-safe. */
final class Zone {
    static final int NEGATIVE_SECONDS = 60;
    private final Map<String, Consumer<Message>> scripts = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** Of names whose questions are lost. */
    private record Silence() implements Consumer<Message> {
        @Override
        public void accept(Message answer) {
        }
    }

    /** Addresses of both families; a family without any is answered with none. */
    Zone has(String name, int ttl, String... addresses) {
        return chain(name, name, ttl, ttl, addresses);
    }

    /** An alias, and addresses with another time to live. */
    Zone chain(String name, String target, int aliasTtl, int ttl, String... addresses) {
        List<InetAddress> all = Arrays.stream(addresses).map(InetAddress::ofLiteral).toList();
        family(name, "A", answer -> fill(answer, target, aliasTtl, ttl, all.stream().filter(Inet4Address.class::isInstance).toList()));
        return family(name, "AAAA",
            answer -> fill(answer, target, aliasTtl, ttl, all.stream().filter(a -> !(a instanceof Inet4Address)).toList()));
    }

    private static void fill(Message answer, String target, int aliasTtl, int ttl, List<InetAddress> addresses) {
        Name asked = answer.getQuestion().getName();
        Name end = name(target);
        if (!asked.equals(end)) {
            answer.addRecord(new CNAMERecord(asked, DClass.IN, aliasTtl, end), Section.ANSWER);
        }
        addresses.forEach(a -> answer.addRecord(record(end, ttl, a), Section.ANSWER));
        if (addresses.isEmpty()) {
            answer.addRecord(soa(NEGATIVE_SECONDS), Section.AUTHORITY);
        }
    }

    /** Hosts of a service, {@code "priority weight port host"}. */
    Zone serves(String name, int ttl, String... hosts) {
        return family(name, "SRV", answer -> {
            for (String host : hosts) {
                answer.addRecord(service(answer.getQuestion().getName(), ttl, host), Section.ANSWER);
            }
            if (hosts.length == 0) {
                answer.addRecord(soa(NEGATIVE_SECONDS), Section.AUTHORITY);
            }
        });
    }

    static Record service(Name owner, long ttl, String host) {
        String[] words = host.split(" ");
        return new SRVRecord(owner, DClass.IN, ttl, Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]),
            name(words[3]));
    }

    Zone nxdomain(String name, int seconds) {
        return both(name, answer -> {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
            answer.addRecord(soa(seconds), Section.AUTHORITY);
        });
    }

    Zone fails(String name) {
        return both(name, answer -> answer.getHeader().setRcode(Rcode.SERVFAIL));
    }

    Zone fails(String name, String family) {
        return family(name, family, answer -> answer.getHeader().setRcode(Rcode.SERVFAIL));
    }

    Zone silent(String name) {
        return both(name, new Silence());
    }

    Zone silent(String name, String family) {
        return family(name, family, new Silence());
    }

    Zone both(String name, Consumer<Message> script) {
        return family(name, "A", script).family(name, "AAAA", script);
    }

    Zone family(String name, String family, Consumer<Message> script) {
        scripts.put(name + ". " + family, script);
        return this;
    }

    /** Empty: silence. */
    Optional<Message> answer(Message query) {
        Record question = query.getQuestion();
        String key = question.getName() + " " + Type.string(question.getType());
        asked.add(key);
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question, Section.QUESTION);
        Consumer<Message> script = scripts.getOrDefault(key, a -> {
            a.getHeader().setRcode(Rcode.NXDOMAIN);
            a.addRecord(soa(NEGATIVE_SECONDS), Section.AUTHORITY);
        });
        script.accept(answer);
        return script instanceof Silence ? Optional.empty() : Optional.of(answer);
    }

    /** The questions so far, {@code "name. A"}. */
    List<String> asked() {
        return asked;
    }

    static Name name(String text) {
        return Name.fromConstantString(text.endsWith(".") ? text : text + ".");
    }

    static SOARecord soa(int seconds) {
        return new SOARecord(name("test"), DClass.IN, 86_400, name("ns.test"), name("admin.test"), 1, 1, 1, 1, seconds);
    }

    static Record record(Name owner, long ttl, InetAddress address) {
        return address instanceof Inet4Address ? new ARecord(owner, DClass.IN, ttl, address) : new AAAARecord(owner, DClass.IN, ttl, address);
    }
}
