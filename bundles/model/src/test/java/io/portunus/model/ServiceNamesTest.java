// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceNamesTest {
    @ParameterizedTest
    @CsvSource({"_postgres._tcp.db.example, _postgres._tcp.db.example, db.example", "_LDAP._TCP.dc._msdcs.Example., _ldap._tcp.dc._msdcs.example., "
        + "dc._msdcs.example", "_a._tcp.b, _a._tcp.b, b", "_x-1._tcp.9.example, _x-1._tcp.9.example, 9.example", "_sip._UDP.b, _sip._udp.b, b"})
    void isReadInLowerCaseAndWholeWithTheLastDot(String text, String name, String domain) {
        assertThat(TargetAddress.parse(text)).isEqualTo(new TargetAddress.Service(name)).hasToString(name);
        assertThat(ServiceNames.isService(name)).isTrue();
        assertThat(ServiceNames.domain(name)).isEqualTo(domain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"_", "_._tcp.a", "_a", "_a._tcp", "_a._tcp.", "_a._tcp..b", "_a.tcp.b", "_a._sctp.b", "_a._tls.b", "_-a._tcp.b",
        "_a-._tcp.b", "__a._tcp.b", "_a._tcp.b c", "_a._tcp.10.0.0.1", "_a._tcp.[::1]", "_a._tcp.b:5432", "_a._tcp.b..", "_ä._tcp.b"})
    void isRefusedWithWhatToWrite(String text) {
        assertThat(ServiceNames.isService(text)).isFalse();
        assertThatThrownBy(() -> TargetAddress.parse(text)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageEndingWith("; write _service._tcp.domain, as in _postgres._tcp.db.example");
    }

    @Test
    void isNoLongerThanAName() {
        String domain = "a.".repeat(120) + "b";

        assertThat(ServiceNames.isService("_abc._tcp." + domain)).isTrue();
        assertThatThrownBy(() -> ServiceNames.parse("_abcdef._tcp." + domain + "bb")).hasMessageContaining("at most 253");
        assertThat(ServiceNames.isService("_" + "a".repeat(63) + "._tcp.b")).isFalse();
    }

    @Test
    void isNoHost() {
        assertThat(Hostnames.isName("_a._tcp.b")).isFalse();
        assertThat(ServiceNames.isService("a._tcp.b")).isFalse();
        assertThat(TargetAddress.parse("[2001:db8::1]:1-2").width()).isEqualTo(2);
        assertThat(TargetAddress.parse("_a._tcp.b").forPort(7)).isEqualTo(TargetAddress.parse("_a._tcp.b"));
    }
}
