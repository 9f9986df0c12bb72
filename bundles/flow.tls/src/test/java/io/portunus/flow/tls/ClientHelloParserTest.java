// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.flow.tls.ClientHelloBuilder.clientHello;
import static io.portunus.flow.tls.ClientHelloBuilder.concat;
import static io.portunus.flow.tls.ClientHelloBuilder.hostName;
import static io.portunus.flow.tls.ClientHelloBuilder.latin;
import static io.portunus.flow.tls.ClientHelloBuilder.vector16;
import static io.portunus.flow.tls.ClientHelloBuilder.vector8;
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
    private static Prelude good(ClientHelloBuilder clientHello) {
        ClientHelloParser parser = new ClientHelloParser();
        byte[] body = clientHello.body();
        assertThat(parser.parse(new Octets(body, 0, body.length))).isEmpty();
        return parser.prelude(Prelude.TLS);
    }

    private static ClientHelloFlaw flaw(ClientHelloBuilder clientHello) {
        return flaw(clientHello.body());
    }

    private static ClientHelloFlaw flaw(byte[] body) {
        return new ClientHelloParser().parse(new Octets(body, 0, body.length)).orElseThrow();
    }

    private static String label(int length) {
        return "a".repeat(length);
    }

    @Test
    void readsNameAndProtocolsInTheirOrder() {
        Prelude prelude = good(clientHello().name("db.example.com").alpn("h2", "http/1.1"));

        assertThat(prelude).isEqualTo(new Prelude("tls", Optional.of("db.example.com"), List.of("h2", "http/1.1"), false));
    }

    @Test
    void takesClientHelloWithoutExtensionsForOneWithoutName() {
        assertThat(good(clientHello().withoutExtensions()).serverName()).isEmpty();
        assertThat(good(clientHello()).serverName()).isEmpty();
    }

    @Test
    void findsTheNameBehindOtherExtensions() {
        ClientHelloBuilder clientHello = clientHello().extension(0x0a0a, new byte[0]).extension(0xfe0d, new byte[200]).extension(21, new byte[3000])
                .extension(35, new byte[9000]).alpn("h2").name("a.example").extension(0xbaba, new byte[1]).extension(41, new byte[60]);

        assertThat(good(clientHello).serverName()).contains("a.example");
    }

    /** S14. */
    @Test
    void notesAnEncryptedClientHelloWhateverIsInIt() {
        assertThat(good(clientHello().name("a.example")).echOffered()).isFalse();
        assertThat(good(clientHello().name("a.example").extension(0xfe0d, new byte[0])))
            .isEqualTo(new Prelude("tls", Optional.of("a.example"), List.of(), true));
        assertThat(good(clientHello().extension(0xfe0d, new byte[200])).echOffered()).isTrue();
        assertThat(flaw(clientHello().extension(0xfe0d, new byte[1]).extension(0xfe0d, new byte[1]))).isEqualTo(ClientHelloFlaw.DUPLICATE_EXTENSION);
    }

    /** S11, S16. */
    @ParameterizedTest
    @CsvSource({"DB.Example.COM,db.example.com", "db.example.com.,db.example.com", "_dmarc.under_score.example,_dmarc.under_score.example",
        "xn--bcher-kva.example,xn--bcher-kva.example", "localhost,localhost", "1.2.3.4.example,1.2.3.4.example", "a-.example,a-.example"})
    void normalisesNames(String sent, String read) {
        assertThat(good(clientHello().name(sent)).serverName()).contains(read);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, '/', ' ', '*', ':', '\n', '"', '%', 0x7f, 0x80, 0xff, '@', '[', ']', '`', '{'})
    void refusesEveryByteThatIsNoHostNames(int octet) {
        assertThat(flaw(clientHello().name("a" + (char) octet + "b.example"))).isEqualTo(ClientHelloFlaw.NAME_BYTE);
    }

    @ParameterizedTest
    @CsvSource({"'',EMPTY_NAME", ".,EMPTY_NAME", "..,NAME_LABEL", "a..b,NAME_LABEL", ".a,NAME_LABEL", "a.b..,NAME_LABEL",
        "192.0.2,NAME_IS_NUMBER", "192.0.2.256,NAME_IS_NUMBER", "192.0.2.01,NAME_IS_NUMBER", "host.1,NAME_IS_NUMBER", "127.1.,NAME_IS_NUMBER",
        "192.0.2.1:443,NAME_BYTE", "[2001:db8::1]:443,NAME_BYTE", "[192.0.2.1],NAME_BYTE", "[::1,NAME_BYTE", "::1],NAME_BYTE",
        "fe80::1%eth0,NAME_BYTE", ":,NAME_BYTE", "[],NAME_BYTE", "a.example:443,NAME_BYTE", "a example,NAME_BYTE", "'192.0.2.1 ',NAME_BYTE"})
    void refusesNamesThatAreNone(String name, ClientHelloFlaw flaw) {
        assertThat(flaw(clientHello().name(name))).isEqualTo(flaw);
    }

    /** B7. */
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "192.0.2.1.", "0.0.0.0", "2001:db8::1", "2001:DB8::1", "[2001:db8::1]", "::", "[::]", "::ffff:192.0.2.1",
        "[::ffff:192.0.2.1]"})
    void addressIsNoName(String address) {
        assertThat(good(clientHello().name(address))).isEqualTo(Prelude.of(Prelude.TLS));
    }

    @Test
    void boundsLabelsAndNames() {
        String longest = String.join(".", label(63), label(63), label(63), label(61));

        assertThat(good(clientHello().name(longest)).serverName()).contains(longest);
        assertThat(good(clientHello().name(longest + ".")).serverName()).contains(longest);
        assertThat(flaw(clientHello().name(longest + "a"))).isEqualTo(ClientHelloFlaw.NAME_TOO_LONG);
        assertThat(flaw(clientHello().name(longest + "a."))).isEqualTo(ClientHelloFlaw.NAME_TOO_LONG);
        assertThat(flaw(clientHello().name(label(64) + ".example"))).isEqualTo(ClientHelloFlaw.NAME_LABEL);
        assertThat(flaw(clientHello().name(label(60_000)))).isEqualTo(ClientHelloFlaw.NAME_TOO_LONG);
    }

    @Test
    void refusesTwoServerNameExtensions() {
        assertThat(flaw(clientHello().name("a.example").name("a.example"))).isEqualTo(ClientHelloFlaw.DUPLICATE_EXTENSION);
    }

    @Test
    void refusesEveryOtherExtensionGivenTwice() {
        assertThat(flaw(clientHello().extension(0x0a0a, new byte[0]).name("a.example").extension(0x0a0a, new byte[0])))
                .isEqualTo(ClientHelloFlaw.DUPLICATE_EXTENSION);
    }

    @Test
    void refusesTwoHostNames() {
        byte[] list = concat(hostName("a.example"), hostName("b.example"));

        assertThat(flaw(clientHello().extension(0, vector16(list)))).isEqualTo(ClientHelloFlaw.DUPLICATE_NAME);
    }

    @Test
    void skipsNamesOfUnknownTypesAndFindsTheRealOneBehind() {
        byte[] stranger = concat(new byte[] {9}, vector16(latin("evil.example")));

        assertThat(good(clientHello().extension(0, vector16(concat(stranger, hostName("a.example"))))).serverName()).contains("a.example");
        assertThat(good(clientHello().extension(0, vector16(stranger))).serverName()).isEmpty();
        assertThat(flaw(clientHello().extension(0, vector16(concat(stranger, stranger))))).isEqualTo(ClientHelloFlaw.DUPLICATE_NAME);
    }

    @Test
    void requiresTheNameListToFillItsExtension() {
        byte[] list = vector16(hostName("a.example"));

        assertThat(flaw(clientHello().extension(0, new byte[0]))).isEqualTo(ClientHelloFlaw.NAME_LIST);
        assertThat(flaw(clientHello().extension(0, vector16(new byte[0])))).isEqualTo(ClientHelloFlaw.NAME_LIST);
        assertThat(flaw(clientHello().extension(0, concat(list, new byte[1])))).isEqualTo(ClientHelloFlaw.NAME_LIST);
        assertThat(flaw(clientHello().extension(0, Arrays.copyOf(list, list.length - 1)))).isEqualTo(ClientHelloFlaw.NAME_LIST);
        assertThat(flaw(clientHello().extension(0, vector16(concat(hostName("a.example"), new byte[2]))))).isEqualTo(ClientHelloFlaw.CUT_SHORT);
    }

    @Test
    void requiresTheProtocolListToFillItsExtension() {
        byte[] list = vector16(vector8(latin("h2")));

        assertThat(flaw(clientHello().extension(16, new byte[0]))).isEqualTo(ClientHelloFlaw.ALPN_LIST);
        assertThat(flaw(clientHello().extension(16, vector16(new byte[0])))).isEqualTo(ClientHelloFlaw.ALPN_LIST);
        assertThat(flaw(clientHello().extension(16, concat(list, new byte[1])))).isEqualTo(ClientHelloFlaw.ALPN_LIST);
        assertThat(flaw(clientHello().extension(16, vector16(new byte[] {3, 'h', '2'})))).isEqualTo(ClientHelloFlaw.ALPN_LIST);
        assertThat(flaw(clientHello().extension(16, vector16(new byte[] {2, 'h', '2', 0})))).isEqualTo(ClientHelloFlaw.ALPN_LIST);
    }

    @Test
    void showsProtocolsAsPrintableTextAndNotWithoutEnd() {
        String[] many = Collections.nCopies(9000, "h2").toArray(String[]::new);

        assertThat(good(clientHello().alpn("\n\u00ffa b\\")).alpn()).containsExactly("\\x0a\\xffa\\x20b\\x5c");
        assertThat(good(clientHello().alpn("a".repeat(255))).alpn()).containsExactly("a".repeat(255));
        assertThat(good(clientHello().alpn(many)).alpn()).hasSize(Alpn.MAX_SHOWN).containsOnly("h2");
    }

    @Test
    void boundsTheFixedPart() {
        assertThat(good(clientHello().sessionId(0)).serverName()).isEmpty();
        assertThat(flaw(clientHello().sessionId(33))).isEqualTo(ClientHelloFlaw.LONG_SESSION_ID);
        assertThat(flaw(clientHello().cipherSuites(0))).isEqualTo(ClientHelloFlaw.CIPHER_SUITES);
        assertThat(flaw(clientHello().cipherSuites(3))).isEqualTo(ClientHelloFlaw.CIPHER_SUITES);
        assertThat(flaw(clientHello().compression(0))).isEqualTo(ClientHelloFlaw.NO_COMPRESSION);
        assertThat(flaw(clientHello().version(0x0200))).isEqualTo(ClientHelloFlaw.OLD_VERSION);
    }

    @Test
    void refusesBytesAfterTheExtensions() {
        assertThat(flaw(clientHello().name("a.example").trailer(1))).isEqualTo(ClientHelloFlaw.TRAILING_BYTES);
    }

    @Test
    void refusesClientHelloCutAnywhereButWhereExtensionsMayBeAbsent() {
        byte[] body = clientHello().name("a.example").alpn("h2").body();
        int fixedPart = clientHello().withoutExtensions().body().length;

        for (int length = 0; length < body.length; length++) {
            if (length != fixedPart) {
                assertThat(flaw(Arrays.copyOf(body, length))).isEqualTo(ClientHelloFlaw.CUT_SHORT);
            }
        }
    }

    @Test
    void refusesExtensionLongerThanItsBlock() {
        byte[] body = clientHello().extension(5, new byte[4]).body();
        body[body.length - 5]++;

        assertThat(flaw(body)).isEqualTo(ClientHelloFlaw.CUT_SHORT);
    }
}
