// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.flow.tls.HelloBuilder.concat;
import static io.portunus.flow.tls.HelloBuilder.hello;
import static io.portunus.flow.tls.HelloBuilder.hostName;
import static io.portunus.flow.tls.HelloBuilder.latin;
import static io.portunus.flow.tls.HelloBuilder.vector16;
import static io.portunus.flow.tls.HelloBuilder.vector8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Prelude;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloParserTest {
    private static Prelude good(HelloBuilder hello) {
        ClientHelloParser parser = new ClientHelloParser();
        byte[] body = hello.body();
        assertThat(parser.parse(new Octets(body, 0, body.length))).isEmpty();
        return parser.prelude();
    }

    private static HelloFlaw flaw(HelloBuilder hello) {
        return flaw(hello.body());
    }

    private static HelloFlaw flaw(byte[] body) {
        return new ClientHelloParser().parse(new Octets(body, 0, body.length)).orElseThrow();
    }

    private static String label(int length) {
        return "a".repeat(length);
    }

    @Test
    void readsNameAndProtocolsInTheirOrder() {
        Prelude prelude = good(hello().name("db.example.com").alpn("h2", "http/1.1"));

        assertThat(prelude).isEqualTo(new Prelude("tls", Optional.of("db.example.com"), List.of("h2", "http/1.1"), false));
    }

    @Test
    void takesHelloWithoutExtensionsForOneWithoutName() {
        assertThat(good(hello().withoutExtensions()).serverName()).isEmpty();
        assertThat(good(hello()).serverName()).isEmpty();
    }

    @Test
    void findsTheNameBehindOtherExtensions() {
        HelloBuilder hello = hello().extension(0x0a0a, new byte[0]).extension(0xfe0d, new byte[200]).extension(21, new byte[3000])
                .extension(35, new byte[9000]).alpn("h2").name("a.example").extension(0xbaba, new byte[1]).extension(41, new byte[60]);

        assertThat(good(hello).serverName()).contains("a.example");
    }

    /** S14. */
    @Test
    void notesAnEncryptedHelloWhateverIsInIt() {
        assertThat(good(hello().name("a.example")).echOffered()).isFalse();
        assertThat(good(hello().name("a.example").extension(0xfe0d, new byte[0])))
            .isEqualTo(new Prelude("tls", Optional.of("a.example"), List.of(), true));
        assertThat(good(hello().extension(0xfe0d, new byte[200])).echOffered()).isTrue();
        assertThat(flaw(hello().extension(0xfe0d, new byte[1]).extension(0xfe0d, new byte[1]))).isEqualTo(HelloFlaw.DUPLICATE_EXTENSION);
    }

    /** S11, S16. */
    @ParameterizedTest
    @CsvSource({"DB.Example.COM,db.example.com", "db.example.com.,db.example.com", "_dmarc.under_score.example,_dmarc.under_score.example",
        "xn--bcher-kva.example,xn--bcher-kva.example", "localhost,localhost", "1.2.3.4.example,1.2.3.4.example", "a-.example,a-.example"})
    void normalisesNames(String sent, String read) {
        assertThat(good(hello().name(sent)).serverName()).contains(read);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, '/', ' ', '*', ':', '\n', '"', '%', 0x7f, 0x80, 0xff, '@', '[', ']', '`', '{'})
    void refusesEveryByteThatIsNoHostNames(int octet) {
        assertThat(flaw(hello().name("a" + (char) octet + "b.example"))).isEqualTo(HelloFlaw.NAME_BYTE);
    }

    @ParameterizedTest
    @CsvSource({"'',EMPTY_NAME", ".,EMPTY_NAME", "..,NAME_LABEL", "a..b,NAME_LABEL", ".a,NAME_LABEL", "a.b..,NAME_LABEL",
        "192.0.2,NAME_IS_NUMBER", "192.0.2.256,NAME_IS_NUMBER", "192.0.2.01,NAME_IS_NUMBER", "host.1,NAME_IS_NUMBER", "127.1.,NAME_IS_NUMBER",
        "192.0.2.1:443,NAME_BYTE", "[2001:db8::1]:443,NAME_BYTE", "[192.0.2.1],NAME_BYTE", "[::1,NAME_BYTE", "::1],NAME_BYTE",
        "fe80::1%eth0,NAME_BYTE", ":,NAME_BYTE", "[],NAME_BYTE", "a.example:443,NAME_BYTE", "a example,NAME_BYTE", "'192.0.2.1 ',NAME_BYTE"})
    void refusesNamesThatAreNone(String name, HelloFlaw flaw) {
        assertThat(flaw(hello().name(name))).isEqualTo(flaw);
    }

    /** B7. */
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "192.0.2.1.", "0.0.0.0", "2001:db8::1", "2001:DB8::1", "[2001:db8::1]", "::", "[::]", "::ffff:192.0.2.1",
        "[::ffff:192.0.2.1]"})
    void addressIsNoName(String address) {
        assertThat(good(hello().name(address))).isEqualTo(Prelude.of(Prelude.TLS));
    }

    @Test
    void boundsLabelsAndNames() {
        String longest = String.join(".", label(63), label(63), label(63), label(61));

        assertThat(good(hello().name(longest)).serverName()).contains(longest);
        assertThat(good(hello().name(longest + ".")).serverName()).contains(longest);
        assertThat(flaw(hello().name(longest + "a"))).isEqualTo(HelloFlaw.NAME_TOO_LONG);
        assertThat(flaw(hello().name(longest + "a."))).isEqualTo(HelloFlaw.NAME_TOO_LONG);
        assertThat(flaw(hello().name(label(64) + ".example"))).isEqualTo(HelloFlaw.NAME_LABEL);
        assertThat(flaw(hello().name(label(60_000)))).isEqualTo(HelloFlaw.NAME_TOO_LONG);
    }

    @Test
    void refusesTwoServerNameExtensions() {
        assertThat(flaw(hello().name("a.example").name("a.example"))).isEqualTo(HelloFlaw.DUPLICATE_EXTENSION);
    }

    @Test
    void refusesEveryOtherExtensionGivenTwice() {
        assertThat(flaw(hello().extension(0x0a0a, new byte[0]).name("a.example").extension(0x0a0a, new byte[0])))
                .isEqualTo(HelloFlaw.DUPLICATE_EXTENSION);
    }

    @Test
    void refusesTwoHostNames() {
        byte[] list = concat(hostName("a.example"), hostName("b.example"));

        assertThat(flaw(hello().extension(0, vector16(list)))).isEqualTo(HelloFlaw.DUPLICATE_NAME);
    }

    @Test
    void skipsNamesOfUnknownTypesAndFindsTheRealOneBehind() {
        byte[] stranger = concat(new byte[] {9}, vector16(latin("evil.example")));

        assertThat(good(hello().extension(0, vector16(concat(stranger, hostName("a.example"))))).serverName()).contains("a.example");
        assertThat(good(hello().extension(0, vector16(stranger))).serverName()).isEmpty();
        assertThat(flaw(hello().extension(0, vector16(concat(stranger, stranger))))).isEqualTo(HelloFlaw.DUPLICATE_NAME);
    }

    @Test
    void wantsTheNameListToFillItsExtension() {
        byte[] list = vector16(hostName("a.example"));

        assertThat(flaw(hello().extension(0, new byte[0]))).isEqualTo(HelloFlaw.NAME_LIST);
        assertThat(flaw(hello().extension(0, vector16(new byte[0])))).isEqualTo(HelloFlaw.NAME_LIST);
        assertThat(flaw(hello().extension(0, concat(list, new byte[1])))).isEqualTo(HelloFlaw.NAME_LIST);
        assertThat(flaw(hello().extension(0, Arrays.copyOf(list, list.length - 1)))).isEqualTo(HelloFlaw.NAME_LIST);
        assertThat(flaw(hello().extension(0, vector16(concat(hostName("a.example"), new byte[2]))))).isEqualTo(HelloFlaw.CUT_SHORT);
    }

    @Test
    void wantsTheProtocolListToFillItsExtension() {
        byte[] list = vector16(vector8(latin("h2")));

        assertThat(flaw(hello().extension(16, new byte[0]))).isEqualTo(HelloFlaw.ALPN_LIST);
        assertThat(flaw(hello().extension(16, vector16(new byte[0])))).isEqualTo(HelloFlaw.ALPN_LIST);
        assertThat(flaw(hello().extension(16, concat(list, new byte[1])))).isEqualTo(HelloFlaw.ALPN_LIST);
        assertThat(flaw(hello().extension(16, vector16(new byte[] {3, 'h', '2'})))).isEqualTo(HelloFlaw.ALPN_LIST);
        assertThat(flaw(hello().extension(16, vector16(new byte[] {2, 'h', '2', 0})))).isEqualTo(HelloFlaw.ALPN_LIST);
    }

    @Test
    void showsProtocolsAsPrintableTextAndNotWithoutEnd() {
        String[] many = Collections.nCopies(9000, "h2").toArray(String[]::new);

        assertThat(good(hello().alpn("\n\u00ffa b\\")).alpn()).containsExactly("\\x0a\\xffa\\x20b\\x5c");
        assertThat(good(hello().alpn("a".repeat(255))).alpn()).containsExactly("a".repeat(255));
        assertThat(good(hello().alpn(many)).alpn()).hasSize(Alpn.MAX_SHOWN).containsOnly("h2");
    }

    @Test
    void boundsTheFixedPart() {
        assertThat(good(hello().sessionId(0)).serverName()).isEmpty();
        assertThat(flaw(hello().sessionId(33))).isEqualTo(HelloFlaw.LONG_SESSION_ID);
        assertThat(flaw(hello().cipherSuites(0))).isEqualTo(HelloFlaw.CIPHER_SUITES);
        assertThat(flaw(hello().cipherSuites(3))).isEqualTo(HelloFlaw.CIPHER_SUITES);
        assertThat(flaw(hello().compression(0))).isEqualTo(HelloFlaw.NO_COMPRESSION);
        assertThat(flaw(hello().version(0x0200))).isEqualTo(HelloFlaw.OLD_VERSION);
    }

    @Test
    void refusesBytesAfterTheExtensions() {
        assertThat(flaw(hello().name("a.example").trailer(1))).isEqualTo(HelloFlaw.TRAILING_BYTES);
    }

    @Test
    void refusesHelloCutAnywhereButWhereExtensionsMayBeAbsent() {
        byte[] body = hello().name("a.example").alpn("h2").body();
        int fixedPart = hello().withoutExtensions().body().length;

        for (int length = 0; length < body.length; length++) {
            if (length != fixedPart) {
                assertThat(flaw(Arrays.copyOf(body, length))).isEqualTo(HelloFlaw.CUT_SHORT);
            }
        }
    }

    @Test
    void refusesExtensionLongerThanItsBlock() {
        byte[] body = hello().extension(5, new byte[4]).body();
        body[body.length - 5]++;

        assertThat(flaw(body)).isEqualTo(HelloFlaw.CUT_SHORT);
    }
}
