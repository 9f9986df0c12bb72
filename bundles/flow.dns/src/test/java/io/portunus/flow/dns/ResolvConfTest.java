// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;

/** B2: resolv.conf as the C library reads it. */
class ResolvConfTest {
    private static ResolvConf parse(String text) {
        return ResolvConf.parse(text.lines().toList(), "");
    }

    private static List<String> candidates(ResolvConf conf, String name) {
        return conf.candidates(Zone.name(name), name.endsWith(".")).names().stream().map(n -> n.toString(true)).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "1, db, db.a.test db.b.test db",
        "1, db.prod, db.prod db.prod.a.test db.prod.b.test",
        "5, db.prod, db.prod.a.test db.prod.b.test db.prod",
        "5, a.b.c.d.e.f, a.b.c.d.e.f a.b.c.d.e.f.a.test a.b.c.d.e.f.b.test",
        "5, db.prod., db.prod",
        "0, db, db db.a.test db.b.test",
        "99, 1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.x, 1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.x 1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.x.a.test "
            + "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.x.b.test",
    })
    void asksForNamesInTheOrderOfTheirDots(int ndots, String name, String order) {
        assertThat(String.join(" ", candidates(parse("search a.test b.test\noptions ndots:" + ndots), name))).isEqualTo(order);
    }

    @Test
    void takesTheLastSearchListAndOneDomain() {
        assertThat(candidates(parse("domain old.test\nsearch a. b.test"), "x")).containsExactly("x.a", "x.b.test", "x");
        assertThat(candidates(parse("search a b\ndomain one.test two.test"), "x")).containsExactly("x.one.test", "x");
        assertThat(candidates(parse("search a b\nsearch"), "x")).containsExactly("x");
    }

    @Test
    void takesTheRootAmongTheSuffixesForTheNameItself() {
        assertThat(candidates(parse("search a.test . b.test"), "x")).containsExactly("x.a.test", "x", "x.b.test");
    }

    @Test
    void takesTheDomainOfThisMachineWhereNothingIsSet() {
        assertThat(candidates(ResolvConf.parse(List.of(), "web1.corp.test"), "db")).containsExactly("db.corp.test", "db");
        assertThat(candidates(ResolvConf.parse(List.of("search a.test"), "web1.corp.test"), "db")).containsExactly("db.a.test", "db");
        assertThat(candidates(ResolvConf.parse(List.of(), "web1"), "db")).containsExactly("db");
    }

    @Test
    void asksForABoundedNumberOfNames() {
        String suffixes = String.join(" ", IntStream.range(0, 100).mapToObj(i -> "s" + i + ".test").toList());

        assertThat(candidates(parse("search " + suffixes), "x")).hasSize(33);
        assertThat(candidates(parse("search " + "a".repeat(63) + ".test"), "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(63)))
            .as("a name that would be too long is none").hasSize(1);
    }

    @Test
    void readsOptionsWithinTheirBounds() {
        ResolvConf.Options options = parse("options ndots:5 timeout:2 edns0 attempts:3\noptions rotate single-request-reopen trust-ad").options();

        assertThat(options).isEqualTo(new ResolvConf.Options(5, Optional.of(Duration.ofSeconds(2)), 3, true, false, false, false));
        assertThat(parse("options ndots:99 timeout:99 attempts:99").options())
            .isEqualTo(new ResolvConf.Options(15, Optional.of(Duration.ofSeconds(30)), 5, false, false, false, false));
        assertThat(parse("options ndots:x timeout:0 attempts:").options())
            .isEqualTo(new ResolvConf.Options(0, Optional.of(Duration.ofSeconds(1)), 1, false, false, false, false));
        assertThat(parse("options single-request no-aaaa no-tld-query").options())
            .isEqualTo(new ResolvConf.Options(1, Optional.empty(), 2, false, true, true, true));
        assertThat(parse("").options()).isEqualTo(ResolvConf.Options.NONE);
    }

    @Test
    void leavesOutWhatIsNoKeyword() {
        ResolvConf conf = parse("""
            # nameserver 192.0.2.9
            ; nameserver 192.0.2.9
             nameserver 192.0.2.9
            nameserver\t192.0.2.1   # the first
            nameserver 2001:db8::1
            options
            sortlist 192.0.2.0
            """);

        assertThat(conf.servers()).extracting(a -> a.getAddress().getHostAddress()).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        assertThat(conf.search()).isEmpty();
        assertThat(candidates(parse("options no-tld-query"), "x")).as("there is nothing else to ask for").containsExactly("x");
        assertThat(candidates(parse("search a.test\noptions no-tld-query"), "x")).containsExactly("x.a.test");
        assertThat(conf.candidates(Name.root, true).names()).hasSize(1);
    }
}
