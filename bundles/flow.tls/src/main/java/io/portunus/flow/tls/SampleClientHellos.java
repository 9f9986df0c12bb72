// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.flow.spi.PreludeSample.octets;

import io.portunus.flow.spi.PreludeSample;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.util.List;
import java.util.Optional;

/** ClientHellos, and what is none, with the verdicts they deserve. Stateless. */
final class SampleClientHellos {
    /** Those of TLS were written by OpenSSL, but for the flaws, the cuts, and the encrypted ClientHello. */
    static final List<PreludeSample> ALL = List.of(
        // In capitals, as nobody writes it and anybody may.
        new PreludeSample("TLS 1.2 with name", clientHello("www.example.com", false), octets("""
            160301006d010000690303ef09213448f416c0aada9013721effb19db4e0344296933d3e4f5bf3cab93840000004c02f00ff0100003c000000140012
            00000f5757572e6578616d706c652e636f6d000b000403000102000a00040002001d002300000016000000170000000d000400020401""")),
        new PreludeSample("TLS 1.3 with name and alpn", clientHello("app.example.com", false, "h2", "http/1.1"), octets("""
            16030100da010000d60303b6d133cb66da1777e5c7bdfdf1c7291ce07613d269c86121d8aa0bb320468a332061b6036d3cbe583c8e4daed3ece3f0f8
            bfd3069f028304aa47f7b7b3307bbdc1000813021303130100ff0100008500000014001200000f6170702e6578616d706c652e636f6d000b00040300
            0102000a00040002001d002300000010000e000c02683208687474702f312e310016000000170000000d000400020401002b0003020304002d000201
            01003300260024001d0020f6dc9826351f6372e1eb969fa87feacee06d3abd6300ad0f8ee27434547ccd6b""")),
        new PreludeSample("TLS 1.3 without name", match(Optional.empty(), false), octets("""
            16030100b0010000ac0303fa07ef16da9b45998d37b1c56a62a0fb6e855ddb7becca469630f2a6cfbca7f1200a11455bf0c31ae2dac49ed6a14eec59
            58d3897f5395ae43c1a65be936ad88d6000813021303130100ff0100005b000b000403000102000a00040002001d002300000016000000170000000d
            000400020401002b0003020304002d00020101003300260024001d002017a6275b54a50e3f77d3d594392fc71355e6098b749f5a9dc4b8bfe01b712e
            76""")),
        // The first ClientHello once more, cut behind its type, within its length, and within the name.
        new PreludeSample("over four records", clientHello("www.example.com", false), octets("""
            160301000101160301000500006903031603010040ef09213448f416c0aada9013721effb19db4e0344296933d3e4f5bf3cab93840000004c02f00ff
            0100003c00000014001200000f5757572e6578616d706c652e1603010027636f6d000b000403000102000a00040002001d0023000000160000001700
            00000d000400020401""")),
        // The outer name routes.
        new PreludeSample("encrypted hello", clientHello("front.example.com", true), octets("""
            1603010128010001240303fa07ef16da9b45998d37b1c56a62a0fb6e855ddb7becca469630f2a6cfbca7f1200a11455bf0c31ae2dac49ed6a14eec59
            58d3897f5395ae43c1a65be936ad88d6000813021303130100ff010000d3000b000403000102000a00040002001d002300000016000000170000000d
            000400020401002b0003020304002d00020101003300260024001d002017a6275b54a50e3f77d3d594392fc71355e6098b749f5a9dc4b8bfe01b712e
            7600000016001400001166726f6e742e6578616d706c652e636f6dfe0d005a0000010001070020000102030405060708090a0b0c0d0e0f1011121314
            15161718191a1b1c1d1e1f00306465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192
            93""")),
        // Two server_name extensions: whichever we took, a target might take the other.
        new PreludeSample("name twice", ClientHelloFlaw.DUPLICATE_EXTENSION.verdict(), octets("""
            1603010086010000820303ef09213448f416c0aada9013721effb19db4e0344296933d3e4f5bf3cab93840000004c02f00ff01000055000000140012
            00000f5757572e6578616d706c652e636f6d000b000403000102000a00040002001d002300000016000000170000000d000400020401000000150013
            0000106576696c2e6578616d706c652e636f6d""")),
        // One byte more than a prelude may have, and the length alone shows it.
        new PreludeSample("long hello", ClientHelloFlaw.LONG_CLIENT_HELLO.verdict(), octets("""
            16030140000100fff8""")),
        new PreludeSample("long record", ClientHelloFlaw.LONG_RECORD.verdict(), octets("""
            1603014001""")),
        new PreludeSample("garbage", ClientHelloFlaw.NOT_HANDSHAKE.verdict(), octets("""
            8f4dca182530bb1d6d132cded6237b2ed91e3f721fcb1971174494d6493c9d5c3460be31201e69fedaa0eee8b9997f5c7c2999fdafe593253cd654af""")),
        new PreludeSample("garbage in a hello", ClientHelloFlaw.CUT_SHORT.verdict(), octets("""
            16030100200100001c0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2""")),
        new PreludeSample("HTTP", ClientHelloFlaw.NOT_HANDSHAKE.verdict(), octets("""
            474554202f20485454502f312e310d0a486f73743a207777772e6578616d706c652e636f6d0d0a0d0a""")));

    private SampleClientHellos() {
    }

    private static Verdict clientHello(String name, boolean echOffered, String... alpn) {
        return match(Optional.of(name), echOffered, alpn);
    }

    private static Verdict match(Optional<String> name, boolean echOffered, String... alpn) {
        return new Verdict.Recognised(new Prelude(Prelude.TLS, name, List.of(alpn), echOffered));
    }
}
